/* zip_records.c: bytes to numbers, each field from its own place. */
#include "support.h"
#include "zip_records.h"

#include <stdlib.h>
#include <string.h>

/* A record put together field by field, little-endian. */
struct record {
    uint8_t bytes[64];
    size_t len;
};

static void put16(struct record *r, unsigned value)
{
    r->bytes[r->len++] = (uint8_t)(value & 0xFF);
    r->bytes[r->len++] = (uint8_t)(value >> 8);
}

static void put32(struct record *r, uint32_t value)
{
    put16(r, value & 0xFFFF);
    put16(r, value >> 16);
}

static void put_signature(struct record *r, unsigned third, unsigned fourth)
{
    put16(r, 'P' | 'K' << 8);
    put16(r, third | fourth << 8);
}

static void put_fields(struct record *r, const struct zip_fields *f)
{
    put16(r, f->version_needed);
    put16(r, f->flags);
    put16(r, f->method);
    put16(r, f->time);
    put16(r, f->date);
    put32(r, f->crc);
    put32(r, f->compressed_size);
    put32(r, f->size);
    put16(r, f->name_len);
    put16(r, f->extra_len);
}

/* Every byte of every field is another one. */
static const struct zip_fields distinct = {
    .version_needed = 0x1112,
    .flags = 0x2122,
    .method = 0x3132,
    .time = 0x4142,
    .date = 0x5152,
    .crc = 0x61626364,
    .compressed_size = 0x71727374,
    .size = 0x81828384,
    .name_len = 0x9192,
    .extra_len = 0xA1A2,
};

static void assert_distinct(const struct zip_fields *f)
{
    assert_int_equal(distinct.version_needed, f->version_needed);
    assert_int_equal(distinct.flags, f->flags);
    assert_int_equal(distinct.method, f->method);
    assert_int_equal(distinct.time, f->time);
    assert_int_equal(distinct.date, f->date);
    assert_int_equal(distinct.crc, f->crc);
    assert_int_equal(distinct.compressed_size, f->compressed_size);
    assert_int_equal(distinct.size, f->size);
    assert_int_equal(distinct.name_len, f->name_len);
    assert_int_equal(distinct.extra_len, f->extra_len);
}

/* On the heap, in exactly its size, so that a read beyond it is seen. */
static uint8_t *exactly(const struct record *r)
{
    uint8_t *bytes = malloc(r->len);
    memcpy(bytes, r->bytes, r->len);
    return bytes;
}

static struct record make_local(void)
{
    struct record r = {.len = 0};
    put_signature(&r, 3, 4);
    put_fields(&r, &distinct);
    return r;
}

static struct record make_central(void)
{
    struct record r = {.len = 0};
    put_signature(&r, 1, 2);
    put16(&r, 0xB1B2); /* version made by */
    put_fields(&r, &distinct);
    put16(&r, 0xC1C2);     /* comment length */
    put16(&r, 0xD1D2);     /* disk */
    put16(&r, 0xE1E2);     /* internal attributes */
    put32(&r, 0xF1F2F3F4); /* external attributes */
    put32(&r, 0x01020304); /* offset */
    return r;
}

static struct record make_end(void)
{
    struct record r = {.len = 0};
    put_signature(&r, 5, 6);
    put16(&r, 0x1112);     /* disk */
    put16(&r, 0x2122);     /* disk of the directory */
    put16(&r, 0x3132);     /* entries here */
    put16(&r, 0x4142);     /* entries */
    put32(&r, 0x51525354); /* size of the directory */
    put32(&r, 0xF1F2F3F4); /* offset of the directory */
    put16(&r, 0x7172);     /* comment length */
    return r;
}

static void reads_each_field_of_a_local_record(void **state)
{
    (void)state;
    struct record r = make_local();
    struct local_record record;
    assert_int_equal(LOCAL_RECORD_SIZE, r.len);
    uint8_t *bytes = exactly(&r);
    assert_true(zip_read_local(bytes, &record));
    assert_distinct(&record.fields);
    free(bytes);
}

static void reads_each_field_of_a_central_record(void **state)
{
    (void)state;
    struct record r = make_central();
    struct central_record record;
    assert_int_equal(CENTRAL_RECORD_SIZE, r.len);
    uint8_t *bytes = exactly(&r);
    assert_true(zip_read_central(bytes, &record));
    assert_distinct(&record.fields);
    assert_int_equal(0xB1B2, record.version_made_by);
    assert_int_equal(0xC1C2, record.comment_len);
    assert_int_equal(0xD1D2, record.disk);
    assert_int_equal(0xF1F2F3F4, record.external_attributes);
    assert_int_equal(0x01020304, record.offset);
    free(bytes);
}

static void reads_each_field_of_an_end_record(void **state)
{
    (void)state;
    struct record r = make_end();
    struct end_record record;
    assert_int_equal(END_RECORD_SIZE, r.len);
    uint8_t *bytes = exactly(&r);
    assert_true(zip_read_end(bytes, &record));
    assert_int_equal(0x1112, record.disk);
    assert_int_equal(0x2122, record.directory_disk);
    assert_int_equal(0x3132, record.entries_here);
    assert_int_equal(0x4142, record.entries);
    assert_int_equal(0x51525354, record.directory_size);
    assert_int_equal(0xF1F2F3F4, record.directory_offset);
    assert_int_equal(0x7172, record.comment_len);
    free(bytes);
}

/* Which of the four readers take those bytes, as bits. */
static unsigned taken_by(const struct record *r)
{
    struct local_record local;
    struct central_record central;
    struct end_record end;
    return (unsigned)zip_read_local(r->bytes, &local) | (unsigned)zip_read_central(r->bytes, &central) << 1 |
           (unsigned)zip_read_end(r->bytes, &end) << 2 | (unsigned)zip_is_zip64_locator(r->bytes) << 3;
}

static void takes_each_record_by_its_own_signature_alone(void **state)
{
    (void)state;
    struct record local = make_local();
    struct record central = make_central();
    struct record end = make_end();
    struct record locator = {.len = 0};
    put_signature(&locator, 6, 7);
    assert_int_equal(1, taken_by(&local));
    assert_int_equal(2, taken_by(&central));
    assert_int_equal(4, taken_by(&end));
    assert_int_equal(8, taken_by(&locator));
}

static void refuses_every_other_byte_in_a_signature(void **state)
{
    (void)state;
    for (size_t at = 0; at < 4; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct record records[] = {make_local(), make_central(), make_end(), {.len = 0}};
            put_signature(&records[3], 6, 7);
            for (size_t i = 0; i < 4; i++) {
                records[i].bytes[at] ^= (uint8_t)(1u << bit);
                assert_false(taken_by(&records[i]) & 1u << i);
            }
        }
}

static void names_the_flag_bits_of_the_format(void **state)
{
    (void)state;
    assert_int_equal(1u << 3, FLAG_DATA_DESCRIPTOR);
    assert_int_equal(1u << 0 | 1u << 6 | 1u << 13, FLAGS_ENCRYPTED);
    assert_int_equal(1u << 11, FLAG_UTF8_NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_field_of_a_local_record),
        cmocka_unit_test(reads_each_field_of_a_central_record),
        cmocka_unit_test(reads_each_field_of_an_end_record),
        cmocka_unit_test(takes_each_record_by_its_own_signature_alone),
        cmocka_unit_test(refuses_every_other_byte_in_a_signature),
        cmocka_unit_test(names_the_flag_bits_of_the_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
