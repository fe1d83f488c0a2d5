/* pem.c: key files with exactly one block, and every file of testdata/keys/bad refused for what it is. */
#include "crypto.h"
#include "pem.h"
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY "MCowBQYDK2VwAyEA\n"
#define BLOCK(label) "-----BEGIN " label "-----\n" BODY "-----END " label "-----\n"

static void assert_one_block(const char *pem, size_t len, const char *label)
{
    struct text why = {0};
    if (!pem_is_one_block(pem, len, label, &why))
        fail_msg("%s", why.data);
    assert_null(why.data);
}

/* Refused, with a reason that holds these words, in plain ASCII. */
static void assert_no_block(const char *pem, size_t len, const char *label, const char *words)
{
    struct text why = {0};
    if (pem_is_one_block(pem, len, label, &why))
        fail_msg("taken, where \"%s\" was expected", words);
    assert_non_null(why.data);
    if (strstr(why.data, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why.data, words);
    for (size_t i = 0; i < why.len; i++)
        assert_in_range(why.data[i], 0x20, 0x7E);
    text_free(&why);
}

static void refuse(const char *pem, const char *words)
{
    assert_no_block(pem, strlen(pem), PEM_PUBLIC, words);
}

static void takes_one_block_with_white_space_around_it(void **state)
{
    static const char *const blocks[] = {BLOCK("PUBLIC KEY"), "\n\n \t\r\n" BLOCK("PUBLIC KEY") "\r\n \t\n\n",
                                         "-----BEGIN PUBLIC KEY-----\r\n" BODY "-----END PUBLIC KEY-----"};
    (void)state;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        assert_one_block(blocks[i], strlen(blocks[i]), PEM_PUBLIC);
    assert_one_block(BLOCK("PRIVATE KEY"), strlen(BLOCK("PRIVATE KEY")), PEM_PRIVATE);
}

/* OpenSSL passes over a line that is no opening one, and reads the block behind it. */
static void refuses_text_within_the_block(void **state)
{
    (void)state;
    refuse("-----BEGIN PUBLIC KEY----- some text\n" BODY "-----END PUBLIC KEY-----\n", "not plain Base64");
    refuse("-----BEGIN PUBLIC KEY-----" BODY "-----END PUBLIC KEY-----\n", "not plain Base64");
    refuse("-----BEGIN PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n\n" BODY "-----END PUBLIC KEY-----\n",
           "not plain Base64");
    refuse("-----BEGIN PUBLIC KEY----- text\n" BLOCK("PUBLIC KEY"), "does not end");
    refuse("-----BEGIN PUBLIC KEY-----\n" BLOCK("PUBLIC KEY"), "does not end");
}

static void reads_no_byte_behind_the_length(void **state)
{
    static const char pem[] = BLOCK("PUBLIC KEY");
    (void)state;
    for (size_t len = 0; len < strlen(pem); len++) {
        char *copy = malloc(len + (len == 0));
        struct text why = {0};
        assert_non_null(copy);
        memcpy(copy, pem, len);
        assert_int_equal(len == strlen(pem) - 1, pem_is_one_block(copy, len, PEM_PUBLIC, &why));
        text_free(&why);
        free(copy);
    }
}

static void refuses_what_stands_around_the_block(void **state)
{
    (void)state;
    refuse("# a key\n" BLOCK("PUBLIC KEY"), "text before");
    refuse("x" BLOCK("PUBLIC KEY"), "text before");
    refuse("\xEF\xBB\xBF" BLOCK("PUBLIC KEY"), "text before");
    refuse(BLOCK("PUBLIC KEY") "x", "text behind");
    refuse(BLOCK("PUBLIC KEY") "-----END PUBLIC KEY-----\n", "text behind");
    refuse(BLOCK("PUBLIC KEY") BLOCK("PUBLIC KEY"), "more than one");
    refuse(BLOCK("PUBLIC KEY") "comment\n" BLOCK("PRIVATE KEY"), "more than one");
    refuse(BLOCK("PRIVATE KEY") BLOCK("PUBLIC KEY"), "private key");
    assert_no_block(BLOCK("PUBLIC KEY") "\0", strlen(BLOCK("PUBLIC KEY")) + 1, PEM_PUBLIC, "text behind");
}

static void refuses_a_block_that_has_no_beginning_or_no_end(void **state)
{
    (void)state;
    refuse("", "empty");
    refuse("\n", "no PEM block");
    refuse("no key", "no PEM block");
    refuse(BODY, "no PEM block");
    refuse("-----BEGIN PUBLIC KEY", "no PEM block");
    refuse("----BEGIN PUBLIC KEY----\n" BODY "----END PUBLIC KEY----\n", "no PEM block");
    refuse("-----BEGIN PUBLIC KEY-----\n" BODY, "does not end");
    refuse("-----BEGIN PUBLIC KEY-----\n" BODY "-----END PUBLIC KEY----", "does not end");
    refuse("-----BEGIN PUBLIC KEY-----\n" BODY "-----END PRIVATE KEY-----\n", "does not end");
}

static void says_what_another_label_is(void **state)
{
    (void)state;
    refuse(BLOCK("PRIVATE KEY"), "private key, where a public one belongs; openssl pkey -pubout");
    refuse(BLOCK("EC PRIVATE KEY"), "SEC1");
    refuse(BLOCK("ENCRYPTED PRIVATE KEY"), "encrypted");
    refuse(BLOCK("CERTIFICATE"), "certificate");
    refuse(BLOCK("RSA PUBLIC KEY"), "RSA");
    refuse(BLOCK("EC PARAMETERS"), "parameters");
    refuse(BLOCK("public key"), "\"public key\", where \"PUBLIC KEY\" belongs");
    refuse(BLOCK("PUBLIC KEY "), "\"PUBLIC KEY \"");
    refuse(BLOCK("\x1B[2J\xE2\x80\xAE"), "\\x1b[2J\\xe2\\x80\\xae");
    assert_no_block(BLOCK("PUBLIC KEY"), strlen(BLOCK("PUBLIC KEY")), PEM_PRIVATE,
                    "public key, where a private one belongs");
}

static void refuses_files_that_are_too_long_for_a_key(void **state)
{
    struct text pem = {0};
    (void)state;
    text_print(&pem, "%s%*s", BLOCK("PUBLIC KEY"), 16384 - (int)strlen(BLOCK("PUBLIC KEY")), "");
    assert_one_block(pem.data, pem.len, PEM_PUBLIC);
    text_print(&pem, " ");
    assert_no_block(pem.data, pem.len, PEM_PUBLIC, "16384 bytes");
    text_free(&pem);
}

static const struct {
    const char *file;
    const char *words;
} bad[] = {{"brainpoolP384r1.key", "another curve (brainpoolP384r1)"},
           {"brainpoolP384r1.pub", "another curve (brainpoolP384r1)"},
           {"certificate.pem", "certificate"},
           {"cut-block.pub", "does not end"},
           {"damaged-base64.pub", "Base64"},
           {"der-with-trailing-byte.pub", "no key"},
           {"der.pub", "no PEM block"},
           {"ed448.pub", "another type (ED448)"},
           {"empty.pub", "empty"},
           {"encrypted.key", "encrypted"},
           {"explicit-parameters.key", "explicit parameters"},
           {"explicit-parameters.pub", "explicit parameters"},
           {"not-on-curve.pub", "not on the curve"},
           {"p521.pub", "another curve (secp521r1)"},
           {"private-where-public.pub", "private key"},
           {"public-where-private.key", "public key"},
           {"random-text.pub", "no PEM block"},
           {"rsa.key", "another type (RSA)"},
           {"rsa.pub", "another type (RSA)"},
           {"sec1.key", "SEC1"},
           {"secp256k1.pub", "another curve (secp256k1)"},
           {"text-before-the-block.pub", "text before"},
           {"two-blocks.pub", "more than one"},
           {"x25519.pub", "another type (X25519)"}};

static void refuses_each_bad_key_for_what_it_is(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    assert_non_null(crypto);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char name[128];
        struct key *key = NULL;
        struct text why = {0};
        snprintf(name, sizeof name, "keys/bad/%s", bad[i].file);
        struct bytes pem = read_testdata(name);
        bool is_private = strstr(bad[i].file, ".key") != NULL;
        assert_int_equal(OZC_MISUSE, is_private ? key_read_private(crypto, pem.data, pem.len, &key, &why)
                                                : key_read_public(crypto, pem.data, pem.len, &key, &why));
        assert_null(key);
        if (why.data == NULL || strstr(why.data, bad[i].words) == NULL)
            fail_msg("%s: \"%s\" does not say \"%s\"", bad[i].file, why.data == NULL ? "" : why.data, bad[i].words);
        text_free(&why);
        free(pem.data);
    }
}

