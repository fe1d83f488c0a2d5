/* inspect_payload.c: what the payload says of media and analyses. */
#include "zip_bytes.h"

#include <string.h>

static ozc_inspection *with_payload(const char *json)
{
    struct zip_entry entries[] = {zip_entry("media/b", "x"), zip_entry("payload.json", json),
                                  zip_entry("media/a", "y")};
    return inspect_bytes(zip_of(entries, 3));
}

static void brings_entries_tags_and_meta_data_together_by_key(void **state)
{
    (void)state;
    ozc_inspection *inspection = with_payload("{\"media:tags\": {\"b\": [\"one\", 2, \"two\"], \"z\": []},"
                                              " \"media:meta_data\": {\"b\": {}, \"\\u00e4\": 1}}");
    static const struct {
        const char *key;
        int is_entry, is_in_tags, is_in_meta_data;
        size_t tags;
    } rows[] = {{"a", 1, 0, 0, 0}, {"b", 1, 1, 1, 2}, {"z", 0, 1, 0, 0}, {"\xC3\xA4", 0, 0, 1, 0}};
    assert_int_equal(4, ozc_inspection_medium_count(inspection));
    for (size_t i = 0; i < 4; i++) {
        const ozc_payload_medium *medium = ozc_inspection_medium(inspection, i);
        assert_string_equal(rows[i].key, medium->key);
        assert_int_equal(rows[i].is_entry, medium->is_entry);
        assert_int_equal(rows[i].is_in_tags, medium->is_in_tags);
        assert_int_equal(rows[i].is_in_meta_data, medium->is_in_meta_data);
        assert_int_equal(rows[i].tags, medium->tag_count);
    }
    assert_string_equal("two", ozc_inspection_medium(inspection, 1)->tags[1]);
    ozc_inspection_free(inspection);
}

static void lists_analyses_in_their_order(void **state)
{
    (void)state;
    ozc_inspection *inspection = with_payload("{\"analyses\": [{\"type\": \"quality\"},"
                                              " {\"source_media\": [\"a\", null, \"b\"], \"type\": 3}, 7,"
                                              " {\"type\": \"x\", \"source_media\": []}]}");
    static const struct {
        const char *type;
        int has_source_media;
        size_t count;
    } rows[] = {{"quality", 0, 0}, {NULL, 1, 2}, {NULL, 0, 0}, {"x", 1, 0}};
    assert_int_equal(4, ozc_inspection_analysis_count(inspection));
    for (size_t i = 0; i < 4; i++) {
        const ozc_payload_analysis *analysis = ozc_inspection_analysis(inspection, i);
        if (rows[i].type == NULL)
            assert_null(analysis->type);
        else
            assert_string_equal(rows[i].type, analysis->type);
        assert_int_equal(rows[i].has_source_media, analysis->has_source_media);
        assert_int_equal(rows[i].count, analysis->source_media_count);
    }
    assert_string_equal("b", ozc_inspection_analysis(inspection, 1)->source_media[1]);
    ozc_inspection_free(inspection);
}

static void passes_over_members_of_other_types(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}", "{\"media:tags\": [[\"a\"]], \"media:meta_data\": 1, \"analyses\": {\"a\": {}}}",
        "{\"media:tags\": null, \"media:meta_data\": \"x\", \"analyses\": \"y\"}"};
    for (size_t i = 0; i < 3; i++) {
        ozc_inspection *inspection = with_payload(texts[i]);
        assert_null(ozc_inspection_payload_fault(inspection));
        assert_int_equal(2, ozc_inspection_medium_count(inspection));
        assert_int_equal(0, ozc_inspection_analysis_count(inspection));
        ozc_inspection_free(inspection);
    }
}

static void says_why_there_is_no_summary(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *fault;
    } rows[] = {{"{\"a\": }", "it is no strict JSON: something that is no JSON value, at byte 6: line 1, column 7"},
                {"[]", "it is an array; expected an object"},
                {"{\"a\": 1, \"a\": 2}", NULL}};
    for (size_t i = 0; i < 3; i++) {
        size_t len = 0;
        ozc_inspection *inspection = with_payload(rows[i].json);
        const char *fault = ozc_inspection_payload_fault(inspection);
        assert_non_null(fault);
        if (rows[i].fault != NULL)
            assert_string_equal(rows[i].fault, fault);
        assert_int_equal(1, notes_with(inspection, fault));
        assert_string_equal(rows[i].json, ozc_inspection_payload(inspection, &len));
        assert_int_equal(strlen(rows[i].json), len);
        assert_int_equal(0, ozc_inspection_medium_count(inspection));
        ozc_inspection_free(inspection);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_entries_tags_and_meta_data_together_by_key),
        cmocka_unit_test(lists_analyses_in_their_order),
        cmocka_unit_test(passes_over_members_of_other_types),
        cmocka_unit_test(says_why_there_is_no_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
