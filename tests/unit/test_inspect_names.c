/* inspect_names.c: notes on names. */
#include "zip_bytes.h"

#include <string.h>

static void says_what_is_wrong_with_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *note;
    } rows[] = {{"a b", "a byte other than"},
                {"media//a", "an empty segment"},
                {"con", "Windows takes for a device"},
                {"notes.txt", "no place for an entry of that name"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zip_entry entry = zip_entry(rows[i].name, "x");
        ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
        assert_int_equal(1, notes_with(inspection, rows[i].note));
        assert_int_equal(0, ozc_inspection_note(inspection, 0)->entry);
        ozc_inspection_free(inspection);
    }
}

static void tells_entries_of_the_same_name(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("media/a", "1"), zip_entry("media/b", "2"), zip_entry("media/a", "3")};
    ozc_inspection *inspection = inspect_bytes(zip_of(entries, 3));
    const ozc_note *note = NULL;
    for (size_t i = 0; note == NULL || strstr(note->text, "same name") == NULL; i++)
        assert_non_null(note = ozc_inspection_note(inspection, i));
    assert_int_equal(2, note->entry);
    assert_int_equal(entries[2].at, note->offset);
    assert_string_equal("another entry has the same name: the one at byte 0", note->text);
    ozc_inspection_free(inspection);
}

static void says_which_parts_are_not_there(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("mimetype", "1"), zip_entry("media/a", "3")};
    ozc_inspection *inspection = inspect_bytes(zip_of(entries, 2));
    assert_int_equal(4, notes_with(inspection, "there is no entry"));
    assert_int_equal(1, notes_with(inspection, "there is no entry payload.json"));
    assert_int_equal(1, notes_with(inspection, "there is no entry signature"));
    ozc_inspection_free(inspection);
    inspection = inspect_bytes(zip_of(NULL, 0));
    assert_int_equal(1, notes_with(inspection, "a ZIP file without any entry"));
    assert_int_equal(1, ozc_inspection_note_count(inspection));
    ozc_inspection_free(inspection);
}

static void says_of_a_name_that_is_cut_off_only_that(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("invalid/archive.truncated-in-first-name.ozc"));
    assert_int_equal(1, notes_with(inspection, "its name is cut off: 4 of its 8 bytes are there"));
    assert_int_equal(0, notes_with(inspection, "no place"));
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong_with_a_name),
        cmocka_unit_test(tells_entries_of_the_same_name),
        cmocka_unit_test(says_which_parts_are_not_there),
        cmocka_unit_test(says_of_a_name_that_is_cut_off_only_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
