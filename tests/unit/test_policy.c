/* policy.c: what each setter takes, what it refuses, and when a policy can judge. */
#include "policy.h"
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIB (UINT64_C(1) << 30)

static ozc_policy *policy;

static int set_up(void **state)
{
    (void)state;
    policy = ozc_policy_new();
    return policy == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    ozc_policy_free(policy);
    return 0;
}

static void assert_taken(ozc_result result)
{
    if (result != OZC_VALID)
        fail_msg("%s", ozc_policy_error(policy));
    assert_string_equal("", ozc_policy_error(policy));
}

static void assert_refused(ozc_result result, const char *words)
{
    assert_int_equal(OZC_MISUSE, result);
    if (strstr(ozc_policy_error(policy), words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", ozc_policy_error(policy), words);
}

/* A test key, by its name: "issuer-p384". */
static ozc_result trust(int is_issuer, const char *kid, const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "keys/TEST-%s.pub", name);
    struct bytes pem = read_testdata(file);
    ozc_result result = is_issuer ? ozc_policy_trust_issuer(policy, kid, pem.data, pem.len)
                                  : ozc_policy_trust_signer(policy, pem.data, pem.len);
    free(pem.data);
    return result;
}

/* docs/format.md, section 2, and the bounds that the header names. */
static void holds_each_limit_to_its_bounds(void **state)
{
    static const struct {
        ozc_limit limit;
        uint64_t standard;
        uint64_t most;
    } limits[OZC_LIMIT_COUNT] = {{OZC_LIMIT_CONTAINER, GIB, 0},
                                 {OZC_LIMIT_ENTRIES, 128, 4096},
                                 {OZC_LIMIT_ENTRY, GIB / 2, 0},
                                 {OZC_LIMIT_PAYLOAD, 256 * 1024, 16 * 1024 * 1024},
                                 {OZC_LIMIT_SESSION_TOKEN, 16 * 1024, 1024 * 1024},
                                 {OZC_LIMIT_HASHES, 322 * 128, 322 * 4096},
                                 {OZC_LIMIT_SIGNATURE, 1024, 1024 * 1024},
                                 {OZC_LIMIT_NESTING, 64, 1000}};
    (void)state;
    for (size_t i = 0; i < OZC_LIMIT_COUNT; i++)
        assert_int_equal(limits[i].standard, ozc_policy_limit(policy, limits[i].limit));
    for (size_t i = 0; i < OZC_LIMIT_COUNT; i++) {
        ozc_limit limit = limits[i].limit;
        if (limits[i].most != 0) {
            assert_taken(ozc_policy_set_limit(policy, limit, limits[i].most));
            assert_refused(ozc_policy_set_limit(policy, limit, limits[i].most + 1), limit_name(limit));
            assert_int_equal(limits[i].most, ozc_policy_limit(policy, limit));
        }
        assert_taken(ozc_policy_set_limit(policy, limit, 1));
        assert_refused(ozc_policy_set_limit(policy, limit, 0), limit_name(limit)); /* never "unlimited" */
        assert_refused(ozc_policy_set_limit(policy, limit, 4 * GIB), limit_name(limit));
        assert_refused(ozc_policy_set_limit(policy, limit, UINT64_MAX), limit_name(limit));
        assert_int_equal(1, ozc_policy_limit(policy, limit));
    }
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_CONTAINER, 4 * GIB - 2));
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_ENTRY, 4 * GIB - 2));
}

static void knows_no_other_limit(void **state)
{
    (void)state;
    assert_refused(ozc_policy_set_limit(policy, (ozc_limit)OZC_LIMIT_COUNT, 1), "no limit");
    assert_refused(ozc_policy_set_limit(policy, (ozc_limit)-1, 1), "no limit");
    assert_int_equal(0, ozc_policy_limit(policy, (ozc_limit)OZC_LIMIT_COUNT));
    assert_int_equal(0, ozc_policy_limit(policy, (ozc_limit)-1));
}

