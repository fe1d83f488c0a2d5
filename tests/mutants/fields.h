/* fields.h - which field of which record a bit of a container belongs to, and which bits the format leaves free. */
#ifndef MUTANTS_FIELDS_H
#define MUTANTS_FIELDS_H

#include "container.h"

#include <stdbool.h>

/* A bit of a container by its name. */
struct bit {
    const char *record; /* "local record", "central record", "end record"; "content" */
    const char *field;  /* NULL: content */
    size_t index;       /* of the entry */
    unsigned number;    /* within the field, the lowest is 0; 0 in names and content */
};

/* Names the bit `which` (8 * offset + number). */
struct bit bit_at(const struct container *container, size_t which);

/* A field that says nothing of an entry's name or bytes, and that the format does not fix to one value. */
struct inert {
    const char *record;
    const char *field;
    uint32_t bits;
    bool in_both;    /* local and central record have it, and it has to change in both */
    const char *why; /* docs/format.md */
};

/* All of them; `record` of the one behind the last is NULL. */
extern const struct inert inert_fields[];

/* The inert field that the bit belongs to, flipped in its record alone or in both; NULL: it is none. */
const struct inert *inert_of(struct bit bit, bool in_both);

#endif
