/* json_place.c: the line and column of every value and name. */
#include "json.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static json_value *tree;

static const json_value *read_text(const char *text)
{
    struct json_fault fault;
    json_free(tree);
    assert_int_equal(JSON_STRICT, json_read((const uint8_t *)text, strlen(text), 16, &tree, &fault));
    return tree;
}

static int drop_tree(void **state)
{
    (void)state;
    json_free(tree);
    tree = NULL;
    return 0;
}

static void assert_place(const char *text, const json_value *value, bool at_name, size_t line, size_t column,
                         const char *from)
{
    struct json_fault place;
    assert_non_null(value);
    json_place((const uint8_t *)text, strlen(text), tree, value, at_name, &place);
    assert_int_equal(line, place.line);
    assert_int_equal(column, place.column);
    assert_int_equal(0, strncmp(from, text + place.offset, strlen(from)));
}

static void finds_members_and_their_names(void **state)
{
    (void)state;
    static const char text[] = " {\"a\": 1,\n  \"b\" :\n{\"c\":[true , \"x\"]},\"d\":null}";
    const json_value *object = read_text(text);
    const json_value *list = json_member(json_member(object, "b"), "c");
    assert_place(text, object, false, 1, 2, "{\"a\"");
    assert_place(text, json_member(object, "a"), false, 1, 8, "1");
    assert_place(text, json_member(object, "a"), true, 1, 3, "\"a\"");
    assert_place(text, json_member(object, "b"), false, 3, 1, "{\"c\"");
    assert_place(text, json_member(object, "b"), true, 2, 3, "\"b\"");
    assert_place(text, list, false, 3, 6, "[true");
    assert_place(text, json_first(list), false, 3, 7, "true");
    assert_place(text, json_next(json_first(list)), false, 3, 14, "\"x\"");
    assert_place(text, json_member(object, "d"), false, 3, 24, "null");
}

static void is_not_misled_by_what_stands_in_strings(void **state)
{
    (void)state;
    static const char text[] = "{\"a\\\":{\":\"[,]:\\\\\",\"\\\"\":\"\\\"\",\"b\":-1.5e3}";
    const json_value *object = read_text(text);
    assert_place(text, json_first(object), false, 1, 10, "\"[,]");
    assert_place(text, json_member(object, "\""), false, 1, 24, "\"\\\"\"");
    assert_place(text, json_member(object, "b"), true, 1, 29, "\"b\"");
    assert_place(text, json_member(object, "b"), false, 1, 33, "-1.5e3");
}

static void counts_columns_in_characters(void **state)
{
    (void)state;
    static const char text[] = "[\"\xC3\xA4\xE2\x82\xAC\", 2]";
    const json_value *list = read_text(text);
    assert_place(text, json_next(json_first(list)), false, 1, 8, "2");
}

static void finds_what_follows_empty_objects_and_arrays(void **state)
{
    (void)state;
    static const char text[] = "[[],{},[[]],7]";
    const json_value *list = read_text(text);
    const json_value *last = json_first(list);
    while (json_next(last) != NULL)
        last = json_next(last);
    assert_place(text, last, false, 1, 13, "7]");
}

static void finds_a_lone_value(void **state)
{
    (void)state;
    static const char text[] = "\n  false";
    assert_place(text, read_text(text), false, 2, 3, "false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(finds_members_and_their_names, drop_tree),
        cmocka_unit_test_teardown(is_not_misled_by_what_stands_in_strings, drop_tree),
        cmocka_unit_test_teardown(counts_columns_in_characters, drop_tree),
        cmocka_unit_test_teardown(finds_what_follows_empty_objects_and_arrays, drop_tree),
        cmocka_unit_test_teardown(finds_a_lone_value, drop_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
