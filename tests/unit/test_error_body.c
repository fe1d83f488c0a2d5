/* error_body.c: error bodies of both APIs, read back. */
#include "report.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ozc_result read_body(const char *body, const ozc_api_error **error, const ozc_rule **rule)
{
    return ozc_api_error_from_body(body, strlen(body), error, rule);
}

static void assert_error(const char *body, ozc_api api, int code, const char *message_or_description)
{
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    if (read_body(body, &error, &rule) != OZC_VALID)
        fail_msg("%s: rejected", body);
    assert_non_null(error);
    assert_int_equal(api, error->api);
    assert_int_equal(code, error->code);
    if (message_or_description != NULL)
        assert_string_equal(message_or_description, error->message != NULL ? error->message : error->description);
}

/* NULL: of no rule of ours. */
static void assert_rule(const char *body, const char *id)
{
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    assert_int_equal(OZC_VALID, read_body(body, &error, &rule));
    assert_string_equal(id == NULL ? "none" : id, rule == NULL ? "none" : rule->id);
}

static void assert_rejected(const char *body)
{
    const ozc_rule *rule = ozc_rule_at(0);
    const ozc_api_error *error = ozc_api_error_at(0);
    if (read_body(body, &error, &rule) != OZC_REJECTED)
        fail_msg("%s: taken", body);
    assert_null(error);
    assert_null(rule);
}

/* The report of a container that broke the rule. */
static ozc_report *rejected(const ozc_rule *rule)
{
    ozc_report *report = report_new();
    ozc_finding finding = {.rule = rule, .text = "", .hint = ""};
    assert_non_null(report);
    assert_true(report_add(report, &finding));
    report->result = OZC_REJECTED;
    return report;
}

static void reads_the_body_of_every_rule_back(void **state)
{
    (void)state;
    for (size_t i = 0; ozc_rule_at(i) != NULL; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        if (rule->severity == OZC_WARNING)
            continue;
        for (int api = 0; api < 2; api++) {
            const ozc_api_error *error = NULL;
            const ozc_rule *found = NULL;
            ozc_report *report = rejected(rule);
            char *body = api == OZC_API_OZ ? ozc_render_oz(report, 1) : ozc_render_extrahorizon(report);
            assert_int_equal(OZC_VALID, read_body(body, &error, &found));
            assert_ptr_equal(rule, found);
            assert_ptr_equal(api == OZC_API_OZ ? rule->oz : rule->extrahorizon, error);
            ozc_free(body);
            ozc_report_free(report);
        }
    }
}

static void finds_the_same_code_and_message_without_details(void **state)
{
    (void)state;
    for (size_t i = 0; ozc_rule_at(i) != NULL; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        if (rule->severity == OZC_WARNING)
            continue;
        ozc_report *report = rejected(rule);
        char *body = ozc_render_oz(report, 0);
        assert_error(body, OZC_API_OZ, rule->oz->code, rule->oz->message);
        assert_rule(body, NULL);
        ozc_free(body);
        ozc_report_free(report);
    }
}

static void lets_the_message_decide_among_errors_of_one_code(void **state)
{
    (void)state;
    assert_error("{\"error_code\":14,\"error_message\":\"Invalid hash\"}", OZC_API_OZ, 14, "Invalid hash");
    assert_error("{\"error_code\":14,\"error_message\":\"invalid HASH\"}", OZC_API_OZ, 14, "Invalid hash");
    assert_error("{\"error_code\":4,\"error_message\":\"Invalid value\"}", OZC_API_OZ, 4, "Invalid value");
    assert_error("{\"error_code\":4,\"error_message\":\"Can't start analysis without media\"}", OZC_API_OZ, 4,
                 "Can't start analysis without media");
    assert_error("{\"error_code\":4,\"error_message\":\"something else\"}", OZC_API_OZ, 4, NULL);
    assert_error("{\"error_code\":14}", OZC_API_OZ, 14, NULL);
    assert_error("{\"error_code\":14,\"error_message\":5,\"details\":7}", OZC_API_OZ, 14, NULL);
}

static void knows_every_code_of_both_apis(void **state)
{
    (void)state;
    for (size_t i = 0; ozc_api_error_at(i) != NULL; i++) {
        const ozc_api_error *error = ozc_api_error_at(i);
        char body[64];
        snprintf(body, sizeof body, "{\"%s\":%d}", error->api == OZC_API_OZ ? "error_code" : "code", error->code);
        assert_error(body, error->api, error->code, NULL);
    }
    assert_error("{\"error_code\":0,\"error_message\":\"Unknown server side error occurred\",\"details\":null}",
                 OZC_API_OZ, 0, "Unknown server side error occurred");
    assert_error("{\"code\":118,\"name\":\"ACCESS_TOKEN_EXPIRED_EXCEPTION\",\"message\":\"x\"}", OZC_API_EXTRAHORIZON,
                 118, "the OAuth 2 access token is expired");
}

