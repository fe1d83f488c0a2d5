/* json_scan.c: what is one JSON value by RFC 8259 and docs/format.md, section 5, rule 1, and where a text stops being
 * one. */
#include "json.h"
#include "support.h"
#include "text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NESTING 64

/* A list that ends in NULL. */
#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Scans a copy of exactly that size, so that a read behind its end is noticed. */
static enum json_outcome scan_bytes(const void *text, size_t len, size_t nesting, struct json_fault *fault)
{
    uint8_t *copy = malloc(len + (len == 0));
    assert_non_null(copy);
    memcpy(copy, text, len);
    enum json_outcome outcome = json_scan(copy, len, nesting, fault);
    free(copy);
    return outcome;
}

static enum json_outcome scan(const char *text, struct json_fault *fault)
{
    return scan_bytes(text, strlen(text), NESTING, fault);
}

static void assert_accepted(const char *text)
{
    struct json_fault fault = {0};
    if (scan(text, &fault) != JSON_STRICT)
        fail_msg("%.80s: refused at byte %zu: %s", text, fault.offset, fault.what);
}

static void assert_all_accepted(const char *const *texts)
{
    for (; *texts != NULL; texts++)
        assert_accepted(*texts);
}

static void assert_refused_at(const char *text, size_t len, size_t offset)
{
    struct json_fault fault = {0};
    if (scan_bytes(text, len, NESTING, &fault) != JSON_FAULTY)
        fail_msg("%.80s: accepted", text);
    if (fault.offset != offset)
        fail_msg("%.80s: refused at byte %zu, not at %zu: %s", text, fault.offset, offset, fault.what);
    assert_non_null(fault.what);
}

/* A ^ in the text stands right before the byte of the fault, and does not belong to it. */
static void assert_refused_bytes(const char *marked, size_t len)
{
    char text[128];
    const char *mark = memchr(marked, '^', len);
    assert_non_null(mark);
    assert_true(len < sizeof text);
    size_t offset = (size_t)(mark - marked);
    memcpy(text, marked, offset);
    memcpy(text + offset, mark + 1, len - offset);
    assert_refused_at(text, len - 1, offset);
}

static void assert_refused(const char *const *marked)
{
    for (size_t i = 0; marked[i] != NULL; i++)
        assert_refused_bytes(marked[i], strlen(marked[i]));
}

static void accepts_every_kind_of_value(void **state)
{
    (void)state;
    assert_all_accepted(TEXTS("null", "true", "false", "0", "-0", "1", "-1", "10", "1234567890", "\"\"", "\"a\"", "[]",
                              "{}", " null ", "\t\r\n 1 \t\r\n", "[ ]", "{ }", "[1]", "[ 1 , 2 ]", "[[],[],{}]",
                              "{\"a\":1}", "{ \"a\" : 1 , \"b\" : [ ] }", "{\"\":0}", "[null,true,false,0,\"\",[],{}]",
                              "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":1}]"));
}

static void accepts_every_form_of_number(void **state)
{
    (void)state;
    assert_all_accepted(TEXTS("0.0", "-0.0", "0.5", "1.25", "1e5", "1E5", "1e+5", "1e-5", "1.5E+05", "0e0", "0e999",
                              "-0e+99", "0.000e9", "1e000", "1e-0000", "9e307", "1e308"));
}

static void accepts_every_escape_and_all_of_unicode(void **state)
{
    (void)state;
    assert_all_accepted(TEXTS("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0001\\u001F\\u00e9\\uABCD\\uabcd\\uFFFF\"",
                              "\"\\uD800\\uDC00\"", "\"\\udbff\\udfff\"", "\"\\uD7FF\\uE000\"", "\"\x7F\"",
                              "\"\xC2\x80\xDF\xBF\"", "\"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\"",
                              "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\"", "\"\xEF\xBB\xBF is no byte order mark here\""));
}

static void refuses_what_is_no_value_and_says_at_which_byte(void **state)
{
    (void)state;
    assert_refused(TEXTS("^", "   ^", "^nul", "null^l", "^Null", "^tru", "^TRUE", "^falsy", "^NaN", "^Infinity",
                         "^undefined", "^'a'", "^a", "1^,", "[^", "[1^", "[1,^", "[^,1]", "[1,^]", "[1,^,2]", "[1 ^2]",
                         "[1^:2]", "[^}", "[1^}", "^]", "^}", "{^", "{^]", "{^1:2}", "{^a:1}", "{\"a\"^", "{\"a\"^}",
                         "{\"a\":^", "{\"a\":^}", "{\"a\" ^1}", "{\"a\":1^", "{\"a\":1,^", "{\"a\":1,^}", "{^,}",
                         "{\"a\":1 ^\"b\":2}", "{\"a\":1^]", "{\"a\"^,1}", "{\"a\":^:1}", "1 ^2", "[] ^[]", "{}^x",
                         "\"a\" ^\"b\"", "^/**/1", "1^//", "[1]^\f", "^\v1", "^\xC2\xA0[]", "^\xEF\xBB\xBF{}",
                         "{}^\xEF\xBB\xBF", "[^\xFF]"));
}

