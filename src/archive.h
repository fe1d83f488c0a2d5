/* archive.h - what the files of the archive check share. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "validation.h"

#define NAME_MOST 255
#define MIMETYPE "application/x.ozcapsula-v1+zip"

#define NAME_MIMETYPE "mimetype"
#define NAME_PAYLOAD "payload.json"
#define NAME_SESSION_TOKEN "session_token"
#define NAME_HASHES "hashes.sha256"
#define NAME_SIGNATURE "signature"
#define PREFIX_MEDIA "media/"
#define PREFIX_EXT "ext/"

/* Is it a name that section 2.5 of the format allows? If not, what is wrong, in words; NULL: nothing. */
const char *name_fault(const void *name, size_t len);

/* Is it a name that section 1 of the format has a place for? Assumes a proper name. */
bool name_is_known(const char *name, enum entry_kind *kind);

/* An entry whose name may be any bytes, found at that offset. */
static inline struct place at_name(const struct entry *entry, uint64_t offset)
{
    return (struct place){.raw = entry->shown.name, .raw_len = entry->name_len, .has_offset = true, .offset = offset};
}

/* Rule 5 of the order: names, duplicates, folders, mimetype, unknown entries, limits. Finds the parts. */
enum outcome judge_names(struct run *run);

/* Unpacks the small parts by libzip and holds its view of the archive to ours. Sets `damaged`. */
enum outcome unpack_parts(struct run *run);

#endif
