/*
 * What an inspection holds: entries, regions, notes, and the getters that give them out.
 *
 * Guarantees the bounds that ozcapsula/inspect.h states, what is over them being counted; that names and notes are
 * printable ASCII; that a region is within the file and not empty; and that a NULL inspection has nothing of anything.
 */
#include "inspection.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for one element more: the array, moved where it has to be, or NULL. */
static void *grow(void *data, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return data;
    size_t more = *room == 0 ? 16 : *room * 2;
    void *moved = realloc(data, more * size);
    if (moved != NULL)
        *room = more;
    return moved;
}

static const char *method_name(unsigned method)
{
    static const struct {
        unsigned method;
        const char *name;
    } known[] = {{0, "stored"},  {1, "shrunk"},   {2, "reduced"},  {3, "reduced"},   {4, "reduced"},
                 {5, "reduced"}, {6, "imploded"}, {8, "deflated"}, {9, "deflate64"}, {12, "bzip2"},
                 {14, "LZMA"},   {20, "zstd"},    {93, "zstd"},    {94, "MP3"},      {95, "xz"},
                 {96, "JPEG"},   {97, "WavPack"}, {98, "PPMd"},    {99, "AES"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].method == method)
            return known[i].name;
    return NULL;
}

/* What the format has such a name for; NULL: nothing. */
static const char *role_of(const struct inspected *entry)
{
    static const struct {
        const char *name;
        const char *role;
    } parts[] = {{NAME_MIMETYPE, "mimetype"},
                 {NAME_PAYLOAD, "payload"},
                 {NAME_SESSION_TOKEN, "session_token"},
                 {NAME_HASHES, "hashes"},
                 {NAME_SIGNATURE, "signature"}};
    enum entry_kind kind = ENTRY_PART;
    if (!entry->shown.name_is_proper || !name_is_known(entry->raw, &kind))
        return NULL;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(entry->raw, parts[i].name) == 0)
            return parts[i].role;
    return kind == ENTRY_MEDIA ? "media" : "ext";
}

/* The whole name escaped, but for what is behind NAME_MOST bytes. */
static char *shown_name(const struct inspected *entry)
{
    struct text text = {0};
    for (size_t at = 0; at < entry->raw_len; at += SHOWN_BYTES) {
        size_t len = entry->raw_len - at < SHOWN_BYTES ? entry->raw_len - at : SHOWN_BYTES;
        text_print(&text, "%s", SHOWN(entry->raw + at, len));
    }
    if (entry->shown.name_len > entry->raw_len)
        text_print(&text, "...");
    return text_take(&text);
}

static void set_fields(ozc_inspected_entry *shown, const struct zip_fields *fields)
{
    shown->method = fields->method;
    shown->method_name = method_name(fields->method);
    shown->is_encrypted = (fields->flags & FLAGS_ENCRYPTED) != 0;
    shown->has_sizes = fields->size != UINT32_MAX && fields->compressed_size != UINT32_MAX;
    shown->size = shown->has_sizes ? fields->size : 0;
    shown->packed_size = shown->has_sizes ? fields->compressed_size : 0;
    shown->crc32 = fields->crc;
}

static void set_name(struct inspecting *in, struct inspected *entry, uint64_t at, size_t len)
{
    uint64_t left = at < in->shown->size ? in->shown->size - at : 0;
    size_t wanted = left < len ? (size_t)left : len;
    if (wanted > NAME_MOST)
        wanted = NAME_MOST;
    const uint8_t *bytes = wanted == 0 ? NULL : inspect_view(in, at, wanted);
    entry->shown.name_len = len;
    if (bytes != NULL) {
        memcpy(entry->raw, bytes, wanted);
        entry->raw_len = wanted;
    }
    entry->shown.name_is_proper = entry->raw_len == len && name_fault(entry->raw, len) == NULL;
    entry->shown.role = role_of(entry);
    entry->shown.name = shown_name(entry);
    if (entry->shown.name == NULL)
        inspect_fail(in, FAILURE_MEMORY);
}