static void lets_the_limit_of_the_hash_list_follow_the_entries_until_it_is_set(void **state)
{
    (void)state;
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_ENTRIES, 10));
    assert_int_equal(3220, ozc_policy_limit(policy, OZC_LIMIT_HASHES));
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_ENTRIES, 4096));
    assert_int_equal(322 * 4096, ozc_policy_limit(policy, OZC_LIMIT_HASHES));
    assert_refused(ozc_policy_set_limit(policy, OZC_LIMIT_HASHES, 0), "hashes");
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_ENTRIES, 2));
    assert_int_equal(644, ozc_policy_limit(policy, OZC_LIMIT_HASHES));
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_HASHES, 5000));
    assert_taken(ozc_policy_set_limit(policy, OZC_LIMIT_ENTRIES, 20));
    assert_int_equal(5000, ozc_policy_limit(policy, OZC_LIMIT_HASHES));
}

static void switches_off_three_checks_and_no_other(void **state)
{
    (void)state;
    for (int check = -1; check <= OZC_CHECK_COUNT; check++) {
        bool can = check == OZC_CHECK_SESSION_TOKEN || check == OZC_CHECK_SIGNATURE || check == OZC_CHECK_CONTENT;
        if (can)
            assert_taken(ozc_policy_skip(policy, (ozc_check)check));
        else
            assert_refused(ozc_policy_skip(policy, (ozc_check)check), "only session_token, signature and content");
    }
    for (int check = 0; check < OZC_CHECK_COUNT; check++)
        assert_int_equal(check == OZC_CHECK_SESSION_TOKEN || check == OZC_CHECK_SIGNATURE || check == OZC_CHECK_CONTENT,
                         policy->switched_off[check]);
    ozc_policy_skip_none(policy);
    for (int check = 0; check < OZC_CHECK_COUNT; check++)
        assert_false(policy->switched_off[check]);
}

static void holds_leeway_and_lifetime_to_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(30, policy->leeway);
    assert_int_equal(600, policy->lifetime);
    assert_taken(ozc_policy_set_leeway(policy, 0));
    assert_taken(ozc_policy_set_leeway(policy, 86400));
    assert_refused(ozc_policy_set_leeway(policy, -1), "leeway");
    assert_refused(ozc_policy_set_leeway(policy, 86401), "leeway");
    assert_refused(ozc_policy_set_leeway(policy, INT64_MIN), "leeway");
    assert_int_equal(86400, policy->leeway);
    assert_taken(ozc_policy_set_lifetime(policy, 1));
    assert_taken(ozc_policy_set_lifetime(policy, INT64_C(2147483648)));
    assert_refused(ozc_policy_set_lifetime(policy, 0), "lifetime");
    assert_refused(ozc_policy_set_lifetime(policy, INT64_C(2147483649)), "lifetime");
    assert_refused(ozc_policy_set_lifetime(policy, INT64_MAX), "lifetime");
    assert_refused(ozc_policy_set_min_token_life(policy, -1), "left");
    assert_refused(ozc_policy_set_min_token_life(policy, INT64_C(2147483649)), "left");
    assert_int_equal(INT64_C(2147483648), policy->lifetime);
}

static void takes_words_of_utf_8_only(void **state)
{
    ozc_result (*const setters[])(ozc_policy *, const char *) = {ozc_policy_set_iss, ozc_policy_set_aud,
                                                                 ozc_policy_add_analysis};
    char word[257];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        memset(word, 'a', sizeof word);
        word[256] = '\0';
        assert_refused(setters[i](policy, ""), "1 to 255 bytes");
        assert_refused(setters[i](policy, word), "1 to 255 bytes");
        assert_refused(setters[i](policy, "\xC3"), "UTF-8");
        word[255] = '\0';
        assert_taken(setters[i](policy, word));
        assert_taken(setters[i](policy, "\xC3\xA9"));
    }
    assert_string_equal("\xC3\xA9", policy->iss);
    assert_string_equal("\xC3\xA9", policy->aud);
    assert_taken(ozc_policy_set_iss(policy, NULL));
    assert_taken(ozc_policy_set_aud(policy, NULL));
    assert_null(policy->iss);
    assert_null(policy->aud);
    assert_int_equal(OZC_MISUSE, ozc_policy_add_analysis(policy, NULL));
}

static void takes_64_types_of_analysis(void **state)
{
    (void)state;
    for (int i = 0; i < 64; i++)
        assert_taken(ozc_policy_add_analysis(policy, "liveness"));
    assert_refused(ozc_policy_add_analysis(policy, "liveness"), "64");
    ozc_policy_clear_analyses(policy);
    assert_taken(ozc_policy_add_analysis(policy, "liveness"));
    assert_int_equal(1, policy->analysis_count);
}

