/* inspect_scan.c: what no directory leads to. */
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static void follows_local_records_where_there_is_no_directory(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("mimetype", "x"), zip_entry("media/a", "one"), zip_entry("media/b", "two")};
    struct bytes zip = {0};
    for (size_t i = 0; i < 3; i++)
        zip_local(&zip, &entries[i]);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(3, ozc_inspection_entry_count(inspection));
    assert_int_equal(OZC_FOUND_BY_CHAIN, ozc_inspection_found(inspection));
    assert_int_equal(OZC_SAME, ozc_inspection_entry(inspection, 2)->crc);
    assert_int_equal(1, notes_with(inspection, "no end record"));
    ozc_inspection_free(inspection);
}

static void goes_on_with_the_directory_of_a_file_whose_end_is_cut_off(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/default.ozc");
    container.len -= 1;
    ozc_inspection *inspection = inspect_bytes(container);
    assert_int_equal(6, ozc_inspection_entry_count(inspection));
    const ozc_region *region = NULL;
    size_t central = 0;
    for (size_t i = 0; (region = ozc_inspection_region(inspection, i)) != NULL; i++)
        if (region->kind == OZC_REGION_CENTRAL_RECORD)
            assert_int_equal(central++, region->entry);
    assert_int_equal(6, central);
    assert_int_equal(21, region_of(inspection, OZC_REGION_GAP)->length);
    ozc_inspection_free(inspection);
}

static void shows_an_entry_that_the_directory_does_not_list(void **state)
{
    (void)state;
    struct zip_entry listed = zip_entry("media/a", "one");
    struct zip_entry hidden = zip_entry("ext/hidden", "two");
    struct bytes zip = {0};
    zip_local(&zip, &listed);
    zip_local(&zip, &hidden);
    size_t directory = zip.len;
    zip_central(&zip, &listed);
    zip_end(&zip, 1, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_string_equal("ext/hidden", ozc_inspection_entry(inspection, 1)->name);
    assert_int_equal(OZC_FOUND_BY_CHAIN, ozc_inspection_entry(inspection, 1)->found);
    assert_int_equal(1, notes_with(inspection, "the directory does not list it; found by local records"));
    ozc_inspection_free(inspection);
}

static void looks_for_the_next_record_behind_damage_and_says_so(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("media/a", "one"), zip_entry("media/b", "two"),
                                  zip_entry("media/c", "three")};
    struct bytes zip = {0};
    for (size_t i = 0; i < 3; i++)
        zip_local(&zip, &entries[i]);
    zip.data[entries[1].at] = 'X';
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(2, ozc_inspection_entry_count(inspection));
    assert_int_equal(OZC_FOUND_BY_CHAIN, ozc_inspection_entry(inspection, 0)->found);
    assert_int_equal(OZC_FOUND_BY_SEARCH, ozc_inspection_entry(inspection, 1)->found);
    assert_string_equal("media/c", ozc_inspection_entry(inspection, 1)->name);
    assert_int_equal(entries[1].at, region_of(inspection, OZC_REGION_GAP)->offset);
    ozc_inspection_free(inspection);
}

static void takes_no_chance_likeness_for_a_record(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "one");
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    zip_put(&zip, "....PK\3\4", 8);
    for (size_t i = 0; i < 26; i++)
        zip_put(&zip, "\xEE", 1); /* a version of 0xEEEE, a name of 61166 bytes */
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(1, ozc_inspection_entry_count(inspection));
    assert_int_equal(34, region_of(inspection, OZC_REGION_GAP)->length);
    ozc_inspection_free(inspection);
}

static void names_zip64_records_and_does_not_follow_them(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("invalid/archive.zip64-whole-ending.ozc"));
    const ozc_region *region = region_of(inspection, OZC_REGION_OTHER_RECORD);
    assert_string_equal("ZIP64 end record", region->looks_like);
    assert_int_equal(56, region->length);
    assert_int_equal(1, notes_with(inspection, "a ZIP64 locator, which is not followed here"));
    assert_int_equal(6, ozc_inspection_entry_count(inspection));
    ozc_inspection_free(inspection);
}

static void shows_both_of_two_containers_in_one_file(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("invalid/archive.directory-two-containers.ozc"));
    assert_int_equal(12, ozc_inspection_entry_count(inspection));
    assert_int_equal(6, notes_with(inspection, "the directory does not list it"));
    assert_null(region_of(inspection, OZC_REGION_GAP));
    const ozc_region *region = NULL;
    for (size_t i = 0; (region = ozc_inspection_region(inspection, i)) != NULL; i++)
        if (region->kind == OZC_REGION_CENTRAL_RECORD)
            assert_true(region->entry != OZC_NO_ENTRY);
    ozc_inspection_free(inspection);
}

/* A file of nothing but records, more of them than are kept. */
static void is_bounded_by_the_number_of_regions(void **state)
{
    (void)state;
    struct bytes zip = {0};
    struct zip_entry entry = zip_entry("m", "");
    zip_local(&zip, &entry);
    struct bytes one = {0};
    zip_central(&one, &entry);
    for (size_t i = 0; i < 40000; i++)
        zip_put(&zip, one.data, one.len);
    free(one.data);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_true(ozc_inspection_region_count(inspection) <= 65536);
    assert_true(ozc_inspection_regions_omitted(inspection) > 0);
    assert_non_null(region_of(inspection, OZC_REGION_NOT_SHOWN));
    assert_null(region_of(inspection, OZC_REGION_GAP));
    ozc_inspection_free(inspection);
}

static void is_bounded_by_the_number_of_entries(void **state)
{
    (void)state;
    struct bytes zip = {0};
    struct zip_entry entry = zip_entry("m", "");
    for (size_t i = 0; i < 4100; i++)
        zip_local(&zip, &entry);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(4096, ozc_inspection_entry_count(inspection));
    assert_true(ozc_inspection_entries_omitted(inspection) > 0);
    assert_int_equal(4 * 31, region_of(inspection, OZC_REGION_NOT_SHOWN)->length);
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_local_records_where_there_is_no_directory),
        cmocka_unit_test(goes_on_with_the_directory_of_a_file_whose_end_is_cut_off),
        cmocka_unit_test(shows_an_entry_that_the_directory_does_not_list),
        cmocka_unit_test(looks_for_the_next_record_behind_damage_and_says_so),
        cmocka_unit_test(takes_no_chance_likeness_for_a_record),
        cmocka_unit_test(names_zip64_records_and_does_not_follow_them),
        cmocka_unit_test(shows_both_of_two_containers_in_one_file),
        cmocka_unit_test(is_bounded_by_the_number_of_regions),
        cmocka_unit_test(is_bounded_by_the_number_of_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
