/* check_input.c: is there anything, and does it begin like a container? */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* Judges exactly those bytes, at the end of a block of memory of their size. */
static ozc_report *judge(const void *bytes, size_t len)
{
    ozc_policy *policy = corpus_policy(OZC_ALL_FAULTS);
    uint8_t *exactly = malloc(len == 0 ? 1 : len);
    ozc_report *report = NULL;
    if (len > 0)
        memcpy(exactly, bytes, len);
    (void)!ozc_validate_memory(policy, len == 0 ? NULL : exactly, len, NULL, &report);
    free(exactly);
    ozc_policy_free(policy);
    return report;
}

static void assert_rejected(const void *bytes, size_t len, const char *rule)
{
    ozc_report *report = judge(bytes, len);
    assert_verdict(report, rule);
    ozc_report_free(report);
}

static void rejects_no_bytes_and_looks_no_further(void **state)
{
    (void)state;
    uint64_t size = 1;
    ozc_report *report = judge(NULL, 0);
    assert_verdict(report, "input.none");
    assert_int_equal(1, ozc_report_finding_count(report));
    assert_int_equal(1, ozc_report_size(report, &size));
    assert_int_equal(0, size);
    assert_int_equal(OZC_NOT_PASSED, ozc_report_state(report, OZC_CHECK_INPUT));
    for (int check = OZC_CHECK_FORMAT; check < OZC_CHECK_COUNT; check++)
        assert_int_equal(OZC_SKIPPED, ozc_report_state(report, (ozc_check)check));
    assert_int_equal(13, ozc_report_api_error(report, OZC_API_OZ)->code);
    assert_int_equal(13, ozc_report_api_error(report, OZC_API_EXTRAHORIZON)->code);
    ozc_report_free(report);
}

static void rejects_less_than_a_signature(void **state)
{
    (void)state;
    for (size_t len = 1; len < 4; len++)
        assert_rejected("PK\3\4", len, "format.unrecognized");
    assert_rejected("PK\3\4", 4, "archive.truncated");
}

static void rejects_every_other_byte_in_the_signature(void **state)
{
    (void)state;
    for (size_t at = 0; at < 4; at++)
        for (int c = 0; c < 256; c++) {
            char bytes[32] = "PK\3\4";
            int is_right = bytes[at] == (char)c;
            bytes[at] = (char)c;
            assert_rejected(bytes, sizeof bytes, is_right ? "archive.truncated" : "format.unrecognized");
        }
}

static void rejects_the_other_records_of_a_zip_file(void **state)
{
    (void)state;
    assert_rejected("PK\5\6 an empty archive", 22, "format.unrecognized");
    assert_rejected("PK\1\2", 4, "format.unrecognized");
    assert_rejected("PK\7\b", 4, "format.unrecognized");
    assert_rejected("PK00PK\3\4", 8, "format.unrecognized");
}

static void shows_foreign_bytes_as_hex_alone(void **state)
{
    (void)state;
    ozc_report *report = judge("\x1B[3\n", 4);
    assert_verdict(report, "format.unrecognized");
    const ozc_finding *finding = ozc_report_finding(report, 0);
    assert_non_null(strstr(finding->text, "1b5b330a"));
    assert_null(finding->entry);
    assert_int_equal(1, finding->has_offset);
    assert_int_equal(0, finding->offset);
    for (const char *at = finding->text; *at != '\0'; at++)
        assert_true(*at >= ' ' && *at <= '~');
    ozc_report_free(report);
}

/* A huge source that is no container, and how far it was read. */
struct foreign {
    uint64_t size;
    uint64_t highest;
    size_t reads;
    int64_t answer;
};

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct foreign *)user)->size;
    return 0;
}

static int64_t read_zeros(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct foreign *foreign = user;
    foreign->reads++;
    if (offset + len > foreign->highest)
        foreign->highest = offset + len;
    memset(buffer, 0, len);
    return foreign->answer < 1 ? foreign->answer : (int64_t)len;
}

static ozc_result judge_foreign(struct foreign *foreign, ozc_report **report)
{
    ozc_policy *policy = corpus_policy(OZC_ALL_FAULTS);
    const ozc_source source = {sizeof source, foreign, say_size, read_zeros};
    ozc_result result = ozc_validate_source(policy, &source, NULL, report);
    ozc_policy_free(policy);
    return result;
}

static void reads_four_bytes_of_what_is_no_container(void **state)
{
    (void)state;
    struct foreign foreign = {.size = UINT64_C(1) << 40, .answer = 1};
    ozc_report *report = NULL;
    assert_int_equal(OZC_REJECTED, judge_foreign(&foreign, &report));
    assert_verdict(report, "format.unrecognized");
    assert_int_equal(4, foreign.highest);
    assert_int_equal(1, foreign.reads);
    ozc_report_free(report);
}

static void reads_nothing_of_an_empty_source(void **state)
{
    (void)state;
    struct foreign foreign = {.size = 0, .answer = -1};
    ozc_report *report = NULL;
    assert_int_equal(OZC_REJECTED, judge_foreign(&foreign, &report));
    assert_verdict(report, "input.none");
    assert_int_equal(0, foreign.reads);
    ozc_report_free(report);
}

static void comes_to_no_verdict_where_the_first_bytes_can_not_be_read(void **state)
{
    (void)state;
    for (int64_t answer = -1; answer <= 0; answer++) {
        struct foreign foreign = {.size = 1000, .answer = answer};
        ozc_report *report = NULL;
        assert_int_equal(OZC_FAILED, judge_foreign(&foreign, &report));
        assert_int_equal(OZC_FAILED, ozc_report_result(report));
        assert_null(ozc_report_rule(report));
        ozc_report_free(report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_no_bytes_and_looks_no_further),
        cmocka_unit_test(rejects_less_than_a_signature),
        cmocka_unit_test(rejects_every_other_byte_in_the_signature),
        cmocka_unit_test(rejects_the_other_records_of_a_zip_file),
        cmocka_unit_test(shows_foreign_bytes_as_hex_alone),
        cmocka_unit_test(reads_four_bytes_of_what_is_no_container),
        cmocka_unit_test(reads_nothing_of_an_empty_source),
        cmocka_unit_test(comes_to_no_verdict_where_the_first_bytes_can_not_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
