/* policy_json.c: policies from JSON, member by member, and nothing in them passed over. */
#include "policy.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEYS TESTDATA "/keys"

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

static void assert_loaded(const char *json, const char *base)
{
    assert_int_equal(OZC_MISUSE, ozc_policy_set_limit(policy, OZC_LIMIT_ENTRY, 0));
    if (ozc_policy_load_json(policy, json, strlen(json), base) != OZC_VALID)
        fail_msg("%s: %s", json, ozc_policy_error(policy));
    assert_string_equal("", ozc_policy_error(policy));
}

static void assert_refused(const char *json, const char *words)
{
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, json, strlen(json), KEYS));
    if (strstr(ozc_policy_error(policy), words) == NULL)
        fail_msg("%.80s: \"%s\" does not say \"%s\"", json, ozc_policy_error(policy), words);
}

static void takes_every_setting(void **state)
{
    (void)state;
    assert_loaded(
        "{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\"},{\"kid\":\"k\",\"file\":\"TEST-issuer-p256.pub\"}],"
        "\"signers\":[{\"file\":\"TEST-signer-ed25519.pub\"}],\"limits\":{\"container\":1,\"entries\":2,\"entry\":3,"
        "\"payload\":4,\"session_token\":5,\"hashes\":6,\"signature\":7,\"nesting\":8},"
        "\"skip\":[\"content\",\"signature\"],\"mode\":\"all-faults\",\"leeway\":9,\"lifetime\":10,\"iss\":\"who\","
        "\"aud\":\"us\",\"analyses\":[\"liveness\",\"age\"]}",
        KEYS);
    assert_int_equal(2, policy->issuer_count);
    assert_null(policy->issuers[0].kid);
    assert_string_equal("k", policy->issuers[1].kid);
    assert_int_equal(KEY_P256, key_kind(policy->issuers[1].key));
    assert_int_equal(1, policy->signer_count);
    assert_int_equal(KEY_ED25519, key_kind(policy->signers[0]));
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        assert_int_equal(i + 1, ozc_policy_limit(policy, (ozc_limit)i));
    assert_true(policy->switched_off[OZC_CHECK_CONTENT] && policy->switched_off[OZC_CHECK_SIGNATURE]);
    assert_false(policy->switched_off[OZC_CHECK_SESSION_TOKEN]);
    assert_int_equal(OZC_ALL_FAULTS, policy->mode);
    assert_int_equal(9, policy->leeway);
    assert_int_equal(10, policy->lifetime);
    assert_string_equal("who", policy->iss);
    assert_string_equal("us", policy->aud);
    assert_int_equal(2, policy->analysis_count);
    assert_string_equal("age", policy->analyses[1]);
}

static void leaves_alone_what_does_not_stand_there(void **state)
{
    (void)state;
    assert_loaded(
        "{\"leeway\":5,\"iss\":\"who\",\"analyses\":[\"a\"],\"limits\":{\"entries\":7},\"skip\":[\"content\"]}", NULL);
    assert_loaded("{}", NULL);
    assert_loaded("{\"limits\":{\"entry\":9}}", NULL);
    assert_int_equal(5, policy->leeway);
    assert_string_equal("who", policy->iss);
    assert_int_equal(1, policy->analysis_count);
    assert_int_equal(7, ozc_policy_limit(policy, OZC_LIMIT_ENTRIES));
    assert_int_equal(9, ozc_policy_limit(policy, OZC_LIMIT_ENTRY));
    assert_true(policy->switched_off[OZC_CHECK_CONTENT]);
}

static void replaces_lists_as_a_whole(void **state)
{
    (void)state;
    assert_loaded(
        "{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\"}],\"signers\":[{\"file\":\"TEST-signer-p384.pub\"}],"
        "\"analyses\":[\"a\",\"b\"],\"skip\":[\"content\"],\"mode\":\"all-faults\"}",
        KEYS);
    assert_loaded("{\"issuers\":[],\"signers\":[],\"analyses\":[\"c\"],\"skip\":[],\"mode\":\"first-fault\"}", NULL);
    assert_int_equal(0, policy->issuer_count + policy->signer_count);
    assert_int_equal(1, policy->analysis_count);
    assert_false(policy->switched_off[OZC_CHECK_CONTENT]);
    assert_int_equal(OZC_FIRST_FAULT, policy->mode);
}

