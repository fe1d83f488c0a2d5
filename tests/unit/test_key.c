/* key.c: keys and signatures. */
#include "crypto.h"
#include "support.h"
#include "test_keys.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void names_keys_as_openssl_does(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        char command[512];
        char expected[2 * SHA256_SIZE + 1] = "";
        snprintf(command, sizeof command,
                 "openssl pkey -pubin -in '%s/keys/TEST-device-%s.pub' -outform DER | sha256sum", TESTDATA,
                 names[kind]);
        FILE *pipe = popen(command, "r");
        assert_non_null(pipe);
        assert_int_equal(2 * SHA256_SIZE, fread(expected, 1, 2 * SHA256_SIZE, pipe));
        assert_int_equal(0, pclose(pipe));
        struct key *public_half = read_key(crypto, "device", (enum key_kind)kind, false);
        struct key *private_half = read_key(crypto, "device", (enum key_kind)kind, true);
        assert_string_equal(expected, key_id(public_half));
        assert_string_equal(expected, key_id(private_half));
        key_free(public_half);
        key_free(private_half);
    }
}

static void knows_a_key_again_and_no_other(void **state)
{
    struct crypto *crypto = crypto_get();
    struct key *keys[2 * KEY_KINDS];
    (void)state;
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        keys[i] = read_key(crypto, i < KEY_KINDS ? "device" : "signer", (enum key_kind)(i % KEY_KINDS), i % 2 == 0);
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        for (int j = 0; j < 2 * KEY_KINDS; j++)
            assert_int_equal(i == j, key_same(keys[i], keys[j]));
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        key_free(keys[i]);
}

static void verifies_with_the_very_key_over_the_very_bytes_only(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        uint8_t raw[KEY_SIGNATURE_MOST];
        struct key *signer = read_key(crypto, "signer", (enum key_kind)kind, true);
        struct key *key = read_key(crypto, "signer", (enum key_kind)kind, false);
        struct key *other = read_key(crypto, "device", (enum key_kind)kind, false);
        size_t size = 2 * key_traits((enum key_kind)kind)->half;
        assert_int_equal(OZC_VALID, key_sign(signer, message, MESSAGE_LEN, raw));
        assert_int_equal(OZC_VALID, key_verify(key, message, MESSAGE_LEN, raw));
        assert_int_equal(OZC_REJECTED, key_verify(other, message, MESSAGE_LEN, raw));
        assert_int_equal(OZC_REJECTED, key_verify(key, message, MESSAGE_LEN - 1, raw));
        assert_int_equal(OZC_REJECTED, key_verify(key, "", 0, raw));
        for (size_t at = 0; at < size; at += 5) {
            raw[at] ^= 0x10;
            assert_int_equal(OZC_REJECTED, key_verify(key, message, MESSAGE_LEN, raw));
            raw[at] ^= 0x10;
        }
        assert_int_equal(OZC_VALID, key_verify(key, message, MESSAGE_LEN, raw));
        assert_int_equal(OZC_VALID, key_sign(signer, "", 0, raw));
        assert_int_equal(OZC_VALID, key_verify(key, "", 0, raw));
        key_free(other);
        key_free(key);
        key_free(signer);
    }
}

static EC_GROUP *group_of(enum key_kind kind)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(kind == KEY_P384 ? NID_secp384r1 : NID_X9_62_prime256v1);
    assert_non_null(group);
    return group;
}

/* r and s of 0, of the order and above it are refused like any wrong signature: no failure. */
static void refuses_numbers_out_of_range(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    for (int kind = 0; kind < KEY_ED25519; kind++) {
        size_t half = key_traits((enum key_kind)kind)->half;
        struct key *signer = read_key(crypto, "signer", (enum key_kind)kind, true);
        EC_GROUP *group = group_of((enum key_kind)kind);
        uint8_t bad[3][KEY_HALF_MOST] = {{0}};
        assert_int_equal((int)half, BN_bn2binpad(EC_GROUP_get0_order(group), bad[1], (int)half));
        memset(bad[2], 0xFF, half);
        for (size_t i = 0; i < 6; i++) {
            uint8_t raw[KEY_SIGNATURE_MOST];
            assert_int_equal(OZC_VALID, key_sign(signer, message, MESSAGE_LEN, raw));
            memcpy(raw + i % 2 * half, bad[i / 2], half);
            assert_int_equal(OZC_REJECTED, key_verify(signer, message, MESSAGE_LEN, raw));
        }
        EC_GROUP_free(group);
        key_free(signer);
    }
}

