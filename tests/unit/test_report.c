/* report.c: the report answers "failed" until it has judged, keeps findings few and in order. */
#include "catalogue.h"
#include "report.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds a finding as the checks do. */
static void find(ozc_report *report, enum rule_name name, const char *text)
{
    const ozc_rule *rule = catalogue_rule(name);
    const ozc_finding finding = {
        .rule = rule, .entry = "media/a", .entry_is_name = 1, .text = text, .hint = rule->hint};
    if (report_wants(report, rule))
        assert_true(report_add(report, &finding));
}

static void assert_answers_failed(const ozc_report *report)
{
    size_t len = 1;
    uint64_t size = 77;
    assert_int_equal(OZC_FAILED, ozc_report_result(report));
    assert_int_equal(0, ozc_report_is_complete(report));
    assert_null(ozc_report_rule(report));
    assert_int_equal(0, ozc_report_api_error(report, OZC_API_OZ)->code);
    assert_null(ozc_report_api_error(report, OZC_API_EXTRAHORIZON));
    assert_int_equal(500, ozc_report_http_status(report, OZC_API_OZ));
    assert_int_equal(500, ozc_report_http_status(report, OZC_API_EXTRAHORIZON));
    assert_true(strlen(ozc_report_failure(report)) > 0);
    assert_int_equal(0, ozc_report_size(report, &size));
    assert_int_equal(77, size);
    assert_int_equal(0, ozc_report_finding_count(report));
    assert_null(ozc_report_finding(report, 0));
    assert_int_equal(0, ozc_report_findings_omitted(report));
    assert_int_equal(0, ozc_report_entry_count(report));
    assert_null(ozc_report_entry(report, 0));
    assert_null(ozc_report_content_id(report));
    assert_null(ozc_report_session(report));
    assert_null(ozc_report_signer(report));
    assert_null(ozc_report_payload(report, &len));
    assert_int_equal(0, len);
    assert_null(ozc_report_claims(report, NULL));
    for (int i = -1; i <= OZC_CHECK_COUNT; i++) {
        assert_int_equal(OZC_SKIPPED, ozc_report_state(report, (ozc_check)i));
        assert_int_equal(0, ozc_report_is_switched_off(report, (ozc_check)i));
    }
}

static void answers_failed_where_there_is_no_report(void **state)
{
    (void)state;
    assert_answers_failed(NULL);
    ozc_report_free(NULL);
}

static void answers_failed_before_anything_is_judged(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    assert_answers_failed(report);
    ozc_report_free(report);
}

static void answers_failed_with_the_callers_own_words(void **state)
{
    (void)state;
    char why[] = "the upload could not be spooled";
    ozc_report *report = ozc_report_new_failed(why);
    why[0] = 'X';
    assert_answers_failed(report);
    assert_string_equal("the upload could not be spooled", ozc_report_failure(report));
    ozc_report_free(report);
    report = ozc_report_new_failed(NULL);
    assert_answers_failed(report);
    ozc_report_free(report);
}

static void keeps_32_errors_and_32_warnings_of_each_check_and_counts_the_rest(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    for (int i = 0; i < 33; i++)
        find(report, RULE_HASH_MISMATCH, "hash");
    for (int i = 0; i < 40; i++)
        find(report, RULE_CONTENT_TAG, "tag");
    for (int i = 0; i < 32; i++)
        find(report, i % 2 == 0 ? RULE_CONTENT_TYPE : RULE_CONTENT_VALUE, "type");
    assert_int_equal(32 + 32 + 32, ozc_report_finding_count(report));
    assert_int_equal(1 + 8, ozc_report_findings_omitted(report));
    assert_null(ozc_report_finding(report, 96));
    ozc_report_free(report);
}

