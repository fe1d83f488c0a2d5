/* read_entries.h - every entry of a container read once, by as many threads as the policy asks for. */
#ifndef READ_ENTRIES_H
#define READ_ENTRIES_H

#include "validation.h"

/* Takes CRC-32 and SHA-256 of every entry, and the kind of media: `is_read`, `damaged`, `digest`, `media_kind`. In
   first-fault mode no entry is begun once one is known to be damaged; all before that one are read then. CHECK_PASSED:
   done, whatever is damaged. CHECK_BROKEN: run->failure says why. */
enum outcome read_entries(struct run *run);

#endif
