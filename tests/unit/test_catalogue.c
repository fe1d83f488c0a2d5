/* catalogue.c: rules and API errors are those of docs/rules.md, written down here once more by hand. */
#include "catalogue.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

/* Section 3: rule, Oz code and message, Extra Horizon's code. Code 0: a warning. */
static const struct {
    const char *id;
    int code;
    const char *message;
    int extrahorizon;
} rules[] = {
    {"input.none", 13, "No data container provided", 13},
    {"format.unrecognized", 14, "Invalid Data Container", 22},
    {"archive.truncated", 5, "Invalid Type", 22},
    {"archive.trailing", 5, "Invalid Type", 22},
    {"archive.directory", 5, "Invalid Type", 22},
    {"archive.local", 5, "Invalid Type", 22},
    {"archive.mismatch", 5, "Invalid Type", 22},
    {"archive.gap", 5, "Invalid Type", 22},
    {"archive.overlap", 5, "Invalid Type", 22},
    {"archive.size", 5, "Invalid Type", 22},
    {"archive.comment", 14, "Invalid Data Container", 22},
    {"archive.zip64", 14, "Invalid Data Container", 22},
    {"archive.multi_disk", 14, "Invalid Data Container", 22},
    {"archive.extra_field", 14, "Invalid Data Container", 22},
    {"archive.data_descriptor", 14, "Invalid Data Container", 22},
    {"archive.flags", 14, "Invalid Data Container", 22},
    {"archive.name", 14, "Invalid Data Container", 22},
    {"archive.duplicate", 14, "Invalid Data Container", 22},
    {"archive.file_type", 14, "Invalid Data Container", 22},
    {"archive.mimetype", 14, "Invalid Data Container", 22},
    {"archive.unknown_entry", 14, "Invalid Data Container", 22},
    {"archive.encrypted", 14, "Data container unpacking failed", 22},
    {"archive.method", 14, "Data container unpacking failed", 22},
    {"archive.limit", 14, "Data container unpacking failed", 22},
    {"payload.missing", 3, "Invalid structure", 14},
    {"media.missing", 4, "Can't start analysis without media", 14},
    {"media.empty", 4, "Can't start analysis without media", 14},
    {"session_token.missing", 14, "Invalid or empty Session Token", 14},
    {"session_token.empty", 14, "Invalid or empty Session Token", 14},
    {"session_token.malformed", 14, "Invalid or empty Session Token", 15},
    {"session_token.key", 14, "Invalid or empty Session Token", 15},
    {"session_token.algorithm", 14, "Invalid or empty Session Token", 15},
    {"session_token.signature", 14, "Invalid or empty Session Token", 15},
    {"session_token.claims", 14, "Invalid or empty Session Token", 15},
    {"session_token.expired", 14, "Invalid or empty Session Token", 15},
    {"session_token.not_yet_valid", 14, "Invalid or empty Session Token", 15},
    {"session_token.lifetime", 14, "Invalid or empty Session Token", 15},
    {"session_token.replayed", 14, "Invalid or empty Session Token", 15},
    {"session_token.short_life", 0, NULL, 0},
    {"signature.missing", 14, "Invalid signature", 14},
    {"signature.no_key", 14, "Invalid signature", 15},
    {"signature.malformed", 14, "Invalid signature", 15},
    {"signature.invalid", 14, "Invalid signature", 15},
    {"integrity.crc", 5, "Invalid Type", 22},
    {"hash.missing", 14, "Invalid hash", 14},
    {"hash.malformed", 14, "Invalid hash", 15},
    {"hash.unlisted", 14, "Invalid hash", 15},
    {"hash.no_such_entry", 14, "Invalid hash", 15},
    {"hash.mismatch", 14, "Invalid hash", 15},
    {"content.json", 3, "Invalid structure", 22},
    {"content.structure", 3, "Invalid structure", 14},
    {"content.type", 5, "Invalid Type", 15},
    {"content.value", 4, "Invalid value", 15},
    {"content.unknown_media", 4, "Invalid value", 15},
    {"content.analyses", 0, NULL, 0},
    {"content.untagged", 0, NULL, 0},
    {"content.tag", 0, NULL, 0},
    {"content.media_kind", 0, NULL, 0},
};

