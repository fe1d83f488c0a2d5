/* check_content.c: where a finding is, in which order and how many; on a run without a container. */
#include "support.h"
#include "validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES 3
#define TAGS "\"media:tags\":{\"a.mp4\":[\"video_selfie\"],\"b.jpg\":[\"photo_selfie\"]}"
#define ANALYSES "\"analyses\":[{\"type\":\"quality\"}]"
#define FINE "{" TAGS "," ANALYSES "}"

/* Two media and an extension, with a payload. */
struct bench {
    ozc_policy *policy;
    ozc_report *report;
    enum outcome outcome;
};

static struct bench judge_media(const char *payload, ozc_mode mode, const struct entry media[ENTRIES])
{
    struct bench b = {.policy = ozc_policy_new(), .report = report_new()};
    struct entry entry = {.shown = {.name = "payload.json", .size = strlen(payload), .offset = 500}};
    assert_non_null(b.policy);
    ozc_policy_set_mode(b.policy, mode);
    assert_int_equal(OZC_VALID, ozc_policy_add_analysis(b.policy, "Liveness"));
    b.report->entries = malloc(ENTRIES * sizeof *media);
    assert_non_null(b.report->entries);
    memcpy(b.report->entries, media, ENTRIES * sizeof *media);
    b.report->entry_count = ENTRIES;
    struct run run = {.policy = b.policy, .report = b.report};
    run.parts[PART_PAYLOAD] = (struct part){&entry, (uint8_t *)strdup(payload)};
    b.outcome = check_content(&run);
    free(run.parts[PART_PAYLOAD].bytes);
    return b;
}

static const unsigned char some_digest[SHA256_SIZE] = {1};

static const struct entry media[ENTRIES] = {
    {.shown = {.name = "media/b.jpg", .sha256 = some_digest, .offset = 10},
     .kind = ENTRY_MEDIA,
     .media_kind = MEDIA_JPEG},
    {.shown = {.name = "ext/c.log", .sha256 = some_digest, .offset = 20}, .kind = ENTRY_EXT},
    {.shown = {.name = "media/a.mp4", .sha256 = some_digest, .offset = 30},
     .kind = ENTRY_MEDIA,
     .media_kind = MEDIA_MP4}};

static struct bench judge(const char *payload)
{
    return judge_media(payload, OZC_ALL_FAULTS, media);
}

static void free_bench(struct bench *b)
{
    ozc_report_free(b->report);
    ozc_policy_free(b->policy);
}

/* The findings as "rule: text" lines, in order, have to begin so; in plain ASCII. */
static void assert_findings(const char *payload, const char *const *expected)
{
    struct bench b = judge(payload);
    size_t i = 0;
    for (; expected[i] != NULL; i++) {
        const ozc_finding *finding = ozc_report_finding(b.report, i);
        char line[2048];
        if (finding == NULL)
            fail_msg("%s: no finding %zu, where \"%s\" is expected", payload, i, expected[i]);
        snprintf(line, sizeof line, "%s: %s", finding->rule->id, finding->text);
        if (strncmp(expected[i], line, strlen(expected[i])) != 0)
            fail_msg("%s: \"%s\", where \"%s\" is expected", payload, line, expected[i]);
        for (const char *c = finding->text; *c != '\0'; c++)
            assert_in_range(*c, 0x20, 0x7E);
    }
    if (ozc_report_finding(b.report, i) != NULL)
        fail_msg("%s: %s", payload, ozc_report_finding(b.report, i)->text);
    free_bench(&b);
}

#define FINDINGS(payload, ...) assert_findings(payload, (const char *const[]){__VA_ARGS__, NULL})

static void finds_nothing_in_a_payload_that_is_fine(void **state)
{
    struct bench b = judge(FINE);
    (void)state;
    assert_int_equal(CHECK_PASSED, b.outcome);
    assert_int_equal(0, ozc_report_finding_count(b.report));
    free_bench(&b);
    FINDINGS("{\"x\":[{\"analyses\":5}],\"Analyses\":7," TAGS ",\"analyses\":[{\"type\":\"LIVENESS\",\"y\":null}]}",
             NULL);
    FINDINGS("{" TAGS
             ",\"analyses\":[{\"type\":\"bioMETRY\",\"source_media\":[],\"params\":{},\"meta_data\":{\"a\":[1]}}]}",
             NULL);
}

static void says_where_the_text_stops_being_json(void **state)
{
    struct bench b = judge("{\n \"\xC3\xA9\": 01}");
    (void)state;
    assert_int_equal(CHECK_FAILED, b.outcome);
    assert_int_equal(1, ozc_report_finding_count(b.report));
    const ozc_finding *finding = ozc_report_finding(b.report, 0);
    assert_string_equal("content.json", finding->rule->id);
    assert_true(finding->has_offset);
    assert_int_equal(500 + 9, finding->offset);
    assert_non_null(strstr(finding->text, "at byte 9: line 2, column 7"));
    free_bench(&b);
}

