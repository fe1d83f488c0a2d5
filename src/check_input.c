/*
 * input: is there anything at all? And format: do the bytes begin like a container? (docs/rules.md, section 3)
 *
 * Guarantees that at least the four bytes of a local record's signature are there. Assumes a source that knows its
 * size.
 */
#include "validation.h"

#include <string.h>

enum outcome check_input(struct run *run)
{
    if (run->source->size == 0)
        return reject(run, RULE_INPUT_NONE, nowhere(), "there are no bytes at all; expected a data container");
    return CHECK_PASSED;
}

enum outcome check_format(struct run *run)
{
    uint8_t room[4];
    size_t len = run->source->size < sizeof room ? (size_t)run->source->size : sizeof room;
    const uint8_t *start = source_view(run->source, 0, room, len, &run->failure);
    if (start == NULL)
        return CHECK_BROKEN;
    if (len == sizeof room && memcmp(start, "PK\3\4", sizeof room) == 0)
        return CHECK_PASSED;
    struct text found = {0};
    text_hex(&found, start, len);
    enum outcome outcome =
        found.failed ? broken(run, FAILURE_MEMORY)
                     : reject(run, RULE_FORMAT_UNRECOGNIZED, at_offset(0),
                              "the file begins with the bytes %s, not with a ZIP local record (504b0304)", found.data);
    text_free(&found);
    return outcome;
}
