/* crypto.c: digests, keys, signatures; and that neither the host's OpenSSL nor its configuration is touched. */
#include "crypto.h"
#include "support.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char message[] = "the bytes of hashes.sha256";
#define MESSAGE_LEN (sizeof message - 1)

static const char *const names[KEY_KINDS] = {[KEY_P384] = "p384", [KEY_P256] = "p256", [KEY_ED25519] = "ed25519"};

/* A test key of that kind, by its role: "issuer", "signer", "device". */
static struct key *read_key(struct crypto *crypto, const char *role, enum key_kind kind, bool private_half)
{
    char name[64];
    struct key *key = NULL;
    struct text why = {0};
    snprintf(name, sizeof name, "keys/TEST-%s-%s.%s", role, names[kind], private_half ? "key" : "pub");
    struct bytes pem = read_testdata(name);
    ozc_result result = private_half ? key_read_private(crypto, pem.data, pem.len, &key, &why)
                                     : key_read_public(crypto, pem.data, pem.len, &key, &why);
    if (result != OZC_VALID)
        fail_msg("%s: %s", name, why.data);
    assert_int_equal(kind, key_kind(key));
    free(pem.data);
    return key;
}

static void digest_of(struct crypto *crypto, const void *bytes, size_t len, char hex[2 * SHA256_SIZE + 1])
{
    uint8_t sha256[SHA256_SIZE];
    struct text text = {0};
    struct digest *digest = digest_new(crypto);
    assert_non_null(digest);
    assert_true(digest_start(digest) && digest_add(digest, bytes, len) && digest_end(digest, sha256));
    digest_free(digest);
    text_hex(&text, sha256, sizeof sha256);
    memcpy(hex, text.data, 2 * SHA256_SIZE + 1);
    text_free(&text);
}

/* Everything once, with each kind of key. */
static void use_everything(void)
{
    struct crypto *crypto = crypto_new();
    char hex[2 * SHA256_SIZE + 1];
    uint8_t random[16];
    assert_non_null(crypto);
    digest_of(crypto, "abc", 3, hex);
    assert_string_equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hex);
    assert_true(crypto_random(crypto, random, sizeof random));
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        uint8_t raw[KEY_SIGNATURE_MOST];
        uint8_t x[KEY_HALF_MOST];
        uint8_t y[KEY_HALF_MOST];
        struct key *again = NULL;
        struct key *signer = read_key(crypto, "signer", (enum key_kind)kind, true);
        struct key *key = read_key(crypto, "signer", (enum key_kind)kind, false);
        assert_int_equal(OZC_VALID, key_sign(signer, message, MESSAGE_LEN, raw));
        assert_int_equal(OZC_VALID, key_verify(key, message, MESSAGE_LEN, raw));
        raw[0] ^= 1;
        assert_int_equal(OZC_REJECTED, key_verify(key, message, MESSAGE_LEN, raw));
        assert_true(key_coordinates(key, x, y));
        assert_int_equal(OZC_VALID, key_from_coordinates(crypto, (enum key_kind)kind, x, y, &again));
        assert_true(key_same(again, signer));
        key_free(again);
        key_free(key);
        key_free(signer);
    }
    crypto_free(crypto);
}

/* What a process comes to whose OPENSSL_CONF names a file of that content: 0, it signs and verifies. OpenSSL looks at
   the file once in a process, so each has its own; nothing in it may end the test. */
