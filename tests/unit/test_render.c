/* render.c: reports as JSON, text and error bodies (docs/cli.md, docs/rules.md), from reports made by hand. */
#include "json.h"
#include "report.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define HEX64(digit) "0" digit "00000000000000000000000000000000000000000000000000000000000000"
#define NO_CHECKS                                                                                                      \
    "\"checks\":[{\"check\":\"input\",\"state\":\"skipped\"},{\"check\":\"format\",\"state\":\"skipped\"},"            \
    "{\"check\":\"archive\",\"state\":\"skipped\"},{\"check\":\"payload\",\"state\":\"skipped\"},"                     \
    "{\"check\":\"media\",\"state\":\"skipped\"},{\"check\":\"session_token\",\"state\":\"skipped\"},"                 \
    "{\"check\":\"signature\",\"state\":\"skipped\"},{\"check\":\"integrity\",\"state\":\"skipped\"},"                 \
    "{\"check\":\"hash\",\"state\":\"skipped\"},{\"check\":\"content\",\"state\":\"skipped\"}]"

static void add_finding(ozc_report *report, const char *rule, const char *entry, int is_name, int64_t offset,
                        const char *text)
{
    const ozc_rule *found = ozc_rule_by_id(rule);
    assert_non_null(found);
    ozc_finding finding = {found, entry, is_name, offset >= 0, offset >= 0 ? (uint64_t)offset : 0, text, "do so"};
    assert_true(report_add(report, &finding));
}

/* Rejected by that rule. */
static ozc_report *rejected(const char *rule, const char *entry, int is_name, int64_t offset, const char *text)
{
    ozc_report *report = report_new();
    assert_non_null(report);
    report->result = OZC_REJECTED;
    add_finding(report, rule, entry, is_name, offset, text);
    report->states[ozc_rule_by_id(rule)->check] = OZC_NOT_PASSED;
    return report;
}

/* Valid, with one entry and all that a valid report has. */
static ozc_report *valid(void)
{
    ozc_report *report = report_new();
    assert_non_null(report);
    report->result = OZC_VALID;
    report->has_size = true;
    report->size = 4321;
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        report->states[i] = OZC_PASSED;
    report->entries = calloc(1, sizeof *report->entries);
    report->names = strdup("media/a.mp4");
    report->entry_count = 1;
    report->entries[0].digest[0] = 2;
    report->entries[0].shown = (ozc_entry){report->names, 77, 66, report->entries[0].digest};
    report->content_id[0] = 1;
    report->session = (ozc_session){strdup("aa"), NULL, strdup("j\"1"), strdup("i\xC3\xA9"), 1, 1000, 1300};
    report->signer = (ozc_signer){strdup("bb"), 1};
    return report;
}

/* Compares and frees both. */
static void assert_rendered(const char *expected, char *text, ozc_report *report)
{
    struct json_fault fault = {0};
    assert_non_null(text);
    assert_string_equal(expected, text);
    if (*text == '{')
        assert_int_equal(JSON_STRICT, json_scan((const uint8_t *)text, strlen(text), 64, &fault));
    ozc_free(text);
    ozc_report_free(report);
}

static void writes_a_valid_report_as_json_in_the_order_of_the_docs(void **state)
{
    ozc_report *report = valid();
    (void)state;
    assert_rendered("{\"path\":\"in/"
                    "a.ozc\",\"result\":\"valid\",\"complete\":true,\"size\":4321,\"rule\":null,\"error_code\":null,"
                    "\"error_message\":null,\"http_status\":null,\"checks\":[{\"check\":\"input\",\"state\":\"passed\"}"
                    ","
                    "{\"check\":\"format\",\"state\":\"passed\"},{\"check\":\"archive\",\"state\":\"passed\"},"
                    "{\"check\":\"payload\",\"state\":\"passed\"},{\"check\":\"media\",\"state\":\"passed\"},"
                    "{\"check\":\"session_token\",\"state\":\"passed\"},{\"check\":\"signature\",\"state\":\"passed\"},"
                    "{\"check\":\"integrity\",\"state\":\"passed\"},{\"check\":\"hash\",\"state\":\"passed\"},"
                    "{\"check\":\"content\",\"state\":\"passed\"}],\"findings\":[],\"findings_omitted\":0,\"content_"
                    "id\":\"" HEX64("1") "\",\"entries\":[{\"name\":\"media/"
                                         "a.mp4\",\"size\":77,\"offset\":66,\"sha256\":\"" HEX64(
                                             "2") "\"}],"
                                                  "\"session\":{\"issuer_key\":\"aa\",\"kid\":null,\"jti\":\"j\\\"1\","
                                                  "\"iss\":\"i\\u00e9\",\"issued_at\":1000,"
                                                  "\"expires_at\":1300},\"signer\":{\"key\":\"bb\",\"from\":\"token\"},"
                                                  "\"failure\":null}",
                    ozc_render_json(report, "in/a.ozc"), report);
}