static void points_at_members_by_rfc_6901(void **state)
{
    (void)state;
    FINDINGS("[]", "content.type: the whole text is an array; expected an object");
    FINDINGS("{\"folder:meta_data\":1," TAGS "," ANALYSES "}",
             "content.type: /folder:meta_data is a number; expected an object");
    FINDINGS("{\"media:meta_data\":{\"a.mp4\":[]}," TAGS "," ANALYSES "}",
             "content.type: /media:meta_data/a.mp4 is an array");
    FINDINGS("{\"media:meta_data\":{\"x/~y\":{}}," TAGS "," ANALYSES "}",
             "content.unknown_media: /media:meta_data/x~1~0y names the media key x/~y,");
    FINDINGS("{" TAGS ",\"analyses\":[{\"type\":\"quality\"},{\"type\":null}]}",
             "content.type: /analyses/1/type is null; expected a string");
    FINDINGS("{" TAGS ",\"analyses\":[{\"type\":\"quality\",\"source_media\":[\"a.mp4\",true]}]}",
             "content.type: /analyses/0/source_media/1 is a boolean; expected a string");
    FINDINGS("{" TAGS ",\"analyses\":[{\"type\":\"quality\",\"source_media\":[\"c.log\"]}]}",
             "content.unknown_media: /analyses/0/source_media/0");
    FINDINGS("{\"media:tags\":{\"a.mp4\":[\"video_selfie\",5],\"b.jpg\":[\"photo_selfie\"]}," ANALYSES "}",
             "content.type: /media:tags/a.mp4/1 is a number");
}

static void shows_hostile_names_and_values_in_ascii(void **state)
{
    (void)state;
    FINDINGS("{\"media:meta_data\":{\"\\u001b[2J\\u202e\\\\\":{}}," TAGS "," ANALYSES "}",
             "content.unknown_media: /media:meta_data/\\x1b[2J\\xe2\\x80\\xae\\\\ names the media key \\x1b[2J");
    FINDINGS("{" TAGS ",\"analyses\":[{\"type\":\"\\r\\n\\u0085\"}]}",
             "content.value: /analyses/0/type is \\x0d\\x0a\\xc2\\x85,");
    FINDINGS("{\"media:tags\":{\"a.mp4\":[\"\\u0007\"],\"b.jpg\":[\"photo_selfie\"]}," ANALYSES "}",
             "content.tag: /media:tags/a.mp4/0 ");
}

static void cuts_long_names_and_values(void **state)
{
    char payload[4000];
    (void)state;
    snprintf(payload, sizeof payload, "{\"media:meta_data\":{\"%01000d\":{}}," TAGS "," ANALYSES "}", 0);
    struct bench b = judge(payload);
    assert_int_equal(1, ozc_report_finding_count(b.report));
    assert_true(strlen(ozc_report_finding(b.report, 0)->text) < 400);
    assert_non_null(strstr(ozc_report_finding(b.report, 0)->text, "000..."));
    free_bench(&b);
}

static void finds_in_the_order_of_the_bytes(void **state)
{
    (void)state;
    FINDINGS("{\"analyses\":[{\"type\":\"x\",\"params\":1},{\"params\":[]},5],\"media:tags\":{\"z\":{},\"a.mp4\":[1],"
             "\"b.jpg\":[\"photo_id\"]},"
             "\"folder:meta_data\":[],\"media:meta_data\":null}",
             "content.value: /analyses/0/type", "content.type: /analyses/0/params", "content.type: /analyses/1/params",
             "content.structure: /analyses/1 has no member type", "content.type: /analyses/2",
             "content.unknown_media: /media:tags/z", "content.type: /media:tags/z", "content.type: /media:tags/a.mp4/0",
             "content.type: /folder:meta_data", "content.type: /media:meta_data");
}

static void warns_of_media_in_file_order_behind_the_payload(void **state)
{
    (void)state;
    FINDINGS("{}", "content.analyses: the whole text has no member analyses", "content.untagged", "content.untagged");
    FINDINGS("{\"analyses\":[],\"media:tags\":{\"a.mp4\":[]}}", "content.analyses: /analyses is empty",
             "content.untagged", "content.untagged");
    FINDINGS("{" ANALYSES ",\"media:tags\":{\"a.mp4\":[\"Video_selfie\",\"video_selfie_oneshot\"]}}",
             "content.tag: /media:tags/a.mp4/0", "content.tag: /media:tags/a.mp4/1", "content.untagged");
    struct bench b = judge("{}");
    assert_int_equal(CHECK_PASSED, b.outcome);
    assert_string_equal("media/b.jpg", ozc_report_finding(b.report, 1)->entry);
    assert_string_equal("media/a.mp4", ozc_report_finding(b.report, 2)->entry);
    assert_int_equal(30, ozc_report_finding(b.report, 2)->offset);
    free_bench(&b);
}

