/*
 * Inspecting the end record and the central directory, as far as they lead anywhere.
 *
 * Guarantees that a directory is taken wherever one of two readings finds it: so many bytes before the end record as
 * this says it has, or where this says it begins. Where both find one, something stands before the container, and it is
 * the first that other readers take. Every oddity is a note, none stops
 * it. Unlike the check, it looks back for the end record, for a file that is broken has it anywhere.
 */
#include "inspect_local.h"

#include <stdlib.h>

/* Signature, comment length and the longest comment. */
#define LOOK_BACK (END_RECORD_SIZE + 65535)

/* The end record whose comment reaches to the end of the file; else the last one. */
static bool choose_end(const uint8_t *tail, size_t len, struct end_record *end, size_t *where)
{
    bool found = false;
    bool fits = false;
    for (size_t at = len < END_RECORD_SIZE ? 0 : len - END_RECORD_SIZE + 1; !fits && at-- > 0;) {
        struct end_record one;
        if (!zip_read_end(tail + at, &one))
            continue;
        fits = one.comment_len == len - at - END_RECORD_SIZE;
        if (fits || !found) {
            *end = one;
            *where = at;
        }
        found = true;
    }
    return found;
}

/* Looks back, as far as a comment can reach. */
static bool look_back(struct inspecting *in, struct end_record *end)
{
    uint64_t size = in->shown->size;
    size_t len = size < LOOK_BACK ? (size_t)size : LOOK_BACK;
    size_t at = 0;
    enum failure failure = FAILURE_MEMORY;
    uint8_t *room = malloc(len + 1);
    const uint8_t *tail = room == NULL ? NULL : source_view(in->source, size - len, room, len, &failure);
    if (tail == NULL)
        inspect_fail(in, failure);
    bool found = tail != NULL && choose_end(tail, len, end, &at);
    in->end_at = found ? size - len + at : size;
    free(room);
    return found;
}

static bool find_end(struct inspecting *in, struct end_record *end)
{
    uint64_t size = in->shown->size;
    in->end_at = size < END_RECORD_SIZE ? size : size - END_RECORD_SIZE;
    const uint8_t *last = inspect_view(in, in->end_at, END_RECORD_SIZE);
    in->has_end = (last != NULL && zip_read_end(last, end) && end->comment_len == 0) || look_back(in, end);
    return in->has_end;
}

static void describe_end(struct inspecting *in, const struct end_record *end)
{
    uint64_t comment = in->end_at + END_RECORD_SIZE;
    inspect_claim(in, OZC_REGION_END_RECORD, in->end_at, END_RECORD_SIZE, OZC_NO_ENTRY);
    inspect_claim(in, OZC_REGION_ARCHIVE_COMMENT, comment, end->comment_len, OZC_NO_ENTRY);
    if (end->comment_len > in->shown->size - comment)
        inspect_note(in, OZC_NO_ENTRY, comment, "the end record announces a comment of %u bytes and %llu are there",
                     (unsigned)end->comment_len, (unsigned long long)(in->shown->size - comment));
    else if (end->comment_len > 0)
        inspect_note(in, OZC_NO_ENTRY, comment, "an archive comment of %u bytes", (unsigned)end->comment_len);
    if (end->disk != 0 || end->directory_disk != 0)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "the end record names the disks %u and %u of several",
                     (unsigned)end->disk, (unsigned)end->directory_disk);
    if (end->entries_here != end->entries)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "the end record counts %u entries on this disk and %u in all",
                     (unsigned)end->entries_here, (unsigned)end->entries);
    if (end->entries == UINT16_MAX || end->directory_size == UINT32_MAX || end->directory_offset == UINT32_MAX)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "the end record refers to a ZIP64 one, which is not followed here");
}

static bool is_central(struct inspecting *in, uint64_t at)
{
    struct central_record record;
    const uint8_t *bytes = at < in->end_at ? inspect_view(in, at, CENTRAL_RECORD_SIZE) : NULL;
    return bytes != NULL && zip_read_central(bytes, &record);
}