static void knows_every_file_of_the_folder_of_bad_keys(void **state)
{
    size_t known = 0;
    DIR *folder = opendir(TESTDATA "/keys/bad");
    (void)state;
    assert_non_null(folder);
    for (struct dirent *file = readdir(folder); file != NULL; file = readdir(folder)) {
        size_t i = 0;
        if (file->d_name[0] == '.')
            continue;
        while (i < sizeof bad / sizeof *bad && strcmp(bad[i].file, file->d_name) != 0)
            i++;
        if (i == sizeof bad / sizeof *bad)
            fail_msg("no test knows keys/bad/%s", file->d_name);
        known++;
    }
    closedir(folder);
    assert_int_equal(sizeof bad / sizeof *bad, known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_one_block_with_white_space_around_it),
        cmocka_unit_test(refuses_text_within_the_block),
        cmocka_unit_test(reads_no_byte_behind_the_length),
        cmocka_unit_test(refuses_what_stands_around_the_block),
        cmocka_unit_test(refuses_a_block_that_has_no_beginning_or_no_end),
        cmocka_unit_test(says_what_another_label_is),
        cmocka_unit_test(refuses_files_that_are_too_long_for_a_key),
        cmocka_unit_test(refuses_each_bad_key_for_what_it_is),
        cmocka_unit_test(knows_every_file_of_the_folder_of_bad_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
