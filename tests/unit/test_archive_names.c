/* archive_names.c: which names are proper, known and apart from each other. */
#include "archive.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_proper(const char *name)
{
    return name_fault(name, strlen(name)) == NULL;
}

static void takes_1_to_255_bytes(void **state)
{
    (void)state;
    char name[NAME_MOST + 1];
    memset(name, 'a', sizeof name);
    assert_non_null(name_fault(name, 0));
    assert_null(name_fault(name, 1));
    assert_null(name_fault(name, NAME_MOST));
    assert_non_null(name_fault(name, NAME_MOST + 1));
}

static void takes_only_the_bytes_of_the_format(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        const char name[3] = {'a', (char)c, 'a'};
        int allowed = c != 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/", c) != NULL;
        if (allowed != (name_fault(name, sizeof name) == NULL))
            fail_msg("byte %d", c);
    }
}

static void wants_a_letter_or_digit_at_the_start_of_each_segment(void **state)
{
    (void)state;
    static const char *const starts[] = {".", "_", "-"};
    for (size_t i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "%sa", starts[i]);
        assert_false(is_proper(name));
        snprintf(name, sizeof name, "ext/%sa", starts[i]);
        assert_false(is_proper(name));
        snprintf(name, sizeof name, "a%sa", starts[i]);
        assert_true(is_proper(name));
    }
    assert_true(is_proper("0"));
    assert_true(is_proper("ext/9z"));
}

static void refuses_a_dot_at_the_end_of_any_segment(void **state)
{
    (void)state;
    assert_false(is_proper("a."));
    assert_false(is_proper("a./b"));
    assert_false(is_proper("ext/a../b"));
    assert_true(is_proper("a..b"));
    assert_true(is_proper("a-"));
    assert_true(is_proper("a_"));
}

static void refuses_empty_segments(void **state)
{
    (void)state;
    static const char *const names[] = {"/", "/a", "a/", "a//b", "ext//", "ext/a/"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_proper(names[i]))
            fail_msg("%s", names[i]);
}

static void assert_device(const char *word, int is_device)
{
    static const char *const around[] = {"%s", "%s.txt", "%s.a.b", "ext/%s", "ext/%s.txt", "%s/a", "ext/%s.b/a"};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        char name[64];
        const char *hole = strchr(around[i], '%');
        snprintf(name, sizeof name, "%.*s%s%s", (int)(hole - around[i]), around[i], word, hole + 2);
        if (is_proper(name) == is_device)
            fail_msg("%s", name);
    }
}

static void refuses_each_device_name_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const devices[] = {"con", "prn", "aux", "nul", "CON", "Prn", "aUx", "nuL"};
    static const char *const ports[] = {"com", "lpt", "COM", "Lpt"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        assert_device(devices[i], 1);
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        for (int digit = 0; digit <= 9; digit++) {
            char name[8];
            snprintf(name, sizeof name, "%s%d", ports[i], digit);
            assert_device(name, 1);
        }
}

static void takes_what_only_looks_like_a_device_name(void **state)
{
    (void)state;
    static const char *const others[] = {"co",   "com",  "lpt",  "coma",  "com10", "lpt-1", "con0",  "con-",
                                         "prn1", "nul_", "acon", "xcom1", "aux0",  "null",  "lpt00", "com1a"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_device(others[i], 0);
}

static void looks_at_no_byte_behind_the_length(void **state)
{
    (void)state;
    assert_null(name_fault("a/", 1));
    assert_null(name_fault("com1", 3));
    assert_non_null(name_fault("com12", 4));
    assert_null(name_fault("ext/a\n", 5));
    assert_non_null(name_fault("ext/a", 4));
}

static void knows_the_places_of_the_format(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum entry_kind kind;
    } known[] = {{"mimetype", ENTRY_PART},      {"payload.json", ENTRY_PART}, {"session_token", ENTRY_PART},
                 {"hashes.sha256", ENTRY_PART}, {"signature", ENTRY_PART},    {"media/a", ENTRY_MEDIA},
                 {"ext/a", ENTRY_EXT},          {"ext/a/b/c", ENTRY_EXT}};
    static const char *const unknown[] = {"media",     "ext",      "media/a/b",      "Media/a",       "EXT/a",
                                          "mimetype2", "mimetyp",  "payload.json/a", "signature.asc", "a",
                                          "MIMETYPE",  "mediax/a", "a/media/b",      "Session_token"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        enum entry_kind kind = ENTRY_PART;
        if (!name_is_known(known[i].name, &kind) || kind != known[i].kind)
            fail_msg("%s", known[i].name);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        enum entry_kind kind = ENTRY_PART;
        if (name_is_known(unknown[i], &kind))
            fail_msg("%s", unknown[i]);
    }
}

