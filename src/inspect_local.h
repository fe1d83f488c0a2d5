/* inspect_local.h - local records, and records looked for by their signature. */
#ifndef INSPECT_LOCAL_H
#define INSPECT_LOCAL_H

#include "inspection.h"

/* Takes the local record at `at`, which has to be one, for that entry: claims it, its name, extra field, content and
   data descriptor. `central`: what the directory says, NULL where it does not know the entry. Returns where what
   follows begins; content whose length nobody says ends where the next record is found, or at `to`. */
uint64_t inspect_local(struct inspecting *in, size_t entry, uint64_t at, const struct zip_fields *central, uint64_t to);

/* Where, from `from` on, the signature of a local, central or end record stands, or of a data descriptor where those
   are wanted; `to` where none does before it. */
uint64_t inspect_find_record(struct inspecting *in, uint64_t from, uint64_t to, bool with_descriptors);

#endif
