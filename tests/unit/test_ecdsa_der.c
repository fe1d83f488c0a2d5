/* ecdsa_der.c: ECDSA signatures between strict DER and raw r || s. */
#include "crypto.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { INTEGER = 0x02, BIT_STRING = 0x03, SEQUENCE = 0x30 };

/* Bytes that are put together field by field. */
struct built {
    uint8_t bytes[2048];
    size_t len;
};

static void put(struct built *to, const void *bytes, size_t len)
{
    memcpy(to->bytes + to->len, bytes, len);
    to->len += len;
}

static void put_byte(struct built *to, unsigned byte)
{
    to->bytes[to->len++] = (uint8_t)byte;
}

/* How a length is written: the shortest form is DER, the others are BER. */
enum form { SHORTEST, ONE_BYTE_MORE, TWO_BYTES_MORE, INDEFINITE };

static void put_length(struct built *to, size_t len, enum form form)
{
    size_t needed = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;
    size_t more = needed + (size_t)form;
    if (form == INDEFINITE) {
        put_byte(to, 0x80);
        return;
    }
    put_byte(to, more == 0 ? (unsigned)len : 0x80u | (unsigned)more);
    for (size_t i = more; i-- > 0;)
        put_byte(to, i < sizeof len ? (unsigned)(len >> (8 * i) & 0xFF) : 0);
}

static void put_field(struct built *to, unsigned tag, enum form form, const void *content, size_t len)
{
    put_byte(to, tag);
    put_length(to, len, form);
    put(to, content, len);
}

/* The content of an INTEGER: the first byte, then that many bytes 0x55. */
static void put_integer(struct built *to, unsigned first, size_t more)
{
    struct built content = {.len = 0};
    put_byte(&content, first);
    memset(content.bytes + 1, 0x55, more);
    put_field(to, INTEGER, SHORTEST, content.bytes, 1 + more);
}

/* Reads from a copy of exactly that size. */
static ozc_result read_der(const uint8_t *der, size_t len, size_t half, uint8_t raw[KEY_SIGNATURE_MOST])
{
    uint8_t *copy = malloc(len + (len == 0));
    assert_non_null(copy);
    memcpy(copy, der, len);
    ozc_result result = ecdsa_der_read(copy, len, half, raw);
    free(copy);
    return result;
}

/* What the SEQUENCE of that content comes to. */
static ozc_result read_sequence(const struct built *content, size_t half)
{
    static struct built whole;
    uint8_t raw[KEY_SIGNATURE_MOST];
    whole.len = 0;
    put_field(&whole, SEQUENCE, SHORTEST, content->bytes, content->len);
    return read_der(whole.bytes, whole.len, half, raw);
}

static void goes_both_ways_for_numbers_of_every_size(void **state)
{
    static const size_t halves[] = {32, 48};
    (void)state;
    for (size_t h = 0; h < 2; h++)
        for (size_t r_size = 0; r_size <= halves[h]; r_size++)
            for (unsigned top = 0x7F; top <= 0x80; top++) {
                size_t half = halves[h];
                uint8_t raw[KEY_SIGNATURE_MOST] = {0};
                uint8_t back[KEY_SIGNATURE_MOST];
                uint8_t der[ECDSA_DER_MOST];
                memset(raw + half - r_size, 0x5A, r_size);
                memset(raw + half, 0xA5, half);
                raw[half - r_size] = (uint8_t)(r_size == 0 ? raw[half] : top);
                size_t len = ecdsa_der_write(raw, half, der);
                assert_true(len <= ECDSA_DER_MOST);
                assert_int_equal(OZC_VALID, read_der(der, len, half, back));
                assert_memory_equal(raw, back, 2 * half);
            }
}

static void writes_numbers_without_a_byte_that_says_nothing(void **state)
{
    uint8_t raw[KEY_SIGNATURE_MOST] = {0};
    uint8_t der[ECDSA_DER_MOST];
    struct built expected = {.len = 0};
    (void)state;
    raw[63] = 0x80; /* s = 128; r = 0 */
    put_byte(&expected, SEQUENCE);
    put_byte(&expected, 7);
    put_field(&expected, INTEGER, SHORTEST, "\0", 1);
    put_field(&expected, INTEGER, SHORTEST, "\0\x80", 2);
    assert_int_equal(expected.len, ecdsa_der_write(raw, 32, der));
    assert_memory_equal(expected.bytes, der, expected.len);
    memset(raw, 0xFF, sizeof raw);
    assert_int_equal(2 + 2 * (2 + 1 + 48), ecdsa_der_write(raw, 48, der));
}

