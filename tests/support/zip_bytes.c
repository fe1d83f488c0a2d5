/* ZIP files made record by record; nothing of the library's own reading or writing is used. */
#include "zip_bytes.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

struct zip_entry zip_entry(const char *name, const char *content)
{
    size_t len = strlen(content);
    return (struct zip_entry){.name = name,
                              .content = content,
                              .len = len,
                              .crc = libdeflate_crc32(0, content, len),
                              .packed = (uint32_t)len,
                              .size = (uint32_t)len};
}

/* Room is a power of two, so that a long file does not move with each byte. */
static size_t room_for(size_t len)
{
    size_t room = 256;
    while (room < len)
        room *= 2;
    return room;
}

void zip_put(struct bytes *zip, const void *bytes, size_t len)
{
    if (zip->data == NULL || room_for(zip->len + len) > room_for(zip->len))
        zip->data = realloc(zip->data, room_for(zip->len + len));
    assert_non_null(zip->data);
    if (len > 0)
        memcpy(zip->data + zip->len, bytes, len);
    zip->len += len;
}

static void put(struct bytes *zip, uint32_t value, size_t size)
{
    for (; size > 0; size--, value >>= 8)
        zip_put(zip, &(unsigned char){(unsigned char)value}, 1);
}

void zip_put32(struct bytes *zip, uint32_t value)
{
    put(zip, value, 4);
}

/* From version needed to the length of the extra field. */
static void put_fields(struct bytes *zip, const struct zip_entry *entry)
{
    put(zip, 20, 2);
    put(zip, entry->flags, 2);
    put(zip, entry->method, 2);
    put(zip, 0, 2);
    put(zip, 0x5C21, 2);
    put(zip, entry->crc, 4);
    put(zip, entry->packed, 4);
    put(zip, entry->size, 4);
    put(zip, (uint32_t)strlen(entry->name), 2);
    put(zip, 0, 2);
}

void zip_local(struct bytes *zip, struct zip_entry *entry)
{
    entry->at = zip->len;
    zip_put(zip, "PK\3\4", 4);
    put_fields(zip, entry);
    zip_put(zip, entry->name, strlen(entry->name));
    zip_put(zip, entry->content, entry->len);
}

void zip_central(struct bytes *zip, const struct zip_entry *entry)
{
    zip_put(zip, "PK\1\2\24\0", 6);
    put_fields(zip, entry);
    put(zip, 0, 2); /* comment */
    put(zip, 0, 2); /* disk */
    put(zip, 0, 2);
    put(zip, 0, 4);
    put(zip, (uint32_t)entry->at, 4);
    zip_put(zip, entry->name, strlen(entry->name));
}

void zip_end(struct bytes *zip, size_t entries, size_t directory, size_t directory_size)
{
    zip_put(zip, "PK\5\6\0\0\0\0", 8);
    put(zip, (uint32_t)entries, 2);
    put(zip, (uint32_t)entries, 2);
    put(zip, (uint32_t)directory_size, 4);
    put(zip, (uint32_t)directory, 4);
    put(zip, 0, 2);
}

struct bytes zip_of(struct zip_entry *entries, size_t count)
{
    struct bytes zip = {0};
    for (size_t i = 0; i < count; i++)
        zip_local(&zip, &entries[i]);
    size_t directory = zip.len;
    for (size_t i = 0; i < count; i++)
        zip_central(&zip, &entries[i]);
    zip_end(&zip, count, directory, zip.len - directory);
    return zip;
}

static void assert_layout(const ozc_inspection *inspection, uint64_t len)
{
    uint64_t covered = 0;
    const ozc_region *region = NULL;
    for (size_t i = 0; (region = ozc_inspection_region(inspection, i)) != NULL; i++) {
        assert_true(region->length > 0 && region->offset <= len && region->length <= len - region->offset);
        if (region->overlaps)
            assert_true(region->offset < covered);
        else
            assert_int_equal(covered, region->offset);
        if (region->offset + region->length > covered)
            covered = region->offset + region->length;
    }
    assert_int_equal(len, covered);
}

ozc_inspection *inspect_copy(struct bytes zip)
{
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_GIVEN;
    call.now = CORPUS_TIME;
    unsigned char *exactly = malloc(zip.len == 0 ? 1 : zip.len);
    if (zip.len > 0)
        memcpy(exactly, zip.data, zip.len);
    ozc_inspection *inspection = ozc_inspect_memory(exactly, zip.len, &call);
    free(exactly);
    assert_non_null(inspection);
    assert_null(ozc_inspection_failure(inspection));
    assert_layout(inspection, zip.len);
    return inspection;
}

ozc_inspection *inspect_bytes(struct bytes zip)
{
    ozc_inspection *inspection = inspect_copy(zip);
    free(zip.data);
    return inspection;
}

size_t notes_with(const ozc_inspection *inspection, const char *text)
{
    size_t count = 0;
    const ozc_note *note = NULL;
    for (size_t i = 0; (note = ozc_inspection_note(inspection, i)) != NULL; i++)
        count += strstr(note->text, text) != NULL;
    return count;
}

const ozc_region *region_of(const ozc_inspection *inspection, ozc_region_kind kind)
{
    const ozc_region *region = NULL;
    for (size_t i = 0; (region = ozc_inspection_region(inspection, i)) != NULL; i++)
        if (region->kind == kind)
            return region;
    return NULL;
}
