/*
 * inspect_text.h - an inspection as tables for people.
 */
#ifndef INSPECT_TEXT_H
#define INSPECT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include <ozcapsula.h>

/* Prints all of it; in colour are headings and what is to be remembered, nothing else. false: out of memory, and told.
   Whether `to` took it is for its owner to ask. */
bool inspect_text_print(FILE *to, const char *path, const ozc_inspection *inspection, bool is_coloured);

#endif
