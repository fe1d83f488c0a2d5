/*
 * Every allocation of the rest of the public functions fails: policies, tokens, packing, rendering, claiming, reading.
 *
 * What succeeds is as good as on a sound machine; what does not, says that it failed; nothing leaks, and no file stays.
 */
#include "each_failure.h"
#include "machine.h"
#include "store.h"
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        if (result == OZC_VALID)                                                                                       \
            result = (call);                                                                                           \
    } while (0)

static struct bytes p384, p256, ed25519, ed25519_private, p384_private, container, token;

static int load(void **state)
{
    (void)state;
    p384 = read_testdata("keys/TEST-issuer-p384.pub");
    p256 = read_testdata("keys/TEST-issuer-p256.pub");
    ed25519 = read_testdata("keys/TEST-signer-ed25519.pub");
    ed25519_private = read_testdata("keys/TEST-signer-ed25519.key");
    p384_private = read_testdata("keys/TEST-issuer-p384.key");
    container = read_testdata("valid/default.ozc");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    struct bytes *all[] = {&p384, &p256, &ed25519, &ed25519_private, &p384_private, &container, &token};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->data);
    return 0;
}

static void succeeds(const char *name, job *do_it, const void *with)
{
    /* Calls are few. */
    assert_int_equal(0, fail_each_point(name, do_it, with, machine.last == REFUSES ? EACH_NEW : EACH_ALL));
}

/* What a policy makes of a container tells whether it holds all that it was given. */
static struct outcome outcome_of_policy(ozc_result result, ozc_policy *policy)
{
    struct outcome outcome = {result, NULL};
    ozc_report *report = NULL;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_ISSUED;
    if (result == OZC_VALID) {
        ozc_result judged = ozc_validate_memory(policy, container.data, container.len, &call, &report);
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
    TRY(ozc_policy_trust_issuer(policy, NULL, p384.data, p384.len));
    TRY(ozc_policy_trust_issuer(policy, "another", p256.data, p256.len));
    TRY(ozc_policy_trust_signer(policy, ed25519.data, ed25519.len));
    TRY(ozc_policy_set_iss(policy, "issuer"));
    TRY(ozc_policy_set_aud(policy, "audience"));
    TRY(ozc_policy_add_analysis(policy, "one more"));
    machine_end();
    return outcome_of_policy(result, policy);
}

static void builds_a_policy(void **state)
{
    (void)state;
    succeeds("build a policy", build_policy, NULL);
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
    succeeds("trust a P-384 key twice", trust_twice, &p384);
    succeeds("trust a P-256 key twice", trust_twice, &p256);
    succeeds("trust an Ed25519 key twice", trust_twice, &ed25519);
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
        succeeds(name, trust_one, &key);
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
    (void)state;
    succeeds(
        "load a policy", load_policy,
        "{\"issuers\": [{\"kid\": \"main\", \"file\": \"TEST-issuer-p384.pub\"}, {\"file\": \"TEST-issuer-p256.pub\"}],"
        " \"signers\": [{\"file\": \"TEST-signer-ed25519.pub\"}], \"limits\": {\"entries\": 7, \"nesting\": 9},"
        " \"mode\": \"all-faults\", \"leeway\": 3, \"lifetime\": 90, \"iss\": \"i\", \"aud\": \"a\","
        " \"analyses\": [\"one\", \"two\"], \"threads\": 2}");
    succeeds("load a policy without checks", load_policy,
             "{\"skip\": [\"session_token\", \"signature\", \"content\"]}");
    succeeds("load a policy with a key that is not there", load_policy, "{\"issuers\": [{\"file\": \"none.pub\"}]}");
    succeeds("load a policy with a bad key", load_policy, "{\"issuers\": [{\"file\": \"bad/p521.pub\"}]}");
    succeeds(
        "load a policy with one key in both roles", load_policy,
        "{\"issuers\": [{\"file\": \"TEST-issuer-p384.pub\"}], \"signers\": [{\"file\": \"TEST-issuer-p384.pub\"}]}");
    succeeds("load a policy with an unknown setting", load_policy, "{\"nothing\": 1}");
    succeeds("load a policy that is no JSON", load_policy, "{\"limits\": {\"entries\": 07}}");
}

static struct outcome issue_token(const void *with)
{
    const ozc_token_request *request = with;
    char *made = NULL;
    char *why = NULL;
    machine_begin();
    ozc_result result = ozc_token_issue(request, ed25519_private.data, ed25519_private.len, &made, &why);
    machine_end();
    struct outcome outcome = {result, made == NULL ? NULL : strdup(made)};
    ozc_free(made);
    ozc_free(why);
    return outcome;
}

static void issues_a_token(void **state)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    (void)state;
    request.kid = "kid";
    request.jti = "jti";
    request.iss = "iss";
    request.aud = "aud";
    request.cnf_pem = p384.data;
    request.cnf_len = p384.len;
    succeeds("issue a token for a P-384 key", issue_token, &request);
    request.cnf_pem = ed25519.data;
    request.cnf_len = ed25519.len;
    succeeds("issue a token for an Ed25519 key", issue_token, &request);
    request.cnf_pem = "none";
    request.cnf_len = 4;
    succeeds("issue a token for no key", issue_token, &request);
}

