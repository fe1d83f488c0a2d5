/* single_use.c: the step after a valid verdict. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* A store that writes down what it is asked, and answers as told. */
struct recorder {
    ozc_claim answer;
    int asked;
    int closed;
    char iss[64];
    char jti[64];
    int64_t keep_until;
    int64_t now;
};

static ozc_claim record(void *user, const char *iss, const char *jti, int64_t keep_until, int64_t now)
{
    struct recorder *r = user;
    r->asked++;
    strncpy(r->iss, iss, sizeof r->iss - 1);
    strncpy(r->jti, jti, sizeof r->jti - 1);
    r->keep_until = keep_until;
    r->now = now;
    return r->answer;
}

static void close_recorder(void *user)
{
    ((struct recorder *)user)->closed++;
}

/* Claims the token of that report once; the store answers so. */
static ozc_result claim(ozc_report *report, struct recorder *r, ozc_claim answer)
{
    r->answer = answer;
    ozc_store *store = ozc_store_new(record, close_recorder, r);
    assert_non_null(store);
    ozc_result result = ozc_report_claim(report, store);
    ozc_store_free(store);
    return result;
}

static void asks_the_store_for_the_token_of_the_report(void **state)
{
    struct recorder r = {.asked = 0};
    ozc_report *report = check_testdata("valid/default.ozc", "leeway=45");
    const ozc_session *session = ozc_report_session(report);
    (void)state;
    assert_int_equal(OZC_VALID, claim(report, &r, OZC_CLAIM_NEW));
    assert_int_equal(1, r.asked);
    assert_int_equal(1, r.closed);
    assert_string_equal(session->jti, r.jti);
    assert_string_equal(session->iss == NULL ? "" : session->iss, r.iss);
    assert_int_equal(session->expires_at + 45, r.keep_until);
    assert_int_equal(CORPUS_TIME, r.now);
    assert_verdict(report, NULL);
    assert_non_null(ozc_report_payload(report, NULL));
    ozc_report_free(report);
}

static void turns_the_report_of_a_used_token_into_a_replay(void **state)
{
    struct recorder r = {.asked = 0};
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    (void)state;
    assert_int_equal(OZC_REJECTED, claim(report, &r, OZC_CLAIM_USED));
    assert_verdict(report, "session_token.replayed");
    assert_int_equal(OZC_NOT_PASSED, ozc_report_state(report, OZC_CHECK_SESSION_TOKEN));
    assert_int_equal(OZC_PASSED, ozc_report_state(report, OZC_CHECK_CONTENT));
    assert_null(ozc_report_session(report));
    assert_null(ozc_report_payload(report, NULL));
    assert_null(ozc_report_claims(report, NULL));
    assert_int_equal(14, ozc_report_api_error(report, OZC_API_OZ)->code);
    assert_string_equal("Invalid or empty Session Token", ozc_report_api_error(report, OZC_API_OZ)->message);
    assert_int_equal(15, ozc_report_api_error(report, OZC_API_EXTRAHORIZON)->code);
    assert_int_equal(400, ozc_report_http_status(report, OZC_API_OZ));
    assert_string_equal("session_token", ozc_report_finding(report, 0)->entry);
    assert_int_equal(OZC_MISUSE, claim(report, &r, OZC_CLAIM_NEW)); /* it is not valid any more */
    assert_int_equal(1, r.asked);
    ozc_report_free(report);
}

static void puts_the_replay_before_warnings_of_later_checks(void **state)
{
    struct recorder r = {.asked = 0};
    ozc_report *report = check_testdata("valid/warning-untagged.ozc", "-");
    (void)state;
    assert_string_equal("content.untagged", ozc_report_finding(report, 0)->rule->id);
    assert_int_equal(OZC_REJECTED, claim(report, &r, OZC_CLAIM_USED));
    assert_string_equal("session_token.replayed", ozc_report_finding(report, 0)->rule->id);
    assert_string_equal("content.untagged", ozc_report_finding(report, 1)->rule->id);
    ozc_report_free(report);
}

static void wants_a_jti(void **state)
{
    struct recorder r = {.asked = 0};
    ozc_report *report = check_testdata("valid/token-without-jti.ozc", "-");
    (void)state;
    assert_verdict(report, NULL);
    assert_int_equal(OZC_REJECTED, claim(report, &r, OZC_CLAIM_NEW));
    assert_int_equal(0, r.asked);
    assert_verdict(report, "session_token.claims");
    assert_non_null(strstr(ozc_report_finding(report, 0)->text, "jti"));
    ozc_report_free(report);
}