/* What judge_names comes to for entries of those names, all with mimetype's content; NULL: passed. */
struct judged {
    struct run run;
    struct source source;
    ozc_policy *policy;
};

static void judge(struct judged *j, const char *const *names, size_t count)
{
    *j = (struct judged){.policy = ozc_policy_new()};
    ozc_report *report = report_new();
    assert_non_null(report);
    report->entries = calloc(count, sizeof *report->entries);
    report->entry_count = count;
    for (size_t i = 0; i < count; i++) {
        report->entries[i].shown.name = names[i];
        report->entries[i].shown.size = strlen(MIMETYPE);
        report->entries[i].name_len = strlen(names[i]);
    }
    source_open_memory(&j->source, MIMETYPE, strlen(MIMETYPE));
    j->run = (struct run){.policy = j->policy, .source = &j->source, .report = report};
    report->result = judge_names(&j->run) == CHECK_PASSED ? OZC_VALID : OZC_REJECTED;
}

static void forget(struct judged *j)
{
    ozc_report_free(j->run.report);
    ozc_policy_free(j->policy);
}

static void assert_judged(const char *const *names, size_t count, const char *rule, const char *entry)
{
    struct judged j;
    judge(&j, names, count);
    assert_verdict(j.run.report, rule);
    if (entry != NULL)
        assert_string_equal(entry, ozc_report_finding(j.run.report, 0)->entry);
    forget(&j);
}

#define ASSERT_JUDGED(rule, entry, ...)                                                                                \
    assert_judged((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),     \
                  rule, entry)

static void finds_a_folder_though_other_names_sort_between(void **state)
{
    (void)state;
    ASSERT_JUDGED("archive.duplicate", "ext/a/b", "mimetype", "ext/a", "ext/a-b", "ext/a.b", "ext/a0", "ext/a/b");
    ASSERT_JUDGED("archive.duplicate", "ext/a", "mimetype", "ext/A/b/c", "ext/a-b", "ext/a.b", "ext/a");
    ASSERT_JUDGED(NULL, NULL, "mimetype", "ext/a0", "ext/a-b", "ext/a.b", "ext/a/b", "ext/a/c", "ext/a/c-d/e");
}

static void finds_folders_that_differ_in_case_at_any_depth(void **state)
{
    (void)state;
    ASSERT_JUDGED("archive.duplicate", "ext/a/B/y", "mimetype", "ext/a/b/x", "ext/a/c", "ext/a/B/y");
    ASSERT_JUDGED("archive.duplicate", "ext/A/y/z", "mimetype", "ext/a/x/z", "ext/A/y/z");
    ASSERT_JUDGED(NULL, NULL, "mimetype", "ext/a/x", "ext/a/Y", "ext/B/x");
}

static void tells_the_second_of_equal_names_in_file_order(void **state)
{
    (void)state;
    ASSERT_JUDGED("archive.duplicate", "ext/Z", "mimetype", "ext/z", "ext/b", "ext/Z", "ext/B");
    ASSERT_JUDGED("archive.duplicate", "ext/A", "mimetype", "ext/a", "ext/A", "ext/a");
}