/* ECDSA and jti are random, so these tokens are compared by whether they verify. */
static struct outcome issue_random_token(const void *with)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    ozc_token *parsed = NULL;
    (void)with;
    machine_begin();
    struct outcome outcome = {ozc_token_issue(&request, p384_private.data, p384_private.len, &made, NULL), NULL};
    machine_end();
    if (outcome.result == OZC_VALID) {
        assert_int_equal(OZC_VALID, ozc_token_parse(made, strlen(made), &parsed, NULL));
        assert_int_equal(OZC_VALID, ozc_token_is_signed_by(parsed, p384.data, p384.len, NULL));
    }
    ozc_token_free(parsed);
    ozc_free(made);
    return outcome;
}

static void issues_a_random_token(void **state)
{
    (void)state;
    succeeds("issue a token by ECDSA", issue_random_token, NULL);
}

static struct outcome show_policy(const void *with)
{
    ozc_policy *policy = ozc_policy_new();
    assert_non_null(policy);
    assert_int_equal(OZC_VALID, ozc_policy_trust_issuer(policy, "kid", p384.data, p384.len));
    assert_int_equal(OZC_VALID, ozc_policy_trust_signer(policy, ed25519.data, ed25519.len));
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
    succeeds("show a policy", show_policy, NULL);
}

static struct outcome show_token(const void *with)
{
    const struct bytes *key = with;
    ozc_token *shown = NULL;
    char *why = NULL;
    char *why_not = NULL;
    struct outcome outcome = {OZC_FAILED, NULL};
    machine_begin();
    ozc_result parsed = ozc_token_parse(token.data, token.len, &shown, &why);
    outcome.result = parsed == OZC_VALID ? ozc_token_is_signed_by(shown, key->data, key->len, &why_not) : parsed;
    machine_end();
    if (outcome.result == OZC_VALID)
        outcome.says = strdup(ozc_token_claims(shown));
    ozc_token_free(shown);
    ozc_free(why);
    ozc_free(why_not);
    return outcome;
}

static void shows_a_token(void **state)
{
    static struct bytes nothing = {(unsigned char *)"", 0};
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    (void)state;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, p384_private.data, p384_private.len, &made, NULL));
    token = (struct bytes){(unsigned char *)made, strlen(made)};
    succeeds("verify a token", show_token, &p384);
    succeeds("verify a token with another kind of key", show_token, &ed25519);
    succeeds("verify a token with no key", show_token, &nothing);
    struct bytes other = read_testdata("keys/TEST-issuer2-p384.pub");
    succeeds("verify a token with another key", show_token, &other);
    free(other.data);
    token.data[1] = '!';
    succeeds("show no token", show_token, &p384);
}

/* A folder of its own for the packer, and what is in it. */
static char folder[] = "/tmp/ozc-failing-XXXXXX";

static long count_files(void)
{
    long files = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        files += entry->d_name[0] != '.';
    closedir(dir);
    return files;
}

static struct outcome pack(const void *with)
{
    static const char payload[] =
        "{\"analyses\": [{\"type\": \"quality\"}], \"media:tags\": {\"clip.mp4\": [\"photo_id\"]}}";
    char path[sizeof folder + 16];
    const char *pem = with;
    ozc_report *report = NULL;
    snprintf(path, sizeof path, "%s/made.ozc", folder);
    machine_begin();
    ozc_packer *packer = ozc_packer_new();
    ozc_result result = packer == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_packer_add_data(packer, "payload.json", payload, sizeof payload - 1));
    TRY(ozc_packer_add_data(packer, "session_token", token.data, token.len));
    TRY(ozc_packer_add_file(packer, "media/clip.mp4", TESTDATA "/media/clip.mp4"));
    TRY(ozc_packer_write(packer, pem, strlen(pem), path, &report));
    machine_end();
    assert_int_equal(result == OZC_VALID, count_files());
    ozc_packer_free(packer);
    (void)unlink(path);
    return outcome_of(result, report);
}

