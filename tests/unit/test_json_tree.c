/* json_tree.c: the tree of a strict text, and what its numbers, names and texts are. */
#include "json.h"
#include "support.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a copy of exactly that size, so that a read behind its end is noticed. */
static json_value *read_tree(const char *text)
{
    struct json_fault fault = {0};
    json_value *tree = NULL;
    size_t len = strlen(text);
    uint8_t *copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, text, len);
    enum json_outcome outcome = json_read(copy, len, 64, &tree, &fault);
    free(copy);
    if (outcome != JSON_STRICT)
        fail_msg("%.80s: %s", text, outcome == JSON_FAULTY ? fault.what : "failed");
    assert_non_null(tree);
    return tree;
}

/* Is the number that integer? */
static void assert_integer(const char *number, int64_t expected)
{
    json_value *tree = read_tree(number);
    int64_t integer = -1;
    if (!json_integer(tree, &integer) || integer != expected)
        fail_msg("%s is %lld, not %lld", number, (long long)integer, (long long)expected);
    json_free(tree);
}

static void assert_no_integer(const char *text)
{
    json_value *tree = read_tree(text);
    int64_t integer = -7;
    if (json_integer(tree, &integer))
        fail_msg("%s was taken for %lld", text, (long long)integer);
    assert_int_equal(-7, integer);
    json_free(tree);
}

static void takes_numbers_whose_double_is_an_integer_in_range(void **state)
{
    (void)state;
    assert_integer("0", 0);
    assert_integer("-0", 0);
    assert_integer("-0.0e5", 0);
    assert_integer("1", 1);
    assert_integer("1.0", 1);
    assert_integer("10e-1", 1);
    assert_integer("1767225600", 1767225600);
    assert_integer("1.7672256e9", 1767225600);
    assert_integer("2147483648", INT64_C(2147483648));
    assert_integer("4294967296", INT64_C(4294967296));
    assert_integer("9007199254740990", INT64_C(9007199254740990));
    assert_integer("9007199254740991", INT64_C(9007199254740991));
    assert_integer("9007199254740991.4", INT64_C(9007199254740991)); /* as a double it has no fraction */
    assert_integer("1e-400", 0);
}

static void takes_no_other_number_for_an_integer(void **state)
{
    static const char *const others[] = {"-1",
                                         "-1e-300",
                                         "0.5",
                                         "1e-300",
                                         "1767225600.5",
                                         "9007199254740991.5",
                                         "9007199254740992",
                                         "9007199254740993",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "18446744073709551617",
                                         "1e300",
                                         "1.7976931348623157e308",
                                         "-9007199254740991",
                                         "4503599627370495.5"};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_no_integer(others[i]);
}

static void takes_nothing_but_numbers_for_integers(void **state)
{
    static const char *const others[] = {"\"1\"", "true", "false", "null", "[1]", "{\"1\":1}", "\"\""};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_no_integer(others[i]);
}

static void gives_each_value_its_type(void **state)
{
    static const struct {
        const char *text;
        enum json_type type;
        const char *words;
    } values[] = {{"null", JSON_NULL, "null"},          {"true", JSON_BOOLEAN, "a boolean"},
                  {"false", JSON_BOOLEAN, "a boolean"}, {"-1.5", JSON_NUMBER, "a number"},
                  {"\"\"", JSON_TEXT, "a string"},      {"[]", JSON_ARRAY, "an array"},
                  {"{}", JSON_OBJECT, "an object"}};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        json_value *tree = read_tree(values[i].text);
        assert_int_equal(values[i].type, json_type(tree));
        assert_string_equal(values[i].words, json_type_in_words(json_type(tree)));
        json_free(tree);
    }
}

static void finds_members_by_their_exact_name_only(void **state)
{
    json_value *tree = read_tree("{\"EXP\":1,\"exp\":2,\"exp \":3,\"\":4}");
    int64_t value = 0;
    (void)state;
    assert_true(json_integer(json_member(tree, "exp"), &value));
    assert_int_equal(2, value);
    assert_true(json_integer(json_member(tree, ""), &value));
    assert_int_equal(4, value);
    assert_null(json_member(tree, "Exp"));
    assert_null(json_member(tree, "ex"));
    assert_null(json_member(tree, "expo"));
    json_free(tree);
}

static void finds_no_member_in_what_is_no_object(void **state)
{
    static const char *const others[] = {"[{\"a\":1}]", "\"a\"", "1", "null"};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        json_value *tree = read_tree(others[i]);
        assert_null(json_member(tree, "a"));
        json_free(tree);
    }
    assert_null(json_member(NULL, "a"));
}