static int use_in_a_process_with(const char *configuration)
{
    char name[] = "/tmp/ozc-test-crypto-XXXXXX";
    int file = mkstemp(name);
    int status = -1;
    assert_true(file >= 0);
    assert_int_equal(strlen(configuration), write(file, configuration, strlen(configuration)));
    close(file);
    struct bytes pem = read_testdata("keys/TEST-signer-p384.key");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uint8_t raw[KEY_SIGNATURE_MOST];
        uint8_t sha256[SHA256_SIZE];
        struct key *key = NULL;
        struct text why = {0};
        setenv("OPENSSL_CONF", name, 1);
        struct crypto *crypto = crypto_new();
        struct digest *digest = crypto == NULL ? NULL : digest_new(crypto);
        _exit(digest == NULL                                                                       ? 2
              : !digest_start(digest) || !digest_add(digest, "", 0) || !digest_end(digest, sha256) ? 3
              : key_read_private(crypto, pem.data, pem.len, &key, &why) != OZC_VALID               ? 4
              : key_sign(key, message, MESSAGE_LEN, raw) != OZC_VALID                              ? 5
              : key_verify(key, message, MESSAGE_LEN, raw) != OZC_VALID                            ? 6
              : !crypto_random(crypto, raw, sizeof raw)                                            ? 7
                                                                                                   : 0);
    }
    assert_int_equal(child, waitpid(child, &status, 0));
    unlink(name);
    free(pem.data);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Has to come first, before OpenSSL has looked at the true one. */
static void obeys_no_configuration_file(void **state)
{
    static const char prelude[] = "openssl_conf = all\n[all]\n";
    char configuration[256];
    (void)state;
    assert_int_equal(0, use_in_a_process_with("openssl_conf = [no section\n[[[\n\\"));
    snprintf(configuration, sizeof configuration, "%salg_section = a\n[a]\ndefault_properties = fips=yes\n", prelude);
    assert_int_equal(0, use_in_a_process_with(configuration));
    snprintf(configuration, sizeof configuration, "%sproviders = p\n[p]\nnone = n\n[n]\nactivate = 1\n", prelude);
    assert_int_equal(0, use_in_a_process_with(configuration));
}

static void does_everything_with_each_kind_of_key(void **state)
{
    (void)state;
    use_everything();
}

static void leaves_the_error_queue_of_the_host_alone(void **state)
{
    (void)state;
    ERR_clear_error();
    use_everything();
    assert_int_equal(0, ERR_peek_error());
    ERR_raise(ERR_LIB_USER, 1);
    ERR_set_mark();
    ERR_raise(ERR_LIB_EC, EC_R_BAD_SIGNATURE); /* what a signature that does not hold leaves behind, too */
    use_everything();
    struct crypto *crypto = crypto_new();
    struct key *key = NULL;
    struct text why = {0};
    struct bytes pem = read_testdata("keys/bad/not-on-curve.pub");
    assert_int_equal(OZC_MISUSE, key_read_public(crypto, pem.data, pem.len, &key, &why));
    text_free(&why);
    free(pem.data);
    crypto_free(crypto);
    assert_int_equal(EC_R_BAD_SIGNATURE, ERR_GET_REASON(ERR_peek_last_error()));
    assert_int_equal(1, ERR_pop_to_mark());
    assert_int_equal(1, ERR_GET_REASON(ERR_get_error()));
    assert_int_equal(0, ERR_get_error());
}

static void digests_whatever_way_the_bytes_come(void **state)
{
    struct crypto *crypto = crypto_new();
    char whole[2 * SHA256_SIZE + 1];
    uint8_t parts[SHA256_SIZE];
    struct text hex = {0};
    (void)state;
    digest_of(crypto, "", 0, whole);
    assert_string_equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", whole);
    digest_of(crypto, message, MESSAGE_LEN, whole);
    struct digest *digest = digest_new(crypto);
    assert_true(digest_start(digest) && digest_add(digest, "dropped", 7) && digest_start(digest));
    for (size_t i = 0; i < MESSAGE_LEN; i++)
        assert_true(digest_add(digest, message + i, 1));
    assert_true(digest_end(digest, parts));
    text_hex(&hex, parts, sizeof parts);
    assert_string_equal(whole, hex.data);
    text_free(&hex);
    crypto_free(crypto); /* the digest has a share of its own */
    assert_true(digest_start(digest) && digest_end(digest, parts));
    digest_free(digest);
    digest_free(NULL);
}

