/* token.c: a session token read in its order, and verified by the key's own algorithm. */
#include "support.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct crypto *crypto;

static int set_up(void **state)
{
    (void)state;
    crypto = crypto_get();
    return crypto == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    return 0;
}

static struct key *read_key(const char *name, bool private_half)
{
    struct bytes pem = read_testdata(name);
    struct key *key = NULL;
    struct text why = {0};
    assert_int_equal(OZC_VALID, private_half ? key_read_private(crypto, pem.data, pem.len, &key, &why)
                                             : key_read_public(crypto, pem.data, pem.len, &key, &why));
    free(pem.data);
    return key;
}

/* header.claims, not signed yet. */
static struct text unsigned_token(const char *header, const char *claims)
{
    struct text text = {0};
    base64url_write(&text, header, strlen(header));
    text_add(&text, ".", 1);
    base64url_write(&text, claims, strlen(claims));
    return text;
}

static void add_signature(struct text *token, const void *signature, size_t len)
{
    text_add(token, ".", 1);
    base64url_write(token, signature, len);
}

static void takes_header_fields_from_the_header_only(void **state)
{
    struct text text =
        unsigned_token("{\"kid\":\"k\\u0031\",\"alg\":\"ES384\"}", "{\"alg\":\"none\",\"kid\":\"k2\",\"exp\":5}");
    struct text why = {0};
    struct token token;
    (void)state;
    add_signature(&text, "sig", 3);
    assert_int_equal(OZC_VALID, token_read(text.data, text.len, 64, &token, &why));
    assert_string_equal("ES384", token.alg);
    assert_string_equal("k1", token.kid);
    assert_null(token.claims);
    assert_int_equal(OZC_VALID, token_read_claims(&token, 64, &why));
    assert_string_equal("k2", json_text(json_member(token.claims, "kid")));
    assert_null(why.data);
    token_free(&token);
    assert_null(token.header);
    text_free(&text);
}

static void leaves_kid_out_where_there_is_none(void **state)
{
    struct text text = unsigned_token("{\"alg\":\"\",\"KID\":\"a\"}", "not looked at yet");
    struct text why = {0};
    struct token token;
    (void)state;
    add_signature(&text, "sig", 3);
    assert_int_equal(OZC_VALID, token_read(text.data, text.len, 64, &token, &why));
    assert_string_equal("", token.alg);
    assert_null(token.kid);
    assert_int_equal(OZC_REJECTED, token_read_claims(&token, 64, &why));
    assert_non_null(strstr(why.data, "claims"));
    text_free(&why);
    token_free(&token);
    text_free(&text);
}

/* Rejected with a reason that holds the words and no byte of the token. */
static void assert_header_rejected(const char *header, const char *words)
{
    struct text text = unsigned_token(header, "{}");
    struct text why = {0};
    struct token token;
    add_signature(&text, "sig", 3);
    if (token_read(text.data, text.len, 4, &token, &why) != OZC_REJECTED)
        fail_msg("%s: taken", header);
    if (strstr(why.data, words) == NULL || strstr(why.data, "SECRET") != NULL)
        fail_msg("%s: %s", header, why.data);
    token_free(&token);
    text_free(&why);
    text_free(&text);
}

static void refuses_a_header_that_is_no_strict_object(void **state)
{
    (void)state;
    assert_header_rejected("SECRET", "no strict JSON");
    assert_header_rejected("{\"alg\":\"ES384\",\"SECRET\":01}", "at byte 24");
    assert_header_rejected("{\"alg\":\"ES384\",\"alg\":\"SECRET\"}", "has already");
    assert_header_rejected("\"SECRET\"", "are a string; expected an object");
    assert_header_rejected("[\"SECRET\"]", "an array");
    assert_header_rejected("null", "null");
    assert_header_rejected("{\"alg\":\"ES384\",\"a\":{\"b\":{\"c\":{\"SECRET\":[]}}}}", "within each other");
}

static void refuses_a_header_without_alg_and_with_a_kid_that_is_no_text(void **state)
{
    (void)state;
    assert_header_rejected("{}", "no alg");
    assert_header_rejected("{\"Alg\":\"SECRET\"}", "no alg");
    assert_header_rejected("{\"alg\":null}", "alg in its header is no string");
    assert_header_rejected("{\"alg\":[\"SECRET\"]}", "alg in its header is no string");
    assert_header_rejected("{\"alg\":\"ES384\",\"kid\":5}", "kid in its header is no string");
    assert_header_rejected("{\"alg\":\"ES384\",\"kid\":null}", "kid in its header is no string");
}