#define RULES (sizeof rules / sizeof *rules)

struct error {
    int code;
    const char *name;
    int status;
    int is_stated;
};

/* Section 4, in order. */
static const struct error general[] = {
    {0, "UNKNOWN", 500, 0},           {1, "NOT ALLOWED", 405, 1},   {2, "NOT REALIZED", 501, 0},
    {3, "INVALID STRUCTURE", 400, 0}, {4, "INVALID VALUE", 400, 0}, {5, "INVALID TYPE", 400, 0},
    {6, "AUTH NOT PROVIDED", 401, 0}, {7, "AUTH INVALID", 401, 0},  {8, "AUTH EXPIRED", 401, 0},
    {9, "AUTH FORBIDDEN", 403, 0},    {10, "NOT EXIST", 404, 1},    {11, "EXTERNAL SERVICE", 502, 0},
    {12, "DATABASE", 500, 0},
};

/* Section 5, in order. */
static const struct error extrahorizon[] = {
    {12, "ID_FORMAT_EXCEPTION", 400, 1},
    {16, "RESOURCE_UNKNOWN_EXCEPTION", 404, 1},
    {21, "LONG_QUERY_EXCEPTION", 401, 1},
    {10, "NO_PERMISSION_EXCEPTION", 401, 1},
    {104, "USER_NOT_AUTHENTICATED_EXCEPTION", 401, 1},
    {107, "OAUTH_KEY_EXCEPTION", 401, 1},
    {108, "OAUTH_TOKEN_EXCEPTION", 401, 1},
    {109, "OAUTH_SIGNATURE_EXCEPTION", 401, 1},
    {110, "DUPLICATE_REQUEST_EXCEPTION", 401, 1},
    {117, "ACCESS_TOKEN_UNKNOWN_EXCEPTION", 401, 1},
    {118, "ACCESS_TOKEN_EXPIRED_EXCEPTION", 401, 1},
    {13, "EMPTY_BODY_EXCEPTION", 400, 1},
    {14, "MISSING_REQUIRED_FIELDS_EXCEPTION", 400, 1},
    {15, "FIELD_FORMAT_EXCEPTION", 400, 1},
    {22, "BODY_FORMAT_EXCEPTION", 400, 1},
    {19, "INVALID_RQL_EXCEPTION", 400, 1},
    {20, "EMPTY_RQL_EXCEPTION", 400, 1},
};

static void holds_the_rules_of_the_page_in_its_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        assert_non_null(rule);
        assert_string_equal(rules[i].id, rule->id);
        assert_ptr_equal(rule, ozc_rule_by_id(rules[i].id));
    }
    assert_null(ozc_rule_at(RULES));
    assert_null(ozc_rule_at(SIZE_MAX));
}

static void maps_each_rule_to_the_errors_of_the_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        if (rules[i].code == 0) {
            assert_int_equal(OZC_WARNING, rule->severity);
            assert_null(rule->oz);
            assert_null(rule->extrahorizon);
            continue;
        }
        assert_int_equal(OZC_ERROR, rule->severity);
        assert_int_equal(OZC_API_OZ, rule->oz->api);
        assert_int_equal(rules[i].code, rule->oz->code);
        assert_string_equal(rules[i].message, rule->oz->message);
        assert_int_equal(400, rule->oz->http_status);
        assert_false(rule->oz->http_is_stated);
        assert_int_equal(OZC_API_EXTRAHORIZON, rule->extrahorizon->api);
        assert_int_equal(rules[i].extrahorizon, rule->extrahorizon->code);
    }
}

static void begins_each_id_with_the_name_of_its_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        const char *check = ozc_check_name(rule->check);
        assert_int_equal(0, strncmp(check, rule->id, strlen(check)));
        assert_int_equal('.', rule->id[strlen(check)]);
        assert_true(i == 0 || ozc_rule_at(i - 1)->check <= rule->check);
    }
}

