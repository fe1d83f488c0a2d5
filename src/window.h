/* window.h - a source read forward through a bounded buffer, for many small records in a row. */
#ifndef WINDOW_H
#define WINDOW_H

#include "source.h"

#define WINDOW_SIZE 16384

struct window {
    const struct source *source;
    uint64_t at; /* where the buffer stands */
    size_t len;  /* what it holds */
    uint8_t bytes[WINDOW_SIZE];
};

/* `len` bytes (at most WINDOW_SIZE) at `at`, all before `end`, which is within the source. Good until the next call.
   NULL: could not. */
const uint8_t *window_view(struct window *window, uint64_t at, size_t len, uint64_t end, enum failure *failure);

#endif