static void writes_a_rejected_report_as_json(void **state)
{
    ozc_report *report = rejected("archive.gap", NULL, 0, 1 << 20, "3 bytes");
    (void)state;
    add_finding(report, "content.tag", "payload.json", 1, -1, "a \"tag\"");
    report->omitted = 5;
    report->switched_off[OZC_CHECK_CONTENT] = true;
    report->states[OZC_CHECK_ARCHIVE] = OZC_SKIPPED; /* for the text above */
    assert_rendered(
        "{\"path\":\"\",\"result\":\"rejected\",\"complete\":false,\"size\":null,\"rule\":\"archive.gap\",\"error_"
        "code\":5,"
        "\"error_message\":\"Invalid Type\",\"http_status\":400," NO_CHECKS
        ",\"findings\":[{\"rule\":\"archive.gap\",\"check\":\"archive\",\"severity\":\"error\",\"error_code\":5,"
        "\"error_message\":\"Invalid Type\",\"entry\":null,\"offset\":1048576,\"text\":\"3 bytes\",\"hint\":\"do so\"},"
        "{\"rule\":\"content.tag\",\"check\":\"content\",\"severity\":\"warning\",\"error_code\":null,\"error_"
        "message\":null,"
        "\"entry\":\"payload.json\",\"offset\":null,\"text\":\"a \\\"tag\\\"\",\"hint\":\"do "
        "so\"}],\"findings_omitted\":5,"
        "\"content_id\":null,\"entries\":[],\"session\":null,\"signer\":null,\"failure\":null}",
        ozc_render_json(report, NULL), report);
}

static void writes_a_failed_report_as_json(void **state)
{
    ozc_report *report = ozc_report_new_failed("no room left");
    (void)state;
    assert_rendered(
        "{\"path\":\"-\",\"result\":\"failed\",\"complete\":false,\"size\":null,\"rule\":null,\"error_code\":0,"
        "\"error_message\":\"Unknown server side error occurred\",\"http_status\":500," NO_CHECKS
        ",\"findings\":[],\"findings_omitted\":0,\"content_id\":null,\"entries\":[],\"session\":null,\"signer\":null,"
        "\"failure\":\"no room left\"}",
        ozc_render_json(report, "-"), report);
}

static void takes_no_report_for_a_failed_one(void **state)
{
    static const char body[] =
        "{\"error_code\":0,\"error_message\":\"Unknown server side error occurred\",\"details\":null}";
    (void)state;
    char *json = ozc_render_json(NULL, "a");
    assert_non_null(strstr(json, "\"result\":\"failed\",\"complete\":false"));
    assert_non_null(strstr(json, "\"error_code\":0,"));
    assert_null(strstr(json, "\"failure\":null"));
    ozc_free(json);
    assert_rendered(body, ozc_render_oz(NULL, 0), NULL);
    assert_rendered(body, ozc_render_oz(NULL, 1), NULL);
    assert_null(ozc_render_extrahorizon(NULL));
    char *text = ozc_render_text(NULL, "a", 1);
    assert_null(strstr(text, "valid"));
    ozc_free(text);
}

