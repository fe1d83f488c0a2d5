/* text.c: texts that grow, and hostile bytes made safe to show. */
#include "json.h"
#include "support.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Fails unless the text is printable ASCII. */
static void assert_plain(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c < 0x20 || *c > 0x7E)
            fail_msg("byte %02x in a text that has to be plain", (unsigned)(unsigned char)*c);
}

static void assert_json_string(const char *expected, const char *string)
{
    char *written = ozc_json_string(string);
    assert_string_equal(expected, written);
    ozc_free(written);
}

static void grows_by_what_is_added(void **state)
{
    struct text text = {0};
    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        text_add(&text, "ab", 2);
        text_print(&text, "%d", (int)(i % 10));
        assert_int_equal(3 * (i + 1), text.len);
        assert_int_equal('\0', text.data[text.len]);
    }
    assert_memory_equal("ab0ab1ab2", text.data, 9);
    assert_string_equal("ab9", text.data + text.len - 3);
    text_free(&text);
    assert_null(text.data);
}

static void takes_an_empty_text_as_an_empty_string(void **state)
{
    struct text text = {0};
    (void)state;
    char *taken = text_take(&text);
    assert_string_equal("", taken);
    assert_null(text.data);
    assert_int_equal(0, text.len);
    free(taken);
}

static void stays_empty_once_memory_ran_out(void **state)
{
    struct text text = {0};
    (void)state;
    text_add(&text, "before", 6);
    text_add(&text, "", SIZE_MAX / 2); /* more than there can be; not read */
    assert_true(text.failed);
    assert_null(text.data);
    text_add(&text, "behind", 6);
    text_print(&text, "%s", "behind");
    text_json(&text, "behind");
    assert_int_equal(0, text.len);
    assert_null(text_take(&text));
}

static void writes_json_strings_with_the_short_escapes(void **state)
{
    (void)state;
    assert_json_string("\"\"", "");
    assert_json_string("\"plain ~ / text\"", "plain ~ / text");
    assert_json_string("\"\\\"\\\\\\b\\t\\n\\f\\r\"", "\"\\\b\t\n\f\r");
    assert_json_string("\"\\u0001\\u000b\\u001b\\u001f\\u007f\"", "\x01\x0B\x1B\x1F\x7F");
    assert_json_string("null", NULL);
}

static void writes_json_strings_in_ascii(void **state)
{
    (void)state;
    assert_json_string("\"\\u0080\\u00e9\\u07ff\"", "\xC2\x80\xC3\xA9\xDF\xBF");
    assert_json_string("\"\\u0800\\u20ac\\u202e\\uffff\"", "\xE0\xA0\x80\xE2\x82\xAC\xE2\x80\xAE\xEF\xBF\xBF");
    assert_json_string("\"\\ud800\\udc00\\ud83d\\ude00\\udbff\\udfff\"",
                       "\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF");
}

static void puts_a_replacement_for_what_is_no_utf_8(void **state)
{
    (void)state;
    assert_json_string("\"\\ufffd\"", "\xFF");
    assert_json_string("\"a\\ufffdb\"", "a\x80"
                                        "b");
    assert_json_string("\"\\ufffd\\ufffd\"", "\xC0\x80");
    assert_json_string("\"\\ufffd\\ufffd\\ufffd\"", "\xED\xA0\x80");
    assert_json_string("\"\\ufffd\\ufffdx\"", "\xE2\x82x");
    assert_json_string("\"\\ufffd\\ufffd\\ufffd\\ufffd\"", "\xF4\x90\x80\x80");
}

static void writes_a_json_string_that_reads_back_for_any_bytes(void **state)
{
    uint8_t bytes[2];
    (void)state;
    for (unsigned pair = 0; pair < 65536; pair++) {
        struct text text = {0};
        struct json_fault fault = {0};
        bytes[0] = (uint8_t)(pair >> 8);
        bytes[1] = (uint8_t)(pair & 0xFF);
        text_json_bytes(&text, bytes, 2);
        assert_plain(text.data);
        bool has_nul = bytes[0] == 0 || bytes[1] == 0; /* written as \u0000, which our own reader refuses */
        assert_int_equal(has_nul ? JSON_FAULTY : JSON_STRICT,
                         json_scan((const uint8_t *)text.data, text.len, 1, &fault));
        text_free(&text);
    }
}

static void shows_json_on_one_line_in_ascii_without_changing_it(void **state)
{
    static const char json[] = "{\r\n\t\"a\\u0041\\\\\\\"\": \"\xC3\xA9\xF0\x9F\x98\x80\x7F\",\n \"b\":[1e5, null] }";
    struct text text = {0};
    (void)state;
    text_json_ascii(&text, (const uint8_t *)json, strlen(json));
    assert_string_equal("{   \"a\\u0041\\\\\\\"\": \"\\u00e9\\ud83d\\ude00\\u007f\",  \"b\":[1e5, null] }", text.data);
    text_free(&text);
}

