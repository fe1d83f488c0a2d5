/* inspect_hashes.c: the list held against the contents. */
#include "zip_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* media/a holds "abc"; next to it is that list. */
static ozc_inspection *with_list(const char *list)
{
    struct zip_entry entries[] = {zip_entry("media/a", "abc"), zip_entry("hashes.sha256", list)};
    return inspect_bytes(zip_of(entries, 2));
}

static void compares_digests(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int is_listed;
        ozc_likeness listed;
        const char *note;
    } rows[] = {{ABC "  media/a\n", 1, OZC_SAME, NULL},
                {EMPTY "  media/a\n", 1, OZC_OTHER, "does not have the SHA-256 that hashes.sha256 lists"},
                {"", 0, OZC_NOT_COMPARED, "hashes.sha256 does not list it"},
                {ABC " media/a\n", 0, OZC_NOT_COMPARED, "a line of it is malformed: no two spaces"},
                {ABC "  media/a", 0, OZC_NOT_COMPARED, "a line of it is malformed: no line feed"},
                {ABC "  media/a\n" ABC "  media/z\n", 1, OZC_SAME, "it lists media/z, and there is no such entry"},
                {ABC "  media/a\n" ABC "  media/a\n", 1, OZC_SAME, "it lists media/a more than once"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ozc_inspection *inspection = with_list(rows[i].list);
        const ozc_inspected_entry *entry = ozc_inspection_entry(inspection, 0);
        assert_int_equal(rows[i].is_listed, entry->is_listed);
        assert_int_equal(rows[i].listed, entry->listed);
        if (rows[i].note != NULL)
            assert_int_equal(1, notes_with(inspection, rows[i].note));
        ozc_inspection_free(inspection);
    }
}

static void expects_no_line_for_the_list_itself(void **state)
{
    (void)state;
    ozc_inspection *inspection = with_list(ABC "  media/a\n");
    assert_int_equal(0, ozc_inspection_entry(inspection, 1)->is_listed);
    assert_int_equal(0, notes_with(inspection, "does not list it"));
    ozc_inspection_free(inspection);
}

static void gives_the_digest_of_the_list_as_content_id(void **state)
{
    (void)state;
    ozc_inspection *inspection = with_list("");
    char hex[65];
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", ozc_inspection_content_id(inspection)[i]);
    assert_string_equal(EMPTY, hex);
    ozc_inspection_free(inspection);
    struct zip_entry entry = zip_entry("hashes.sha256", "x");
    entry.method = 8;
    inspection = inspect_bytes(zip_of(&entry, 1));
    assert_null(ozc_inspection_content_id(inspection));
    ozc_inspection_free(inspection);
}

static void says_that_a_list_is_too_large(void **state)
{
    (void)state;
    size_t len = 322 * 4096 + 1;
    char *list = malloc(len + 1);
    memset(list, '\n', len);
    list[len] = '\0';
    ozc_inspection *inspection = with_list(list);
    assert_int_equal(1, notes_with(inspection, "too large to be taken apart here: 1318913 bytes, at most 1318912"));
    assert_non_null(ozc_inspection_content_id(inspection));
    ozc_inspection_free(inspection);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_digests),
        cmocka_unit_test(expects_no_line_for_the_list_itself),
        cmocka_unit_test(gives_the_digest_of_the_list_as_content_id),
        cmocka_unit_test(says_that_a_list_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
