/*
 * Inspecting one local record with what follows it: name, extra field, content, data descriptor.
 *
 * Guarantees that it never goes backwards, whatever the record says. Where neither directory nor record say how long
 * the content is (it was streamed), the data descriptor behind it is looked for, and taken when its length fits.
 */
#include "inspect_local.h"

#include <string.h>

enum { DESCRIPTOR_SIZE = 16 }; /* with its signature: APPNOTE 6.3.10, 4.3.9 */

static uint32_t read32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool is_signature(const uint8_t *bytes, bool with_descriptors)
{
    static const uint8_t known[][2] = {{3, 4}, {1, 2}, {5, 6}, {7, 8}};
    for (size_t i = 0; i < (with_descriptors ? 4 : 3); i++)
        if (bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == known[i][0] && bytes[3] == known[i][1])
            return true;
    return false;
}

/* What the window still holds from there on, or else a whole one: so that searching on behind each of many likenesses
   reads nothing again. */
static const uint8_t *view_on(struct inspecting *in, uint64_t from, uint64_t to, size_t *len)
{
    const struct window *w = &in->window;
    bool is_held = from >= w->at && w->at + w->len >= from + 4;
    uint64_t there = is_held ? w->at + w->len - from : WINDOW_SIZE;
    *len = (size_t)(to - from < there ? to - from : there);
    return inspect_view(in, from, *len);
}

uint64_t inspect_find_record(struct inspecting *in, uint64_t from, uint64_t to, bool with_descriptors)
{
    while (from < to && to - from >= 4) {
        size_t len = 0;
        const uint8_t *bytes = view_on(in, from, to, &len);
        const uint8_t *last = bytes == NULL ? NULL : bytes + len - 4;
        for (const uint8_t *at = bytes; at != NULL && at <= last; at++) {
            at = memchr(at, 'P', (size_t)(last - at) + 1);
            if (at == NULL)
                break;
            if (is_signature(at, with_descriptors))
                return from + (uint64_t)(at - bytes);
        }
        if (bytes == NULL)
            return to;
        inspect_tell(in);
        from += len - 3;
    }
    return to;
}

/* Does it leave that number to a data descriptor? Some writers know the sizes beforehand and not the CRC-32. */
static bool is_left_open(const struct zip_fields *f, uint32_t number)
{
    return (f->flags & FLAG_DATA_DESCRIPTOR) != 0 && number == 0;
}

static bool differ(const struct zip_fields *local, uint32_t local_number, uint32_t central_number)
{
    return local_number != central_number && !is_left_open(local, local_number);
}

/* In what the records differ. */
static void compare(struct inspecting *in, size_t entry, uint64_t at, const struct zip_fields *local,
                    const struct zip_fields *central)
{
    const struct {
        const char *name;
        bool differs;
    } fields[] = {{"version needed", local->version_needed != central->version_needed},
                  {"flags", local->flags != central->flags},
                  {"method", local->method != central->method},
                  {"time", local->time != central->time || local->date != central->date},
                  {"CRC-32", differ(local, local->crc, central->crc)},
                  {"packed size", differ(local, local->compressed_size, central->compressed_size)},
                  {"size", differ(local, local->size, central->size)},
                  {"length of the name", local->name_len != central->name_len}};
    struct text list = {0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].differs)
            text_print(&list, "%s%s", list.len > 0 ? ", " : "", fields[i].name);
    if (is_left_open(local, local->crc))
        inspect_note(in, entry, at, "it was streamed: its local record leaves its CRC-32 to a data descriptor");
    if (list.failed)
        inspect_fail(in, FAILURE_MEMORY);
    else if (list.len > 0)
        inspect_note(in, entry, at, "local and central record differ in: %s; shown is what the central one says",
                     list.data);
    text_free(&list);
}

static void compare_names(struct inspecting *in, size_t entry, uint64_t at, size_t len)
{
    const struct inspected *known = &in->shown->entries[entry];
    const uint8_t *name = inspect_view(in, at, known->raw_len);
    if (len == known->shown.name_len && name != NULL && memcmp(name, known->raw, known->raw_len) != 0)
        inspect_note(in, entry, at, "its name in the local record is %s", SHOWN(name, known->raw_len));
}

