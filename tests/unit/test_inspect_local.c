/* inspect_local.c: a local record and what follows it. */
#include "inspect_local.h"
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static void claims_record_name_and_content(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "content");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    static const struct {
        uint64_t offset, length;
        ozc_region_kind kind;
    } rows[] = {{0, 30, OZC_REGION_LOCAL_RECORD}, {30, 7, OZC_REGION_NAME}, {37, 7, OZC_REGION_CONTENT}};
    for (size_t i = 0; i < 3; i++) {
        const ozc_region *region = ozc_inspection_region(inspection, i);
        assert_int_equal(rows[i].offset, region->offset);
        assert_int_equal(rows[i].length, region->length);
        assert_int_equal(rows[i].kind, region->kind);
        assert_int_equal(0, region->entry);
    }
    ozc_inspection_free(inspection);
}

static void lists_the_fields_in_which_the_records_differ(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "content");
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    size_t directory = zip.len;
    entry.crc++;
    entry.method = 8;
    entry.name = "media/b";
    zip_central(&zip, &entry);
    zip_end(&zip, 1, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(1, notes_with(inspection, "differ in: method, CRC-32; shown is"));
    assert_int_equal(1, notes_with(inspection, "its name in the local record is media/a"));
    assert_string_equal("media/b", ozc_inspection_entry(inspection, 0)->name);
    assert_string_equal("deflated", ozc_inspection_entry(inspection, 0)->method_name);
    ozc_inspection_free(inspection);
}

static void puts_no_content_outside_of_the_file(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "");
    struct bytes zip = zip_of(&entry, 1);
    zip.data[28] = 0xFF; /* the length of the extra field */
    zip.data[29] = 0xFF;
    size_t len = zip.len;
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(len, ozc_inspection_entry(inspection, 0)->offset);
    assert_int_equal(0, ozc_inspection_entry(inspection, 0)->length);
    ozc_inspection_free(inspection);
}

static void says_how_much_of_cut_content_is_there(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "content");
    entry.packed = entry.size = 1000;
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    ozc_inspection *inspection = inspect_bytes(zip);
    const ozc_inspected_entry *shown = ozc_inspection_entry(inspection, 0);
    assert_int_equal(1000, shown->packed_size);
    assert_int_equal(7, shown->length);
    assert_null(shown->sha256);
    assert_int_equal(1, notes_with(inspection, "7 of its 1000 bytes are there"));
    ozc_inspection_free(inspection);
}

/* As zip does to a pipe: sizes behind the content. Without a directory, for that is cut off. */
static struct bytes streamed(bool with_signature, uint32_t said)
{
    struct zip_entry entry = zip_entry("media/a", "PK\7\10 looks like one");
    uint32_t crc = entry.crc;
    struct zip_entry next = zip_entry("media/b", "next");
    entry.flags = 8;
    entry.crc = entry.packed = entry.size = 0;
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    if (with_signature)
        zip_put(&zip, "PK\7\10", 4);
    zip_put32(&zip, crc);
    zip_put32(&zip, said);
    zip_put32(&zip, said);
    zip_local(&zip, &next);
    return zip;
}

/* zip does so to a pipe where it stores: the sizes are known beforehand, the CRC-32 is not. */
static void takes_the_crc_from_the_descriptor_where_the_sizes_are_said(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "content");
    uint32_t crc = entry.crc;
    entry.flags = 8;
    entry.crc = 0;
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    zip_put(&zip, "PK\7\10", 4);
    zip_put32(&zip, crc);
    zip_put32(&zip, 7);
    zip_put32(&zip, 7);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(OZC_SAME, ozc_inspection_entry(inspection, 0)->crc);
    assert_int_equal(crc, ozc_inspection_entry(inspection, 0)->crc32);
    assert_int_equal(16, region_of(inspection, OZC_REGION_DATA_DESCRIPTOR)->length);
    ozc_inspection_free(inspection);
}

static void finds_the_descriptor_behind_streamed_content(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(streamed(true, 19));
    const ozc_inspected_entry *shown = ozc_inspection_entry(inspection, 0);
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_int_equal(1, shown->has_sizes);
    assert_int_equal(19, shown->size);
    assert_int_equal(OZC_SAME, shown->crc);
    assert_int_equal(16, region_of(inspection, OZC_REGION_DATA_DESCRIPTOR)->length);
    ozc_inspection_free(inspection);
}

static void shows_streamed_content_up_to_the_next_record_where_no_descriptor_fits(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(streamed(true, 18));
    const ozc_inspected_entry *shown = ozc_inspection_entry(inspection, 0);
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_int_equal(0, shown->has_sizes);
    assert_int_equal(19 + 16, shown->length);
    assert_null(shown->sha256);
    assert_int_equal(1, notes_with(inspection, "nothing says how long"));
    ozc_inspection_free(inspection);
}

