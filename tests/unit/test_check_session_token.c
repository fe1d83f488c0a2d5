/* check_session_token.c: the keys to try, the time to judge at, what the report takes over; on a run without a
 * container. */
#include "jws.h"
#include "support.h"
#include "validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "{\"alg\":\"ES384\",\"typ\":\"JWT\"}"
#define P384 "keys/TEST-issuer-p384"
#define P384_OTHER "keys/TEST-issuer2-p384"
#define P256 "keys/TEST-issuer-p256"
#define ED25519 "keys/TEST-issuer-ed25519"

/* A policy, and the token that it judges. */
struct bench {
    ozc_policy *policy;
    ozc_call call;
    ozc_report *report;
    struct text token;
    enum outcome outcome;
    char *confirmation; /* the id of the key that was handed on */
};

static struct bench new_bench(void)
{
    struct bench b = {.policy = ozc_policy_new(), .call = OZC_CALL_INIT};
    assert_non_null(b.policy);
    b.call.time = OZC_TIME_GIVEN;
    b.call.now = CORPUS_TIME;
    return b;
}

static void free_bench(struct bench *b)
{
    ozc_report_free(b->report);
    ozc_policy_free(b->policy);
    text_free(&b->token);
    free(b->confirmation);
}

static struct bytes read_half(const char *key, const char *suffix)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%s", key, suffix);
    return read_testdata(name);
}

static void trust(struct bench *b, const char *kid, const char *key)
{
    struct bytes pem = read_half(key, "pub");
    assert_int_equal(OZC_VALID, ozc_policy_trust_issuer(b->policy, kid, pem.data, pem.len));
    free(pem.data);
}

static void make_token(struct bench *b, const char *key_name, const char *header, const char *claims)
{
    struct bytes pem = read_half(key_name, "key");
    struct key *key = NULL;
    struct text why = {0};
    uint8_t raw[KEY_SIGNATURE_MOST];
    text_free(&b->token);
    base64url_write(&b->token, header, strlen(header));
    text_add(&b->token, ".", 1);
    base64url_write(&b->token, claims, strlen(claims));
    assert_int_equal(OZC_VALID, key_read_private(b->policy->crypto, pem.data, pem.len, &key, &why));
    assert_int_equal(OZC_VALID, key_sign(key, b->token.data, b->token.len, raw));
    text_add(&b->token, ".", 1);
    base64url_write(&b->token, raw, 2 * key_traits(key_kind(key))->half);
    key_free(key);
    free(pem.data);
}

/* Runs the check on the token; returns the rule that failed, "passed" or "skipped". */
static const char *judge(struct bench *b)
{
    struct entry entry = {.shown = {.name = "session_token", .size = b->token.len, .offset = 1000}};
    ozc_report_free(b->report);
    b->report = report_new();
    struct run run = {.policy = b->policy, .call = &b->call, .report = b->report, .now = b->call.now};
    run.parts[PART_SESSION_TOKEN] = (struct part){&entry, (uint8_t *)b->token.data};
    b->outcome = check_session_token(&run);
    free(b->confirmation);
    b->confirmation = run.confirmation_key == NULL ? NULL : strdup(key_id(run.confirmation_key));
    key_free(run.confirmation_key);
    if (b->outcome == CHECK_PASSED)
        return "passed";
    assert_int_equal(CHECK_FAILED, b->outcome);
    assert_int_equal(1, ozc_report_finding_count(b->report));
    const ozc_finding *finding = ozc_report_finding(b->report, 0);
    assert_string_equal("session_token", finding->entry);
    assert_int_equal(1000, finding->offset);
    return finding->rule->id;
}

static const char *judge_claims(const char *claims)
{
    static char rule[64];
    struct bench b = new_bench();
    trust(&b, NULL, P384);
    make_token(&b, P384, HEADER, claims);
    snprintf(rule, sizeof rule, "%s", judge(&b));
    free_bench(&b);
    return rule;
}

#define GOOD "{\"iat\":1767225600,\"exp\":1767225900,\"jti\":\"id\",\"iss\":\"who\"}"

static void hands_on_what_was_verified(void **state)
{
    struct bench b = new_bench();
    (void)state;
    trust(&b, "a", P384_OTHER);
    trust(&b, NULL, P384);
    make_token(&b, P384, "{\"alg\":\"ES384\",\"kid\":\"b\"}", GOOD);
    assert_string_equal("passed", judge(&b));
    assert_string_equal(key_id(b.policy->issuers[1].key), b.report->session.issuer_key);
    assert_string_equal("b", b.report->session.kid);
    assert_string_equal("id", b.report->session.jti);
    assert_string_equal("who", b.report->session.iss);
    assert_true(b.report->session.has_issued_at);
    assert_int_equal(1767225600, b.report->session.issued_at);
    assert_int_equal(1767225900, b.report->session.expires_at);
    assert_int_equal(1767225930, b.report->keep_until);
    assert_int_equal(CORPUS_TIME, b.report->judged_at);
    assert_string_equal(GOOD, b.report->claims);
    assert_int_equal(strlen(GOOD), b.report->claims_len);
    assert_null(b.confirmation);
    free_bench(&b);
}