static void fails_where_the_store_can_not_say(void **state)
{
    static const int answers[] = {OZC_CLAIM_FAILED, 3, -1, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct recorder r = {.asked = 0};
        ozc_report *report = check_testdata("valid/default.ozc", "-");
        assert_int_equal(OZC_FAILED, claim(report, &r, (ozc_claim)answers[i]));
        assert_int_equal(OZC_FAILED, ozc_report_result(report));
        assert_non_null(ozc_report_failure(report));
        assert_null(ozc_report_rule(report));
        assert_null(ozc_report_payload(report, NULL));
        assert_int_equal(500, ozc_report_http_status(report, OZC_API_OZ));
        assert_int_equal(0, ozc_report_api_error(report, OZC_API_OZ)->code);
        assert_int_equal(OZC_MISUSE, claim(report, &r, OZC_CLAIM_NEW));
        ozc_report_free(report);
    }
}

static void uses_up_nothing_of_a_report_that_is_not_valid(void **state)
{
    static const char *const files[] = {"invalid/session_token.expired-long-ago.ozc", "invalid/signature.missing.ozc",
                                        "invalid/content.json-empty.ozc", "invalid/input.none.ozc"};
    struct recorder r = {.asked = 0};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ozc_report *report = check_testdata(files[i], "-");
        const char *rule = ozc_report_rule(report)->id;
        assert_int_equal(OZC_MISUSE, claim(report, &r, OZC_CLAIM_USED));
        assert_verdict(report, rule);
        ozc_report_free(report);
    }
    ozc_report *failed = ozc_report_new_failed("it could not be received");
    assert_int_equal(OZC_MISUSE, claim(failed, &r, OZC_CLAIM_USED));
    assert_string_equal("it could not be received", ozc_report_failure(failed));
    ozc_report_free(failed);
    assert_int_equal(OZC_MISUSE, claim(NULL, &r, OZC_CLAIM_USED));
    assert_int_equal(0, r.asked);
}

static void claims_nothing_where_the_token_was_not_judged(void **state)
{
    struct recorder r = {.asked = 0};
    ozc_report *report = check_testdata("valid/default.ozc", "skip=session_token");
    (void)state;
    assert_int_equal(OZC_MISUSE, claim(report, &r, OZC_CLAIM_NEW));
    assert_int_equal(0, r.asked);
    assert_verdict(report, NULL);
    ozc_report_free(report);
    report = check_testdata("valid/default.ozc", "-");
    assert_int_equal(OZC_MISUSE, ozc_report_claim(report, NULL));
    assert_verdict(report, NULL);
    ozc_report_free(report);
}

static void takes_a_store_without_close_and_none_without_claim(void **state)
{
    struct recorder r = {.answer = OZC_CLAIM_NEW};
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    ozc_store *store = ozc_store_new(record, NULL, &r);
    (void)state;
    assert_int_equal(OZC_VALID, ozc_report_claim(report, store));
    ozc_store_free(store);
    assert_int_equal(0, r.closed);
    assert_null(ozc_store_new(NULL, close_recorder, &r));
    assert_int_equal(0, r.closed);
    ozc_store_free(NULL);
    ozc_report_free(report);
}

static void lets_one_of_two_containers_with_the_same_token_in(void **state)
{
    ozc_store *store = ozc_store_new_memory(10);
    ozc_report *first = check_testdata("valid/default.ozc", "-");
    ozc_report *again = check_testdata("valid/default.ozc", "-");
    (void)state;
    assert_int_equal(OZC_VALID, ozc_report_claim(first, store));
    assert_int_equal(OZC_REJECTED, ozc_report_claim(again, store));
    assert_verdict(again, "session_token.replayed");
    assert_verdict(first, NULL);
    ozc_report_free(first);
    ozc_report_free(again);
    ozc_store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_the_store_for_the_token_of_the_report),
        cmocka_unit_test(turns_the_report_of_a_used_token_into_a_replay),
        cmocka_unit_test(puts_the_replay_before_warnings_of_later_checks),
        cmocka_unit_test(wants_a_jti),
        cmocka_unit_test(fails_where_the_store_can_not_say),
        cmocka_unit_test(uses_up_nothing_of_a_report_that_is_not_valid),
        cmocka_unit_test(claims_nothing_where_the_token_was_not_judged),
        cmocka_unit_test(takes_a_store_without_close_and_none_without_claim),
        cmocka_unit_test(lets_one_of_two_containers_with_the_same_token_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
