/* inspect_layout.c: every byte of the file in a region. That it is so in every test is assert_layout's. */
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static void puts_gaps_between_regions(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("media/a", "one"), zip_entry("media/b", "two")};
    struct bytes zip = {0};
    zip_local(&zip, &entries[0]);
    size_t gap = zip.len;
    zip_put(&zip, "\0\0\0\0\0", 5);
    zip_local(&zip, &entries[1]);
    size_t directory = zip.len;
    for (size_t i = 0; i < 2; i++)
        zip_central(&zip, &entries[i]);
    zip_end(&zip, 2, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    const ozc_region *region = region_of(inspection, OZC_REGION_GAP);
    assert_int_equal(gap, region->offset);
    assert_int_equal(5, region->length);
    assert_int_equal(OZC_NO_ENTRY, region->entry);
    assert_string_equal("zeros", region->looks_like);
    assert_int_equal(1, notes_with(inspection, "5 bytes belong to nothing; they look like zeros"));
    ozc_inspection_free(inspection);
}

static void says_which_regions_overlap(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("media/a", "one"), zip_entry("media/b", "two")};
    entries[0].packed = entries[0].size = 20; /* into the second */
    ozc_inspection *inspection = inspect_bytes(zip_of(entries, 2));
    const ozc_region *region = NULL;
    size_t overlaps = 0;
    for (size_t i = 0; (region = ozc_inspection_region(inspection, i)) != NULL; i++)
        if (region->overlaps) {
            assert_int_equal(OZC_REGION_LOCAL_RECORD, region->kind);
            assert_int_equal(1, region->entry);
            overlaps++;
        }
    assert_int_equal(1, overlaps);
    assert_int_equal(1, notes_with(inspection, "local record of 30 bytes overlaps what stands before it"));
    ozc_inspection_free(inspection);
}

static void shows_two_entries_in_one_place(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "one");
    struct bytes zip = {0};
    zip_local(&zip, &entry);
    size_t directory = zip.len;
    zip_central(&zip, &entry);
    zip_central(&zip, &entry);
    zip_end(&zip, 2, directory, zip.len - directory);
    ozc_inspection *inspection = inspect_bytes(zip);
    assert_int_equal(3 * 2 + 2 + 1, ozc_inspection_region_count(inspection));
    assert_int_equal(3, notes_with(inspection, "overlaps what stands before it"));
    assert_int_equal(OZC_SAME, ozc_inspection_entry(inspection, 1)->crc);
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_gaps_between_regions),
        cmocka_unit_test(says_which_regions_overlap),
        cmocka_unit_test(shows_two_entries_in_one_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
