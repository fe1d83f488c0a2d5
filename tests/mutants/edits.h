/* edits.h - the small changes that make a mutant: all that there are of some bytes. */
#ifndef MUTANTS_EDITS_H
#define MUTANTS_EDITS_H

#include "container.h"

enum edit {
    EDIT_FLIP,      /* one bit the other way */
    EDIT_CUT_END,   /* every shorter length, counted from the start */
    EDIT_CUT_START, /* every number of bytes away from the start, but all */
    EDIT_DELETE,    /* one byte away */
    EDIT_INSERT,    /* one byte more, before each byte and behind the last */
    EDIT_COUNT
};

const char *edit_in_words(enum edit edit);

/* How many edits of that kind bytes of that length have. */
size_t edit_count(enum edit edit, size_t len);

/* The bytes after the edit number `which`. Freed by free(data); exactly as large as they are, so that a sanitizer sees
   who reads behind them. */
struct bytes edit_bytes(enum edit edit, size_t which, struct piece piece);

#endif
