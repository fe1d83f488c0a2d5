/* crypto.c: digests, random bytes; and that neither the host's OpenSSL nor its configuration is touched. */
#include "crypto.h"
#include "support.h"
#include "test_keys.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
    struct crypto *crypto = crypto_get();
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
        key_coordinates(key, x, y);
        assert_int_equal(OZC_VALID, key_from_coordinates(crypto, (enum key_kind)kind, x, y, &again));
        assert_true(key_same(again, signer));
        key_free(again);
        key_free(key);
        key_free(signer);
    }
}

/* Digests, reads a key, signs, verifies, draws. 0: all of it. */
static int use_once(void)
{
    struct bytes pem = read_testdata("keys/TEST-signer-p384.key");
    uint8_t raw[KEY_SIGNATURE_MOST];
    uint8_t sha256[SHA256_SIZE];
    struct key *key = NULL;
    struct text why = {0};
    struct crypto *crypto = crypto_get();
    struct digest *digest = crypto == NULL ? NULL : digest_new(crypto);
    int failed = digest == NULL                                                                       ? 2
                 : !digest_start(digest) || !digest_add(digest, "", 0) || !digest_end(digest, sha256) ? 3
                 : key_read_private(crypto, pem.data, pem.len, &key, &why) != OZC_VALID               ? 4
                 : key_sign(key, message, MESSAGE_LEN, raw) != OZC_VALID                              ? 5
                 : key_verify(key, message, MESSAGE_LEN, raw) != OZC_VALID                            ? 6
                 : !crypto_random(crypto, raw, sizeof raw)                                            ? 7
                                                                                                      : 0;
    digest_free(digest);
    key_free(key);
    text_free(&why);
    free(pem.data);
    return failed;
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
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("OPENSSL_CONF", name, 1);
        _exit(use_once());
    }
    assert_int_equal(child, waitpid(child, &status, 0));
    unlink(name);
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
    struct crypto *crypto = crypto_get();
    struct key *key = NULL;
    struct text why = {0};
    struct bytes pem = read_testdata("keys/bad/not-on-curve.pub");
    assert_int_equal(OZC_MISUSE, key_read_public(crypto, pem.data, pem.len, &key, &why));
    text_free(&why);
    free(pem.data);
    assert_int_equal(EC_R_BAD_SIGNATURE, ERR_GET_REASON(ERR_peek_last_error()));
    assert_int_equal(1, ERR_pop_to_mark());
    assert_int_equal(1, ERR_GET_REASON(ERR_get_error()));
    assert_int_equal(0, ERR_get_error());
}

static void digests_whatever_way_the_bytes_come(void **state)
{
    struct crypto *crypto = crypto_get();
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

static void makes_random_bytes_that_differ(void **state)
{
    struct crypto *crypto = crypto_get();
    uint8_t one[16] = {0};
    uint8_t other[16] = {0};
    (void)state;
    assert_true(crypto_random(crypto, one, sizeof one));
    assert_true(crypto_random(crypto, other, sizeof other));
    assert_memory_not_equal(one, other, sizeof one);
}

/* Threads that used a policy may end after it was freed: what OpenSSL keeps for them must still be there. */
struct thread_pool {
    pthread_barrier_t barrier;
    ozc_policy *policy;
    struct bytes container;
};

static void *judge_and_wait(void *user)
{
    struct thread_pool *pool = user;
    ozc_call call = OZC_CALL_INIT;
    ozc_report *report = NULL;
    call.time = OZC_TIME_GIVEN;
    call.now = CORPUS_TIME;
    ozc_result result = ozc_validate_memory(pool->policy, pool->container.data, pool->container.len, &call, &report);
    ozc_report_free(report);
    pthread_barrier_wait(&pool->barrier);
    pthread_barrier_wait(&pool->barrier); /* the policy is freed in between */
    return result == OZC_VALID ? pool : NULL;
}

static void lets_threads_end_after_the_policy_was_freed(void **state)
{
    struct thread_pool pool = {.policy = corpus_policy(OZC_FIRST_FAULT),
                               .container = read_testdata("valid/cnf-p384.ozc")};
    pthread_t threads[4];
    (void)state;
    assert_int_equal(0, pthread_barrier_init(&pool.barrier, NULL, 5));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, judge_and_wait, &pool));
    pthread_barrier_wait(&pool.barrier);
    ozc_policy_free(pool.policy);
    pthread_barrier_wait(&pool.barrier);
    for (size_t i = 0; i < 4; i++) {
        void *valid = NULL;
        assert_int_equal(0, pthread_join(threads[i], &valid));
        assert_non_null(valid);
    }
    pthread_barrier_destroy(&pool.barrier);
    free(pool.container.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obeys_no_configuration_file),
        cmocka_unit_test(does_everything_with_each_kind_of_key),
        cmocka_unit_test(leaves_the_error_queue_of_the_host_alone),
        cmocka_unit_test(digests_whatever_way_the_bytes_come),
        cmocka_unit_test(tells_digests_apart_by_any_bit),
        cmocka_unit_test(makes_random_bytes_that_differ),
        cmocka_unit_test(lets_threads_end_after_the_policy_was_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