static void tells_names_before_duplicates_and_these_before_folders(void **state)
{
    (void)state;
    ASSERT_JUDGED("archive.name", NULL, "mimetype", "ext/-", "ext/a", "ext/a");
    ASSERT_JUDGED("archive.duplicate", "ext/a", "mimetype", "ext/a", "ext/a", "ext/-");
    ASSERT_JUDGED("archive.duplicate", "ext/b", "mimetype", "ext/a", "ext/a/c", "ext/b", "ext/b");
    ASSERT_JUDGED("archive.name", NULL, "mimetype", "ext/a", "ext/a/c", "ext/-");
}

static void tells_duplicates_before_mimetype_before_unknown_entries(void **state)
{
    (void)state;
    ASSERT_JUDGED("archive.duplicate", "other", "other", "other");
    ASSERT_JUDGED("archive.mimetype", "other", "other", "mimetype");
    ASSERT_JUDGED("archive.unknown_entry", "other", "mimetype", "other");
}

static void holds_mimetype_to_its_exact_content(void **state)
{
    (void)state;
    static const char *const names[] = {"mimetype", "ext/a"};
    char content[] = MIMETYPE;
    for (size_t i = 0; i < strlen(MIMETYPE); i++) {
        struct judged j;
        judge(&j, names, 2);
        ozc_report_free(j.run.report);
        content[i] ^= 0x20;
        source_open_memory(&j.source, content, strlen(content));
        ozc_report *report = j.run.report = report_new();
        report->entries = calloc(1, sizeof *report->entries);
        report->entry_count = 1;
        report->entries[0] = (struct entry){.shown = {.name = "mimetype", .size = strlen(content)}, .name_len = 8};
        report->result = judge_names(&j.run) == CHECK_PASSED ? OZC_VALID : OZC_REJECTED;
        assert_verdict(report, "archive.mimetype");
        content[i] ^= 0x20;
        forget(&j);
    }
}

static void judges_as_many_long_names_as_a_policy_can_allow(void **state)
{
    (void)state;
    enum { COUNT = 65534, ROOM = 256 };
    char(*texts)[ROOM] = calloc(COUNT, ROOM);
    const char **names = calloc(COUNT, sizeof *names);
    for (int i = 0; i < COUNT; i++) {
        memset(texts[i], 'x', 240);
        memcpy(texts[i], "ext/", 4);
        snprintf(texts[i] + 240, ROOM - 240, "%05d", i);
        names[i] = texts[i];
    }
    names[0] = "mimetype";
    assert_judged(names, COUNT, NULL, NULL);
    names[COUNT - 1] = names[COUNT / 2];
    assert_judged(names, COUNT, "archive.duplicate", names[COUNT / 2]);
    free(names);
    free(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_1_to_255_bytes),
        cmocka_unit_test(takes_only_the_bytes_of_the_format),
        cmocka_unit_test(wants_a_letter_or_digit_at_the_start_of_each_segment),
        cmocka_unit_test(refuses_a_dot_at_the_end_of_any_segment),
        cmocka_unit_test(refuses_empty_segments),
        cmocka_unit_test(refuses_each_device_name_wherever_it_stands),
        cmocka_unit_test(takes_what_only_looks_like_a_device_name),
        cmocka_unit_test(looks_at_no_byte_behind_the_length),
        cmocka_unit_test(knows_the_places_of_the_format),
        cmocka_unit_test(finds_a_folder_though_other_names_sort_between),
        cmocka_unit_test(finds_folders_that_differ_in_case_at_any_depth),
        cmocka_unit_test(tells_the_second_of_equal_names_in_file_order),
        cmocka_unit_test(tells_names_before_duplicates_and_these_before_folders),
        cmocka_unit_test(tells_duplicates_before_mimetype_before_unknown_entries),
        cmocka_unit_test(holds_mimetype_to_its_exact_content),
        cmocka_unit_test(judges_as_many_long_names_as_a_policy_can_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
