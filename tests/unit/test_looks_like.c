/* looks_like.c: a word for the first bytes of a file. */
#include "looks_like.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define ROW(bytes, word)                                                                                               \
    {                                                                                                                  \
        bytes, sizeof(bytes) - 1, word                                                                                 \
    }

static const struct {
    const char *bytes;
    size_t len;
    const char *word;
} rows[] = {
    ROW("", NULL),
    ROW("\0\0\0\x18"
        "ftypisom",
        "MP4"),
    ROW("\0\0\0\x18"
        "ftypheic",
        "HEIF image"),
    ROW("\0\0\0\x18"
        "ftypM4A ",
        "MPEG-4 audio"),
    ROW("\xFF\xD8\xFF\xE0", "JPEG"),
    ROW("\x89PNG\r\n\x1A\n", "PNG"),
    ROW("GIF89a", "GIF"),
    ROW("RIFF\1\2\3\4WEBPVP8 ", "WebP"),
    ROW("\x1F\x8B\x08\0", "gzip"),
    ROW("%PDF-1.7\n", "PDF"),
    ROW("7z\xBC\xAF\x27\x1C", "7-Zip"),
    ROW("PK\3\4\24\0", "ZIP"),
    ROW("PK\5\6\0\0", "ZIP end record"),
    ROW("\x7F"
        "ELF\2",
        "ELF program"),
    ROW("\x30\x82\1\1", NULL),
    ROW("-----BEGIN PUBLIC KEY-----\n", "PEM"),
    ROW("<?xml version=\"1.0\"?>", "XML"),
    ROW(" \n{\"a\":1}", "JSON"),
    ROW("eyJhbGciOiJFUzM4NCJ9.e30.AA", "JWS"),
    ROW("words\n", "text"),
    ROW("BMW and MZ are letters", "text"),
    ROW("BM\1\2", "BMP"),
    ROW("\xC3\xA4\xE2\x82\xAC", "text"),
    ROW("cut \xE2\x82", "text"),
    ROW("not \xE2\x28\xA1 text", NULL),
    ROW("\x1B[2J", NULL),
    ROW("\0\0\0\0", "zeros"),
    ROW("\xFF\xFF\xFF\xFF", "bytes 0xff"),
};

static void tells_kinds_of_file_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char *exactly = malloc(rows[i].len + 1);
        memcpy(exactly, rows[i].bytes, rows[i].len);
        const char *word = looks_like(exactly, rows[i].len);
        if (rows[i].word == NULL)
            assert_null(word);
        else if (word == NULL || strcmp(word, rows[i].word) != 0)
            fail_msg("row %zu looks like %s, not %s", i, word == NULL ? "nothing" : word, rows[i].word);
        free(exactly);
    }
}

static void knows_a_container_by_its_first_entry(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/default.ozc");
    assert_string_equal("OzCapsula container, profile 1", looks_like(container.data, LOOK_BYTES));
    assert_string_equal("ZIP", looks_like(container.data, 67));
    container.data[38] ^= 1;
    assert_string_equal("ZIP", looks_like(container.data, LOOK_BYTES));
    free(container.data);
}

/* Every cut of every row, in memory of exactly that size: the sanitizer watches. */
static void reads_nothing_behind_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t len = 0; len <= rows[i].len; len++) {
            unsigned char *exactly = malloc(len == 0 ? 1 : len);
            memcpy(exactly, rows[i].bytes, len);
            (void)looks_like(exactly, len);
            free(exactly);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_kinds_of_file_apart),
        cmocka_unit_test(knows_a_container_by_its_first_entry),
        cmocka_unit_test(reads_nothing_behind_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