static void keeps_the_first_error_behind_any_number_of_warnings(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    for (int i = 0; i < 100; i++)
        find(report, RULE_CONTENT_TAG, "tag");
    find(report, RULE_CONTENT_VALUE, "the first");
    for (int i = 0; i < 100; i++)
        find(report, RULE_CONTENT_TYPE, "type");
    report->result = OZC_REJECTED;
    assert_string_equal("content.value", ozc_report_rule(report)->id);
    assert_int_equal(64, ozc_report_finding_count(report));
    assert_int_equal(68 + 69, ozc_report_findings_omitted(report));
    ozc_report_free(report);
}

static void orders_findings_by_check_and_within_it_as_met(void **state)
{
    (void)state;
    static const char *const expected[] = {"media", "token", "crc 1", "crc 2", "tag", "value"};
    ozc_report *report = report_new();
    find(report, RULE_INTEGRITY_CRC, "crc 1");
    find(report, RULE_CONTENT_TAG, "tag");
    find(report, RULE_MEDIA_EMPTY, "media");
    find(report, RULE_CONTENT_VALUE, "value");
    find(report, RULE_INTEGRITY_CRC, "crc 2");
    find(report, RULE_SESSION_TOKEN_REPLAYED, "token");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(expected[i], ozc_report_finding(report, i)->text);
    report->result = OZC_REJECTED;
    assert_string_equal("media.empty", ozc_report_rule(report)->id);
    ozc_report_free(report);
}

static void takes_no_warning_for_the_verdict(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    find(report, RULE_CONTENT_TAG, "tag");
    report->result = OZC_REJECTED;
    assert_null(ozc_report_rule(report));
    assert_null(ozc_report_api_error(report, OZC_API_OZ));
    ozc_report_free(report);
}

static void copies_the_texts_of_findings(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    char text[] = "text";
    char entry[] = "media/a";
    const ozc_finding finding = {catalogue_rule(RULE_MEDIA_EMPTY), entry, 1, 1, UINT64_MAX, text, "hint"};
    assert_true(report_add(report, &finding));
    memset(text, 'x', 4);
    memset(entry, 'x', 7);
    assert_string_equal("text", ozc_report_finding(report, 0)->text);
    assert_string_equal("media/a", ozc_report_finding(report, 0)->entry);
    assert_int_equal(UINT64_MAX, ozc_report_finding(report, 0)->offset);
    ozc_report_free(report);
}

static void lets_a_failure_win_over_findings_and_over_a_valid_verdict(void **state)
{
    (void)state;
    ozc_report *report = report_new();
    find(report, RULE_HASH_MISMATCH, "hash");
    report->result = OZC_REJECTED;
    report_fail(report, "one");
    assert_int_equal(OZC_FAILED, ozc_report_result(report));
    assert_null(ozc_report_rule(report));
    assert_int_equal(0, ozc_report_api_error(report, OZC_API_OZ)->code);
    report->result = OZC_VALID;
    assert_null(ozc_report_failure(report));
    report_fail(report, "two");
    assert_string_equal("two", ozc_report_failure(report));
    ozc_report_free(report);
}

static void says_of_a_valid_container_what_the_file_holds(void **state)
{
    (void)state;
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    struct bytes container = read_testdata("valid/default.ozc");
    uint64_t size = 0;
    size_t len = 0;
    assert_verdict(report, NULL);
    assert_int_equal(1, ozc_report_size(report, &size));
    assert_int_equal(container.len, size);
    assert_int_equal(1, ozc_report_is_complete(report));
    assert_null(ozc_report_failure(report));
    assert_null(ozc_report_api_error(report, OZC_API_OZ));
    assert_int_equal(0, ozc_report_http_status(report, OZC_API_OZ));
    assert_int_equal(6, ozc_report_entry_count(report));
    assert_null(ozc_report_entry(report, 6));
    const ozc_entry *payload = ozc_report_entry(report, 1);
    assert_string_equal("payload.json", payload->name);
    const char *bytes = ozc_report_payload(report, &len);
    assert_int_equal(payload->size, len);
    assert_memory_equal(container.data + payload->offset, bytes, len);
    assert_int_equal('\0', bytes[len]);
    free(container.data);
    assert_int_equal('{', bytes[0]);
    ozc_report_free(report);
}