/* docs/rules.md, section 1: ten pairs of code and message. */
static void writes_the_body_of_each_error_of_the_oz_api(void **state)
{
    static const char *const bodies[][2] = {
        {"payload.missing", "{\"error_code\":3,\"error_message\":\"Invalid structure\",\"details\":null}"},
        {"content.json", "{\"error_code\":3,\"error_message\":\"Invalid structure\",\"details\":null}"},
        {"media.missing",
         "{\"error_code\":4,\"error_message\":\"Can't start analysis without media\",\"details\":null}"},
        {"content.value", "{\"error_code\":4,\"error_message\":\"Invalid value\",\"details\":null}"},
        {"integrity.crc", "{\"error_code\":5,\"error_message\":\"Invalid Type\",\"details\":null}"},
        {"content.type", "{\"error_code\":5,\"error_message\":\"Invalid Type\",\"details\":null}"},
        {"input.none", "{\"error_code\":13,\"error_message\":\"No data container provided\",\"details\":null}"},
        {"archive.limit", "{\"error_code\":14,\"error_message\":\"Data container unpacking failed\",\"details\":null}"},
        {"format.unrecognized", "{\"error_code\":14,\"error_message\":\"Invalid Data Container\",\"details\":null}"},
        {"signature.invalid", "{\"error_code\":14,\"error_message\":\"Invalid signature\",\"details\":null}"},
        {"hash.mismatch", "{\"error_code\":14,\"error_message\":\"Invalid hash\",\"details\":null}"},
        {"session_token.expired",
         "{\"error_code\":14,\"error_message\":\"Invalid or empty Session Token\",\"details\":null}"}};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        ozc_report *report = rejected(bodies[i][0], "media/a.mp4", 1, 7, "text");
        assert_rendered(bodies[i][1], ozc_render_oz(report, 0), report);
    }
}

static void writes_the_body_of_each_error_of_extra_horizon(void **state)
{
    static const char *const bodies[][2] = {
        {"input.none", "{\"code\":13,\"name\":\"EMPTY_BODY_EXCEPTION\",\"message\":\"The request body is empty\"}"},
        {"media.missing",
         "{\"code\":14,\"name\":\"MISSING_REQUIRED_FIELDS_EXCEPTION\",\"message\":\"There is no media\"}"},
        {"session_token.expired",
         "{\"code\":15,\"name\":\"FIELD_FORMAT_EXCEPTION\",\"message\":\"The session token has expired\"}"},
        {"archive.gap",
         "{\"code\":22,\"name\":\"BODY_FORMAT_EXCEPTION\",\"message\":\"There are bytes that belong to no entry\"}"}};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        ozc_report *report = rejected(bodies[i][0], "media/a.mp4", 1, 7, "text");
        assert_rendered(bodies[i][1], ozc_render_extrahorizon(report), report);
    }
}

#define HASH "{\"error_code\":14,\"error_message\":\"Invalid hash\",\"details\":{\"rule\":\"hash.mismatch\","

static void puts_rule_entry_and_offset_into_details(void **state)
{
    (void)state;
    ozc_report *report = rejected("hash.mismatch", "media/a.mp4", 1, 9, "t");
    assert_rendered(HASH "\"entry\":\"media/a.mp4\",\"offset\":9}}", ozc_render_oz(report, 1), report);
    report = rejected("hash.mismatch", NULL, 0, -1, "t");
    assert_rendered(HASH "\"entry\":null,\"offset\":null}}", ozc_render_oz(report, 1), report);
    report = rejected("hash.mismatch", "\\x1b", 0, 0, "t"); /* no proper name: bytes of the container */
    assert_rendered(HASH "\"entry\":null,\"offset\":0}}", ozc_render_oz(report, 1), report);
}

static void goes_by_the_first_error_not_by_warnings(void **state)
{
    ozc_report *report = rejected("content.type", "payload.json", 1, -1, "second");
    ozc_report *warned = valid();
    (void)state;
    add_finding(report, "archive.limit", NULL, 0, -1, "first");
    add_finding(report, "content.tag", "payload.json", 1, -1, "third");
    char *body = ozc_render_oz(report, 1);
    assert_non_null(strstr(body, "\"rule\":\"archive.limit\""));
    ozc_free(body);
    assert_rendered("p: 14 Data container unpacking failed: first\n", ozc_render_text(report, "p", 0), report);
    add_finding(warned, "content.tag", "payload.json", 1, -1, "a warning");
    assert_null(ozc_render_oz(warned, 1));
    assert_null(ozc_render_extrahorizon(warned));
    assert_rendered("p: valid\n", ozc_render_text(warned, "p", 0), warned);
}

