/* witness.h - does a mutant unpack to the very names and bytes of the container that it was made from? */
#ifndef MUTANTS_WITNESS_H
#define MUTANTS_WITNESS_H

#include "container.h"

#include <stdbool.h>

/* By libzip, which is given the bytes as they are: the same names in the same order, with the same bytes. */
bool libzip_unpacks_the_same(const struct container *container, struct bytes mutant);

/* By the report and the reader of verified entries; and the content id is the digest of the same hash list. */
bool reader_delivers_the_same(const struct container *container, const ozc_report *report, struct bytes mutant);

#endif
