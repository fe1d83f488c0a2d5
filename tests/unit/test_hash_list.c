/* hash_list.c: one line of hashes.sha256, read and written. */
#include "hash_list.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* 64 digits, counted up: 00 01 02 ... 1f */
#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* What is wrong with the first line of the text; NULL: nothing. Read from memory of exactly that length. */
static const char *fault_of(const char *text, size_t len)
{
    uint8_t *list = malloc(len == 0 ? 1 : len);
    struct hash_line line;
    size_t at = 0;
    if (len > 0)
        memcpy(list, text, len);
    const char *fault = hash_line_read(list, len, &at, &line);
    free(list);
    return fault;
}

#define ASSERT_READ(text) assert_null(fault_of(text, sizeof(text) - 1))
#define ASSERT_REFUSED(text) assert_non_null(fault_of(text, sizeof(text) - 1))

static void reads_hash_name_and_where_the_line_begins(void **state)
{
    (void)state;
    static const char list[] = DIGITS "  media/a\n" DIGITS "  mimetype\n";
    struct hash_line line;
    size_t at = 0;
    assert_null(hash_line_read((const uint8_t *)list, sizeof list - 1, &at, &line));
    assert_int_equal(0, line.offset);
    assert_int_equal(64 + 2 + 7 + 1, at);
    assert_null(hash_line_read((const uint8_t *)list, sizeof list - 1, &at, &line));
    assert_int_equal(64 + 2 + 7 + 1, line.offset);
    assert_int_equal(sizeof list - 1, at);
    assert_int_equal(8, line.name_len);
    assert_memory_equal("mimetype", line.name, 8);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        assert_int_equal(i, line.sha256[i]);
}

static void refuses_a_line_that_is_cut_anywhere(void **state)
{
    (void)state;
    static const char line[] = DIGITS "  a\n";
    for (size_t len = 0; len < sizeof line - 1; len++)
        assert_non_null(fault_of(line, len));
    assert_null(fault_of(line, sizeof line - 1));
}

static void refuses_a_line_feed_in_place_of_any_byte(void **state)
{
    (void)state;
    char line[] = DIGITS "  ab\n";
    for (size_t i = 0; i + 2 < sizeof line; i++) {
        char kept = line[i];
        line[i] = '\n';
        if (i != sizeof line - 3) /* before the last byte of the name, it only makes the name shorter */
            assert_non_null(fault_of(line, sizeof line - 1));
        line[i] = kept;
    }
}

static void takes_lower_case_hex_digits_alone(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1, 31, 62, 63};
    for (size_t place = 0; place < sizeof places / sizeof *places; place++)
        for (int c = 0; c < 256; c++) {
            char line[] = DIGITS "  a\n";
            line[places[place]] = (char)c;
            int is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (is_digit != (fault_of(line, sizeof line - 1) == NULL))
                fail_msg("byte %d at %zu", c, places[place]);
        }
}

static void wants_two_spaces_and_no_more(void **state)
{
    (void)state;
    ASSERT_READ(DIGITS "  a\n");
    ASSERT_REFUSED(DIGITS " a\n");
    ASSERT_REFUSED(DIGITS "   a\n");
    ASSERT_REFUSED(DIGITS "\t a\n");
    ASSERT_REFUSED(DIGITS " *a\n");
    ASSERT_REFUSED(DIGITS "a\n");
    ASSERT_REFUSED(DIGITS "0  a\n");
}

static void wants_a_name_that_the_format_allows(void **state)
{
    (void)state;
    char line[64 + 2 + 256 + 1];
    memset(line, 'a', sizeof line);
    memset(line + 64, ' ', 2);
    line[64 + 2 + 255] = '\n';
    assert_null(fault_of(line, 64 + 2 + 255 + 1));
    line[64 + 2 + 255] = 'a';
    line[64 + 2 + 256] = '\n';
    assert_non_null(fault_of(line, sizeof line));
    ASSERT_REFUSED(DIGITS "  \n");
    ASSERT_REFUSED(DIGITS "  a \n");
    ASSERT_REFUSED(DIGITS "  ./a\n");
    ASSERT_REFUSED(DIGITS "  a/\n");
    ASSERT_REFUSED(DIGITS "  con\n");
    ASSERT_REFUSED(DIGITS "  a\0\n");
}

static void refuses_a_carriage_return_and_says_so(void **state)
{
    (void)state;
    const char *fault = fault_of(DIGITS "  a\r\n", 64 + 2 + 3);
    assert_non_null(fault);
    assert_non_null(strstr(fault, "carriage return"));
}

static void refuses_what_sha256sum_writes_for_names_that_it_escapes(void **state)
{
    (void)state;
    ASSERT_REFUSED("\\" DIGITS "  a\\nb\n");
    ASSERT_REFUSED("# comment\n");
    ASSERT_REFUSED("\n");
}

static void goes_on_behind_a_line_that_it_refused(void **state)
{
    (void)state;
    static const char list[] = "nonsense\n" DIGITS "  a\n";
    struct hash_line line;
    size_t at = 0;
    assert_non_null(hash_line_read((const uint8_t *)list, sizeof list - 1, &at, &line));
    assert_int_equal(9, at);
    assert_null(hash_line_read((const uint8_t *)list, sizeof list - 1, &at, &line));
    assert_int_equal(9, line.offset);
}

static int order_of(const char *a, const char *b)
{
    int order = hash_name_order(a, strlen(a), b, strlen(b));
    return (order > 0) - (order < 0);
}

static void orders_names_bytewise_and_shorter_ones_first(void **state)
{
    (void)state;
    /* The order of the bytes - . / 0 9 A Z _ a z */
    static const char *const names[] = {"a", "a-", "a.", "a/", "a/b", "a0", "a9", "aA", "aZ", "a_", "aa", "az", "b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            assert_int_equal((i > k) - (i < k), order_of(names[i], names[k]));
    assert_int_equal(-1, order_of("B", "a"));
}

static void orders_bytes_without_sign(void **state)
{
    (void)state;
    assert_int_equal(-1, order_of("a", "\xFF"));
    assert_int_equal(1, order_of("\x80", "\x7F"));
}

static void writes_lines_that_it_reads(void **state)
{
    (void)state;
    struct text list = {0};
    uint8_t sha256[SHA256_SIZE];
    for (size_t i = 0; i < SHA256_SIZE; i++)
        sha256[i] = (uint8_t)i;
    hash_line_write(&list, sha256, "media/a");
    assert_string_equal(DIGITS "  media/a\n", list.data);
    hash_line_write(&list, sha256, "mimetype");
    assert_string_equal(DIGITS "  media/a\n" DIGITS "  mimetype\n", list.data);
    text_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hash_name_and_where_the_line_begins),
        cmocka_unit_test(refuses_a_line_that_is_cut_anywhere),
        cmocka_unit_test(refuses_a_line_feed_in_place_of_any_byte),
        cmocka_unit_test(takes_lower_case_hex_digits_alone),
        cmocka_unit_test(wants_two_spaces_and_no_more),
        cmocka_unit_test(wants_a_name_that_the_format_allows),
        cmocka_unit_test(refuses_a_carriage_return_and_says_so),
        cmocka_unit_test(refuses_what_sha256sum_writes_for_names_that_it_escapes),
        cmocka_unit_test(goes_on_behind_a_line_that_it_refused),
        cmocka_unit_test(orders_names_bytewise_and_shorter_ones_first),
        cmocka_unit_test(orders_bytes_without_sign),
        cmocka_unit_test(writes_lines_that_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
