/* read_ahead.h - the content of one large entry, read and its CRC-32 taken by a thread of its own, a few pieces ahead.
 */
#ifndef READ_AHEAD_H
#define READ_AHEAD_H

#include "source.h"

struct ahead;

/* Starts to read `size` bytes at `at`. NULL: no memory or no thread for it; then the caller reads for himself. */
struct ahead *ahead_start(const struct source *source, uint64_t at, uint64_t size);

/* The next piece, good until the next call; *len is 0 at the end. NULL: *failure says why. */
const uint8_t *ahead_next(struct ahead *ahead, size_t *len, enum failure *failure);

/* Stops reading, wherever it is, and frees it. Returns the CRC-32 of what was read: of all, behind the end. */
uint32_t ahead_end(struct ahead *ahead);

#endif