static void goes_through_members_in_the_order_of_the_bytes(void **state)
{
    static const char *const names[] = {"z", "a", "\xC3\xA9", "m"};
    json_value *tree = read_tree("{\"z\":0,\"a\":1,\"\\u00e9\":2,\"m\":3}");
    size_t count = 0;
    (void)state;
    for (const json_value *m = json_first(tree); m != NULL; m = json_next(m))
        assert_string_equal(names[count++], json_name(m));
    assert_int_equal(4, count);
    assert_null(json_first(json_member(tree, "z")));
    json_free(tree);
}

static void decodes_texts(void **state)
{
    json_value *tree = read_tree("\"\\u0041\\n\\uD83D\\uDE00\\/\\\\\xC3\xA9\"");
    (void)state;
    assert_string_equal("A\n\xF0\x9F\x98\x80/\\\xC3\xA9", json_text(tree));
    json_free(tree);
}

static void makes_no_tree_of_a_text_that_is_not_strict(void **state)
{
    static const char *const texts[] = {
        "", "01", "[1,]", "{\"a\":1,\"a\":2}", "\"\\u0000\"", "1e999", "\xEF\xBB\xBF{}", "{} {}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct json_fault fault = {0};
        char place = 0;
        json_value *tree = (json_value *)&place; /* has to be set, whatever it was */
        assert_int_equal(JSON_FAULTY, json_read((const uint8_t *)texts[i], strlen(texts[i]), 64, &tree, &fault));
        assert_null(tree);
        assert_non_null(fault.what);
    }
}

static void makes_the_tree_of_all_that_the_scan_passes(void **state)
{
    char deep[2 * JSON_NESTING_MOST + 1];
    struct json_fault fault = {0};
    json_value *tree = NULL;
    (void)state;
    memset(deep, '[', JSON_NESTING_MOST);
    memset(deep + JSON_NESTING_MOST, ']', JSON_NESTING_MOST);
    assert_int_equal(JSON_STRICT,
                     json_read((const uint8_t *)deep, 2 * JSON_NESTING_MOST, JSON_NESTING_MOST, &tree, &fault));
    json_free(tree);
    json_free(read_tree(" \t\r\n[ 1e-400 , 1E+2 , -0.0 ]\r\n"));
    json_free(read_tree("\"\""));
    json_free(NULL);
}

static void reads_fractions_in_a_locale_with_a_decimal_comma(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "de_DE.utf8") == NULL)
        fail_msg("no locale de_DE.UTF-8 here: Debian has it in locales-all");
    assert_integer("15.0e1", 150);
    assert_integer("1.7672256e9", 1767225600);
    assert_no_integer("1.5");
    assert_no_integer("1767225600.5");
}

static int back_to_the_c_locale(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C") == NULL;
}

/* Half of the threads read texts that fail. */
static void *read_often(void *user)
{
    const char *text = user;
    intptr_t strict = 0;
    for (int i = 0; i < 200; i++) {
        struct json_fault fault = {0};
        json_value *tree = NULL;
        strict += json_read((const uint8_t *)text, strlen(text), 64, &tree, &fault) == JSON_STRICT;
        json_free(tree);
    }
    return (void *)strict;
}

static void reads_in_several_threads_at_once(void **state)
{
    static char good[] = "{\"a\":[1,2,{\"b\":\"c\"}]}";
    static char bad[] = "{\"a\":[1,2,}";
    pthread_t threads[4];
    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, read_often, i % 2 == 0 ? good : bad));
    for (size_t i = 0; i < 4; i++) {
        void *strict = NULL;
        assert_int_equal(0, pthread_join(threads[i], &strict));
        assert_int_equal(i % 2 == 0 ? 200 : 0, (intptr_t)strict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_numbers_whose_double_is_an_integer_in_range),
        cmocka_unit_test(takes_no_other_number_for_an_integer),
        cmocka_unit_test(takes_nothing_but_numbers_for_integers),
        cmocka_unit_test(gives_each_value_its_type),
        cmocka_unit_test(finds_members_by_their_exact_name_only),
        cmocka_unit_test(finds_no_member_in_what_is_no_object),
        cmocka_unit_test(goes_through_members_in_the_order_of_the_bytes),
        cmocka_unit_test(decodes_texts),
        cmocka_unit_test(makes_no_tree_of_a_text_that_is_not_strict),
        cmocka_unit_test(makes_the_tree_of_all_that_the_scan_passes),
        cmocka_unit_test_teardown(reads_fractions_in_a_locale_with_a_decimal_comma, back_to_the_c_locale),
        cmocka_unit_test(reads_in_several_threads_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
