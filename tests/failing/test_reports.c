/*
 * Every point of the machine fails in what is done with a report: rendered whole or not at all, claimed once or not at
 * all, and the verified bytes or none.
 */
#include "each_failure.h"
#include "machine.h"
#include "material.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ozc_report *valid_report(void)
{
    ozc_policy *policy = corpus_policy(OZC_FIRST_FAULT);
    ozc_call call = OZC_CALL_INIT;
    ozc_report *report = NULL;
    call.time = OZC_TIME_ISSUED;
    assert_int_equal(OZC_VALID,
                     ozc_validate_memory(policy, material.container.data, material.container.len, &call, &report));
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
    fails_well("render a valid report", OZC_VALID, render, valid);
    fails_well("render a rejected report", OZC_VALID, render, rejected);
    fails_well("render no report", OZC_VALID, render, NULL);
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
    fails_well("a report that failed", OZC_FAILED, fail_report, "why");
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
    fails_well("claim from a full store", OZC_VALID, claim_from_a_full_store, NULL);
    fails_well("claim twice", OZC_REJECTED, claim_twice, NULL);
    fails_well("claim what was used", OZC_REJECTED, claim_from_another_store, NULL);
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
    ozc_result result =
        ozc_reader_new_memory(report, "payload.json", material.container.data, material.container.len, &reader);
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
    fails_well("read an entry", OZC_VALID, read_entry, report);
    ozc_report_free(report);
}

/* The token has expired long since. */
static struct outcome judge_by_the_clock(const void *with)
{
    ozc_report *report = NULL;
    machine_begin();
    ozc_result result = ozc_validate_memory(with, material.container.data, material.container.len, NULL, &report);
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
    fails_well("judge by the system's clock", OZC_REJECTED, judge_by_the_clock, policy);
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
    fails_well("an error body", OZC_VALID, explain_body,
               "{\"error_code\": 14, \"error_message\": \"Invalid hash\", \"details\": {\"rule\": \"hash.mismatch\"}}");
    fails_well("no error body", OZC_REJECTED, explain_body, "{\"error_code\": 14");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_whole_or_not_at_all),
        cmocka_unit_test(makes_a_failed_report),
        cmocka_unit_test(claims_once),
        cmocka_unit_test(reads_a_verified_entry),
        cmocka_unit_test(judges_by_no_other_clock),
        cmocka_unit_test(reads_an_error_body),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, load_material, free_material);
    print_points_tried();
    return failed;
}
