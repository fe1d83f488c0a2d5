/* inspection.c: what is kept, how it is shown, and the getters. */
#include "inspection.h"
#include "zip_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void has_nothing_of_anything_without_an_inspection(void **state)
{
    (void)state;
    uint64_t size = 7;
    int64_t seconds = 7;
    size_t len = 7;
    assert_string_equal("out of memory", ozc_inspection_failure(NULL));
    assert_int_equal(0, ozc_inspection_size(NULL, &size));
    assert_null(ozc_inspection_looks_like(NULL));
    assert_int_equal(OZC_FOUND_NOT, ozc_inspection_found(NULL));
    assert_int_equal(0, ozc_inspection_entry_count(NULL) + ozc_inspection_region_count(NULL) +
                            ozc_inspection_note_count(NULL) + ozc_inspection_medium_count(NULL) +
                            ozc_inspection_analysis_count(NULL));
    assert_null(ozc_inspection_entry(NULL, 0));
    assert_null(ozc_inspection_region(NULL, 0));
    assert_null(ozc_inspection_note(NULL, 0));
    assert_null(ozc_inspection_medium(NULL, 0));
    assert_null(ozc_inspection_analysis(NULL, 0));
    assert_int_equal(0, ozc_inspection_entries_omitted(NULL) + ozc_inspection_regions_omitted(NULL) +
                            ozc_inspection_notes_omitted(NULL));
    assert_null(ozc_inspection_content_id(NULL));
    assert_null(ozc_inspection_payload(NULL, &len));
    assert_null(ozc_inspection_payload_fault(NULL));
    assert_null(ozc_inspection_token(NULL));
    assert_null(ozc_inspection_token_fault(NULL));
    assert_null(ozc_inspection_confirmation_key(NULL));
    assert_int_equal(0, ozc_inspection_token_life(NULL, &seconds));
    assert_int_equal(7, size + (uint64_t)seconds + len - 14);
    ozc_inspection_free(NULL);
    char *json = ozc_render_inspection(NULL, NULL);
    assert_non_null(strstr(json, "\"failure\":\"out of memory\""));
    ozc_free(json);
}

static void gives_nothing_behind_the_last(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("valid/default.ozc"));
    assert_non_null(ozc_inspection_entry(inspection, 5));
    assert_null(ozc_inspection_entry(inspection, 6));
    assert_null(ozc_inspection_region(inspection, ozc_inspection_region_count(inspection)));
    assert_null(ozc_inspection_note(inspection, 0));
    assert_null(ozc_inspection_medium(inspection, 1));
    assert_null(ozc_inspection_analysis(inspection, 1));
    ozc_inspection_free(inspection);
}

static void names_every_kind_of_region_and_way_of_finding(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OZC_REGION_KIND_COUNT; i++)
        for (unsigned other = 0; other < i; other++)
            assert_string_not_equal(ozc_region_kind_name((ozc_region_kind)i),
                                    ozc_region_kind_name((ozc_region_kind)other));
    assert_null(ozc_region_kind_name((ozc_region_kind)OZC_REGION_KIND_COUNT));
    assert_string_equal("none", ozc_found_name(OZC_FOUND_NOT));
    assert_string_equal("search", ozc_found_name(OZC_FOUND_BY_SEARCH));
    assert_null(ozc_found_name((ozc_found)4));
}

static void knows_the_role_of_each_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *role;
    } rows[] = {{"mimetype", "mimetype"},
                {"payload.json", "payload"},
                {"media/a", "media"},
                {"media/a/b", NULL},
                {"session_token", "session_token"},
                {"hashes.sha256", "hashes"},
                {"signature", "signature"},
                {"ext/a/b", "ext"},
                {"media/", NULL},
                {"../media/a", NULL},
                {"Payload.json", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zip_entry entry = zip_entry(rows[i].name, "x");
        ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
        const char *role = ozc_inspection_entry(inspection, 0)->role;
        if (rows[i].role == NULL)
            assert_null(role);
        else
            assert_string_equal(rows[i].role, role);
        ozc_inspection_free(inspection);
    }
}

static void shows_names_escaped_and_cut(void **state)
{
    (void)state;
    char name[301];
    memset(name, 'n', 300);
    name[300] = '\0';
    memcpy(name, "\x1B[2J\\\x80", 6);
    struct zip_entry entry = zip_entry(name, "x");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    const ozc_inspected_entry *shown = ozc_inspection_entry(inspection, 0);
    assert_int_equal(300, shown->name_len);
    assert_int_equal(0, shown->name_is_proper);
    assert_memory_equal("\\x1b[2J\\\\\\x80nnn", shown->name, 16);
    assert_int_equal(255 + 3 + 1 + 3 + 3, strlen(shown->name));
    assert_string_equal("nnn...", shown->name + strlen(shown->name) - 6);
    ozc_inspection_free(inspection);
}

/* 40 bad names make 40 notes of a kind; what comes after is still noted. */
static void keeps_32_notes_of_a_kind_and_counts_the_rest(void **state)
{
    (void)state;
    struct zip_entry entries[40];
    for (size_t i = 0; i < 40; i++)
        entries[i] = zip_entry("*", "x");
    ozc_inspection *inspection = inspect_bytes(zip_of(entries, 40));
    assert_int_equal(32, notes_with(inspection, "is none that the format allows"));
    assert_int_equal(32, notes_with(inspection, "another entry has the same name"));
    assert_int_equal(6, notes_with(inspection, "there is no entry"));
    assert_int_equal(8 + 7, ozc_inspection_notes_omitted(inspection));
    ozc_inspection_free(inspection);
}

static void keeps_claims_within_the_file(void **state)
{
    (void)state;
    struct ozc_inspection shown = {.size = 100};
    struct inspecting in = {.shown = &shown};
    inspect_claim(&in, OZC_REGION_CONTENT, 100, 1, 0);
    inspect_claim(&in, OZC_REGION_CONTENT, 10, 0, 0);
    inspect_claim(&in, OZC_REGION_CONTENT, UINT64_MAX, 5, 0);
    assert_int_equal(0, shown.region_count);
    inspect_claim(&in, OZC_REGION_CONTENT, 99, UINT64_MAX, 0);
    assert_int_equal(1, shown.region_count);
    assert_int_equal(1, shown.regions[0].length);
    free(shown.regions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_nothing_of_anything_without_an_inspection),
        cmocka_unit_test(gives_nothing_behind_the_last),
        cmocka_unit_test(names_every_kind_of_region_and_way_of_finding),
        cmocka_unit_test(knows_the_role_of_each_name),
        cmocka_unit_test(shows_names_escaped_and_cut),
        cmocka_unit_test(keeps_32_notes_of_a_kind_and_counts_the_rest),
        cmocka_unit_test(keeps_claims_within_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
