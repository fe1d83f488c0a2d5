/*
 * Every point of the machine fails where policies are made and shown: what succeeds is as good as on a sound machine;
 * what does not, says that it failed.
 */
#include "each_failure.h"
#include "machine.h"
#include "material.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a policy makes of a container tells whether it holds all that it was given. */
static struct outcome outcome_of_policy(ozc_result result, ozc_policy *policy)
{
    struct outcome outcome = {result, NULL};
    ozc_report *report = NULL;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_ISSUED;
    if (result == OZC_VALID) {
        ozc_result judged =
            ozc_validate_memory(policy, material.container.data, material.container.len, &call, &report);
        outcome = outcome_of(judged, report);
        outcome.result = result;
    }
    ozc_policy_free(policy);
    return outcome;
}

static struct outcome build_policy(const void *with)
{
    (void)with;
    machine_begin();
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = policy == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_policy_trust_issuer(policy, NULL, material.p384.data, material.p384.len));
    TRY(ozc_policy_trust_issuer(policy, "another", material.p256.data, material.p256.len));
    TRY(ozc_policy_trust_signer(policy, material.ed25519.data, material.ed25519.len));
    TRY(ozc_policy_set_iss(policy, "issuer"));
    TRY(ozc_policy_set_aud(policy, "audience"));
    TRY(ozc_policy_add_analysis(policy, "one more"));
    machine_end();
    return outcome_of_policy(result, policy);
}

static void builds_a_policy(void **state)
{
    (void)state;
    fails_well("build a policy", OZC_VALID, build_policy, NULL);
}

/* Who may sign containers could then make tokens: no failure opens that door. */
static struct outcome trust_twice(const void *with)
{
    const struct bytes *key = with;
    machine_begin();
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = policy == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_policy_trust_issuer(policy, NULL, key->data, key->len));
    TRY(ozc_policy_trust_signer(policy, key->data, key->len));
    machine_end();
    ozc_policy_free(policy);
    return (struct outcome){result, NULL};
}

static void never_trusts_one_key_in_both_roles(void **state)
{
    (void)state;
    fails_well("trust a P-384 key twice", OZC_MISUSE, trust_twice, &material.p384);
    fails_well("trust a P-256 key twice", OZC_MISUSE, trust_twice, &material.p256);
    fails_well("trust an Ed25519 key twice", OZC_MISUSE, trust_twice, &material.ed25519);
}

static struct outcome trust_one(const void *with)
{
    const struct bytes *key = with;
    machine_begin();
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = policy == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_policy_trust_signer(policy, key->data, key->len));
    machine_end();
    ozc_policy_free(policy);
    return (struct outcome){result, NULL};
}

static void never_takes_a_bad_key(void **state)
{
    DIR *dir = opendir(TESTDATA "/keys/bad");
    (void)state;
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char name[512];
        snprintf(name, sizeof name, "keys/bad/%s", entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        struct bytes key = read_testdata(name);
        bool is_public = strcmp(entry->d_name, "public-where-private.key") == 0; /* bad in another place */
        fails_well(name, is_public ? OZC_VALID : OZC_MISUSE, trust_one, &key);
        free(key.data);
    }
    closedir(dir);
}

static struct outcome load_policy(const void *with)
{
    machine_begin();
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = policy == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_policy_load_json(policy, with, strlen(with), TESTDATA "/keys"));
    machine_end();
    return outcome_of_policy(result, policy);
}

static void loads_a_policy(void **state)
{
    static const char whole[] =
        "{\"issuers\": [{\"kid\": \"main\", \"file\": \"TEST-issuer-p384.pub\"}, {\"file\": \"TEST-issuer-p256.pub\"}],"
        " \"signers\": [{\"file\": \"TEST-signer-ed25519.pub\"}], \"limits\": {\"entries\": 7, \"nesting\": 9},"
        " \"mode\": \"all-faults\", \"leeway\": 3, \"lifetime\": 90, \"iss\": \"i\", \"aud\": \"a\","
        " \"analyses\": [\"one\", \"two\"], \"threads\": 2}";
    static const char both[] =
        "{\"issuers\": [{\"file\": \"TEST-issuer-p384.pub\"}], \"signers\": [{\"file\": \"TEST-issuer-p384.pub\"}]}";
    static const char *const wrong[] = {"{\"issuers\": [{\"file\": \"bad/p521.pub\"}]}", both, "{\"nothing\": 1}",
                                        "{\"limits\": {\"entries\": 07}}"};
    (void)state;
    fails_well("load a policy", OZC_VALID, load_policy, whole);
    fails_well("load a policy without checks", OZC_VALID, load_policy,
               "{\"skip\": [\"session_token\", \"signature\", \"content\"]}");
    fails_well("load a policy with a key that is not there", OZC_FAILED, load_policy,
               "{\"issuers\": [{\"file\": \"none.pub\"}]}");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        fails_well(wrong[i], OZC_MISUSE, load_policy, wrong[i]);
}

static struct outcome show_policy(const void *with)
{
    ozc_policy *policy = ozc_policy_new();
    assert_non_null(policy);
    assert_int_equal(OZC_VALID, ozc_policy_trust_issuer(policy, "kid", material.p384.data, material.p384.len));
    assert_int_equal(OZC_VALID, ozc_policy_trust_signer(policy, material.ed25519.data, material.ed25519.len));
    (void)with;
    machine_begin();
    char *json = ozc_policy_json(policy);
    machine_end();
    struct outcome outcome = {json == NULL ? OZC_FAILED : OZC_VALID, json == NULL ? NULL : strdup(json)};
    ozc_free(json);
    ozc_policy_free(policy);
    return outcome;
}

static void shows_a_policy_whole_or_not_at_all(void **state)
{
    (void)state;
    fails_well("show a policy", OZC_VALID, show_policy, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_a_policy),
        cmocka_unit_test(never_trusts_one_key_in_both_roles),
        cmocka_unit_test(never_takes_a_bad_key),
        cmocka_unit_test(loads_a_policy),
        cmocka_unit_test(shows_a_policy_whole_or_not_at_all),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, load_material, free_material);
    print_points_tried();
    return failed;
}