static void writes_what_it_reads_byte_for_byte(void **state)
{
    static const uint8_t firsts[] = {0x01, 0x7F, 0x55};
    (void)state;
    for (size_t i = 0; i < sizeof firsts; i++) {
        struct built content = {.len = 0};
        struct built whole = {.len = 0};
        uint8_t raw[KEY_SIGNATURE_MOST];
        uint8_t again[ECDSA_DER_MOST];
        put_integer(&content, firsts[i], i * 20);
        put_integer(&content, firsts[2 - i], 47);
        put_field(&whole, SEQUENCE, SHORTEST, content.bytes, content.len);
        assert_int_equal(OZC_VALID, read_der(whole.bytes, whole.len, 48, raw));
        assert_int_equal(whole.len, ecdsa_der_write(raw, 48, again));
        assert_memory_equal(whole.bytes, again, whole.len);
    }
}

static void knows_numbers_that_can_not_hold_from_what_is_no_der(void **state)
{
    static const struct {
        unsigned first;
        size_t more;
        ozc_result result;
    } numbers[] = {{0x01, 31, OZC_VALID},     {0x7F, 31, OZC_VALID},     {0x01, 32, OZC_REJECTED},
                   {0x80, 0, OZC_REJECTED},   {0xFF, 0, OZC_REJECTED},   {0x80, 31, OZC_REJECTED},
                   {0xFF, 1, OZC_REJECTED},   {0x01, 117, OZC_REJECTED}, {0x01, 200, OZC_REJECTED},
                   {0x01, 300, OZC_REJECTED}, {0x01, 900, OZC_REJECTED}, {0x00, 0, OZC_VALID},
                   {0x00, 31, OZC_MISUSE}};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (int is_s = 0; is_s < 2; is_s++) {
            struct built content = {.len = 0};
            if (is_s)
                put_integer(&content, 0x01, 0);
            put_integer(&content, numbers[i].first, numbers[i].more);
            if (!is_s)
                put_integer(&content, 0x01, 0);
            assert_int_equal(numbers[i].result, read_sequence(&content, 32));
        }
}

static void takes_a_leading_zero_only_where_the_sign_needs_it(void **state)
{
    static const struct {
        unsigned second;
        ozc_result result;
    } numbers[] = {{0x80, OZC_VALID}, {0xFF, OZC_VALID}, {0x7F, OZC_MISUSE}, {0x00, OZC_MISUSE}};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct built content = {.len = 0};
        const uint8_t two[] = {0, (uint8_t)numbers[i].second};
        put_field(&content, INTEGER, SHORTEST, two, 2);
        put_integer(&content, 1, 0);
        assert_int_equal(numbers[i].result, read_sequence(&content, 32));
    }
    struct built content = {.len = 0};
    put_field(&content, INTEGER, SHORTEST, "\xFF\x80", 2); /* -128 in a byte more than it needs */
    put_integer(&content, 1, 0);
    assert_int_equal(OZC_MISUSE, read_sequence(&content, 32));
}

static void refuses_other_numbers_of_integers_and_other_types(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= 4; count++) {
        struct built content = {.len = 0};
        for (unsigned i = 0; i < count; i++)
            put_integer(&content, 1, 3);
        assert_int_equal(count == 2 ? OZC_VALID : OZC_MISUSE, read_sequence(&content, 32));
        put_byte(&content, 0);
        assert_int_equal(OZC_MISUSE, read_sequence(&content, 32));
    }
    for (int which = 0; which < 2; which++) {
        struct built content = {.len = 0};
        put_field(&content, which == 0 ? BIT_STRING : INTEGER, SHORTEST, "\1", 1);
        put_field(&content, which == 1 ? BIT_STRING : INTEGER, SHORTEST, "\1", 1);
        assert_int_equal(OZC_MISUSE, read_sequence(&content, 32));
    }
    struct built content = {.len = 0};
    put_field(&content, INTEGER, SHORTEST, "", 0);
    put_integer(&content, 1, 0);
    assert_int_equal(OZC_MISUSE, read_sequence(&content, 32));
}

