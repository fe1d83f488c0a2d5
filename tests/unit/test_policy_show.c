/* policy_show.c: a policy as JSON, and back. */
#include "policy.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static ozc_policy *loaded(const char *json, size_t len)
{
    ozc_policy *policy = ozc_policy_new();
    assert_non_null(policy);
    if (ozc_policy_load_json(policy, json, len, TESTDATA "/keys") != OZC_VALID)
        fail_msg("%s", ozc_policy_error(policy));
    return policy;
}

static void makes_the_same_policy_again(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "{}",
        "{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\"},{\"kid\":\"\\u00e4\\\"\",\"file\":\"TEST-issuer-p256.pub\"}]"
        ","
        "\"signers\":[{\"file\":\"TEST-signer-ed25519.pub\"},{\"file\":\"TEST-signer-p384.pub\"}],"
        "\"limits\":{\"container\":1,\"entries\":2,\"entry\":3,\"payload\":4,\"session_token\":5,\"hashes\":6,"
        "\"signature\":7,\"nesting\":8},\"skip\":[\"content\",\"signature\"],\"mode\":\"all-faults\",\"leeway\":9,"
        "\"lifetime\":10,\"min_token_life\":11,\"threads\":12,\"iss\":\"who\\n\",\"aud\":\"us\","
        "\"analyses\":[\"liveness\",\"\\u20ac\"]}",
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        ozc_policy *first = loaded(settings[i], strlen(settings[i]));
        char *shown = ozc_policy_json(first);
        assert_non_null(shown);
        for (const char *c = shown; *c != '\0'; c++)
            assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7E));
        ozc_policy *second = loaded(shown, strlen(shown));
        char *again = ozc_policy_json(second);
        assert_string_equal(shown, again);
        assert_int_equal(first->issuer_count, second->issuer_count);
        for (size_t k = 0; k < first->issuer_count; k++)
            assert_true(key_same(first->issuers[k].key, second->issuers[k].key));
        for (size_t k = 0; k < first->signer_count; k++)
            assert_true(key_same(first->signers[k], second->signers[k]));
        assert_memory_equal(first->limits, second->limits, sizeof first->limits);
        assert_memory_equal(first->switched_off, second->switched_off, sizeof first->switched_off);
        assert_int_equal(first->min_token_life, second->min_token_life);
        ozc_free(shown);
        ozc_free(again);
        ozc_policy_free(first);
        ozc_policy_free(second);
    }
}

static void shows_the_defaults(void **state)
{
    (void)state;
    static const char expected[] =
        "{\n    \"issuers\": [],\n    \"signers\": [],\n    \"leeway\": 30,\n    \"lifetime\": 600,\n"
        "    \"min_token_life\": 0,\n    \"threads\": 1,\n    \"limits\": {\n        \"container\": 1073741824,\n"
        "        \"entries\": 128,\n        \"entry\": 536870912,\n        \"payload\": 262144,\n"
        "        \"session_token\": 16384,\n        \"hashes\": 41216,\n        \"signature\": 1024,\n"
        "        \"nesting\": 64\n    },\n    \"analyses\": [],\n    \"mode\": \"first-fault\",\n    \"skip\": []\n}\n";
    ozc_policy *policy = ozc_policy_new();
    char *shown = ozc_policy_json(policy);
    assert_string_equal(expected, shown);
    ozc_free(shown);
    ozc_policy_free(policy);
}

static void shows_nothing_of_no_policy(void **state)
{
    (void)state;
    assert_null(ozc_policy_json(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_same_policy_again),
        cmocka_unit_test(shows_the_defaults),
        cmocka_unit_test(shows_nothing_of_no_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