static void refuses_every_other_form_of_number(void **state)
{
    const char *const *numbers =
        TEXTS("01", "00", "-01", "-00", "+1", "-", "--1", "1.", ".5", "-.5", "1.e5", "1e", "1E+", "1e-", "1e5.", "0x1",
              "1_0", "1,5", "1e1.5", "1ee1", "-a", "- 1", "1.2.3", "0.", "0e", "1e+-1");
    (void)state;
    for (size_t i = 0; numbers[i] != NULL; i++) {
        struct json_fault fault = {0};
        if (scan(numbers[i], &fault) != JSON_FAULTY)
            fail_msg("%s: accepted", numbers[i]);
    }
}

static void refuses_a_string_that_is_none(void **state)
{
    (void)state;
    assert_refused(TEXTS("^\"", "^\"a", "^\"\\\"", "\"a^\nb\"", "\"^\t\"", "\"^\x1F\"", "\"^\\x41\"", "\"a^\\",
                         "\"^\\'\"", "\"^\\B\"", "\"^\\u\"", "\"^\\u12\"", "\"^\\u12", "\"^\\u12G4\"", "\"^\\u+123\"",
                         "\"^\\U0041\"", "\"^\\u0000\"", "{\"a^\\u0000\":1}", "\"^\\uD800\"", "\"a^\\uDC00\"",
                         "\"^\\uDC00\\uD800\"", "\"^\\uD800x\"", "\"^\\uD800\\n\"", "\"^\\uD800\\u0041\"",
                         "\"^\\uD800\\uD800\"", "\"^\\uD800\\uDC0\"", "\"^\\uD800\\uDC0", "\"^\\uDBFF\\uE000\"",
                         "[\"^\\uD83D\", \"\\uDE00\"]"));
}

static void refuses_bytes_that_are_no_utf_8(void **state)
{
    (void)state;
    assert_refused(TEXTS("\"^\x80\"", "\"^\xC0\x80\"", "\"^\xC1\xBF\"", "\"^\xC2\"", "\"^\xE0\x9F\xBF\"",
                         "\"^\xED\xA0\x80\"", "\"^\xED\xBF\xBF\"", "\"^\xE2\x82\"", "\"^\xF0\x8F\xBF\xBF\"",
                         "\"^\xF4\x90\x80\x80\"", "\"^\xF0\x9F\x98\"", "\"^\xF8\x88\x80\x80\x80\"", "\"^\xFF\"",
                         "\"^\xFE\"", "\"^\xC2\x41\"", "\"\xC3\xA9^\xE9\"", "{\"^\xFF\":1}", "\"^\xF0\x9F\x98"));
}

static void refuses_a_raw_nul_anywhere(void **state)
{
    (void)state;
#define REFUSED(literal) assert_refused_bytes(literal, sizeof(literal) - 1)
    REFUSED("^\0");
    REFUSED("1^\0");
    REFUSED("\"a^\0b\"");
    REFUSED("[^\0]");
    REFUSED("[1,^\0]");
    REFUSED("{\"a^\0\":1}");
    REFUSED("{\"a\"^\0:1}");
    REFUSED("{}^\0");
#undef REFUSED
}

static void assert_place(const char *text, size_t line, size_t column)
{
    struct json_fault fault = {0};
    assert_int_equal(JSON_FAULTY, scan(text, &fault));
    if (fault.line != line || fault.column != column)
        fail_msg("%s: line %zu, column %zu", text, fault.line, fault.column);
}

static void counts_lines_and_columns_in_characters(void **state)
{
    (void)state;
    assert_place("", 1, 1);
    assert_place("x", 1, 1);
    assert_place("\nx", 2, 1);
    assert_place("\r\n  x", 2, 3);
    assert_place("\rx", 1, 2);
    assert_place("[\n\n1,\n x]", 4, 2);
    assert_place("[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\", x]", 1, 9);
    assert_place("{\n  \"a\": 1,\n  \"a\": 2\n}", 3, 3);
    assert_place("[1\n", 2, 1);
}