static void make_token(const struct bytes *cnf)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    free(token.data);
    request.cnf_pem = cnf->data;
    request.cnf_len = cnf->len;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, p384_private.data, p384_private.len, &made, NULL));
    token = (struct bytes){(unsigned char *)made, strlen(made)};
}

static void packs_a_container(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make_token(&ed25519);
    succeeds("pack", pack, ed25519_private.data);
    make_token(&p384);
    succeeds("pack with the token of another", pack, ed25519_private.data);
    succeeds("pack with a public key", pack, ed25519.data);
    rmdir(folder);
}

static ozc_report *valid_report(void)
{
    ozc_policy *policy = corpus_policy(OZC_FIRST_FAULT);
    ozc_call call = OZC_CALL_INIT;
    ozc_report *report = NULL;
    call.time = OZC_TIME_ISSUED;
    assert_int_equal(OZC_VALID, ozc_validate_memory(policy, container.data, container.len, &call, &report));
    ozc_policy_free(policy);
    return report;
}

static struct outcome render(const void *with)
{
    const ozc_report *report = with;
    machine_begin();
    char *json = ozc_render_json(report, "a \x01 name");
    char *text = ozc_render_text(report, "a \x01 name", 1);
    char *oz = ozc_render_oz(report, 1);
    char *extrahorizon = ozc_render_extrahorizon(report);
    char *string = ozc_json_string("\xC3\xA4");
    char *plain = ozc_plain_text("\xC3\xA4");
    machine_end();
    bool has_body = ozc_report_result(report) == OZC_REJECTED;
    bool is_whole = json != NULL && text != NULL && string != NULL && plain != NULL &&
                    (!has_body || (oz != NULL && extrahorizon != NULL));
    struct outcome outcome = {is_whole ? OZC_VALID : OZC_FAILED, NULL};
    if (is_whole) {
        size_t size = strlen(json) + strlen(text) + (has_body ? strlen(oz) + strlen(extrahorizon) : 0) + 64;
        outcome.says = malloc(size);
        snprintf(outcome.says, size, "%s%s%s%s%s%s", json, text, has_body ? oz : "", has_body ? extrahorizon : "",
                 string, plain);
    }
    char *all[] = {json, text, oz, extrahorizon, string, plain};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ozc_free(all[i]);
    return outcome;
}

static void renders_whole_or_not_at_all(void **state)
{
    ozc_report *valid = valid_report();
    ozc_report *rejected = check_testdata("invalid/hash.mismatch-mimetype.ozc", "-");
    (void)state;
    succeeds("render a valid report", render, valid);
    succeeds("render a rejected report", render, rejected);
    succeeds("render no report", render, NULL);
    ozc_report_free(valid);
    ozc_report_free(rejected);
}

static struct outcome fail_report(const void *with)
{
    machine_begin();
    ozc_report *report = ozc_report_new_failed(with);
    machine_end();
    return outcome_of(report == NULL ? OZC_FAILED : ozc_report_result(report), report);
}

static void makes_a_failed_report(void **state)
{
    (void)state;
    succeeds("a report that failed", fail_report, "why");
}

/* The second use is never taken for the first. Of the report that was used twice, where the first use was told. */
static struct outcome claim_twice(const void *with)
{
    ozc_report *reports[] = {valid_report(), valid_report()};
    ozc_result results[] = {OZC_FAILED, OZC_FAILED};
    (void)with;
    machine_begin();
    ozc_store *store = ozc_store_new_memory(1);
    for (int i = 0; store != NULL && i < 2; i++)
        results[i] = ozc_report_claim(reports[i], store);
    ozc_store_free(store);
    machine_end();
    ozc_report_free(reports[0]);
    if (results[0] == OZC_VALID && results[1] != OZC_FAILED)
        return outcome_of(results[1], reports[1]);
    ozc_report_free(reports[1]);
    return (struct outcome){OZC_FAILED, NULL};
}

static ozc_claim always_used(void *user, const char *iss, const char *jti, int64_t keep_until, int64_t now)
{
    (void)user;
    (void)iss;
    (void)jti;
    (void)keep_until;
    (void)now;
    return OZC_CLAIM_USED;
}