/* What stands there replaces what is in force, so that keys may change sides in one file. */
static void lets_keys_change_sides(void **state)
{
    (void)state;
    assert_loaded(
        "{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\"}],\"signers\":[{\"file\":\"TEST-signer-p384.pub\"}]}", KEYS);
    assert_loaded(
        "{\"issuers\":[{\"file\":\"TEST-signer-p384.pub\"}],\"signers\":[{\"file\":\"TEST-issuer-p384.pub\"}]}", KEYS);
    assert_int_equal(1, policy->issuer_count);
    assert_int_equal(1, policy->signer_count);
    assert_refused("{\"signers\":[{\"file\":\"TEST-signer-p384.pub\"}]}", "both");
}

static void refuses_wrong_types_of_every_setting(void **state)
{
    static const struct {
        const char *name;
        const char *right;
    } settings[] = {{"issuers", "[]"}, {"signers", "[]"}, {"limits", "{}"},  {"skip", "[]"},
                    {"mode", "\"\""},  {"leeway", "1"},   {"lifetime", "1"}, {"min_token_life", "1"},
                    {"iss", "\"\""},   {"aud", "\"\""},   {"analyses", "[]"}};
    static const char *const values[] = {"null", "true", "1", "\"\"", "[]", "{}"};
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            char json[64];
            snprintf(json, sizeof json, "{\"%s\":%s}", settings[i].name, values[k]);
            if (strcmp(settings[i].right, values[k]) != 0)
                assert_refused(json, settings[i].name);
        }
}

static void refuses_wrong_types_within_settings(void **state)
{
    (void)state;
    assert_refused("{\"issuers\":[\"TEST-issuer-p384.pub\"]}", "issuers is a string; expected an object");
    assert_refused("{\"signers\":[null]}", "signers is null");
    assert_refused("{\"issuers\":[{\"kid\":5,\"file\":\"TEST-issuer-p384.pub\"}]}", "kid is a number");
    assert_refused("{\"issuers\":[{\"file\":[]}]}", "file is an array");
    assert_refused("{\"signers\":[{\"key\":{}}]}", "key is an object");
    assert_refused("{\"limits\":{\"entries\":\"5\"}}", "entries is a string");
    assert_refused("{\"skip\":[1]}", "skip is a number");
    assert_refused("{\"analyses\":[\"a\",{}]}", "analyses is an object");
    assert_refused("[]", "the policy is an array; expected an object");
    assert_refused("null", "the policy is null");
}

static void refuses_settings_that_it_does_not_know(void **state)
{
    (void)state;
    assert_refused("{\"leewey\":5}", "no setting leewey");
    assert_refused("{\"Leeway\":5}", "no setting Leeway");
    assert_refused("{\"\":5}", "no setting");
    assert_refused("{\"\\u001b[2J\\u00e9\":5}", "\\x1b[2J\\xc3\\xa9");
    assert_refused("{\"limits\":{\"entrys\":5}}", "no setting entrys");
    assert_refused("{\"issuers\":[{\"Kid\":\"a\"}]}", "no setting Kid");
    assert_refused("{\"signers\":[{\"kid\":\"a\",\"file\":\"TEST-signer-p384.pub\"}]}", "no setting kid");
    assert_refused("{\"skip\":[\"sessiontoken\"]}", "no check sessiontoken");
    assert_refused("{\"mode\":\"All-Faults\"}", "neither");
    assert_refused("{\"mode\":\"\"}", "neither");
}

static void refuses_values_out_of_bounds_and_names_the_setting(void **state)
{
    (void)state;
    assert_refused("{\"leeway\":86401}", "leeway: ");
    assert_refused("{\"leeway\":-1}", "leeway");
    assert_refused("{\"leeway\":0.5}", "leeway");
    assert_refused("{\"lifetime\":0}", "lifetime: ");
    assert_refused("{\"lifetime\":1e300}", "lifetime");
    assert_refused("{\"iss\":\"\"}", "iss: ");
    assert_refused("{\"aud\":\"\"}", "aud: ");
    assert_refused("{\"analyses\":[\"\"]}", "analyses: ");
    assert_refused("{\"skip\":[\"archive\"]}", "skip: ");
    assert_refused("{\"limits\":{\"nesting\":0}}", "nesting");
    assert_refused("{\"limits\":{\"nesting\":1001}}", "nesting");
    assert_refused("{\"limits\":{\"entries\":-5}}", "entries");
    assert_refused("{\"limits\":{\"entries\":1.5}}", "entries");
    assert_refused("{\"limits\":{\"container\":4294967296}}", "container");
    assert_loaded("{\"leeway\":0,\"lifetime\":1.0,\"limits\":{\"entries\":1e2}}", NULL);
    assert_int_equal(100, ozc_policy_limit(policy, OZC_LIMIT_ENTRIES));
}