static void hands_on_the_confirmation_key(void **state)
{
    struct bench b = new_bench();
    struct bytes issuer = read_half(P384, "key");
    struct bytes device = read_testdata("keys/TEST-device-p256.pub");
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *token = NULL;
    struct key *key = NULL;
    struct text why = {0};
    (void)state;
    request.issued_at = CORPUS_TIME;
    request.cnf_pem = device.data;
    request.cnf_len = device.len;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, issuer.data, issuer.len, &token, NULL));
    trust(&b, NULL, P384);
    text_print(&b.token, "%s", token);
    assert_string_equal("passed", judge(&b));
    assert_int_equal(OZC_VALID, key_read_public(b.policy->crypto, device.data, device.len, &key, &why));
    assert_string_equal(key_id(key), b.confirmation);
    key_free(key);
    ozc_free(token);
    free(issuer.data);
    free(device.data);
    free_bench(&b);
}

/* Which keys are tried: kid of the token, kid of two trusted keys, of which the second is the issuer's. */
static void tries_the_keys_that_kid_and_alg_leave(void **state)
{
    static const struct {
        const char *token_kid;
        const char *first_kid;
        const char *first;
        const char *second_kid;
        const char *second;
        const char *rule;
    } rows[] = {{NULL, NULL, P384_OTHER, NULL, P384, "passed"},
                {NULL, "a", P384_OTHER, "b", P384, "passed"},
                {"a", "a", P384_OTHER, "a", P384, "passed"}, /* ids may repeat */
                {"a", "b", P384_OTHER, "a", P384, "passed"},
                {"a", "a", P384_OTHER, NULL, P384, "passed"},
                {"z", "a", P384_OTHER, NULL, P384, "passed"},
                {"a", "a", P384_OTHER, "b", P384, "session_token.signature"},
                {"a", NULL, P384_OTHER, "b", P384, "session_token.signature"},
                {"a", "A", P384_OTHER, "b", P384, "session_token.key"},
                {"", "a", P384_OTHER, "b", P384, "session_token.key"},
                {"a", "a", P256, "b", P384, "session_token.algorithm"},
                {"a", "a", P256, NULL, P384, "passed"},
                {NULL, NULL, ED25519, NULL, P256, "session_token.algorithm"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        char header[128] = HEADER;
        trust(&b, rows[i].first_kid, rows[i].first);
        trust(&b, rows[i].second_kid, rows[i].second);
        if (rows[i].token_kid != NULL)
            snprintf(header, sizeof header, "{\"alg\":\"ES384\",\"kid\":\"%s\"}", rows[i].token_kid);
        make_token(&b, P384, header, GOOD);
        const char *rule = judge(&b);
        if (strcmp(rows[i].rule, rule) != 0)
            fail_msg("row %zu: %s", i, rule);
        free_bench(&b);
    }
}

static void judges_the_header_in_the_order_of_its_rules(void **state)
{
    static const struct {
        const char *header;
        const char *rule;
    } rows[] = {{"{\"alg\":\"none\",\"kid\":\"x\",\"crit\":[]}", "session_token.key"},
                {"{\"alg\":\"none\",\"kid\":5}", "session_token.malformed"},
                {"{\"alg\":\"none\",\"kid\":\"main\"}", "session_token.algorithm"},
                {"{\"alg\":\"ES384\",\"kid\":\"main\",\"typ\":\"at+jwt\"}", "session_token.algorithm"},
                {"{\"alg\":\"ES384\",\"kid\":\"main\",\"zip\":null}", "session_token.algorithm"},
                {"{\"alg\":\"ES384\",\"kid\":\"main\",\"typ\":\"jWt\",\"cty\":\"x\",\"x5c\":7}", "passed"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        trust(&b, "main", P384);
        make_token(&b, P384, rows[i].header, GOOD);
        assert_string_equal(rows[i].rule, judge(&b));
        free_bench(&b);
    }
}

static void judges_the_signature_before_the_claims(void **state)
{
    struct bench b = new_bench();
    (void)state;
    trust(&b, NULL, P384);
    make_token(&b, P384_OTHER, HEADER, "no JSON at all");
    assert_string_equal("session_token.signature", judge(&b));
    make_token(&b, P384, HEADER, "no JSON at all");
    assert_string_equal("session_token.malformed", judge(&b));
    free_bench(&b);
}

static void judges_claims_before_times_and_times_in_their_order(void **state)
{
    (void)state;
    assert_string_equal("session_token.claims", judge_claims("{\"exp\":5,\"iat\":9}"));
    assert_string_equal("session_token.claims", judge_claims("{\"exp\":5,\"cnf\":{}}"));
    assert_string_equal("session_token.expired", judge_claims("{\"exp\":1767225600,\"iat\":1}"));
    assert_string_equal("session_token.not_yet_valid", judge_claims("{\"iat\":1767229999,\"exp\":1777225600}"));
    assert_string_equal("session_token.lifetime", judge_claims("{\"iat\":1767225600,\"exp\":1777225600}"));
}

/* The token lives from 1000 to 1300, nbf 1100; leeway 30. */
static void judges_to_the_second(void **state)
{
    static const struct {
        int64_t now;
        const char *rule;
    } rows[] = {
        {0, "session_token.not_yet_valid"}, {1069, "session_token.not_yet_valid"}, {1070, "passed"}, {1329, "passed"},
        {1330, "session_token.expired"},    {INT64_MAX, "session_token.expired"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        trust(&b, NULL, P384);
        make_token(&b, P384, HEADER, "{\"iat\":1000,\"nbf\":1100,\"exp\":1300}");
        b.call.now = rows[i].now;
        assert_string_equal(rows[i].rule, judge(&b));
        free_bench(&b);
    }
}

/* Without iat: exp - now - leeway is at most the lifetime. */
static void measures_a_life_without_iat_from_now(void **state)
{
    static const struct {
        int64_t now;
        const char *rule;
    } rows[] = {{99369, "session_token.lifetime"},
                {99370, "passed"},
                {100029, "passed"},
                {100030, "session_token.expired"},
                {INT64_MAX, "session_token.expired"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        trust(&b, NULL, P384);
        make_token(&b, P384, HEADER, "{\"exp\":100000}");
        b.call.now = rows[i].now;
        assert_string_equal(rows[i].rule, judge(&b));
        free_bench(&b);
    }
}

static void judges_at_the_last_second_that_there_is(void **state)
{
    struct bench b = new_bench();
    (void)state;
    trust(&b, NULL, P384);
    make_token(&b, P384, HEADER, "{\"exp\":0}");
    b.call.now = INT64_MAX;
    assert_string_equal("session_token.expired", judge(&b));
    free_bench(&b);
}

static void judges_fixtures_at_the_time_they_were_issued(void **state)
{
    static const struct {
        const char *claims;
        int64_t judged_at;
        const char *rule;
    } rows[] = {{"{\"iat\":1000,\"exp\":1300}", 1000, "passed"},
                {"{\"exp\":1300}", 1299, "passed"},
                {"{\"exp\":0}", -1, "passed"},
                {"{\"exp\":9007199254740991}", INT64_C(9007199254740990), "passed"},
                {"{\"iat\":1000,\"nbf\":1031,\"exp\":1300}", 0, "session_token.not_yet_valid"},
                {"{\"iat\":1000,\"exp\":1601}", 0, "session_token.lifetime"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        b.call.time = OZC_TIME_ISSUED;
        trust(&b, NULL, P384);
        make_token(&b, P384, HEADER, rows[i].claims);
        assert_string_equal(rows[i].rule, judge(&b));
        assert_int_equal(rows[i].judged_at, b.report->judged_at);
        free_bench(&b);
    }
}

static void holds_iss_and_aud_to_the_policy(void **state)
{
    static const struct {
        const char *iss;
        const char *aud;
        const char *claims;
        const char *rule;
    } rows[] = {{"who", NULL, "{\"exp\":1767225900,\"iss\":\"who\"}", "passed"},
                {"who", NULL, "{\"exp\":1767225900,\"iss\":\"who \"}", "session_token.claims"},
                {"who", NULL, "{\"exp\":1767225900}", "session_token.claims"},
                {NULL, NULL, "{\"exp\":1767225900,\"iss\":\"any\"}", "passed"},
                {NULL, NULL, "{\"exp\":1767225900,\"aud\":[]}", "session_token.claims"},
                {NULL, "us", "{\"exp\":1767225900,\"aud\":[\"them\",\"us\"]}", "passed"},
                {NULL, "us", "{\"exp\":1767225900,\"aud\":\"USA\"}", "session_token.claims"},
                {NULL, "us", "{\"exp\":1767225900}", "session_token.claims"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b = new_bench();
        trust(&b, NULL, P384);
        assert_int_equal(OZC_VALID, ozc_policy_set_iss(b.policy, rows[i].iss));
        assert_int_equal(OZC_VALID, ozc_policy_set_aud(b.policy, rows[i].aud));
        make_token(&b, P384, HEADER, rows[i].claims);
        assert_string_equal(rows[i].rule, judge(&b));
        free_bench(&b);
    }
}

static void shows_no_byte_of_the_token(void **state)
{
    static const char *const headers[] = {"SECRET",
                                          "{\"SECRET\":1}",
                                          "{\"alg\":\"SECRET\"}",
                                          "{\"alg\":\"ES384\",\"kid\":\"SECRET\"}",
                                          "{\"alg\":\"ES384\",\"typ\":\"SECRET\"}",
                                          "{\"alg\":\"ES384\",\"crit\":[\"SECRET\"]}"};
    static const char *const claims[] = {"SECRET", "[\"SECRET\"]", "{\"exp\":\"SECRET\"}",
                                         "{\"exp\":1767225900,\"aud\":\"SECRET\"}",
                                         "{\"exp\":1767225900,\"iss\":\"SECRET\"}"};
    (void)state;
    for (size_t i = 0; i < 11; i++) {
        struct bench b = new_bench();
        trust(&b, "main", P384);
        assert_int_equal(OZC_VALID, ozc_policy_set_iss(b.policy, "who"));
        make_token(&b, P384, i < 6 ? headers[i] : HEADER, i < 6 ? GOOD : claims[i - 6]);
        (void)judge(&b);
        assert_int_equal(CHECK_FAILED, b.outcome);
        assert_null(strstr(ozc_report_finding(b.report, 0)->text, "SECRET"));
        free_bench(&b);
    }
}

static void skips_a_damaged_entry_and_finds_a_missing_one(void **state)
{
    struct bench b = new_bench();
    struct entry entry = {.shown = {.name = "session_token", .size = 5}, .damaged = true};
    (void)state;
    trust(&b, NULL, P384);
    b.report = report_new();
    struct run run = {.policy = b.policy, .call = &b.call, .report = b.report};
    run.parts[PART_SESSION_TOKEN] = (struct part){&entry, NULL};
    assert_int_equal(CHECK_SKIPPED, check_session_token(&run));
    assert_int_equal(0, ozc_report_finding_count(b.report));
    run.parts[PART_SESSION_TOKEN].entry = NULL;
    assert_int_equal(CHECK_FAILED, check_session_token(&run));
    assert_string_equal("session_token.missing", ozc_report_finding(b.report, 0)->rule->id);
    assert_null(ozc_report_finding(b.report, 0)->entry);
    free_bench(&b);
}

/* The rules of all findings, parted by spaces. */
static void assert_findings(const char *settings, const char *rules)
{
    char found[512] = "";
    ozc_report *report = check_testdata("valid/default.ozc", settings);
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        size_t len = strlen(found);
        snprintf(found + len, sizeof found - len, "%s%s", len == 0 ? "" : " ", ozc_report_finding(report, i)->rule->id);
    }
    assert_string_equal(rules, found);
    ozc_report_free(report);
}

static void warns_of_a_token_with_less_time_left_than_is_asked_for(void **state)
{
    (void)state;
    assert_findings("-", "");
    assert_findings("min_token_life=240", "");
    assert_findings("min_token_life=241", "session_token.short_life");
    assert_findings("at=1767225929", "");
    assert_findings("at=1767225929;min_token_life=1", "session_token.short_life");
    assert_findings("at=1767225930;min_token_life=1", "session_token.expired");
    assert_findings("min_token_life=241;skip=session_token", "");
}

static void says_how_much_time_is_left(void **state)
{
    (void)state;
    ozc_report *report = check_testdata("valid/default.ozc", "at=1767225910;min_token_life=60");
    const ozc_finding *finding = ozc_report_finding(report, 0);
    assert_int_equal(OZC_VALID, ozc_report_result(report));
    assert_string_equal("session_token", finding->entry);
    assert_string_equal(
        "it expires at 2026-01-01T00:05:00Z, and it is judged at 2026-01-01T00:05:10Z: 0 s are left, and "
        "at least 60 were asked for",
        finding->text);
    ozc_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_on_what_was_verified),
        cmocka_unit_test(hands_on_the_confirmation_key),
        cmocka_unit_test(tries_the_keys_that_kid_and_alg_leave),
        cmocka_unit_test(judges_the_header_in_the_order_of_its_rules),
        cmocka_unit_test(judges_the_signature_before_the_claims),
        cmocka_unit_test(judges_claims_before_times_and_times_in_their_order),
        cmocka_unit_test(judges_to_the_second),
        cmocka_unit_test(measures_a_life_without_iat_from_now),
        cmocka_unit_test(judges_at_the_last_second_that_there_is),
        cmocka_unit_test(judges_fixtures_at_the_time_they_were_issued),
        cmocka_unit_test(holds_iss_and_aud_to_the_policy),
        cmocka_unit_test(shows_no_byte_of_the_token),
        cmocka_unit_test(skips_a_damaged_entry_and_finds_a_missing_one),
        cmocka_unit_test(warns_of_a_token_with_less_time_left_than_is_asked_for),
        cmocka_unit_test(says_how_much_time_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