static void refuses_claims_that_are_no_strict_object(void **state)
{
    static const char *const claims[] = {"SECRET", "[\"SECRET\"]", "{\"SECRET\":1,\"SECRET\":2}",
                                         "null",   "{} SECRET",    "{\"a\":[[[[]]]]}"};
    (void)state;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        struct text text = unsigned_token("{\"alg\":\"ES384\"}", claims[i]);
        struct text why = {0};
        struct token token;
        add_signature(&text, "sig", 3);
        assert_int_equal(OZC_VALID, token_read(text.data, text.len, 4, &token, &why));
        assert_int_equal(OZC_REJECTED, token_read_claims(&token, 4, &why));
        assert_non_null(strstr(why.data, "claims"));
        assert_null(strstr(why.data, "SECRET"));
        token_free(&token);
        text_free(&why);
        text_free(&text);
    }
}

static const struct {
    const char *private_half;
    const char *public_half;
} keys[KEY_KINDS] = {{"keys/TEST-issuer-p384.key", "keys/TEST-issuer-p384.pub"},
                     {"keys/TEST-issuer-p256.key", "keys/TEST-issuer-p256.pub"},
                     {"keys/TEST-issuer-ed25519.key", "keys/TEST-issuer-ed25519.pub"}};

/* What the key says to a signature that is `len` bytes of `raw`. */
static ozc_result verify(const struct text *signed_part, const uint8_t *raw, size_t len, const struct key *key)
{
    struct text text = {0};
    struct text why = {0};
    struct token token;
    text_add(&text, signed_part->data, signed_part->len);
    add_signature(&text, raw, len);
    assert_int_equal(OZC_VALID, token_read(text.data, text.len, 64, &token, &why));
    ozc_result result = token_verify(&token, key);
    token_free(&token);
    text_free(&text);
    return result;
}

/* alg says something else: it decides nothing here. */
static void verifies_by_the_algorithm_of_the_key_whatever_alg_says(void **state)
{
    struct text part = unsigned_token("{\"alg\":\"none\"}", "{\"exp\":1}");
    (void)state;
    for (int signer = 0; signer < KEY_KINDS; signer++) {
        uint8_t raw[KEY_SIGNATURE_MOST] = {0};
        struct key *private_half = read_key(keys[signer].private_half, true);
        size_t len = 2 * key_traits((enum key_kind)signer)->half;
        assert_int_equal(OZC_VALID, key_sign(private_half, part.data, part.len, raw));
        for (int kind = 0; kind < KEY_KINDS; kind++) {
            struct key *key = read_key(keys[kind].public_half, false);
            assert_int_equal(kind == signer ? OZC_VALID : OZC_REJECTED, verify(&part, raw, len, key));
            key_free(key);
        }
        key_free(private_half);
    }
    text_free(&part);
}

static void refuses_a_signature_of_every_other_length(void **state)
{
    struct text part = unsigned_token("{\"alg\":\"ES384\"}", "{\"exp\":1}");
    (void)state;
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        uint8_t raw[2 * KEY_SIGNATURE_MOST] = {0};
        struct key *key = read_key(keys[kind].private_half, true);
        assert_int_equal(OZC_VALID, key_sign(key, part.data, part.len, raw));
        for (size_t len = 1; len < sizeof raw; len++)
            assert_int_equal(len == 2 * key_traits((enum key_kind)kind)->half ? OZC_VALID : OZC_REJECTED,
                             verify(&part, raw, len, key));
        key_free(key);
    }
    text_free(&part);
}

static void refuses_a_signature_in_der(void **state)
{
    struct text part = unsigned_token("{\"alg\":\"ES384\"}", "{\"exp\":1}");
    struct key *key = read_key(keys[KEY_P384].private_half, true);
    uint8_t raw[KEY_SIGNATURE_MOST];
    uint8_t der[ECDSA_DER_MOST];
    (void)state;
    assert_int_equal(OZC_VALID, key_sign(key, part.data, part.len, raw));
    assert_int_equal(OZC_REJECTED, verify(&part, der, ecdsa_der_write(raw, 48, der), key));
    key_free(key);
    text_free(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_header_fields_from_the_header_only),
        cmocka_unit_test(leaves_kid_out_where_there_is_none),
        cmocka_unit_test(refuses_a_header_that_is_no_strict_object),
        cmocka_unit_test(refuses_a_header_without_alg_and_with_a_kid_that_is_no_text),
        cmocka_unit_test(refuses_claims_that_are_no_strict_object),
        cmocka_unit_test(verifies_by_the_algorithm_of_the_key_whatever_alg_says),
        cmocka_unit_test(refuses_a_signature_of_every_other_length),
        cmocka_unit_test(refuses_a_signature_in_der),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