/* Content whose length nobody says. Returns where what follows begins. */
static uint64_t take_unsaid(struct inspecting *in, size_t entry, uint64_t start, uint64_t to)
{
    ozc_inspected_entry *shown = &in->shown->entries[entry].shown;
    uint64_t end = start;
    shown->has_sizes = 0;
    for (;; end++) {
        end = inspect_find_record(in, end, to, true);
        const uint8_t *bytes = end == to ? NULL : inspect_view(in, end, DESCRIPTOR_SIZE);
        if (bytes == NULL || bytes[2] != 7)
            break;
        if (read32(bytes + 8) != end - start)
            continue;
        shown->has_sizes = 1;
        shown->crc32 = read32(bytes + 4);
        shown->packed_size = shown->length = end - start;
        shown->size = read32(bytes + 12);
        inspect_claim(in, OZC_REGION_CONTENT, start, shown->length, entry);
        inspect_claim(in, OZC_REGION_DATA_DESCRIPTOR, end, DESCRIPTOR_SIZE, entry);
        return end + DESCRIPTOR_SIZE;
    }
    shown->length = end - start;
    inspect_claim(in, OZC_REGION_CONTENT, start, shown->length, entry);
    inspect_note(in, entry, start, "nothing says how long its content is: what stands before the next record is shown");
    return end;
}

/* A data descriptor behind the content, with or without a signature; *crc is its own where nothing else says one.
   Returns its length; 0: there is none. */
static uint64_t take_descriptor(struct inspecting *in, uint64_t at, bool is_open, uint32_t *crc)
{
    const uint8_t *bytes = inspect_view(in, at, DESCRIPTOR_SIZE - 4);
    if (bytes == NULL)
        return 0;
    bool is_signed = bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 7 && bytes[3] == 8;
    if (is_signed && is_open)
        *crc = read32(bytes + 4);
    return is_signed ? DESCRIPTOR_SIZE : read32(bytes) == *crc ? DESCRIPTOR_SIZE - 4 : 0;
}

/* Content of a known length. `is_open`: its CRC-32 stands in the descriptor alone. */
static uint64_t take_content(struct inspecting *in, size_t entry, uint64_t start, bool has_descriptor, bool is_open)
{
    ozc_inspected_entry *shown = &in->shown->entries[entry].shown;
    uint64_t left = start < in->shown->size ? in->shown->size - start : 0;
    shown->length = shown->packed_size < left ? shown->packed_size : left;
    inspect_claim(in, OZC_REGION_CONTENT, start, shown->length, entry);
    if (shown->length < shown->packed_size)
        inspect_note(in, entry, in->shown->size, "its content is cut off: %llu of its %llu bytes are there",
                     (unsigned long long)shown->length, (unsigned long long)shown->packed_size);
    uint64_t end = start + shown->length;
    uint64_t descriptor = has_descriptor ? take_descriptor(in, end, is_open, &shown->crc32) : 0;
    inspect_claim(in, OZC_REGION_DATA_DESCRIPTOR, end, descriptor, entry);
    return end + descriptor;
}

/* Where the directory refers to a ZIP64 field for them, the local record may still say them itself. */
static void take_sizes(ozc_inspected_entry *shown, const struct zip_fields *local)
{
    if (is_left_open(local, local->compressed_size) || local->size == UINT32_MAX ||
        local->compressed_size == UINT32_MAX)
        return;
    shown->has_sizes = 1;
    shown->size = local->size;
    shown->packed_size = local->compressed_size;
}

uint64_t inspect_local(struct inspecting *in, size_t entry, uint64_t at, const struct zip_fields *central, uint64_t to)
{
    struct local_record record;
    const uint8_t *bytes = inspect_view(in, at, LOCAL_RECORD_SIZE);
    if (bytes == NULL || !zip_read_local(bytes, &record))
        return at;
    const struct zip_fields *f = &record.fields;
    uint64_t name = at + LOCAL_RECORD_SIZE;
    uint64_t said = name + f->name_len + f->extra_len;
    uint64_t start = said < in->shown->size ? said : in->shown->size;
    bool has_descriptor = (f->flags & FLAG_DATA_DESCRIPTOR) != 0;
    ozc_inspected_entry *shown = &in->shown->entries[entry].shown;
    shown->has_record = 1;
    shown->record = at;
    shown->offset = start;
    inspect_claim(in, OZC_REGION_LOCAL_RECORD, at, LOCAL_RECORD_SIZE, entry);
    inspect_claim(in, OZC_REGION_NAME, name, f->name_len, entry);
    inspect_claim(in, OZC_REGION_EXTRA_FIELD, name + f->name_len, f->extra_len, entry);
    if (central != NULL) {
        compare(in, entry, at, f, central);
        compare_names(in, entry, name, f->name_len);
        if (!shown->has_sizes)
            take_sizes(shown, f);
        return shown->has_sizes ? take_content(in, entry, start, has_descriptor, false) : start;
    }
    bool is_unsaid = !shown->has_sizes || (is_left_open(f, f->crc) && is_left_open(f, f->compressed_size));
    if (start >= to || !is_unsaid)
        return take_content(in, entry, start, has_descriptor, is_left_open(f, f->crc));
    return take_unsaid(in, entry, start, to);
}