static void tells_digests_apart_by_any_bit(void **state)
{
    uint8_t a[SHA256_SIZE] = {0};
    (void)state;
    for (size_t bit = 0; bit < SHA256_SIZE * 8; bit++) {
        uint8_t b[SHA256_SIZE] = {0};
        assert_true(digest_equal(a, b));
        b[bit / 8] = (uint8_t)(1u << bit % 8);
        assert_false(digest_equal(a, b));
    }
}

static void names_keys_as_openssl_does(void **state)
{
    struct crypto *crypto = crypto_new();
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
    crypto_free(crypto);
}

static void knows_a_key_again_and_no_other(void **state)
{
    struct crypto *crypto = crypto_new();
    struct key *keys[2 * KEY_KINDS];
    (void)state;
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        keys[i] = read_key(crypto, i < KEY_KINDS ? "device" : "signer", (enum key_kind)(i % KEY_KINDS), i % 2 == 0);
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        for (int j = 0; j < 2 * KEY_KINDS; j++)
            assert_int_equal(i == j, key_same(keys[i], keys[j]));
    for (int i = 0; i < 2 * KEY_KINDS; i++)
        key_free(keys[i]);
    crypto_free(crypto);
}

static void verifies_with_the_very_key_over_the_very_bytes_only(void **state)
{
    struct crypto *crypto = crypto_new();
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
    crypto_free(crypto);
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
    struct crypto *crypto = crypto_new();
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
    crypto_free(crypto);
}

/* docs/format.md, section 3: ECDSA signatures are malleable. Signature bytes are no identity. */
static void takes_the_other_s_of_an_ecdsa_signature_as_well(void **state)
{
    struct crypto *crypto = crypto_new();
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
    crypto_free(crypto);
}

static void makes_keys_of_points_on_the_curve_only(void **state)
{
    struct crypto *crypto = crypto_new();
    (void)state;
    for (int kind = 0; kind < KEY_ED25519; kind++) {
        size_t half = key_traits((enum key_kind)kind)->half;
        uint8_t x[KEY_HALF_MOST];
        uint8_t y[KEY_HALF_MOST];
        struct key *made = NULL;
        struct key *key = read_key(crypto, "device", (enum key_kind)kind, false);
        assert_true(key_coordinates(key, x, y));
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
    crypto_free(crypto);
}

static void makes_random_bytes_that_differ(void **state)
{
    struct crypto *crypto = crypto_new();
    uint8_t one[16] = {0};
    uint8_t other[16] = {0};
    (void)state;
    assert_true(crypto_random(crypto, one, sizeof one));
    assert_true(crypto_random(crypto, other, sizeof other));
    assert_memory_not_equal(one, other, sizeof one);
    crypto_wipe(one, sizeof one);
    memset(other, 0, sizeof other);
    assert_memory_equal(one, other, sizeof one);
    crypto_free(crypto);
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
    struct crypto *crypto = crypto_new();
    struct shared shared = {.key = read_key(crypto, "signer", KEY_P256, true)};
    pthread_t threads[4];
    (void)state;
    crypto_free(crypto); /* the key has a share of its own */
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
    crypto_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obeys_no_configuration_file),
        cmocka_unit_test(does_everything_with_each_kind_of_key),
        cmocka_unit_test(leaves_the_error_queue_of_the_host_alone),
        cmocka_unit_test(digests_whatever_way_the_bytes_come),
        cmocka_unit_test(tells_digests_apart_by_any_bit),
        cmocka_unit_test(names_keys_as_openssl_does),
        cmocka_unit_test(knows_a_key_again_and_no_other),
        cmocka_unit_test(verifies_with_the_very_key_over_the_very_bytes_only),
        cmocka_unit_test(refuses_numbers_out_of_range),
        cmocka_unit_test(takes_the_other_s_of_an_ecdsa_signature_as_well),
        cmocka_unit_test(makes_keys_of_points_on_the_curve_only),
        cmocka_unit_test(makes_random_bytes_that_differ),
        cmocka_unit_test(shares_a_key_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
