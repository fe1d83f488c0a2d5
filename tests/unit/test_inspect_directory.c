/* inspect_directory.c: the end record and the directory, wherever they are. */
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static struct bytes two_entries(void)
{
    struct zip_entry entries[] = {zip_entry("media/a", "one"), zip_entry("media/b", "two")};
    return zip_of(entries, 2);
}

static void assert_listed(const ozc_inspection *inspection, size_t count)
{
    assert_int_equal(count, ozc_inspection_entry_count(inspection));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(OZC_FOUND_BY_DIRECTORY, ozc_inspection_entry(inspection, i)->found);
        assert_int_equal(OZC_SAME, ozc_inspection_entry(inspection, i)->crc);
    }
}

static void shows_a_container_with_nothing_to_note(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("valid/default.ozc"));
    assert_listed(inspection, 6);
    assert_int_equal(0, ozc_inspection_note_count(inspection));
    assert_int_equal(6 * 4 + 1, ozc_inspection_region_count(inspection));
    assert_null(region_of(inspection, OZC_REGION_GAP));
    ozc_inspection_free(inspection);
}

static void finds_the_end_record_before_a_comment_and_before_other_bytes(void **state)
{
    (void)state;
    for (unsigned comment = 0; comment <= 40; comment += 20) {
        struct bytes zip = two_entries();
        size_t end = zip.len;
        zip.data[zip.len - 2] = (unsigned char)comment;
        zip_put(&zip, "cccccccccccccccccccccccccccccc", 30);
        ozc_inspection *inspection = inspect_bytes(zip);
        assert_listed(inspection, 2);
        assert_int_equal(end - 22, region_of(inspection, OZC_REGION_END_RECORD)->offset);
        const ozc_region *words = region_of(inspection, OZC_REGION_ARCHIVE_COMMENT);
        const ozc_region *behind = region_of(inspection, OZC_REGION_TRAILING);
        assert_int_equal(comment > 0, words != NULL);
        assert_int_equal(comment < 30, behind != NULL);
        assert_int_equal(comment < 30, notes_with(inspection, "behind the end record"));
        assert_int_equal(comment > 30, notes_with(inspection, "announces a comment of 40 bytes and 30 are there"));
        if (behind != NULL)
            assert_int_equal(30 - comment, behind->length);
        ozc_inspection_free(inspection);
    }
}

/* An end record in the comment, at the very end of the file, is the one that readers take. */
static void takes_the_end_record_that_ends_with_the_file(void **state)
{
    (void)state;
    struct bytes zip = two_entries();
    size_t first = zip.len - 22;
    zip.data[zip.len - 2] = 30;
    zip_put(&zip, "PK\5\6aaaaaaaaaaaaaaaa\1\1........", 30);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(first, region_of(inspection, OZC_REGION_END_RECORD)->offset);
    assert_listed(inspection, 2);
    ozc_inspection_free(inspection);
}

static void follows_a_directory_that_a_prefix_has_moved(void **state)
{
    (void)state;
    struct bytes plain = two_entries();
    struct bytes zip = {0};
    zip_put(&zip, "#!/bin/sh\n", 10);
    zip_put(&zip, plain.data, plain.len);
    free(plain.data);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_listed(inspection, 2);
    assert_int_equal(10, ozc_inspection_entry(inspection, 0)->record);
    assert_int_equal(10, region_of(inspection, OZC_REGION_GAP)->length);
    assert_string_equal("text", region_of(inspection, OZC_REGION_GAP)->looks_like);
    assert_int_equal(1, notes_with(inspection, "puts the directory at byte"));
    assert_int_equal(0, notes_with(inspection, "neither begins nor ends"));
    ozc_inspection_free(inspection);
}