static void trusts_keys_of_each_kind_under_ids_that_may_repeat(void **state)
{
    char kid[257];
    (void)state;
    assert_taken(trust(1, NULL, "issuer-p384"));
    assert_taken(trust(1, "same", "issuer-p256"));
    assert_taken(trust(1, "same", "issuer-ed25519"));
    assert_taken(trust(1, "same", "issuer-p384"));
    assert_int_equal(4, policy->issuer_count);
    memset(kid, 'k', sizeof kid);
    kid[256] = '\0';
    assert_refused(trust(1, kid, "issuer-p384"), "key id");
    assert_refused(trust(1, "", "issuer-p384"), "key id");
    assert_refused(trust(1, "\xFF", "issuer-p384"), "key id");
    assert_taken(trust(1, kid + 1, "issuer-p384"));
    assert_taken(trust(0, NULL, "signer-p384"));
    assert_taken(trust(0, NULL, "signer-p384"));
    assert_taken(trust(0, NULL, "signer-ed25519"));
    assert_int_equal(3, policy->signer_count);
}

static void refuses_a_key_that_would_be_issuer_and_signer(void **state)
{
    (void)state;
    assert_taken(trust(1, "a", "issuer-p384"));
    assert_taken(trust(0, NULL, "signer-ed25519"));
    assert_refused(trust(0, NULL, "issuer-p384"), "both");
    assert_refused(trust(1, "b", "signer-ed25519"), "both");
    assert_int_equal(1, policy->issuer_count);
    assert_int_equal(1, policy->signer_count);
    ozc_policy_clear_issuers(policy);
    assert_taken(trust(0, NULL, "issuer-p384"));
    ozc_policy_clear_signers(policy);
    assert_taken(trust(1, "b", "signer-ed25519"));
}

static void takes_1024_keys_of_each_role(void **state)
{
    (void)state;
    for (int i = 0; i < 1024; i++) {
        assert_taken(trust(1, NULL, "issuer-ed25519"));
        assert_taken(trust(0, NULL, "signer-ed25519"));
    }
    assert_refused(trust(1, NULL, "issuer-ed25519"), "1024");
    assert_refused(trust(0, NULL, "signer-ed25519"), "1024");
    assert_int_equal(1024, policy->issuer_count);
    assert_int_equal(1024, policy->signer_count);
}

static void says_what_is_no_key_without_showing_it(void **state)
{
    struct bytes pem = read_testdata("keys/TEST-signer-p384.key");
    (void)state;
    assert_refused(ozc_policy_trust_signer(policy, pem.data, pem.len), "private key");
    char *body = strchr((const char *)pem.data, '\n') + 1;
    body[16] = '\0';
    assert_null(strstr(ozc_policy_error(policy), body));
    free(pem.data);
    assert_refused(ozc_policy_trust_issuer(policy, NULL, "", 0), "empty");
    assert_refused(ozc_policy_trust_issuer(policy, NULL, NULL, 0), "no key");
    assert_refused(ozc_policy_trust_signer(policy, NULL, 5), "no key");
    assert_int_equal(0, policy->issuer_count + policy->signer_count);
}

static void forgets_the_error_with_the_next_setter(void **state)
{
    (void)state;
    assert_string_equal("", ozc_policy_error(policy));
    assert_refused(ozc_policy_set_leeway(policy, -1), "leeway");
    assert_taken(ozc_policy_set_leeway(policy, 1));
    assert_refused(ozc_policy_set_iss(policy, ""), "iss");
    assert_taken(ozc_policy_skip(policy, OZC_CHECK_CONTENT));
}

