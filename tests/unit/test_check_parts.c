/* check_parts.c: payload.json and media, by the directory alone. */
#include "support.h"
#include "validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run whose entry table is written down by hand. No source: nothing may be read. */
struct table {
    struct run run;
    ozc_policy *policy;
};

struct row {
    const char *name;
    enum entry_kind kind;
    uint64_t size;
};

static void make(struct table *t, ozc_mode mode, const struct row *rows, size_t count)
{
    ozc_report *report = report_new();
    *t = (struct table){.policy = ozc_policy_new()};
    ozc_policy_set_mode(t->policy, mode);
    t->run = (struct run){.policy = t->policy, .report = report};
    report->entries = calloc(count + 1, sizeof *report->entries);
    report->entry_count = count;
    for (size_t i = 0; i < count; i++) {
        report->entries[i].shown = (ozc_entry){.name = rows[i].name, .size = rows[i].size, .offset = 1000 + i};
        report->entries[i].kind = rows[i].kind;
        if (strcmp(rows[i].name, "payload.json") == 0)
            t->run.parts[PART_PAYLOAD].entry = &report->entries[i];
    }
}

static void forget(struct table *t)
{
    ozc_report_free(t->run.report);
    ozc_policy_free(t->policy);
}

static void assert_found(const struct table *t, size_t index, const char *rule, const char *entry)
{
    const ozc_finding *finding = ozc_report_finding(t->run.report, index);
    assert_non_null(finding);
    assert_string_equal(rule, finding->rule->id);
    if (entry == NULL)
        assert_null(finding->entry);
    else
        assert_string_equal(entry, finding->entry);
}

static void misses_a_payload(void **state)
{
    (void)state;
    static const struct row rows[] = {{"mimetype", ENTRY_PART, 30}, {"ext/payload.json", ENTRY_EXT, 2}};
    struct table t;
    make(&t, OZC_ALL_FAULTS, rows, 2);
    assert_int_equal(CHECK_FAILED, check_payload(&t.run));
    assert_found(&t, 0, "payload.missing", NULL);
    forget(&t);
}

static void passes_a_payload_of_0_bytes(void **state)
{
    (void)state;
    static const struct row rows[] = {{"payload.json", ENTRY_PART, 0}};
    struct table t;
    make(&t, OZC_ALL_FAULTS, rows, 1);
    assert_int_equal(CHECK_PASSED, check_payload(&t.run));
    assert_int_equal(0, ozc_report_finding_count(t.run.report));
    forget(&t);
}

static void misses_media_whatever_else_is_there(void **state)
{
    (void)state;
    static const struct row rows[] = {{"mimetype", ENTRY_PART, 30}, {"ext/clip.mp4", ENTRY_EXT, 9}};
    static const ozc_mode modes[] = {OZC_FIRST_FAULT, OZC_ALL_FAULTS};
    for (size_t i = 0; i < 2; i++)
        for (size_t count = 0; count <= 2; count++) {
            struct table t;
            make(&t, modes[i], rows, count);
            assert_int_equal(CHECK_FAILED, check_media(&t.run));
            assert_int_equal(1, ozc_report_finding_count(t.run.report));
            assert_found(&t, 0, "media.missing", NULL);
            forget(&t);
        }
}

static void passes_media_of_one_byte_and_empty_entries_of_other_kinds(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"payload.json", ENTRY_PART, 0}, {"ext/a", ENTRY_EXT, 0}, {"media/a", ENTRY_MEDIA, 1}};
    struct table t;
    make(&t, OZC_ALL_FAULTS, rows, 3);
    assert_int_equal(CHECK_PASSED, check_media(&t.run));
    assert_int_equal(0, ozc_report_finding_count(t.run.report));
    forget(&t);
}

static void tells_every_empty_media_entry_in_file_order(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"media/b", ENTRY_MEDIA, 0}, {"media/c", ENTRY_MEDIA, 1}, {"media/a", ENTRY_MEDIA, 0}, {"ext/z", ENTRY_EXT, 0}};
    struct table t;
    make(&t, OZC_ALL_FAULTS, rows, 4);
    assert_int_equal(CHECK_FAILED, check_media(&t.run));
    assert_int_equal(2, ozc_report_finding_count(t.run.report));
    assert_found(&t, 0, "media.empty", "media/b");
    assert_found(&t, 1, "media.empty", "media/a");
    assert_int_equal(1002, ozc_report_finding(t.run.report, 1)->offset);
    forget(&t);
}

static void stops_at_the_first_empty_one_in_first_fault_mode(void **state)
{
    (void)state;
    static const struct row rows[] = {{"media/b", ENTRY_MEDIA, 0}, {"media/a", ENTRY_MEDIA, 0}};
    struct table t;
    make(&t, OZC_FIRST_FAULT, rows, 2);
    assert_int_equal(CHECK_FAILED, check_media(&t.run));
    assert_int_equal(1, ozc_report_finding_count(t.run.report));
    assert_found(&t, 0, "media.empty", "media/b");
    forget(&t);
}

static void keeps_32_empty_ones_and_counts_the_rest(void **state)
{
    (void)state;
    struct row rows[40];
    char names[40][16];
    struct table t;
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "media/%d", i);
        rows[i] = (struct row){names[i], ENTRY_MEDIA, 0};
    }
    make(&t, OZC_ALL_FAULTS, rows, 40);
    assert_int_equal(CHECK_FAILED, check_media(&t.run));
    assert_int_equal(32, ozc_report_finding_count(t.run.report));
    assert_int_equal(8, ozc_report_findings_omitted(t.run.report));
    assert_found(&t, 0, "media.empty", "media/0");
    forget(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misses_a_payload),
        cmocka_unit_test(passes_a_payload_of_0_bytes),
        cmocka_unit_test(misses_media_whatever_else_is_there),
        cmocka_unit_test(passes_media_of_one_byte_and_empty_entries_of_other_kinds),
        cmocka_unit_test(tells_every_empty_media_entry_in_file_order),
        cmocka_unit_test(stops_at_the_first_empty_one_in_first_fault_mode),
        cmocka_unit_test(keeps_32_empty_ones_and_counts_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