static void has_title_text_and_hint_for_each_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        assert_true(strlen(rule->title) > 0 && strlen(rule->text) > 0 && strlen(rule->hint) > 0);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rule->title, ozc_rule_at(k)->title);
    }
    assert_string_equal("The request body is empty", ozc_rule_by_id("input.none")->title);
}

static void says_of_unrecognized_containers_that_the_vendors_own_are_not_readable(void **state)
{
    (void)state;
    const char *hint = ozc_rule_by_id("format.unrecognized")->hint;
    assert_non_null(strstr(hint, "vendor"));
    assert_non_null(strstr(hint, "can not be read"));
}

static void finds_rules_by_their_exact_id_alone(void **state)
{
    (void)state;
    static const char *const others[] = {"", "hash", "hash.", "Hash.mismatch", "hash.mismatch ", "hash_mismatch"};
    assert_null(ozc_rule_by_id(NULL));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_null(ozc_rule_by_id(others[i]));
}

static void names_the_checks_in_the_order_in_which_they_run(void **state)
{
    (void)state;
    static const char *const names[] = {"input",         "format",    "archive",   "payload", "media",
                                        "session_token", "signature", "integrity", "hash",    "content"};
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        ozc_check check = OZC_CHECK_INPUT;
        assert_string_equal(names[i], ozc_check_name((ozc_check)i));
        assert_int_equal(OZC_VALID, ozc_check_by_name(names[i], &check));
        assert_int_equal(i, check);
    }
    assert_null(ozc_check_name((ozc_check)OZC_CHECK_COUNT));
    assert_null(ozc_check_name((ozc_check)-1));
}

static void finds_no_check_where_there_is_none(void **state)
{
    (void)state;
    ozc_check check = OZC_CHECK_MEDIA;
    assert_int_equal(OZC_MISUSE, ozc_check_by_name("Media", &check));
    assert_int_equal(OZC_MISUSE, ozc_check_by_name("", &check));
    assert_int_equal(OZC_MISUSE, ozc_check_by_name(NULL, &check));
    assert_int_equal(OZC_MISUSE, ozc_check_by_name("media", NULL));
    assert_int_equal(OZC_CHECK_MEDIA, check);
}

/* The last error of that code: the general table comes behind table 1. */
static const ozc_api_error *last_of(ozc_api api, int code)
{
    const ozc_api_error *last = NULL;
    for (const ozc_api_error *e = NULL; (e = ozc_api_error_by_code(api, code, e)) != NULL;)
        last = e;
    return last;
}

static void assert_errors(ozc_api api, const struct error *errors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const ozc_api_error *error = last_of(api, errors[i].code);
        assert_non_null(error);
        assert_string_equal(errors[i].name, error->name);
        assert_int_equal(errors[i].status, error->http_status);
        assert_int_equal(errors[i].is_stated, error->http_is_stated);
        assert_true(strlen(error->description) > 0 && strlen(error->origin) > 0);
        assert_true(i == 0 || last_of(api, errors[i - 1].code) < error);
    }
}

static void holds_the_errors_of_both_apis(void **state)
{
    (void)state;
    assert_errors(OZC_API_OZ, general, sizeof general / sizeof *general);
    assert_errors(OZC_API_EXTRAHORIZON, extrahorizon, sizeof extrahorizon / sizeof *extrahorizon);
    size_t count = 0;
    while (ozc_api_error_at(count) != NULL)
        count++;
    /* Table 1 has 12 rows. */
    assert_int_equal(12 + sizeof general / sizeof *general + sizeof extrahorizon / sizeof *extrahorizon, count);
    assert_null(ozc_api_error_at(SIZE_MAX));
}

static size_t count_by_code(ozc_api api, int code)
{
    size_t count = 0;
    for (const ozc_api_error *e = NULL; (e = ozc_api_error_by_code(api, code, e)) != NULL; count++)
        assert_int_equal(api, e->api);
    return count;
}

