/* looks_like.h - what bytes look like to people: any common kind of file, not only those that a container may carry. */
#ifndef LOOKS_LIKE_H
#define LOOKS_LIKE_H

#include <stddef.h>
#include <stdint.h>

/* So many first bytes are enough for each kind. */
#define LOOK_BYTES 512

/* "MP4", "gzip", "text": static. NULL: nothing that is known here. */
const char *looks_like(const uint8_t *bytes, size_t len);

#endif
