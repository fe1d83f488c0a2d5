/* odd_source.h - bytes from a source that gives them in odd pieces, and fails when told to. */
#ifndef ODD_SOURCE_H
#define ODD_SOURCE_H

#include "fuzz.h"

struct odd {
    const uint8_t *bytes;
    size_t len;
    uint32_t state; /* decides the sizes */
};

/* `odd` is borrowed. */
ozc_source odd_source(struct odd *odd);

#endif