static void finds_every_meaning_of_a_code(void **state)
{
    (void)state;
    assert_int_equal(3, count_by_code(OZC_API_OZ, 3));
    assert_int_equal(3, count_by_code(OZC_API_OZ, 4));
    assert_int_equal(3, count_by_code(OZC_API_OZ, 5));
    assert_int_equal(5, count_by_code(OZC_API_OZ, 14));
    assert_int_equal(1, count_by_code(OZC_API_OZ, 13));
    assert_int_equal(1, count_by_code(OZC_API_EXTRAHORIZON, 14));
    assert_int_equal(0, count_by_code(OZC_API_EXTRAHORIZON, 0));
    assert_int_equal(0, count_by_code(OZC_API_OZ, -1));
    assert_int_equal(0, count_by_code((ozc_api)7, 3));
}

static void finds_errors_by_name_and_by_message_in_any_case(void **state)
{
    (void)state;
    const ozc_api_error *error = ozc_api_error_by_name(OZC_API_OZ, "invalid HASH", NULL);
    assert_int_equal(14, error->code);
    assert_null(ozc_api_error_by_name(OZC_API_OZ, "invalid HASH", error));
    assert_int_equal(10, ozc_api_error_by_name(OZC_API_OZ, "Not Exist", NULL)->code);
    assert_int_equal(22, ozc_api_error_by_name(OZC_API_EXTRAHORIZON, "body_format_exception", NULL)->code);
    assert_null(ozc_api_error_by_name(OZC_API_OZ, "BODY_FORMAT_EXCEPTION", NULL));
    assert_null(ozc_api_error_by_name(OZC_API_OZ, "", NULL));
    assert_null(ozc_api_error_by_name(OZC_API_OZ, "Invalid has", NULL));
    assert_null(ozc_api_error_by_name(OZC_API_OZ, NULL, NULL));
}

static void ends_behind_the_last_error(void **state)
{
    (void)state;
    const ozc_api_error *last = ozc_api_error_at(0);
    for (size_t i = 0; ozc_api_error_at(i) != NULL; i++)
        last = ozc_api_error_at(i);
    assert_null(ozc_api_error_by_code(last->api, last->code, last));
    assert_null(ozc_api_error_by_name(last->api, last->name, last));
}

static void answers_failures_of_its_own_with_oz_code_0(void **state)
{
    (void)state;
    const ozc_api_error *error = catalogue_failure();
    assert_int_equal(0, error->code);
    assert_string_equal("Unknown server side error occurred", error->message);
    assert_int_equal(500, error->http_status);
}

static void says_the_version_of_the_header(void **state)
{
    (void)state;
    assert_string_equal(OZC_VERSION, ozc_version());
    assert_int_equal(OZC_VERSION_NUMBER, ozc_version_number());
}

static void says_the_same_version_as_text_and_as_number(void **state)
{
    (void)state;
    char text[32];
    (void)snprintf(text, sizeof text, "%d.%d.%d", OZC_VERSION_NUMBER >> 16, OZC_VERSION_NUMBER >> 8 & 0xff,
                   OZC_VERSION_NUMBER & 0xff);
    assert_string_equal(OZC_VERSION, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_the_rules_of_the_page_in_its_order),
        cmocka_unit_test(maps_each_rule_to_the_errors_of_the_page),
        cmocka_unit_test(begins_each_id_with_the_name_of_its_check),
        cmocka_unit_test(has_title_text_and_hint_for_each_rule),
        cmocka_unit_test(says_of_unrecognized_containers_that_the_vendors_own_are_not_readable),
        cmocka_unit_test(finds_rules_by_their_exact_id_alone),
        cmocka_unit_test(names_the_checks_in_the_order_in_which_they_run),
        cmocka_unit_test(finds_no_check_where_there_is_none),
        cmocka_unit_test(holds_the_errors_of_both_apis),
        cmocka_unit_test(finds_every_meaning_of_a_code),
        cmocka_unit_test(finds_errors_by_name_and_by_message_in_any_case),
        cmocka_unit_test(ends_behind_the_last_error),
        cmocka_unit_test(answers_failures_of_its_own_with_oz_code_0),
        cmocka_unit_test(says_the_version_of_the_header),
        cmocka_unit_test(says_the_same_version_as_text_and_as_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