static bool is_local(struct inspecting *in, uint64_t at)
{
    struct local_record record;
    const uint8_t *bytes = inspect_view(in, at, LOCAL_RECORD_SIZE);
    return bytes != NULL && zip_read_local(bytes, &record);
}

/* Where the directory begins: right before the end record, where it has the length that this says, else where this
   says. False: nowhere, which is told. */
static bool find_start(struct inspecting *in, const struct end_record *end, uint64_t *at)
{
    *at = in->end_at - end->directory_size;
    bool is_there = end->directory_size <= in->end_at && is_central(in, *at);
    if (is_there && *at != end->directory_offset)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "the end record puts the directory at byte %lu; it stands at %llu",
                     (unsigned long)end->directory_offset, (unsigned long long)*at);
    if (is_there)
        return true;
    *at = end->directory_offset;
    if (is_central(in, *at))
        return true;
    if (end->entries > 0 || end->directory_size > 0)
        inspect_note(in, OZC_NO_ENTRY, in->end_at,
                     "the end record puts the directory at byte %lu with %lu bytes; none is found there",
                     (unsigned long)end->directory_offset, (unsigned long)end->directory_size);
    return false;
}

static void describe_central(struct inspecting *in, size_t entry, uint64_t at, const struct central_record *c)
{
    const struct zip_fields *f = &c->fields;
    if (c->comment_len > 0)
        inspect_note(in, entry, at, "its central record has a comment of %u bytes", (unsigned)c->comment_len);
    if (f->extra_len > 0)
        inspect_note(in, entry, at, "its central record has an extra field of %u bytes", (unsigned)f->extra_len);
    if (c->disk != 0)
        inspect_note(in, entry, at, "its central record names disk %u", (unsigned)c->disk);
    if (f->size == UINT32_MAX || f->compressed_size == UINT32_MAX || c->offset == UINT32_MAX)
        inspect_note(in, entry, at, "its central record refers to a ZIP64 field, which is not followed here");
}

/* One central record, at `at`. `shift`: how far the directory stands from where the end record says. */
static void take_central(struct inspecting *in, uint64_t at, uint64_t whole, const struct central_record *c,
                         uint64_t shift)
{
    size_t entry = inspect_add(in, &c->fields, at + CENTRAL_RECORD_SIZE, OZC_FOUND_BY_DIRECTORY);
    if (entry == OZC_NO_ENTRY)
        return;
    inspect_claim(in, OZC_REGION_CENTRAL_RECORD, at, whole, entry);
    describe_central(in, entry, at, c);
    uint64_t local = c->offset + shift;
    if (!is_local(in, local))
        local = c->offset;
    in->shown->entries[entry].shown.record = local;
    if (is_local(in, local))
        (void)inspect_local(in, entry, local, &c->fields, in->end_at);
    else
        inspect_note(in, entry, at, "the directory puts its local record at byte %llu, and none stands there",
                     (unsigned long long)local);
}

void inspect_directory(struct inspecting *in)
{
    struct end_record end = {0};
    struct central_record c;
    uint64_t start = 0;
    size_t count = 0;
    if (!find_end(in, &end))
        return;
    describe_end(in, &end);
    if (!find_start(in, &end, &start))
        return;
    uint64_t at = start;
    while (is_central(in, at)) {
        const uint8_t *bytes = inspect_view(in, at, CENTRAL_RECORD_SIZE);
        if (bytes == NULL || !zip_read_central(bytes, &c))
            break;
        uint64_t whole = (uint64_t)CENTRAL_RECORD_SIZE + c.fields.name_len + c.fields.extra_len + c.comment_len;
        take_central(in, at, whole, &c, start - end.directory_offset);
        at += whole;
        count++;
    }
    if (count != end.entries)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "the end record counts %u entries; the directory has %zu",
                     (unsigned)end.entries, count);
    if (at - start != end.directory_size)
        inspect_note(in, OZC_NO_ENTRY, in->end_at,
                     "the end record gives the directory %lu bytes; its records have %llu",
                     (unsigned long)end.directory_size, (unsigned long long)(at - start));
}
