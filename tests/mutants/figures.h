/* figures.h - what became of the mutants: counted by kind, by rule and by inert field. */
#ifndef MUTANTS_FIGURES_H
#define MUTANTS_FIGURES_H

#include "edits.h"
#include "fields.h"

#include <stdbool.h>

/* Where the edit is made. */
enum scope {
    SCOPE_FILE,         /* anywhere in the file, and nothing else is changed */
    SCOPE_BOTH_RECORDS, /* in a field of an entry's local and of its central record alike; bits only */
    SCOPE_ENTRY,        /* in an entry's name or content, with records that fit: CRC-32, sizes, offsets */
    SCOPE_COUNT
};

struct figures {
    size_t tried[SCOPE_COUNT][EDIT_COUNT];
    size_t accepted[SCOPE_COUNT][EDIT_COUNT];
    size_t other_content; /* accepted, and does not unpack to the same names and bytes */
    size_t not_inert;     /* accepted, and no bit of the list in fields.c */
    size_t undecided;     /* neither accepted nor rejected: the validator itself failed */
};

/* Prints one line for each kind of mutant that was tried. */
void print_figures(const char *container, const struct figures *figures);

void add_figures(struct figures *sum, const struct figures *figures);

/* Counts a rejection, to be printed with all others by their rules. */
void count_rule(const ozc_rule *rule);
void print_rules(void);

/* Counts an accepted bit of an inert field. */
void count_inert(const struct inert *inert, unsigned number);

/* Prints the inert fields, with the bits of each that were accepted. Returns whether these are all that it lists. */
bool print_inert_fields(void);

#endif
