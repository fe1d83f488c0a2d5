/*
 * suggest.h - "did you mean ...?": the known word that is closest to one that is not known.
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *wrong;
    const char *best; /* NULL: nothing is close */
    size_t distance;
} suggestion;

/* Begins the search for what may have been meant by `wrong`. Both texts are borrowed. */
suggestion suggest_for(const char *wrong);

/* Offers a known word; NULL is passed over. */
void suggest_offer(suggestion *of, const char *known);

/* The question with `before` in front of the word, as " (did you mean --format?)"; "" where nothing is close. In a
   buffer that the next call overwrites: for the one thread that reads arguments. */
const char *suggest_text(const suggestion *of, const char *before);

#endif