size_t inspect_add(struct inspecting *in, const struct zip_fields *fields, uint64_t name_at, ozc_found found)
{
    ozc_inspection *shown = in->shown;
    if (inspect_is_over(in))
        return OZC_NO_ENTRY;
    if (shown->entry_count == ENTRIES_KEPT) {
        shown->entries_omitted++;
        return OZC_NO_ENTRY;
    }
    void *entries = grow(shown->entries, &shown->entry_room, shown->entry_count, sizeof *shown->entries);
    if (entries == NULL) {
        inspect_fail(in, FAILURE_MEMORY);
        return OZC_NO_ENTRY;
    }
    shown->entries = entries;
    struct inspected *entry = &shown->entries[shown->entry_count];
    *entry = (struct inspected){.shown.found = found};
    set_fields(&entry->shown, fields);
    set_name(in, entry, name_at, fields->name_len);
    return shown->entry_count++;
}

void inspect_claim(struct inspecting *in, ozc_region_kind kind, uint64_t offset, uint64_t length, size_t entry)
{
    ozc_inspection *shown = in->shown;
    if (offset >= shown->size || length == 0 || inspect_is_over(in))
        return;
    if (length > shown->size - offset)
        length = shown->size - offset;
    if (shown->region_count == CLAIMS_KEPT) {
        shown->regions_omitted++;
        return;
    }
    void *regions = grow(shown->regions, &shown->region_room, shown->region_count, sizeof *shown->regions);
    if (regions == NULL) {
        inspect_fail(in, FAILURE_MEMORY);
        return;
    }
    shown->regions = regions;
    const char *look = kind == OZC_REGION_OTHER_RECORD ? inspect_look(in, offset, length) : NULL;
    shown->regions[shown->region_count++] = (ozc_region){offset, length, kind, entry, 0, look};
}

/* Is there room for one more note of that sentence? If not, it is counted. */
static bool wants_note(struct inspecting *in, const char *format)
{
    size_t i = 0;
    while (i < SENTENCES && in->said[i].format != NULL && in->said[i].format != format)
        i++;
    if (i == SENTENCES || in->said[i].count == NOTES_KEPT) {
        in->shown->notes_omitted++;
        return false;
    }
    in->said[i].format = format;
    in->said[i].count++;
    return true;
}

void inspect_note(struct inspecting *in, size_t entry, uint64_t offset, const char *format, ...)
{
    ozc_inspection *shown = in->shown;
    va_list args;
    char sentence[2 * SHOWN_ROOM];
    if (inspect_is_over(in) || !wants_note(in, format))
        return;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    char *copy = copy_bytes(sentence, strlen(sentence));
    void *notes = grow(shown->notes, &shown->note_room, shown->note_count, sizeof *shown->notes);
    if (notes != NULL)
        shown->notes = notes;
    if (notes == NULL || copy == NULL) {
        free(copy);
        inspect_fail(in, FAILURE_MEMORY);
        return;
    }
    shown->notes[shown->note_count++] = (ozc_note){entry, offset != NO_OFFSET, offset == NO_OFFSET ? 0 : offset, copy};
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text); /* NOLINT(performance-no-int-to-ptr): the way to take the const off */
}

void ozc_inspection_free(ozc_inspection *inspection)
{
    if (inspection == NULL)
        return;
    for (size_t i = 0; i < inspection->entry_count; i++)
        free_text(inspection->entries[i].shown.name);
    for (size_t i = 0; i < inspection->note_count; i++)
        free_text(inspection->notes[i].text);
    free(inspection->failure);
    free(inspection->entries);
    free(inspection->regions);
    free(inspection->notes);
    free(inspection->payload);
    free(inspection->payload_fault);
    json_free(inspection->payload_tree);
    free(inspection->media);
    free(inspection->analyses);
    free(inspection->words);
    ozc_token_free(inspection->token);
    free(inspection->token_fault);
    free(inspection);
}

const char *ozc_inspection_failure(const ozc_inspection *inspection)
{
    return inspection == NULL ? "out of memory" : inspection->failure;
}

int ozc_inspection_size(const ozc_inspection *inspection, uint64_t *size)
{
    if (inspection == NULL || !inspection->has_size || size == NULL)
        return 0;
    *size = inspection->size;
    return 1;
}