static void warns_of_media_that_are_not_what_they_are_called(void **state)
{
    struct entry other[ENTRIES];
    (void)state;
    memcpy(other, media, sizeof media);
    other[0].media_kind = MEDIA_PNG;
    other[2].media_kind = MEDIA_UNKNOWN;
    struct bench b = judge_media(FINE, OZC_ALL_FAULTS, other);
    assert_int_equal(CHECK_PASSED, b.outcome);
    assert_int_equal(2, ozc_report_finding_count(b.report));
    assert_string_equal("content.media_kind", ozc_report_finding(b.report, 0)->rule->id);
    assert_string_equal("its name says JPEG, its first bytes say PNG", ozc_report_finding(b.report, 0)->text);
    assert_non_null(strstr(ozc_report_finding(b.report, 1)->text, "no accepted kind"));
    free_bench(&b);
    other[0].shown.sha256 = NULL; /* damaged, so its bytes say nothing; its name stays known */
    other[2].shown.sha256 = NULL;
    b = judge_media(FINE, OZC_ALL_FAULTS, other);
    assert_int_equal(0, ozc_report_finding_count(b.report));
    free_bench(&b);
}

static void stops_at_the_first_error_in_first_fault_mode(void **state)
{
    static const char *const payloads[] = {"{\"analyses\":[5,5],\"media:tags\":[],\"folder:meta_data\":1}",
                                           "{\"media:tags\":{\"x\":1,\"y\":2},\"analyses\":[{}]}",
                                           "{\"media:tags\":{\"a.mp4\":[1,2]}}",
                                           "{\"analyses\":[{\"type\":1,\"params\":2}]}",
                                           "{\"analyses\":[{\"type\":\"quality\",\"source_media\":[1,2]}]}",
                                           "{\"media:meta_data\":{\"a.mp4\":1,\"b.jpg\":2}}"};
    (void)state;
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        struct bench b = judge_media(payloads[i], OZC_FIRST_FAULT, media);
        assert_int_equal(CHECK_FAILED, b.outcome);
        assert_int_equal(1, ozc_report_finding_count(b.report));
        assert_int_equal(OZC_ERROR, ozc_report_finding(b.report, 0)->rule->severity);
        free_bench(&b);
    }
}

/* docs/rules.md, section 2: 32 errors and 32 warnings, and the number left out. */
static void keeps_32_errors_and_32_warnings_and_counts_the_rest(void **state)
{
    struct text payload = {0};
    (void)state;
    text_print(&payload, "{\"analyses\":[");
    for (int i = 0; i < 40; i++)
        text_print(&payload, "%d,", i);
    text_print(&payload, "{\"type\":\"quality\"}],\"media:tags\":{\"b.jpg\":[\"photo_id\"],\"a.mp4\":[\"t\"");
    for (int i = 1; i < 50; i++)
        text_print(&payload, ",\"t%d\"", i);
    text_print(&payload, "]}}");
    struct bench b = judge(payload.data);
    assert_int_equal(CHECK_FAILED, b.outcome);
    assert_int_equal(64, ozc_report_finding_count(b.report));
    assert_int_equal(8 + 18, ozc_report_findings_omitted(b.report));
    assert_string_equal("content.type", ozc_report_finding(b.report, 0)->rule->id);
    free_bench(&b);
    text_free(&payload);
}

static void finds_an_error_behind_many_warnings(void **state)
{
    struct text payload = {0};
    (void)state;
    text_print(&payload, "{\"media:tags\":{\"b.jpg\":[\"photo_id\"],\"a.mp4\":[");
    for (int i = 0; i < 100; i++)
        text_print(&payload, "\"t%d\",", i);
    text_print(&payload, "5]}," ANALYSES "}");
    struct bench b = judge(payload.data);
    assert_int_equal(CHECK_FAILED, b.outcome);
    assert_int_equal(33, ozc_report_finding_count(b.report));
    assert_string_equal("content.type", ozc_report_finding(b.report, 32)->rule->id);
    free_bench(&b);
    text_free(&payload);
}

static void is_skipped_without_a_whole_payload(void **state)
{
    struct run run = {.report = report_new()};
    struct entry entry = {.damaged = true};
    (void)state;
    assert_int_equal(CHECK_SKIPPED, check_content(&run));
    run.parts[PART_PAYLOAD].entry = &entry;
    assert_int_equal(CHECK_SKIPPED, check_content(&run));
    assert_int_equal(0, ozc_report_finding_count(run.report));
    ozc_report_free(run.report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_nothing_in_a_payload_that_is_fine),
        cmocka_unit_test(says_where_the_text_stops_being_json),
        cmocka_unit_test(points_at_members_by_rfc_6901),
        cmocka_unit_test(shows_hostile_names_and_values_in_ascii),
        cmocka_unit_test(cuts_long_names_and_values),
        cmocka_unit_test(finds_in_the_order_of_the_bytes),
        cmocka_unit_test(warns_of_media_in_file_order_behind_the_payload),
        cmocka_unit_test(warns_of_media_that_are_not_what_they_are_called),
        cmocka_unit_test(stops_at_the_first_error_in_first_fault_mode),
        cmocka_unit_test(keeps_32_errors_and_32_warnings_and_counts_the_rest),
        cmocka_unit_test(finds_an_error_behind_many_warnings),
        cmocka_unit_test(is_skipped_without_a_whole_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