static void says_line_and_column_of_what_is_no_json(void **state)
{
    (void)state;
    assert_refused("", "line 1, column 1: ");
    assert_refused("{\n  \"leeway\": 5,\n  \"leeway\": 6\n}", "line 3, column 3: ");
    assert_refused("{\n\"iss\": \"\xC3\xA9\", }", "line 2, column 13: ");
    assert_refused("{} // and so on", "line 1, column 4: ");
    assert_refused("\xEF\xBB\xBF{}", "line 1, column 1: a byte order mark");
    assert_refused("{\"limits\":[[[[[[[[]]]]]]]]}", "line 1, column 18: ");
}

static void says_line_and_column_of_what_is_wrong_in_a_setting(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *words;
    } wrong[] = {
        {"{\"leeway\": 1,\n  \"leewey\": 2}", "line 2, column 3: there is no setting leewey"},
        {"{\"leeway\":\n \"x\"}", "line 2, column 2: leeway is a string"},
        {"{\"leeway\":\n\n  99999}", "line 3, column 3: leeway: the leeway has to be"},
        {"{\"limits\": {\"entry\": 1,\n \"entries\": 0}}", "line 2, column 13: limits: the limit entries"},
        {"{\"limits\": {\n\"size\": 0}}", "line 2, column 1: there is no setting size"},
        {"{\"skip\": [\"content\",\n\"hash\"]}", "line 2, column 1: skip: only session_token"},
        {"{\"skip\": [\"content\",\n 5]}", "line 2, column 2: skip is a number"},
        {"{\"analyses\": [\"a\",\n  \"\"]}", "line 2, column 3: analyses: "},
        {"{\"issuers\": [{\"file\": \"TEST-issuer-p384.pub\"},\n {\"kid\": \"x\"}]}",
         "line 2, column 2: issuers: a key"},
        {"{\"issuers\": [{\n\"file\": 1}]}", "line 2, column 9: file is a number"},
        {"{\"signers\": [{\n\"kid\": \"x\"}]}", "line 2, column 1: signers: a key has no setting kid"},
        {"[]", "the policy is an array"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(wrong[i].json, wrong[i].words);
}

static void holds_a_key_to_its_sha256(void **state)
{
    (void)state;
    static const char id[] = "a8c4da57e930066b77d91c0d476fb291ee870938bebcadd01d72e0b227354516";
    char json[512];
    snprintf(json, sizeof json, "{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\",\"sha256\":\"%s\"}]}", id);
    assert_loaded(json, KEYS);
    assert_int_equal(1, policy->issuer_count);
    snprintf(json, sizeof json, "{\"issuers\":[],\"signers\":[{\"sha256\":\"%s\",\"file\":\"TEST-signer-p384.pub\"}]}",
             id);
    assert_refused(json, "line 1, column 26: TEST-signer-p384.pub: the SHA-256 of this key is ");
    assert_refused("{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\",\"sha256\":\"\"}]}", "sha256");
    assert_refused("{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\",\"sha256\":5}]}", "sha256 is a number");
    assert_refused("{\"issuers\":[{\"sha256\":\"00\"}]}", "exactly one");
}

static void refuses_a_text_of_over_1_mib(void **state)
{
    size_t most = (size_t)1 << 20;
    char *json = malloc(most + 1);
    (void)state;
    assert_non_null(json);
    memset(json, ' ', most + 1);
    memcpy(json, "{}", 2);
    assert_int_equal(OZC_VALID, ozc_policy_load_json(policy, json, most, NULL));
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, json, most + 1, NULL));
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, NULL, 0, NULL));
    free(json);
}

static void takes_a_key_inline(void **state)
{
    struct bytes pem = read_testdata("keys/TEST-issuer-p384.pub");
    struct text json = {0};
    (void)state;
    text_print(&json, "{\"issuers\":[{\"kid\":\"k\",\"key\":");
    text_json(&json, (const char *)pem.data);
    text_print(&json, "}]}");
    assert_loaded(json.data, NULL);
    assert_int_equal(1, policy->issuer_count);
    text_free(&json);
    free(pem.data);
    assert_refused("{\"issuers\":[{\"key\":\"no key\"}]}", "issuers: it holds no PEM block");
    assert_refused("{\"signers\":[{\"key\":\"\"}]}", "signers: it is empty");
}