static struct outcome claim_from_another_store(const void *with)
{
    ozc_report *report = valid_report();
    (void)with;
    machine_begin();
    ozc_store *store = ozc_store_new(always_used, NULL, NULL);
    ozc_result result = store == NULL ? OZC_FAILED : ozc_report_claim(report, store);
    ozc_store_free(store);
    machine_end();
    if (store != NULL)
        return outcome_of(result, report);
    ozc_report_free(report);
    return (struct outcome){OZC_FAILED, NULL};
}

/* A full store makes room for the second token by dropping the first. */
static struct outcome claim_from_a_full_store(const void *with)
{
    ozc_store *store = ozc_store_new_memory(1);
    (void)with;
    assert_non_null(store);
    assert_int_equal(OZC_CLAIM_NEW, store->claim(store->user, "", "first", 10, 0));
    machine_begin();
    ozc_claim claimed = store->claim(store->user, "", "second", 30, 20);
    machine_end();
    ozc_claim again = store->claim(store->user, "", "second", 30, 20);
    assert_int_equal(claimed == OZC_CLAIM_NEW ? OZC_CLAIM_USED : OZC_CLAIM_NEW, again);
    ozc_store_free(store);
    return (struct outcome){claimed == OZC_CLAIM_NEW ? OZC_VALID : OZC_FAILED, NULL};
}

static void claims_once(void **state)
{
    (void)state;
    succeeds("claim from a full store", claim_from_a_full_store, NULL);
    succeeds("claim twice", claim_twice, NULL);
    succeeds("claim what was used", claim_from_another_store, NULL);
}

static struct outcome read_entry(const void *with)
{
    const ozc_report *report = with;
    ozc_reader *reader = NULL;
    char *bytes = calloc(1, 65536);
    assert_non_null(bytes);
    size_t len = 0;
    size_t got = 0;
    machine_begin();
    ozc_result result = ozc_reader_new_memory(report, "payload.json", container.data, container.len, &reader);
    do {
        TRY(ozc_reader_read(reader, bytes + len, 7, &got));
        len += result == OZC_VALID ? got : 0;
    } while (result == OZC_VALID && got > 0);
    machine_end();
    ozc_reader_free(reader);
    if (result != OZC_VALID) {
        free(bytes);
        bytes = NULL;
    }
    return (struct outcome){result, bytes};
}

static void reads_a_verified_entry(void **state)
{
    ozc_report *report = valid_report();
    (void)state;
    succeeds("read an entry", read_entry, report);
    ozc_report_free(report);
}

/* The token has expired long since. */
static struct outcome judge_by_the_clock(const void *with)
{
    ozc_report *report = NULL;
    machine_begin();
    ozc_result result = ozc_validate_memory(with, container.data, container.len, NULL, &report);
    machine_end();
    if (result == OZC_REJECTED)
        assert_verdict(report, "session_token.expired");
    ozc_report_free(report);
    return (struct outcome){result, NULL};
}

static void judges_by_no_other_clock(void **state)
{
    ozc_policy *policy = corpus_policy(OZC_FIRST_FAULT);
    (void)state;
    succeeds("judge by the system's clock", judge_by_the_clock, policy);
    ozc_policy_free(policy);
}

static struct outcome explain_body(const void *with)
{
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    machine_begin();
    ozc_result result = ozc_api_error_from_body(with, strlen(with), &error, &rule);
    machine_end();
    return (struct outcome){result, result == OZC_VALID ? strdup(rule->id) : NULL};
}

static void reads_an_error_body(void **state)
{
    (void)state;
    succeeds("an error body", explain_body,
             "{\"error_code\": 14, \"error_message\": \"Invalid hash\", \"details\": {\"rule\": \"hash.mismatch\"}}");
    succeeds("no error body", explain_body, "{\"error_code\": 14");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_a_policy),
        cmocka_unit_test(never_trusts_one_key_in_both_roles),
        cmocka_unit_test(never_takes_a_bad_key),
        cmocka_unit_test(loads_a_policy),
        cmocka_unit_test(issues_a_token),
        cmocka_unit_test(issues_a_random_token),
        cmocka_unit_test(shows_a_policy_whole_or_not_at_all),
        cmocka_unit_test(shows_a_token),
        cmocka_unit_test(packs_a_container),
        cmocka_unit_test(renders_whole_or_not_at_all),
        cmocka_unit_test(makes_a_failed_report),
        cmocka_unit_test(claims_once),
        cmocka_unit_test(reads_a_verified_entry),
        cmocka_unit_test(judges_by_no_other_clock),
        cmocka_unit_test(reads_an_error_body),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, load, unload);
    print_points_tried();
    return failed;
}