static void takes_other_members_order_and_white_space(void **state)
{
    (void)state;
    assert_rule(
        " {\"x\":[1], \"details\":{\"z\":0,\"offset\":null,\"rule\":\"hash.mismatch\"},\r\n\"error_code\":14.0 }\n",
        "hash.mismatch");
    assert_rule("{\"code\":15,\"message\":\"The session token has expired\",\"code2\":1}", "session_token.expired");
    assert_error("{\"code\":22,\"error_code\":13}", OZC_API_OZ, 13, "No data container provided");
}

static void believes_no_rule_that_would_not_answer_so(void **state)
{
    (void)state;
    assert_rule("{\"error_code\":3,\"error_message\":\"Invalid structure\",\"details\":{\"rule\":\"hash.mismatch\"}}",
                NULL);
    assert_rule("{\"error_code\":14,\"details\":{\"rule\":\"content.tag\"}}", NULL);
    assert_rule("{\"error_code\":14,\"details\":{\"rule\":\"hash.other\"}}", NULL);
    assert_rule("{\"error_code\":14,\"details\":{\"rule\":5}}", NULL);
    assert_rule("{\"error_code\":14,\"details\":[\"hash.mismatch\"]}", NULL);
    assert_rule("{\"error_code\":14,\"details\":\"hash.mismatch\"}", NULL);
    assert_rule("{\"code\":22,\"message\":\"The session token has expired\"}", NULL);
    assert_rule("{\"code\":15,\"message\":\"the session token has expired!\"}", NULL);
    assert_rule("{\"code\":10,\"message\":\"A media file has no tags\"}", NULL);
}

static void rejects_what_is_no_error_body(void **state)
{
    static const char *const bodies[] = {"",
                                         "14",
                                         "null",
                                         "[]",
                                         "[{\"error_code\":14}]",
                                         "\"error_code\"",
                                         "{}",
                                         "{\"error\":14}",
                                         "{\"Error_Code\":14}",
                                         "{\"error_code\":\"14\"}",
                                         "{\"error_code\":null}",
                                         "{\"error_code\":[14]}",
                                         "{\"error_code\":14.5}",
                                         "{\"error_code\":-14}",
                                         "{\"error_code\":99}",
                                         "{\"error_code\":15}",
                                         "{\"error_code\":4294967310}",
                                         "{\"error_code\":1e300}",
                                         "{\"code\":0}",
                                         "{\"code\":5}",
                                         "{\"code\":true}",
                                         "{\"error_code\":14",
                                         "{\"error_code\":14} x",
                                         "{\"error_code\":14,\"error_code\":14}",
                                         "\xEF\xBB\xBF{\"error_code\":14}",
                                         "<html>500</html>",
                                         "{\"error_code\":\"\",\"code\":22}"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_rejected(bodies[i]);
}

static void rejects_a_body_that_is_too_long_or_too_deep(void **state)
{
    size_t len = ((size_t)1 << 20) + 1;
    char *body = malloc(len + 1);
    (void)state;
    assert_non_null(body);
    memset(body, ' ', len);
    body[len] = '\0';
    memcpy(body, "{\"error_code\":14}", 17);
    assert_rejected(body);
    body[len - 1] = '\0';
    assert_error(body, OZC_API_OZ, 14, NULL);
    memcpy(body, "{\"error_code\":14,\"x\":", 21);
    memset(body + 21, '[', 100000);
    assert_rejected(body);
    free(body);
}

static void wants_all_of_its_arguments(void **state)
{
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_api_error_from_body(NULL, 0, &error, &rule));
    assert_int_equal(OZC_MISUSE, ozc_api_error_from_body("{}", 2, NULL, &rule));
    assert_int_equal(OZC_MISUSE, ozc_api_error_from_body("{}", 2, &error, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_body_of_every_rule_back),
        cmocka_unit_test(finds_the_same_code_and_message_without_details),
        cmocka_unit_test(lets_the_message_decide_among_errors_of_one_code),
        cmocka_unit_test(knows_every_code_of_both_apis),
        cmocka_unit_test(takes_other_members_order_and_white_space),
        cmocka_unit_test(believes_no_rule_that_would_not_answer_so),
        cmocka_unit_test(rejects_what_is_no_error_body),
        cmocka_unit_test(rejects_a_body_that_is_too_long_or_too_deep),
        cmocka_unit_test(wants_all_of_its_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