const char *ozc_inspection_looks_like(const ozc_inspection *inspection)
{
    return inspection == NULL ? NULL : inspection->looks_like;
}

const char *ozc_found_name(ozc_found found)
{
    static const char *const names[] = {"none", "directory", "local records", "search"};
    return (unsigned)found < sizeof names / sizeof *names ? names[found] : NULL;
}

ozc_found ozc_inspection_found(const ozc_inspection *inspection)
{
    return ozc_inspection_entry_count(inspection) == 0 ? OZC_FOUND_NOT : inspection->entries[0].shown.found;
}

size_t ozc_inspection_entry_count(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->entry_count;
}

const ozc_inspected_entry *ozc_inspection_entry(const ozc_inspection *inspection, size_t index)
{
    return index < ozc_inspection_entry_count(inspection) ? &inspection->entries[index].shown : NULL;
}

uint64_t ozc_inspection_entries_omitted(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->entries_omitted;
}

const char *ozc_region_kind_name(ozc_region_kind kind)
{
    static const char *const names[OZC_REGION_KIND_COUNT] = {
        "local record",   "name",         "extra field", "content",         "data descriptor",
        "central record", "other record", "end record",  "archive comment", "gap",
        "trailing bytes", "not shown",    "other file"};
    return (unsigned)kind < OZC_REGION_KIND_COUNT ? names[kind] : NULL;
}

size_t ozc_inspection_region_count(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->region_count;
}

const ozc_region *ozc_inspection_region(const ozc_inspection *inspection, size_t index)
{
    return index < ozc_inspection_region_count(inspection) ? &inspection->regions[index] : NULL;
}

uint64_t ozc_inspection_regions_omitted(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->regions_omitted;
}

size_t ozc_inspection_note_count(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->note_count;
}

const ozc_note *ozc_inspection_note(const ozc_inspection *inspection, size_t index)
{
    return index < ozc_inspection_note_count(inspection) ? &inspection->notes[index] : NULL;
}

uint64_t ozc_inspection_notes_omitted(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->notes_omitted;
}

const uint8_t *ozc_inspection_content_id(const ozc_inspection *inspection)
{
    return inspection != NULL && inspection->has_content_id ? inspection->content_id : NULL;
}

const char *ozc_inspection_payload(const ozc_inspection *inspection, size_t *len)
{
    if (inspection == NULL || inspection->payload == NULL)
        return NULL;
    if (len != NULL)
        *len = inspection->payload_len;
    return inspection->payload;
}

const char *ozc_inspection_payload_fault(const ozc_inspection *inspection)
{
    return inspection == NULL ? NULL : inspection->payload_fault;
}

size_t ozc_inspection_medium_count(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->medium_count;
}

const ozc_payload_medium *ozc_inspection_medium(const ozc_inspection *inspection, size_t index)
{
    return index < ozc_inspection_medium_count(inspection) ? &inspection->media[index] : NULL;
}

size_t ozc_inspection_analysis_count(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->analysis_count;
}

const ozc_payload_analysis *ozc_inspection_analysis(const ozc_inspection *inspection, size_t index)
{
    return index < ozc_inspection_analysis_count(inspection) ? &inspection->analyses[index] : NULL;
}

const ozc_token *ozc_inspection_token(const ozc_inspection *inspection)
{
    return inspection == NULL ? NULL : inspection->token;
}

const char *ozc_inspection_token_fault(const ozc_inspection *inspection)
{
    return inspection == NULL ? NULL : inspection->token_fault;
}

int ozc_inspection_token_life(const ozc_inspection *inspection, int64_t *seconds)
{
    if (inspection == NULL || !inspection->has_life || seconds == NULL)
        return 0;
    *seconds = inspection->life;
    return 1;
}

int64_t ozc_inspection_time(const ozc_inspection *inspection)
{
    return inspection == NULL ? 0 : inspection->time;
}

const char *ozc_inspection_confirmation_key(const ozc_inspection *inspection)
{
    return inspection != NULL && inspection->confirmation_key[0] != '\0' ? inspection->confirmation_key : NULL;
}