static void refuses_every_length_that_is_not_in_the_shortest_form(void **state)
{
    static const size_t sizes[] = {1, 20, 47};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum form outer = SHORTEST; outer <= TWO_BYTES_MORE; outer++)
            for (enum form inner = SHORTEST; inner <= TWO_BYTES_MORE; inner++) {
                struct built content = {.len = 0};
                struct built whole = {.len = 0};
                uint8_t number[48];
                uint8_t raw[KEY_SIGNATURE_MOST];
                memset(number, 0x11, sizeof number);
                put_field(&content, INTEGER, inner, number, sizes[i]);
                put_field(&content, INTEGER, SHORTEST, number, sizes[i]);
                put_field(&whole, SEQUENCE, outer, content.bytes, content.len);
                bool strict = outer == SHORTEST && inner == SHORTEST;
                assert_int_equal(strict ? OZC_VALID : OZC_MISUSE, read_der(whole.bytes, whole.len, 48, raw));
            }
}

/* 0x80 means indefinite, never 128: X.690, 8.1.3.6 and 10.1. So also where 128 bytes follow. */
static void refuses_an_indefinite_length_whatever_follows(void **state)
{
    static const size_t sizes[] = {20, 60, 61, 62, 63, 64, 90};
    uint8_t raw[KEY_SIGNATURE_MOST];
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct built content = {.len = 0};
        struct built whole = {.len = 0};
        put_integer(&content, 1, sizes[i] - 1);
        put_integer(&content, 1, sizes[i] - 1);
        put_field(&whole, SEQUENCE, INDEFINITE, content.bytes, content.len);
        assert_int_equal(OZC_MISUSE, read_der(whole.bytes, whole.len, 48, raw));
        put(&whole, "\0\0", 2); /* with the end that BER has for it */
        assert_int_equal(OZC_MISUSE, read_der(whole.bytes, whole.len, 48, raw));
    }
    struct built content = {.len = 0};
    struct built number = {.len = 0};
    memset(number.bytes, 0x11, 128);
    put_field(&content, INTEGER, INDEFINITE, number.bytes, 128);
    put_integer(&content, 1, 0);
    assert_int_equal(OZC_MISUSE, read_sequence(&content, 48));
}

static void refuses_another_outer_tag_and_bytes_left_over(void **state)
{
    struct built content = {.len = 0};
    struct built whole = {.len = 0};
    uint8_t raw[KEY_SIGNATURE_MOST];
    (void)state;
    put_integer(&content, 1, 10);
    put_integer(&content, 1, 10);
    put_field(&whole, SEQUENCE, SHORTEST, content.bytes, content.len);
    for (unsigned tag = 0; tag < 256; tag++) {
        whole.bytes[0] = (uint8_t)tag;
        assert_int_equal(tag == SEQUENCE ? OZC_VALID : OZC_MISUSE, read_der(whole.bytes, whole.len, 32, raw));
    }
    whole.bytes[0] = SEQUENCE;
    put_byte(&whole, 0);
    assert_int_equal(OZC_MISUSE, read_der(whole.bytes, whole.len, 32, raw));
}

static void refuses_a_signature_cut_anywhere(void **state)
{
    static const size_t sizes[] = {1, 48, 70, 200};
    uint8_t raw[KEY_SIGNATURE_MOST];
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct built content = {.len = 0};
        struct built whole = {.len = 0};
        put_integer(&content, 1, sizes[i] - 1);
        put_integer(&content, 1, sizes[i] - 1);
        put_field(&whole, SEQUENCE, SHORTEST, content.bytes, content.len);
        for (size_t len = 0; len < whole.len; len++)
            assert_int_equal(OZC_MISUSE, read_der(whole.bytes, len, 48, raw));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_both_ways_for_numbers_of_every_size),
        cmocka_unit_test(writes_numbers_without_a_byte_that_says_nothing),
        cmocka_unit_test(writes_what_it_reads_byte_for_byte),
        cmocka_unit_test(knows_numbers_that_can_not_hold_from_what_is_no_der),
        cmocka_unit_test(takes_a_leading_zero_only_where_the_sign_needs_it),
        cmocka_unit_test(refuses_other_numbers_of_integers_and_other_types),
        cmocka_unit_test(refuses_every_length_that_is_not_in_the_shortest_form),
        cmocka_unit_test(refuses_an_indefinite_length_whatever_follows),
        cmocka_unit_test(refuses_another_outer_tag_and_bytes_left_over),
        cmocka_unit_test(refuses_a_signature_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
