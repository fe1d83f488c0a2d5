/* jws.c: strict base64url, and compact JWS taken apart. */
#include "jws.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The reference, bit by bit (RFC 4648, section 5): writes the text of `len` bytes, returns its length. */
static size_t encode(const uint8_t *bytes, size_t len, char *to)
{
    size_t count = 0;
    for (size_t bit = 0; bit < len * 8; bit += 6) {
        unsigned value = 0;
        for (size_t i = bit; i < bit + 6; i++)
            value = value << 1 | (i < len * 8 ? (unsigned)bytes[i / 8] >> (7 - i % 8) & 1u : 0);
        to[count++] = digits[value];
    }
    to[count] = '\0';
    return count;
}

static bool reads(const char *text, size_t len)
{
    uint8_t *to = malloc(len + 1);
    size_t size = 0;
    assert_non_null(to);
    bool done = base64url_read(text, len, to, &size);
    free(to);
    return done;
}

static void goes_both_ways_for_every_length(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 64; len++)
        for (unsigned seed = 0; seed < 8; seed++) {
            uint8_t bytes[64];
            uint8_t back[90];
            char expected[90];
            size_t size = 0;
            struct text written = {0};
            for (size_t i = 0; i < len; i++)
                bytes[i] = (uint8_t)(seed == 0 ? 0 : seed == 1 ? 0xFF : seed * 37 + i * (seed * 59 + 1));
            size_t text_len = encode(bytes, len, expected);
            base64url_write(&written, bytes, len);
            text_add(&written, "", 0);
            assert_string_equal(expected, written.data);
            assert_true(base64url_read(written.data, text_len, back, &size));
            assert_int_equal(len, size);
            assert_memory_equal(bytes, back, len);
            text_free(&written);
        }
}

static void knows_the_vectors_of_the_rfc(void **state)
{
    static const char *const vectors[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct text written = {0};
        text_add(&written, "", 0);
        base64url_write(&written, vectors[i][0], strlen(vectors[i][0]));
        assert_string_equal(vectors[i][1], written.data);
        text_free(&written);
    }
}

/* Of all pairs of bytes those, and only those, that the 256 bytes are written as. */
static void has_one_text_for_one_content(void **state)
{
    unsigned count = 0;
    (void)state;
    for (unsigned pair = 0; pair < 65536; pair++) {
        const char text[2] = {(char)(pair >> 8), (char)(pair & 0xFF)};
        uint8_t byte[2];
        char again[3];
        size_t size = 0;
        if (!base64url_read(text, 2, byte, &size))
            continue;
        assert_int_equal(1, size);
        assert_int_equal(2, encode(byte, 1, again));
        assert_memory_equal(text, again, 2);
        count++;
    }
    assert_int_equal(256, count);
}

static void refuses_unused_bits_that_are_set(void **state)
{
    (void)state;
    for (size_t i = 0; i < 64; i++) {
        const char two[2] = {'A', digits[i]};
        const char three[3] = {'A', 'A', digits[i]};
        const char six[6] = {'A', 'A', 'A', 'A', '_', digits[i]};
        assert_int_equal(i % 16 == 0, reads(two, 2));
        assert_int_equal(i % 4 == 0, reads(three, 3));
        assert_int_equal(i % 16 == 0, reads(six, 6));
    }
}

static void refuses_lengths_that_no_content_has(void **state)
{
    char text[66];
    (void)state;
    memset(text, 'A', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++)
        assert_int_equal(len % 4 != 1, reads(text, len));
}

static void refuses_every_byte_outside_of_the_alphabet_at_every_place(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++)
        for (size_t at = 0; at < 4; at++) {
            char text[4] = {'A', 'A', 'A', 'A'};
            text[at] = (char)byte;
            bool known = byte != 0 && strchr(digits, (int)byte) != NULL;
            assert_int_equal(known, reads(text, 4));
        }
}