static void finds_entries_though_the_end_record_says_a_wrong_place(void **state)
{
    (void)state;
    for (int what = 0; what < 2; what++) {
        struct bytes zip = two_entries();
        zip.data[zip.len - (what == 0 ? 6 : 10)] ^= 0x55; /* offset; size */
        ozc_inspection *inspection = inspect_bytes(zip);
        assert_listed(inspection, 2);
        assert_true(ozc_inspection_note_count(inspection) > 0);
        ozc_inspection_free(inspection);
    }
    struct bytes zip = two_entries();
    zip.data[zip.len - 6] ^= 0x55;
    zip.data[zip.len - 10] ^= 0x55;
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(1, notes_with(inspection, "none is found there"));
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_int_equal(OZC_FOUND_BY_CHAIN, ozc_inspection_found(inspection));
    ozc_inspection_free(inspection);
}

static void notes_counts_that_do_not_fit(void **state)
{
    (void)state;
    struct bytes zip = two_entries();
    zip.data[zip.len - 12] = 5;
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_listed(inspection, 2);
    assert_int_equal(1, notes_with(inspection, "counts 2 entries on this disk and 5 in all"));
    assert_int_equal(1, notes_with(inspection, "counts 5 entries; the directory has 2"));
    ozc_inspection_free(inspection);
}

static void notes_a_local_record_that_is_not_there(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("media/a", "one"), zip_entry("media/b", "two")};
    struct bytes zip = {0};
    zip_local(&zip, &entries[0]);
    size_t directory = zip.len;
    entries[1].at = 3;
    zip_central(&zip, &entries[0]);
    zip_central(&zip, &entries[1]);
    zip_end(&zip, 2, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_int_equal(0, ozc_inspection_entry(inspection, 1)->has_record);
    assert_null(ozc_inspection_entry(inspection, 1)->sha256);
    assert_int_equal(1, notes_with(inspection, "puts its local record at byte 3, and none stands there"));
    ozc_inspection_free(inspection);
}

/* Its place is the directory's: there is no other in the file. */
static void points_no_note_at_a_record_that_is_not_there(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/", "one");
    struct bytes zip = {0};
    entry.at = 1234567;
    zip_central(&zip, &entry);
    zip_end(&zip, 1, 0, zip.len);
    ozc_inspection *inspection = inspect_bytes(zip);
    size_t placed = 0;
    for (size_t i = 0; i < ozc_inspection_note_count(inspection); i++)
        if (ozc_inspection_note(inspection, i)->entry == 0 && ozc_inspection_note(inspection, i)->has_offset) {
            assert_int_equal(0, ozc_inspection_note(inspection, i)->offset); /* the central record */
            placed++;
        }
    assert_int_equal(1, placed);
    assert_int_equal(1, notes_with(inspection, "its name is none that the format allows"));
    ozc_inspection_free(inspection);
}

static struct bytes many(size_t count)
{
    struct bytes zip = {0};
    struct zip_entry entry = zip_entry("media/a", "x");
    zip_local(&zip, &entry);
    size_t directory = zip.len;
    for (size_t i = 0; i < count; i++)
        zip_central(&zip, &entry);
    zip_end(&zip, count, directory, zip.len - directory);
    return zip;
}

static void keeps_4096_entries_and_counts_the_rest(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(many(4096));
    assert_int_equal(4096, ozc_inspection_entry_count(inspection));
    assert_int_equal(0, ozc_inspection_entries_omitted(inspection));
    ozc_inspection_free(inspection);
    inspection = inspect_bytes(many(65000));
    assert_int_equal(4096, ozc_inspection_entry_count(inspection));
    assert_int_equal(65000 - 4096, ozc_inspection_entries_omitted(inspection));
    assert_null(region_of(inspection, OZC_REGION_GAP));
    assert_non_null(region_of(inspection, OZC_REGION_NOT_SHOWN));
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_a_container_with_nothing_to_note),
        cmocka_unit_test(finds_the_end_record_before_a_comment_and_before_other_bytes),
        cmocka_unit_test(takes_the_end_record_that_ends_with_the_file),
        cmocka_unit_test(follows_a_directory_that_a_prefix_has_moved),
        cmocka_unit_test(finds_entries_though_the_end_record_says_a_wrong_place),
        cmocka_unit_test(notes_counts_that_do_not_fit),
        cmocka_unit_test(notes_a_local_record_that_is_not_there),
        cmocka_unit_test(points_no_note_at_a_record_that_is_not_there),
        cmocka_unit_test(keeps_4096_entries_and_counts_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