/* `depth` openings and as many closings, arrays and objects by turns where `objects` is set. */
static struct bytes nested(size_t depth, bool objects)
{
    struct text text = {0};
    for (size_t i = 0; i < depth; i++)
        text_print(&text, objects && i % 2 == 1 ? "{\"a\":" : "[");
    text_print(&text, "0");
    for (size_t i = depth; i-- > 0;)
        text_print(&text, objects && i % 2 == 1 ? "}" : "]");
    struct bytes bytes = {NULL, text.len};
    bytes.data = (unsigned char *)text_take(&text);
    return bytes;
}

static enum json_outcome scan_nested(size_t depth, bool objects, size_t nesting, struct json_fault *fault)
{
    struct bytes text = nested(depth, objects);
    enum json_outcome outcome = scan_bytes(text.data, text.len, nesting, fault);
    free(text.data);
    return outcome;
}

static void accepts_nesting_at_the_limit_and_refuses_one_over(void **state)
{
    static const size_t limits[] = {1, 2, 63, 64, 65, 999, 1000};
    struct json_fault fault = {0};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        assert_int_equal(JSON_STRICT, scan_nested(limits[i], false, limits[i], &fault));
        assert_int_equal(JSON_STRICT, scan_nested(limits[i], true, limits[i], &fault));
        assert_int_equal(JSON_FAULTY, scan_nested(limits[i] + 1, false, limits[i], &fault));
        assert_int_equal(limits[i], fault.offset);
        assert_int_equal(JSON_FAULTY, scan_nested(limits[i] + 1, true, limits[i], &fault));
    }
    assert_int_equal(JSON_FAULTY, scan_nested(1001, false, 5000, &fault));
    assert_int_equal(JSON_FAULTY, scan_nested(1000000, false, 64, &fault));
    assert_int_equal(64, fault.offset);
}

static void counts_only_what_is_open_at_one_time(void **state)
{
    struct json_fault fault = {0};
    (void)state;
    assert_int_equal(JSON_STRICT, scan_bytes("[[],{},[],{}]", 13, 2, &fault));
    assert_int_equal(JSON_FAULTY, scan_bytes("[[],{\"a\":[]}]", 13, 2, &fault));
    assert_int_equal(9, fault.offset);
}

static void refuses_a_key_that_stands_twice(void **state)
{
    (void)state;
    assert_refused(TEXTS("{\"a\":1,^\"a\":1}", "{\"\":1,^\"\":1}", "{\"a\":1,\"b\":2, ^\"a\":3}",
                         "{\"a\":1,^\"\\u0061\":2}", "{\"\\/\":1,^\"/\":2}", "{\"\\n\":1,^\"\\u000A\":2}",
                         "{\"\\uD83D\\uDE00\":1,^\"\xF0\x9F\x98\x80\":2}", "{\"\\u00e9\":1,^\"\xC3\xA9\":2}",
                         "[{\"x\":{\"a\":1,^\"a\":2}}]", "{\"b\":1,^\"b\":2,\"a\":3,\"a\":4}",
                         "{\"a\":1,^\"a\":2,\"a\":3}", "{\"a\":{\"c\":1},\"b\":2,^\"a\":[]}"));
}

static void accepts_keys_that_only_look_alike(void **state)
{
    (void)state;
    assert_all_accepted(TEXTS("{\"a\":1,\"A\":2}", "{\"a\":1,\"a \":2,\" a\":3,\"\":4,\"aa\":5}",
                              "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", "{\"e\xCC\x81\":1,\"\xC3\xA9\":2}",
                              "{\"\\\\u0061\":1,\"a\":2}", "{\"a\":\"a\",\"b\":\"a\"}",
                              "{\"ab\":1,\"abc\":2,\"abcd\":3,\"abd\":4}"));
}

/* An object of `count` keys, each with the prefix; the last one is the first again where `twice` is set. */
static struct bytes many_keys(size_t count, const char *prefix, bool twice)
{
    struct text text = {0};
    for (size_t i = 0; i < count; i++)
        text_print(&text, "%s\"%s%zu\":0", i == 0 ? "{" : ",", prefix, twice && i == count - 1 ? 0 : i);
    text_print(&text, "}");
    struct bytes bytes = {NULL, text.len};
    bytes.data = (unsigned char *)text_take(&text);
    return bytes;
}

