/*
 * Suggestions for words that are not known. Guarantees that only a word of a table is ever suggested, and only one that
 * few slips of the hand lead to: a letter too many, too few, another one, or two that changed places, case ignored.
 */
#include "suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Longer words are no slips. */
enum { WORD_MOST = 64 };

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t less = a < b ? a : b;
    return less < c ? less : c;
}

/* The optimal string alignment distance. */
static size_t distance(const char *one, size_t one_len, const char *other, size_t other_len)
{
    size_t rows[3][WORD_MOST + 1];
    size_t *before = rows[0]; /* the row two above */
    size_t *above = rows[1];
    size_t *row = rows[2];
    for (size_t k = 0; k <= other_len; k++)
        above[k] = k;
    for (size_t i = 1; i <= one_len; i++) {
        row[0] = i;
        for (size_t k = 1; k <= other_len; k++) {
            char a = lower(one[i - 1]);
            char b = lower(other[k - 1]);
            row[k] = least(above[k] + 1, row[k - 1] + 1, above[k - 1] + (a == b ? 0 : 1));
            bool is_swap = i > 1 && k > 1 && a == lower(other[k - 2]) && lower(one[i - 2]) == b;
            if (is_swap && before[k - 2] + 1 < row[k])
                row[k] = before[k - 2] + 1;
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[other_len];
}

suggestion suggest_for(const char *wrong)
{
    return (suggestion){.wrong = wrong};
}

void suggest_offer(suggestion *of, const char *known)
{
    size_t len = strlen(of->wrong);
    size_t known_len = known ? strlen(known) : 0;
    if (len == 0 || len > WORD_MOST || known_len == 0 || known_len > WORD_MOST)
        return;
    size_t far = distance(of->wrong, len, known, known_len);
    size_t allowed = 1 + (len < known_len ? len : known_len) / 4;
    if (far <= allowed && far < known_len && (!of->best || far < of->distance)) {
        of->best = known;
        of->distance = far;
    }
}

const char *suggest_text(const suggestion *of, const char *before)
{
    static char text[WORD_MOST + 64];
    text[0] = '\0';
    if (of->best)
        (void)snprintf(text, sizeof(text), " (did you mean %s%s?)", before, of->best);
    return text;
}