static void says_in_one_line_what_came_of_it(void **state)
{
    ozc_report *report = valid();
    (void)state;
    report->switched_off[OZC_CHECK_SIGNATURE] = true;
    assert_rendered("a b.ozc: valid, signature not checked\n", ozc_render_text(report, "a b.ozc", 0), report);
    report = valid();
    report->switched_off[OZC_CHECK_SESSION_TOKEN] = report->switched_off[OZC_CHECK_CONTENT] = true;
    assert_rendered("p: valid, session_token not checked, content not checked\n", ozc_render_text(report, "p", 0),
                    report);
    report = rejected("hash.mismatch", "media/clip.mp4", 1, 5, "it has another SHA-256");
    report->switched_off[OZC_CHECK_SIGNATURE] = true;
    assert_rendered("p: 14 Invalid hash: media/clip.mp4: it has another SHA-256, signature not checked\n",
                    ozc_render_text(report, "p", 0), report);
    report = ozc_report_new_failed("no room left");
    assert_rendered("p: could not be checked: no room left\n", ozc_render_text(report, "p", 0), report);
}

static void shows_every_check_and_finding_when_asked_to(void **state)
{
    static const char *const wanted[] = {
        "p: 14 Invalid hash: ",
        "  archive        passed\n",
        "  signature      skipped (switched off)\n",
        "  hash           failed\n",
        "  error hash.mismatch: 14 Invalid hash: media/a.mp4: other (at byte 9)\n    do so\n",
        "  warning content.tag: payload.json: odd\n    do so\n",
        "  and 3 findings more\n"};
    ozc_report *report = rejected("hash.mismatch", "media/a.mp4", 1, 9, "other");
    (void)state;
    report->states[OZC_CHECK_ARCHIVE] = OZC_PASSED;
    report->switched_off[OZC_CHECK_SIGNATURE] = true;
    report->omitted = 3;
    add_finding(report, "content.tag", "payload.json", 1, -1, "odd");
    char *text = ozc_render_text(report, "p", 1);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (strstr(text, wanted[i]) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", wanted[i], text);
    ozc_free(text);
    ozc_report_free(report);
}

static void assert_plain_lines(const char *text, int lines)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c == '\n')
            lines--;
        else if (*c < 0x20 || *c > 0x7E)
            fail_msg("byte %02x in \"%s\"", (unsigned)(unsigned char)*c, text);
    assert_int_equal(0, lines);
}

/* A path and a reason may come from anywhere. */
static void stays_plain_ascii_whatever_the_path_and_the_reason(void **state)
{
    static const char hostile[] = "a\n\r\t\x1B[2J\x7F\"\\\xC3\xA9\xE2\x80\xAE\xFF\xF0\x9F\x98\x80";
    struct json_fault fault = {0};
    ozc_report *reports[] = {valid(), rejected("hash.mismatch", "media/a.mp4", 1, 9, "t"),
                             ozc_report_new_failed(hostile)};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char *json = ozc_render_json(reports[i], hostile);
        assert_plain_lines(json, 0);
        assert_int_equal(JSON_STRICT, json_scan((const uint8_t *)json, strlen(json), 64, &fault));
        ozc_free(json);
        char *text = ozc_render_text(reports[i], hostile, 0);
        assert_plain_lines(text, 1);
        ozc_free(text);
        ozc_report_free(reports[i]);
    }
}

static void stays_plain_ascii_whatever_the_container_holds(void **state)
{
    static const char *const files[] = {"invalid/archive.name-escape.ozc", "invalid/content.value-cyrillic.ozc",
                                        "valid/warning-tag-unknown.ozc", "valid/payload-escaped-names.ozc"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ozc_report *report = check_testdata(files[i], "-");
        char *json = ozc_render_json(report, files[i]);
        assert_plain_lines(json, 0);
        ozc_free(json);
        char *text = ozc_render_text(report, files[i], 1);
        for (const char *c = text; *c != '\0'; c++)
            assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7E));
        ozc_free(text);
        ozc_report_free(report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_valid_report_as_json_in_the_order_of_the_docs),
        cmocka_unit_test(writes_a_rejected_report_as_json),
        cmocka_unit_test(writes_a_failed_report_as_json),
        cmocka_unit_test(takes_no_report_for_a_failed_one),
        cmocka_unit_test(writes_the_body_of_each_error_of_the_oz_api),
        cmocka_unit_test(writes_the_body_of_each_error_of_extra_horizon),
        cmocka_unit_test(puts_rule_entry_and_offset_into_details),
        cmocka_unit_test(goes_by_the_first_error_not_by_warnings),
        cmocka_unit_test(says_in_one_line_what_came_of_it),
        cmocka_unit_test(shows_every_check_and_finding_when_asked_to),
        cmocka_unit_test(stays_plain_ascii_whatever_the_path_and_the_reason),
        cmocka_unit_test(stays_plain_ascii_whatever_the_container_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