static void writes_hex_in_lower_case(void **state)
{
    struct text text = {0};
    (void)state;
    text_hex(&text, (const uint8_t *)"\x00\x01\x9a\xff", 4);
    text_hex(&text, (const uint8_t *)"", 0);
    assert_string_equal("00019aff", text.data);
    text_free(&text);
}

static void shows_bytes_as_printable_ascii(void **state)
{
    (void)state;
    assert_string_equal("", SHOWN("", 0));
    assert_string_equal("a ~\\\\n\"", SHOWN("a ~\\n\"", 6));
    assert_string_equal("\\x00\\x1b[2J\\x7f\\xff", SHOWN("\0\x1B[2J\x7F\xFF", 7));
    assert_string_equal("\\xc3\\xa9", SHOWN("\xC3\xA9", 2));
    for (unsigned byte = 0; byte < 256; byte++)
        assert_plain(SHOWN((&(char){(char)byte}), 1));
}

static void cuts_what_it_shows(void **state)
{
    char bytes[SHOWN_BYTES + 1];
    (void)state;
    memset(bytes, 'a', sizeof bytes);
    assert_int_equal(SHOWN_BYTES, strlen(SHOWN(bytes, SHOWN_BYTES)));
    assert_string_equal("aa...", SHOWN(bytes, SHOWN_BYTES + 1) + SHOWN_BYTES - 2);
    memset(bytes, '\x1B', sizeof bytes);
    assert_int_equal(4 * SHOWN_BYTES, strlen(SHOWN(bytes, SHOWN_BYTES)));
    assert_int_equal(4 * SHOWN_BYTES + 3, strlen(SHOWN(bytes, SHOWN_BYTES + 1)));
    memset(bytes, '\\', sizeof bytes);
    assert_int_equal(2 * SHOWN_BYTES + 3, strlen(SHOWN(bytes, SHOWN_BYTES + 1)));
}

static void shows_whole_texts_without_cutting_them(void **state)
{
    char text[1001];
    (void)state;
    memset(text, '\n', 1000);
    text[1000] = '\0';
    char *plain = ozc_plain_text(text);
    assert_int_equal(4000, strlen(plain));
    assert_plain(plain);
    ozc_free(plain);
    plain = ozc_plain_text("a/b c\\\xE2\x80\xAE\r");
    assert_string_equal("a/b c\\\\\\xe2\\x80\\xae\\x0d", plain);
    ozc_free(plain);
    plain = ozc_plain_text(NULL);
    assert_string_equal("", plain);
    ozc_free(plain);
    ozc_free(NULL);
}

static void takes_words_of_1_to_255_bytes_of_utf_8(void **state)
{
    char word[258];
    (void)state;
    memset(word, 'a', sizeof word);
    word[255] = '\0';
    assert_true(is_word(word));
    word[255] = 'a';
    word[256] = '\0';
    assert_false(is_word(word));
    assert_false(is_word(""));
    assert_true(is_word("x"));
    assert_true(is_word("\xC3\xA9\xF0\x9F\x98\x80"));
    assert_false(is_word("a\xFF"));
    assert_false(is_word("\xC3"));
    assert_false(is_word("\xED\xA0\x80"));
}

static void copies_bytes_with_a_nul_behind_them(void **state)
{
    (void)state;
    char *copy = copy_bytes("a\0b", 3);
    assert_memory_equal("a\0b\0", copy, 4);
    free(copy);
    copy = copy_bytes(NULL, 0);
    assert_string_equal("", copy);
    free(copy);
    assert_null(copy_bytes("", SIZE_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_by_what_is_added),
        cmocka_unit_test(takes_an_empty_text_as_an_empty_string),
        cmocka_unit_test(stays_empty_once_memory_ran_out),
        cmocka_unit_test(writes_json_strings_with_the_short_escapes),
        cmocka_unit_test(writes_json_strings_in_ascii),
        cmocka_unit_test(puts_a_replacement_for_what_is_no_utf_8),
        cmocka_unit_test(writes_a_json_string_that_reads_back_for_any_bytes),
        cmocka_unit_test(shows_json_on_one_line_in_ascii_without_changing_it),
        cmocka_unit_test(writes_hex_in_lower_case),
        cmocka_unit_test(shows_bytes_as_printable_ascii),
        cmocka_unit_test(cuts_what_it_shows),
        cmocka_unit_test(shows_whole_texts_without_cutting_them),
        cmocka_unit_test(takes_words_of_1_to_255_bytes_of_utf_8),
        cmocka_unit_test(copies_bytes_with_a_nul_behind_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
