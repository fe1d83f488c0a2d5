/* inspect_layout.h - what of the file nothing has claimed. */
#ifndef INSPECT_LAYOUT_H
#define INSPECT_LAYOUT_H

#include "inspection.h"

struct gap {
    uint64_t from;
    uint64_t to;
};

/* The gaps between what is claimed, in file order; sorts the regions. The caller frees them; NULL: none, or out of
   memory. */
struct gap *inspect_gaps(struct inspecting *in, size_t *count);

#endif