/* With a directory the sizes are known, and a descriptor without signature is one by its CRC-32. */
static void knows_a_descriptor_without_signature_by_its_crc(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "content");
    struct zip_entry said = entry;
    said.flags = 8;
    said.crc = said.packed = said.size = 0;
    struct bytes zip = {0};
    zip_local(&zip, &said);
    zip_put32(&zip, entry.crc);
    zip_put32(&zip, 7);
    zip_put32(&zip, 7);
    size_t directory = zip.len;
    entry.flags = 8;
    zip_central(&zip, &entry);
    zip_end(&zip, 1, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(12, region_of(inspection, OZC_REGION_DATA_DESCRIPTOR)->length);
    assert_int_equal(OZC_SAME, ozc_inspection_entry(inspection, 0)->crc);
    assert_int_equal(0, notes_with(inspection, "differ"));
    assert_int_equal(1, notes_with(inspection, "leaves its CRC-32 to a data descriptor"));
    ozc_inspection_free(inspection);
}

/* Signatures across the borders of the window, in a source that is read in pieces. */
static void finds_records_across_the_window(void **state)
{
    (void)state;
    const struct source none = {0};
    enum { SIZE = 3 * WINDOW_SIZE };
    static unsigned char bytes[SIZE];
    struct ozc_inspection shown = {.size = SIZE};
    const ozc_call call = OZC_CALL_INIT;
    struct source source = none;
    source_open_memory(&source, bytes, SIZE);
    struct inspecting in = {.shown = &shown, .source = &source, .call = &call};
    in.window.source = &source;
    for (size_t at = WINDOW_SIZE - 6; at < WINDOW_SIZE + 6; at++) {
        memset(bytes, 'P', SIZE);
        memcpy(bytes + at, "PK\1\2", 4);
        assert_int_equal(at, inspect_find_record(&in, 0, SIZE, false));
        assert_int_equal(at, inspect_find_record(&in, at, SIZE, false));
        assert_int_equal(SIZE, inspect_find_record(&in, at + 1, SIZE, false));
        assert_int_equal(at + 3, inspect_find_record(&in, 0, at + 3, false));
        memcpy(bytes + at, "PK\7\10", 4);
        assert_int_equal(SIZE, inspect_find_record(&in, 0, SIZE, false));
        assert_int_equal(at, inspect_find_record(&in, 0, SIZE, true));
    }
}

/* A source that counts what it gives. */
struct counted {
    struct bytes zip;
    uint64_t given;
};

static int size_of_counted(void *user, uint64_t *size)
{
    *size = ((const struct counted *)user)->zip.len;
    return 0;
}

static int64_t read_counted(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct counted *counted = user;
    memcpy(buffer, counted->zip.data + offset, len);
    counted->given += len;
    return (int64_t)len;
}

/* Each likeness of a record may be none, and what is behind it is looked at next. */
static void reads_no_more_for_many_likenesses(void **state)
{
    (void)state;
    static const char *const likenesses[] = {"PK\7\10", "PK\3\4", "PK\1\2", "PK\5\6"};
    enum { COUNT = 100000 };
    for (size_t i = 0; i < 8; i++) {
        struct zip_entry entry = zip_entry("a", "");
        struct counted counted = {{0}, 0};
        entry.flags = i < 4 ? 8 : 0; /* streamed, or its content ends at once */
        zip_local(&counted.zip, &entry);
        zip_put(&counted.zip, "XXXX", 4);
        for (int n = 0; n < COUNT; n++)
            zip_put(&counted.zip, likenesses[i % 4], 4);
        const ozc_source source = {sizeof source, &counted, size_of_counted, read_counted};
        ozc_inspection *inspection = ozc_inspect_source(&source, NULL);
        assert_non_null(inspection);
        assert_true(counted.given < 5 * counted.zip.len);
        ozc_inspection_free(inspection);
        free(counted.zip.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_record_name_and_content),
        cmocka_unit_test(lists_the_fields_in_which_the_records_differ),
        cmocka_unit_test(puts_no_content_outside_of_the_file),
        cmocka_unit_test(says_how_much_of_cut_content_is_there),
        cmocka_unit_test(takes_the_crc_from_the_descriptor_where_the_sizes_are_said),
        cmocka_unit_test(finds_the_descriptor_behind_streamed_content),
        cmocka_unit_test(shows_streamed_content_up_to_the_next_record_where_no_descriptor_fits),
        cmocka_unit_test(knows_a_descriptor_without_signature_by_its_crc),
        cmocka_unit_test(finds_records_across_the_window),
        cmocka_unit_test(reads_no_more_for_many_likenesses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