/* docs/format.md, section 3: ECDSA signatures are malleable. Signature bytes are no identity. */
static void takes_the_other_s_of_an_ecdsa_signature_as_well(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    for (int kind = 0; kind < KEY_ED25519; kind++) {
        int half = (int)key_traits((enum key_kind)kind)->half;
        uint8_t raw[KEY_SIGNATURE_MOST];
        struct key *signer = read_key(crypto, "signer", (enum key_kind)kind, true);
        EC_GROUP *group = group_of((enum key_kind)kind);
        assert_int_equal(OZC_VALID, key_sign(signer, message, MESSAGE_LEN, raw));
        BIGNUM *s = BN_bin2bn(raw + half, half, NULL);
        assert_int_equal(1, BN_sub(s, EC_GROUP_get0_order(group), s));
        assert_int_equal(half, BN_bn2binpad(s, raw + half, half));
        assert_int_equal(OZC_VALID, key_verify(signer, message, MESSAGE_LEN, raw));
        BN_free(s);
        EC_GROUP_free(group);
        key_free(signer);
    }
}

static void makes_keys_of_points_on_the_curve_only(void **state)
{
    struct crypto *crypto = crypto_get();
    (void)state;
    for (int kind = 0; kind < KEY_ED25519; kind++) {
        size_t half = key_traits((enum key_kind)kind)->half;
        uint8_t x[KEY_HALF_MOST];
        uint8_t y[KEY_HALF_MOST];
        struct key *made = NULL;
        struct key *key = read_key(crypto, "device", (enum key_kind)kind, false);
        key_coordinates(key, x, y);
        y[half - 1] ^= 1;
        assert_int_equal(OZC_REJECTED, key_from_coordinates(crypto, (enum key_kind)kind, x, y, &made));
        assert_int_equal(OZC_REJECTED, key_from_coordinates(crypto, (enum key_kind)kind, y, x, &made));
        memset(x, 0xFF, half); /* over the field's prime */
        assert_int_equal(OZC_REJECTED, key_from_coordinates(crypto, (enum key_kind)kind, x, y, &made));
        memset(x, 0, half);
        memset(y, 0, half);
        assert_int_equal(OZC_REJECTED, key_from_coordinates(crypto, (enum key_kind)kind, x, y, &made));
        assert_null(made);
        key_free(key);
    }
}

/* Ed25519: of a small order, or not in its one form. Anybody's signature would hold. */
static void refuses_ed25519_keys_that_hold_no_secret(void **state)
{
    struct crypto *crypto = crypto_get();
    uint8_t points[6][32] = {{0}, {1}, {0xEC}, {0xED}, {0xEE}, {0xFF}};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct key *made = NULL;
        if (i >= 2) {
            memset(points[i] + 1, 0xFF, 30);
            points[i][31] = 0x7F;
        }
        for (int sign = 0; sign < 2; sign++) {
            points[i][31] ^= 0x80;
            assert_int_equal(OZC_REJECTED, key_from_coordinates(crypto, KEY_ED25519, points[i], NULL, &made));
            assert_null(made);
        }
    }
    struct key *key = read_key(crypto, "device", KEY_ED25519, false);
    struct key *made = NULL;
    uint8_t x[KEY_HALF_MOST];
    uint8_t y[KEY_HALF_MOST];
    key_coordinates(key, x, y);
    assert_int_equal(OZC_VALID, key_from_coordinates(crypto, KEY_ED25519, x, NULL, &made));
    key_free(made);
    key_free(key);
}

struct shared {
    struct key *key;
    uint8_t raw[KEY_SIGNATURE_MOST];
};

static void *verify_often(void *user)
{
    const struct shared *shared = user;
    intptr_t held = 0;
    for (int i = 0; i < 20; i++) {
        struct key *mine = key_ref(shared->key);
        held += key_verify(mine, message, MESSAGE_LEN, shared->raw) == OZC_VALID;
        key_free(mine);
    }
    return (void *)held;
}

static void shares_a_key_between_threads(void **state)
{
    struct crypto *crypto = crypto_get();
    struct shared shared = {.key = read_key(crypto, "signer", KEY_P256, true)};
    pthread_t threads[4];
    (void)state;
    assert_int_equal(OZC_VALID, key_sign(shared.key, message, MESSAGE_LEN, shared.raw));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, verify_often, &shared));
    for (size_t i = 0; i < 4; i++) {
        void *held = NULL;
        assert_int_equal(0, pthread_join(threads[i], &held));
        assert_int_equal(20, (intptr_t)held);
    }
    key_free(shared.key);
    key_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_keys_as_openssl_does),
        cmocka_unit_test(knows_a_key_again_and_no_other),
        cmocka_unit_test(verifies_with_the_very_key_over_the_very_bytes_only),
        cmocka_unit_test(refuses_numbers_out_of_range),
        cmocka_unit_test(takes_the_other_s_of_an_ecdsa_signature_as_well),
        cmocka_unit_test(makes_keys_of_points_on_the_curve_only),
        cmocka_unit_test(shares_a_key_between_threads),
        cmocka_unit_test(refuses_ed25519_keys_that_hold_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
