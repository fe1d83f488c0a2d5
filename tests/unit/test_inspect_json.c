/* inspect_json.c: one document of an inspection. That it fits its schema for all of testdata is inspect.schema's. */
#include "json.h"
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

/* The document as a tree; the scan is as strict as can be. */
static json_value *document(const ozc_inspection *inspection, const char *path)
{
    json_value *tree = NULL;
    struct json_fault fault;
    char *json = ozc_render_inspection(inspection, path);
    assert_non_null(json);
    for (const char *c = json; *c != '\0'; c++)
        assert_true(*c >= ' ' && *c <= '~');
    assert_int_equal(JSON_STRICT, json_read((const uint8_t *)json, strlen(json), 1000, &tree, &fault));
    ozc_free(json);
    return tree;
}

static const char *text_of(const json_value *object, const char *name)
{
    const json_value *member = json_member(object, name);
    return member != NULL && json_type(member) == JSON_TEXT ? json_text(member) : NULL;
}

static const json_value *element(const json_value *array, size_t index)
{
    const json_value *value = json_first(array);
    while (index-- > 0)
        value = json_next(value);
    return value;
}

static void has_its_members_in_order(void **state)
{
    (void)state;
    static const char *const members[] = {"schema",        "tool",          "path",    "verified",        "size",
                                          "looks_like",    "found_by",      "entries", "entries_omitted", "content_id",
                                          "payload",       "session_token", "layout",  "layout_omitted",  "notes",
                                          "notes_omitted", "failure"};
    ozc_inspection *inspection = inspect_bytes(read_testdata("valid/default.ozc"));
    json_value *tree = document(inspection, "c.ozc");
    const json_value *member = json_first(tree);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++, member = json_next(member))
        assert_string_equal(members[i], json_name(member));
    assert_null(member);
    assert_string_equal("c.ozc", text_of(tree, "path"));
    assert_string_equal("photo.png", text_of(json_first(json_member(json_member(tree, "payload"), "media")), "key"));
    assert_string_equal("JWT", text_of(json_member(json_member(tree, "session_token"), "header"), "typ"));
    json_free(tree);
    ozc_inspection_free(inspection);
}

static void escapes_paths_names_and_texts(void **state)
{
    (void)state;
    struct zip_entry entries[] = {zip_entry("\x1B[31m\"\\", "x"),
                                  zip_entry("payload.json", "{\"media:tags\": {\"\\u001b\\\"\": [\"\xE2\x80\xAE\"]}}")};
    ozc_inspection *inspection = inspect_bytes(zip_of(entries, 2));
    json_value *tree = document(inspection, "\x1B\xFF\"");
    assert_string_equal("\x1B\xEF\xBF\xBD\"", text_of(tree, "path"));
    assert_string_equal("\\x1b[31m\"\\\\", text_of(json_first(json_member(tree, "entries")), "name"));
    const json_value *medium = json_first(json_member(json_member(tree, "payload"), "media"));
    assert_string_equal("\x1B\"", text_of(medium, "key"));
    assert_string_equal("\xE2\x80\xAE", json_text(json_first(json_member(medium, "tags"))));
    json_free(tree);
    ozc_inspection_free(inspection);
}

static void says_what_the_getters_say_of_an_entry(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("invalid/hash.mismatch-mimetype.ozc"));
    json_value *tree = document(inspection, "");
    const json_value *entry = element(json_member(tree, "entries"), 0);
    int64_t offset = 0;
    assert_string_equal("mimetype", text_of(entry, "role"));
    assert_string_equal("stored", text_of(entry, "method_name"));
    assert_int_equal(64, strlen(text_of(entry, "sha256")));
    assert_int_equal(8, strlen(text_of(entry, "crc32")));
    assert_true(json_integer(json_member(entry, "offset"), &offset) && offset == 38);
    assert_string_equal("text", text_of(entry, "kind"));
    assert_int_equal(JSON_BOOLEAN, json_type(json_member(entry, "crc32_matches")));
    assert_int_equal(JSON_BOOLEAN, json_type(json_member(entry, "listed_matches")));
    const json_value *signature = element(json_member(tree, "entries"), 5);
    assert_int_equal(JSON_NULL, json_type(json_member(signature, "listed_matches")));
    json_free(tree);
    ozc_inspection_free(inspection);
}

static void renders_a_failure(void **state)
{
    (void)state;
    ozc_inspection *inspection = ozc_inspection_new_failed("no such file");
    json_value *tree = document(inspection, "c.ozc");
    assert_string_equal("no such file", text_of(tree, "failure"));
    assert_int_equal(JSON_NULL, json_type(json_member(tree, "size")));
    assert_null(json_first(json_member(tree, "entries")));
    json_free(tree);
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_its_members_in_order),
        cmocka_unit_test(escapes_paths_names_and_texts),
        cmocka_unit_test(says_what_the_getters_say_of_an_entry),
        cmocka_unit_test(renders_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