static void wants_a_key_named_in_exactly_one_way(void **state)
{
    (void)state;
    assert_refused("{\"issuers\":[{}]}", "exactly one of");
    assert_refused("{\"issuers\":[{\"kid\":\"a\"}]}", "exactly one of");
    assert_refused("{\"signers\":[{\"key\":\"\",\"file\":\"TEST-signer-p384.pub\"}]}", "exactly one of");
}

static void looks_key_files_up_in_the_folder_of_the_policy(void **state)
{
    (void)state;
    assert_loaded("{\"signers\":[{\"file\":\"keys/TEST-signer-p384.pub\"}]}", TESTDATA);
    assert_loaded("{\"signers\":[{\"file\":\"../keys/TEST-signer-p384.pub\"}]}", KEYS);
    assert_loaded("{\"signers\":[{\"file\":\"" KEYS "/TEST-signer-p384.pub\"}]}", "/does/not/exist");
    const char *json = "{\"signers\":[{\"file\":\"TEST-signer-p384.pub\"}]}";
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, json, strlen(json), NULL));
    assert_non_null(strstr(ozc_policy_error(policy), "can not be named here"));
}

static void refuses_key_files_that_hold_no_key(void **state)
{
    (void)state;
    assert_refused("{\"signers\":[{\"file\":\"TEST-signer-p384.key\"}]}",
                   "TEST-signer-p384.key: it holds a private key");
    assert_refused("{\"issuers\":[{\"file\":\"bad/rsa.pub\"}]}", "bad/rsa.pub: ");
    assert_refused("{\"issuers\":[{\"file\":\"bad/empty.pub\"}]}", "empty");
    assert_refused("{\"issuers\":[{\"file\":\"../list.tsv\"}]}", "it is too long for a key");
    assert_loaded("{\"issuers\":[{\"file\":\"TEST-issuer-p384.pub\"}]}", KEYS);
    assert_refused("{\"signers\":[{\"file\":\"TEST-issuer-p384.pub\"}]}", "both");
}

static void fails_where_a_key_file_can_not_be_read(void **state)
{
    static const char *const files[] = {"not-there.pub", "", "bad", "\\u001b[2J.pub"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"signers\":[{\"file\":\"%s\"}]}", files[i]);
        assert_int_equal(OZC_FAILED, ozc_policy_load_json(policy, json, strlen(json), KEYS));
        for (const char *c = ozc_policy_error(policy); *c != '\0'; c++)
            assert_in_range(*c, 0x20, 0x7E);
        assert_non_null(strstr(ozc_policy_error(policy), "key file"));
    }
}

/* The name of a file that is there, and the id of a key, stand in messages as well. */
static void shows_hostile_names_of_key_files_in_ascii(void **state)
{
    char folder[] = "/tmp/ozc-test-policy-XXXXXX";
    char name[sizeof folder + 16];
    const char *json = "{\"signers\":[{\"file\":\"\\u001b[2J\"}]}";
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/\x1B[2J", folder);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs("no key", file) >= 0);
    fclose(file);
    ozc_result result = ozc_policy_load_json(policy, json, strlen(json), folder);
    unlink(name);
    rmdir(folder);
    assert_int_equal(OZC_MISUSE, result);
    for (const char *c = ozc_policy_error(policy); *c != '\0'; c++)
        assert_in_range(*c, 0x20, 0x7E);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(takes_every_setting),
        TEST(leaves_alone_what_does_not_stand_there),
        TEST(replaces_lists_as_a_whole),
        TEST(lets_keys_change_sides),
        TEST(refuses_wrong_types_of_every_setting),
        TEST(refuses_wrong_types_within_settings),
        TEST(refuses_settings_that_it_does_not_know),
        TEST(refuses_values_out_of_bounds_and_names_the_setting),
        TEST(says_line_and_column_of_what_is_no_json),
        TEST(says_line_and_column_of_what_is_wrong_in_a_setting),
        TEST(holds_a_key_to_its_sha256),
        TEST(refuses_a_text_of_over_1_mib),
        TEST(takes_a_key_inline),
        TEST(wants_a_key_named_in_exactly_one_way),
        TEST(looks_key_files_up_in_the_folder_of_the_policy),
        TEST(refuses_key_files_that_hold_no_key),
        TEST(fails_where_a_key_file_can_not_be_read),
        TEST(shows_hostile_names_of_key_files_in_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