static void judges_100000_keys_in_good_time(void **state)
{
    static const char *const prefixes[] = {"", "keys-that-begin-alike-for-quite-a-while-before-they-differ-"};
    clock_t before = clock();
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct json_fault fault = {0};
        struct bytes text = many_keys(100000, prefixes[i / 2], i % 2 == 1);
        enum json_outcome outcome = json_scan(text.data, text.len, NESTING, &fault);
        free(text.data);
        assert_int_equal(i % 2 == 1 ? JSON_FAULTY : JSON_STRICT, outcome);
    }
    /* Pair by pair it would be 20,000,000,000 comparisons. */
    assert_true(clock() - before < 60 * CLOCKS_PER_SEC);
}

/* Decimal digits of 2^power in `digits`, the lowest first. */
static void power_of_two(int power, int digits[310])
{
    memset(digits, 0, 310 * sizeof *digits);
    digits[0] = 1;
    for (int i = 0; i < power; i++)
        for (int at = 0, carry = 0; at < 310; at++) {
            int value = digits[at] * 2 + carry;
            digits[at] = value % 10;
            carry = value / 10;
        }
}

/* 2^1024 - 2^970, the least integer that rounds to infinity, less `less` (below 10). */
static void write_bound(char to[310], int less)
{
    int bound[310];
    int take[310];
    power_of_two(1024, bound);
    power_of_two(970, take);
    take[0] += less;
    for (int at = 0; at < 309; at++) {
        int value = bound[at] - take[at];
        bound[at + 1] -= value < 0;
        to[308 - at] = (char)('0' + (value < 0 ? value + 10 : value));
    }
    to[309] = '\0';
}

static void assert_infinite(const char *number, bool infinite)
{
    char negative[2048];
    snprintf(negative, sizeof negative, "-%s", number);
    if (infinite) {
        assert_refused_at(number, strlen(number), 0);
        assert_refused_at(negative, strlen(negative), 0);
    } else {
        assert_accepted(number);
        assert_accepted(negative);
    }
}

/* The digits with a text before and behind them. */
static void assert_infinite_around(const char *before, const char *digits, const char *behind, bool infinite)
{
    char number[1024];
    snprintf(number, sizeof number, "%s%s%s", before, digits, behind);
    assert_infinite(number, infinite);
}

static void knows_the_least_number_that_no_double_is_near_to(void **state)
{
    char bound[310];
    char below[310];
    (void)state;
    write_bound(bound, 0);
    write_bound(below, 1);
    assert_infinite_around("", bound, "", true);
    assert_infinite_around("", below, "", false);
    assert_infinite_around("", bound, ".00001", true);
    assert_infinite_around("", below, ".99999", false);
    assert_infinite_around("0.", bound, "e309", true);
    assert_infinite_around("0.", below, "e309", false);
    assert_infinite_around("0.000", bound, "E+312", true);
    assert_infinite_around("0.000", below, "9E+312", false);
    assert_infinite_around("", bound, "0e-1", true);
    assert_infinite_around("", below, "9e-1", false);
    assert_infinite_around("", bound, "e-1", false);
    assert_infinite_around("", below, "e1", true);
    assert_infinite_around("1", bound + 1, "e000000", true);
    assert_infinite_around("1", below + 1, "e000000", false);
}

static void knows_infinite_numbers_by_their_exponent(void **state)
{
    const char *const *finite =
        TEXTS("1.7976931348623157e308", "1.79769313486231570e+308", "1.7976931348623158e308", "17976931348623157e292",
              "0.17976931348623157e309", "1e308", "0e999999999999999999999999999999",
              "0.0e999999999999999999999999999999", "1e-999999999999999999999999999999",
              "123456789e-999999999999999999999999999999", "1e00000000000000000000000000000308",
              "1e-00000000000000000000000000000309", "1e-18446744073709551616", "4.9e-324", "1e-400");
    const char *const *infinite =
        TEXTS("1.7976931348623159e308", "17976931348623159e292", "0.0000017976931348623159e314", "1e309", "1e400",
              "1e999999999999999999999999999999", "1e00000000000000000000000000000309", "1e99999999", "1e100000000",
              "1e2147483648", "1e4294967296", "1e18446744073709551616", "0.001e18446744073709551616");
    (void)state;
    for (size_t i = 0; finite[i] != NULL; i++)
        assert_infinite(finite[i], false);
    for (size_t i = 0; infinite[i] != NULL; i++)
        assert_infinite(infinite[i], true);
}