/* Which keys are there, which checks are off, and whether it can judge. */
static void can_judge_with_the_keys_of_the_checks_that_are_on(void **state)
{
    static const struct {
        int issuer;
        int signer;
        int token_off;
        int signature_off;
        const char *missing; /* NULL: ready */
    } rows[] = {{0, 0, 0, 0, "issuer"}, {0, 1, 0, 0, "issuer"}, {0, 1, 0, 1, "issuer"}, {1, 0, 0, 0, NULL},
                {1, 1, 0, 0, NULL},     {1, 0, 0, 1, NULL},     {0, 0, 1, 0, "signer"}, {1, 0, 1, 0, "signer"},
                {0, 1, 1, 0, NULL},     {0, 0, 1, 1, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *why = "";
        ozc_policy_clear_issuers(policy);
        ozc_policy_clear_signers(policy);
        ozc_policy_skip_none(policy);
        if (rows[i].issuer)
            assert_taken(trust(1, NULL, "issuer-p384"));
        if (rows[i].signer)
            assert_taken(trust(0, NULL, "signer-p384"));
        if (rows[i].token_off)
            assert_taken(ozc_policy_skip(policy, OZC_CHECK_SESSION_TOKEN));
        if (rows[i].signature_off)
            assert_taken(ozc_policy_skip(policy, OZC_CHECK_SIGNATURE));
        assert_int_equal(rows[i].missing == NULL ? OZC_VALID : OZC_MISUSE, ozc_policy_ready(policy, &why));
        assert_int_equal(ozc_policy_ready(policy, &why), ozc_policy_ready(policy, NULL));
        if (rows[i].missing == NULL)
            continue;
        assert_non_null(strstr(why, rows[i].missing));
        assert_non_null(strstr(why, "trust")); /* both ways out */
        assert_non_null(strstr(why, "switch"));
        ozc_report *report = NULL;
        assert_int_equal(OZC_MISUSE, ozc_validate_memory(policy, "", 0, NULL, &report));
        assert_null(report);
    }
}

static void *hold_and_let_go(void *user)
{
    for (int i = 0; i < 1000; i++)
        ozc_policy_free(ozc_policy_ref(user));
    return NULL;
}

static void lives_as_long_as_anybody_holds_it(void **state)
{
    pthread_t threads[4];
    (void)state;
    assert_taken(trust(1, NULL, "issuer-p384"));
    assert_ptr_equal(policy, ozc_policy_ref(policy));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, hold_and_let_go, policy));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    ozc_policy_free(policy);
    assert_int_equal(OZC_VALID, ozc_policy_ready(policy, NULL));
    assert_int_equal(1, policy->issuer_count);
}

static void answers_for_a_policy_that_is_not_there(void **state)
{
    const char *why = NULL;
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_policy_set_limit(NULL, OZC_LIMIT_ENTRY, 1));
    assert_int_equal(OZC_MISUSE, ozc_policy_skip(NULL, OZC_CHECK_CONTENT));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_leeway(NULL, 1));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_iss(NULL, "a"));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_lifetime(NULL, 1));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_min_token_life(NULL, 1));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_threads(NULL, 1));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_aud(NULL, "a"));
    assert_int_equal(OZC_MISUSE, ozc_policy_add_analysis(NULL, "a"));
    assert_int_equal(OZC_MISUSE, ozc_policy_trust_issuer(NULL, NULL, "", 0));
    assert_int_equal(OZC_MISUSE, ozc_policy_trust_signer(NULL, "", 0));
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(NULL, "{}", 2, NULL));
    assert_int_equal(OZC_MISUSE, ozc_policy_ready(NULL, &why));
    assert_non_null(why);
    assert_non_null(ozc_policy_error(NULL));
    assert_int_equal(0, ozc_policy_limit(NULL, OZC_LIMIT_ENTRY));
    assert_null(ozc_policy_ref(NULL));
    ozc_policy_clear_issuers(NULL);
    ozc_policy_clear_signers(NULL);
    ozc_policy_clear_analyses(NULL);
    ozc_policy_skip_none(NULL);
    ozc_policy_set_mode(NULL, OZC_ALL_FAULTS);
    ozc_policy_free(NULL);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(holds_each_limit_to_its_bounds),
        TEST(knows_no_other_limit),
        TEST(lets_the_limit_of_the_hash_list_follow_the_entries_until_it_is_set),
        TEST(switches_off_three_checks_and_no_other),
        TEST(holds_leeway_and_lifetime_to_their_bounds),
        TEST(takes_words_of_utf_8_only),
        TEST(takes_64_types_of_analysis),
        TEST(trusts_keys_of_each_kind_under_ids_that_may_repeat),
        TEST(refuses_a_key_that_would_be_issuer_and_signer),
        TEST(takes_1024_keys_of_each_role),
        TEST(says_what_is_no_key_without_showing_it),
        TEST(forgets_the_error_with_the_next_setter),
        TEST(can_judge_with_the_keys_of_the_checks_that_are_on),
        TEST(lives_as_long_as_anybody_holds_it),
        TEST(answers_for_a_policy_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