static void refuses_padding_white_space_and_the_standard_alphabet(void **state)
{
    static const char *const refused[] = {"Zg==",  "Zm8=",  "Zg=",      "=",    "Zm9v====", "Zm9v\n",
                                          " Zm9v", "Zm 9v", "Zm9v\r\n", "Zm9+", "Zm9/"};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(reads(refused[i], strlen(refused[i])));
}

static void takes_three_parts_apart(void **state)
{
    static const char text[] = "e30.Zm9vYmFy.AQID";
    struct jws jws;
    const char *what = "";
    (void)state;
    assert_int_equal(OZC_VALID, jws_read(text, strlen(text), &jws, &what));
    assert_null(what);
    assert_int_equal(2, jws.header_len);
    assert_memory_equal("{}", jws.header, 2);
    assert_int_equal(6, jws.claims_len);
    assert_memory_equal("foobar", jws.claims, 6);
    assert_int_equal(3, jws.signature_len);
    assert_memory_equal("\1\2\3", jws.signature, 3);
    assert_ptr_equal(text, jws.signed_bytes);
    assert_int_equal(strlen("e30.Zm9vYmFy"), jws.signed_len);
    jws_free(&jws);
    assert_null(jws.bytes);
}

/* The length is given, so that the text can be cut and can hold NUL. */
static void assert_rejected(const char *text, size_t len, const char *what_it_says)
{
    struct jws jws;
    const char *what = NULL;
    if (jws_read(text, len, &jws, &what) != OZC_REJECTED)
        fail_msg("%s was taken", text);
    jws_free(&jws);
    if (what == NULL || strstr(what, what_it_says) == NULL)
        fail_msg("%s: %s", text, what == NULL ? "no reason" : what);
}

static void refuses_another_number_of_parts(void **state)
{
    static const char *const texts[] = {"",     "e30",          "e30.e30", "e30.e30.AQID.AQID", "e30.e30.AQID.",
                                        "....", "e30..e30.AQID"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_rejected(texts[i], strlen(texts[i]), "exactly three parts");
    assert_rejected("e30.e30.AQID", 7, "exactly three parts");
}

static void refuses_an_empty_part(void **state)
{
    static const char *const texts[] = {".e30.AQID", "e30..AQID", "e30.e30.", "..", "..AQID", "e30.."};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_rejected(texts[i], strlen(texts[i]), "empty");
    assert_rejected("e30.e30.AQID", 8, "empty");
}

static void refuses_a_part_that_is_no_base64url_and_says_which(void **state)
{
    static const char *const ways[] = {"A", "e3=", "e31", "e 0", "e3+", "AAAAA", "e30\n", "\xC3\xA9"};
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (unsigned part = 0; part < 3; part++) {
            static const char *const names[] = {"header", "claims", "signature"};
            struct text text = {0};
            text_print(&text, "%s.%s.%s", part == 0 ? ways[i] : "e30", part == 1 ? ways[i] : "e30",
                       part == 2 ? ways[i] : "AQID");
            assert_rejected(text.data, text.len, names[part]);
            text_free(&text);
        }
    assert_rejected("e30.e30.AQID\0", 13, "signature");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_both_ways_for_every_length),
        cmocka_unit_test(knows_the_vectors_of_the_rfc),
        cmocka_unit_test(has_one_text_for_one_content),
        cmocka_unit_test(refuses_unused_bits_that_are_set),
        cmocka_unit_test(refuses_lengths_that_no_content_has),
        cmocka_unit_test(refuses_every_byte_outside_of_the_alphabet_at_every_place),
        cmocka_unit_test(refuses_padding_white_space_and_the_standard_alphabet),
        cmocka_unit_test(takes_three_parts_apart),
        cmocka_unit_test(refuses_another_number_of_parts),
        cmocka_unit_test(refuses_an_empty_part),
        cmocka_unit_test(refuses_a_part_that_is_no_base64url_and_says_which),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