static void gives_claims_of_a_verified_token_alone(void **state)
{
    (void)state;
    size_t len = 0;
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    const char *claims = ozc_report_claims(report, &len);
    assert_int_equal('{', claims[0]);
    assert_int_equal('}', claims[len - 1]);
    assert_int_equal('\0', claims[len]);
    assert_non_null(ozc_report_session(report));
    ozc_report_free(report);
    report = check_testdata("valid/default.ozc", "skip=session_token");
    assert_verdict(report, NULL);
    assert_null(ozc_report_claims(report, &len));
    assert_int_equal(0, len);
    assert_null(ozc_report_session(report));
    ozc_report_free(report);
}

static void is_not_complete_where_a_check_was_switched_off(void **state)
{
    (void)state;
    static const ozc_check checks[] = {OZC_CHECK_SESSION_TOKEN, OZC_CHECK_SIGNATURE, OZC_CHECK_CONTENT};
    for (size_t i = 0; i < 3; i++) {
        char settings[64];
        snprintf(settings, sizeof settings, "skip=%s", ozc_check_name(checks[i]));
        ozc_report *report = check_testdata("valid/default.ozc", settings);
        assert_int_equal(OZC_VALID, ozc_report_result(report));
        assert_int_equal(0, ozc_report_is_complete(report));
        for (int check = 0; check < OZC_CHECK_COUNT; check++) {
            int is_off = check == (int)checks[i];
            assert_int_equal(is_off, ozc_report_is_switched_off(report, (ozc_check)check));
            assert_int_equal(is_off ? OZC_SKIPPED : OZC_PASSED, ozc_report_state(report, (ozc_check)check));
        }
        ozc_report_free(report);
    }
}

static void holds_back_payload_and_claims_when_rejected(void **state)
{
    (void)state;
    size_t len = 1;
    ozc_report *report = check_testdata("invalid/content.json-cut.ozc", "-");
    assert_verdict(report, "content.json");
    assert_null(ozc_report_payload(report, &len));
    assert_int_equal(0, len);
    assert_null(ozc_report_claims(report, &len));
    assert_non_null(ozc_report_session(report));
    assert_non_null(ozc_report_signer(report));
    ozc_report_free(report);
}

static void shows_no_entry_where_archive_did_not_pass(void **state)
{
    (void)state;
    ozc_report *report = check_testdata("invalid/archive.unknown_entry-at-top.ozc", "-");
    assert_verdict(report, "archive.unknown_entry");
    assert_int_equal(0, ozc_report_entry_count(report));
    assert_null(ozc_report_entry(report, 0));
    ozc_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_failed_where_there_is_no_report),
        cmocka_unit_test(answers_failed_before_anything_is_judged),
        cmocka_unit_test(answers_failed_with_the_callers_own_words),
        cmocka_unit_test(keeps_32_errors_and_32_warnings_of_each_check_and_counts_the_rest),
        cmocka_unit_test(keeps_the_first_error_behind_any_number_of_warnings),
        cmocka_unit_test(orders_findings_by_check_and_within_it_as_met),
        cmocka_unit_test(takes_no_warning_for_the_verdict),
        cmocka_unit_test(copies_the_texts_of_findings),
        cmocka_unit_test(lets_a_failure_win_over_findings_and_over_a_valid_verdict),
        cmocka_unit_test(says_of_a_valid_container_what_the_file_holds),
        cmocka_unit_test(gives_claims_of_a_verified_token_alone),
        cmocka_unit_test(is_not_complete_where_a_check_was_switched_off),
        cmocka_unit_test(holds_back_payload_and_claims_when_rejected),
        cmocka_unit_test(shows_no_entry_where_archive_did_not_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