/* The text before, that many zeros, the text behind. */
static void assert_infinite_with_zeros(const char *before, size_t zeros, const char *behind, bool infinite)
{
    struct text text = {0};
    struct json_fault fault = {0};
    text_print(&text, "%s", before);
    for (size_t i = 0; i < zeros; i++)
        text_add(&text, "0", 1);
    text_print(&text, "%s", behind);
    enum json_outcome outcome = scan_bytes(text.data, text.len, NESTING, &fault);
    text_free(&text);
    if ((outcome == JSON_FAULTY) != infinite)
        fail_msg("%s, %zu zeros, %s: %s", before, zeros, behind, infinite ? "accepted" : "refused");
}

static void knows_infinite_numbers_among_many_zeros(void **state)
{
    (void)state;
    assert_infinite_with_zeros("1", 308, "", false);
    assert_infinite_with_zeros("1", 309, "", true);
    assert_infinite_with_zeros("1", 100000, "e-99692", false);
    assert_infinite_with_zeros("1", 100000, "e-99691", true);
    assert_infinite_with_zeros("0.", 100000, "1e100309", false);
    assert_infinite_with_zeros("0.", 100000, "1e100310", true);
    assert_infinite_with_zeros("0.", 100000, "e999999999", false);
    assert_infinite_with_zeros("0.", 400, "1", false);
    assert_infinite_with_zeros("1.", 400, "1", false);
    assert_infinite_with_zeros("1e", 100000, "308", false);
    assert_infinite_with_zeros("1e", 100000, "309", true);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

/* Of 20,000 numbers near the bound: as the C library says, which rounds exactly. Needs a locale whose point is a dot.
 */
static void agrees_with_strtod_on_what_is_infinite(void **state)
{
    static const char *const starts[] = {
        "17976931348623157", "17976931348623158", "179769313486231580793", "1797693134862315807", "9", "1"};
    uint32_t seed = 20260101;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct text text = {0};
        struct json_fault fault = {0};
        const char *start = starts[next_random(&seed) % 6];
        int point = (int)(next_random(&seed) % (strlen(start) - (strlen(start) > 1)));
        text_print(&text, "%.*s.%s", point + 1, start, start[point + 1] == '\0' ? "0" : start + point + 1);
        for (uint32_t more = next_random(&seed) % 8; more > 0; more--)
            text_print(&text, "%u", (unsigned)(next_random(&seed) % 10));
        text_print(&text, "e%d", 308 - point + (int)(next_random(&seed) % 3) - 1);
        bool infinite = isinf(strtod(text.data, NULL)) != 0;
        if ((scan(text.data, &fault) == JSON_FAULTY) != infinite)
            fail_msg("%s: %s", text.data, infinite ? "accepted" : "refused");
        text_free(&text);
    }
}

static void does_not_mind_a_locale_with_a_decimal_comma(void **state)
{
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "de_DE.utf8") == NULL)
        fail_msg("no locale de_DE.UTF-8 here: Debian has it in locales-all");
    assert_string_equal(",", localeconv()->decimal_point);
    accepts_every_form_of_number(state);
    refuses_every_other_form_of_number(state);
    knows_infinite_numbers_by_their_exponent(state);
    knows_the_least_number_that_no_double_is_near_to(state);
}

static int back_to_the_c_locale(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C") == NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_every_kind_of_value),
        cmocka_unit_test(accepts_every_form_of_number),
        cmocka_unit_test(accepts_every_escape_and_all_of_unicode),
        cmocka_unit_test(refuses_what_is_no_value_and_says_at_which_byte),
        cmocka_unit_test(refuses_every_other_form_of_number),
        cmocka_unit_test(refuses_a_string_that_is_none),
        cmocka_unit_test(refuses_bytes_that_are_no_utf_8),
        cmocka_unit_test(refuses_a_raw_nul_anywhere),
        cmocka_unit_test(counts_lines_and_columns_in_characters),
        cmocka_unit_test(accepts_nesting_at_the_limit_and_refuses_one_over),
        cmocka_unit_test(counts_only_what_is_open_at_one_time),
        cmocka_unit_test(refuses_a_key_that_stands_twice),
        cmocka_unit_test(accepts_keys_that_only_look_alike),
        cmocka_unit_test(judges_100000_keys_in_good_time),
        cmocka_unit_test(knows_the_least_number_that_no_double_is_near_to),
        cmocka_unit_test(knows_infinite_numbers_by_their_exponent),
        cmocka_unit_test(knows_infinite_numbers_among_many_zeros),
        cmocka_unit_test(agrees_with_strtod_on_what_is_infinite),
        cmocka_unit_test_teardown(does_not_mind_a_locale_with_a_decimal_comma, back_to_the_c_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
