/* zip_records.h - the three records of a ZIP file, as numbers (APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16). */
#ifndef ZIP_RECORDS_H
#define ZIP_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LOCAL_RECORD_SIZE = 30, /* the fixed parts, without name, extra field and comment */
    CENTRAL_RECORD_SIZE = 46,
    END_RECORD_SIZE = 22,
    ZIP64_LOCATOR_SIZE = 20
};

#define FLAG_DATA_DESCRIPTOR 0x0008u
#define FLAGS_ENCRYPTED 0x2041u /* bits 0, 6 and 13 */
#define FLAG_UTF8_NAMES 0x0800u

/* What local and central record both say of an entry. */
struct zip_fields {
    uint16_t version_needed;
    uint16_t flags;
    uint16_t method;
    uint16_t time;
    uint16_t date;
    uint32_t crc;
    uint32_t compressed_size;
    uint32_t size;
    uint16_t name_len;
    uint16_t extra_len;
};

struct local_record {
    struct zip_fields fields;
};

struct central_record {
    uint16_t version_made_by;
    struct zip_fields fields;
    uint16_t comment_len;
    uint16_t disk;
    uint32_t external_attributes;
    uint32_t offset;
};

struct end_record {
    uint16_t disk;
    uint16_t directory_disk;
    uint16_t entries_here;
    uint16_t entries;
    uint32_t directory_size;
    uint32_t directory_offset;
    uint16_t comment_len;
};

/* Each takes the record's fixed size. False: another signature. */
bool zip_read_local(const uint8_t *bytes, struct local_record *record);
bool zip_read_central(const uint8_t *bytes, struct central_record *record);
bool zip_read_end(const uint8_t *bytes, struct end_record *record);
bool zip_is_zip64_locator(const uint8_t *bytes);

#endif
