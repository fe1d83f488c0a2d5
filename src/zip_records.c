/*
 * The records of a ZIP file, from bytes to numbers.
 *
 * Guarantees nothing but the signature: judging the numbers is check_archive's. Assumes that the fixed part of the
 * record is there whole.
 */
#include "zip_records.h"

/* Little-endian fields, one behind the other. */
static uint16_t take16(const uint8_t **at)
{
    uint16_t value = (uint16_t)((*at)[0] | (*at)[1] << 8);
    *at += 2;
    return value;
}

static uint32_t take32(const uint8_t **at)
{
    uint32_t low = take16(at);
    return low | (uint32_t)take16(at) << 16;
}

static bool take_signature(const uint8_t **at, uint8_t third, uint8_t fourth)
{
    const uint8_t *signature = *at;
    *at += 4;
    return signature[0] == 'P' && signature[1] == 'K' && signature[2] == third && signature[3] == fourth;
}

static struct zip_fields take_fields(const uint8_t **at)
{
    struct zip_fields fields;
    fields.version_needed = take16(at);
    fields.flags = take16(at);
    fields.method = take16(at);
    fields.time = take16(at);
    fields.date = take16(at);
    fields.crc = take32(at);
    fields.compressed_size = take32(at);
    fields.size = take32(at);
    fields.name_len = take16(at);
    fields.extra_len = take16(at);
    return fields;
}

bool zip_read_local(const uint8_t *bytes, struct local_record *record)
{
    bool is_one = take_signature(&bytes, 3, 4);
    record->fields = take_fields(&bytes);
    return is_one;
}

bool zip_read_central(const uint8_t *bytes, struct central_record *record)
{
    bool is_one = take_signature(&bytes, 1, 2);
    record->version_made_by = take16(&bytes);
    record->fields = take_fields(&bytes);
    record->comment_len = take16(&bytes);
    record->disk = take16(&bytes);
    (void)take16(&bytes); /* internal attributes carry no meaning here */
    record->external_attributes = take32(&bytes);
    record->offset = take32(&bytes);
    return is_one;
}

bool zip_read_end(const uint8_t *bytes, struct end_record *record)
{
    bool is_one = take_signature(&bytes, 5, 6);
    record->disk = take16(&bytes);
    record->directory_disk = take16(&bytes);
    record->entries_here = take16(&bytes);
    record->entries = take16(&bytes);
    record->directory_size = take32(&bytes);
    record->directory_offset = take32(&bytes);
    record->comment_len = take16(&bytes);
    return is_one;
}

bool zip_is_zip64_locator(const uint8_t *bytes)
{
    return take_signature(&bytes, 6, 7);
}
