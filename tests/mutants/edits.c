/*
 * The small changes: flips, cuts, deletions, insertions; each by its number, none left out.
 */
#include "edits.h"

#include <stdlib.h>
#include <string.h>

/* What is inserted: the byte that stands there already, the two ends of the range, and characters that mean something
   to a token, a hash list, a name or a JSON text. */
enum { NEIGHBOUR = -1 };
static const int insertions[] = {NEIGHBOUR, 0x00, 0xFF, 'A', ' ', '\n', '=', '/'};
#define INSERTIONS (sizeof insertions / sizeof *insertions)

const char *edit_in_words(enum edit edit)
{
    static const char *const words[EDIT_COUNT] = {"bit flipped", "cut at the end", "cut at the start", "byte deleted",
                                                  "byte inserted"};
    return words[edit];
}

size_t edit_count(enum edit edit, size_t len)
{
    const size_t counts[EDIT_COUNT] = {[EDIT_FLIP] = 8 * len,
                                       [EDIT_CUT_END] = len,
                                       [EDIT_CUT_START] = len == 0 ? 0 : len - 1,
                                       [EDIT_DELETE] = len,
                                       [EDIT_INSERT] = (len + 1) * INSERTIONS};
    return counts[edit];
}

/* Bytes with `out` of them at `at` replaced by `in` new ones. */
static struct bytes replace(struct piece piece, size_t at, size_t out, const unsigned char *in, size_t in_len)
{
    struct bytes made = {NULL, piece.len - out + in_len};
    made.data = malloc(made.len);
    memcpy(made.data, piece.bytes, at);
    memcpy(made.data + at, in, in_len);
    memcpy(made.data + at + in_len, piece.bytes + at + out, piece.len - at - out);
    return made;
}

struct bytes edit_bytes(enum edit edit, size_t which, struct piece piece)
{
    unsigned char byte = 0;
    switch (edit) {
    case EDIT_FLIP:
        byte = (unsigned char)(piece.bytes[which / 8] ^ 1u << which % 8);
        return replace(piece, which / 8, 1, &byte, 1);
    case EDIT_CUT_END:
        return replace(piece, which, piece.len - which, &byte, 0);
    case EDIT_CUT_START:
        return replace(piece, 0, which + 1, &byte, 0);
    case EDIT_DELETE:
        return replace(piece, which, 1, &byte, 0);
    default: {
        size_t at = which / INSERTIONS;
        int value = insertions[which % INSERTIONS];
        if (value == NEIGHBOUR)
            value = piece.len == 0 ? 0 : piece.bytes[at < piece.len ? at : at - 1];
        byte = (unsigned char)value;
        return replace(piece, at, 0, &byte, 1);
    }
    }
}
