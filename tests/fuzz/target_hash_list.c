/*
 * Target: the lines of hashes.sha256.
 *
 * A line that is well formed is written back to the same bytes; every byte of the list belongs to exactly one line; the
 * order of names is one.
 */
#include "archive.h"
#include "fuzz.h"
#include "hash_list.h"

#include <string.h>

static void must_write_back(const struct hash_line *line, const uint8_t *bytes, size_t len)
{
    struct text again = {0};
    char name[NAME_MOST + 1];
    MUST(line->name_len <= NAME_MOST, "a name of %zu bytes", line->name_len);
    memcpy(name, line->name, line->name_len);
    name[line->name_len] = '\0';
    hash_line_write(&again, line->sha256, name);
    MUST(!again.failed && again.len == len && memcmp(again.data, bytes, len) == 0, "written back it is another line");
    text_free(&again);
}

static void must_be_an_order(const struct hash_line *a, const struct hash_line *b)
{
    int forth = hash_name_order(a->name, a->name_len, b->name, b->name_len);
    int back = hash_name_order(b->name, b->name_len, a->name, a->name_len);
    bool is_same = a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0;
    MUST((forth < 0) == (back > 0) && (forth == 0) == (back == 0) && (forth == 0) == is_same,
         "two names come before each other");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hash_line last = {0};
    bool has_last = false;
    for (size_t at = 0; at < size;) {
        struct hash_line line;
        size_t start = at;
        const char *fault = hash_line_read(data, size, &at, &line);
        MUST(at > start && at <= size && line.offset == start, "from byte %zu it goes to %zu of %zu", start, at, size);
        MUST(at == size || data[at - 1] == '\n', "a line ends without a line feed");
        MUST(memchr(data + start, '\n', at - start - 1) == NULL, "two lines in one");
        if (fault != NULL) {
            must_be_plain(fault, "a fault");
            continue;
        }
        must_write_back(&line, data + start, at - start);
        if (has_last)
            must_be_an_order(&last, &line);
        last = line;
        has_last = true;
    }
    return 0;
}
