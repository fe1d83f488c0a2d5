/*
 * All of testdata/ against its list: result, code, message, rule, entry and warnings of each row.
 *
 * Each row is judged in both modes, and from memory, from a file, from a descriptor and from callbacks that read in odd
 * pieces: the verdict is always the same. A rule of the catalogue without a container, a container without a row, or a
 * row without a container fails.
 */
#include "list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Warnings of a report as the list writes them. */
static void join_warnings(const ozc_report *report, char *to, size_t size)
{
    to[0] = '\0';
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        const ozc_rule *rule = ozc_report_finding(report, i)->rule;
        if (rule->severity != OZC_WARNING)
            continue;
        size_t len = strlen(to);
        snprintf(to + len, size - len, "%s%s", len == 0 ? "" : ",", rule->id);
    }
    if (to[0] == '\0')
        strcpy(to, "-");
}

static const ozc_finding *first_error(const ozc_report *report)
{
    for (size_t i = 0; i < ozc_report_finding_count(report); i++)
        if (ozc_report_finding(report, i)->rule->severity == OZC_ERROR)
            return ozc_report_finding(report, i);
    return NULL;
}

static int differs(const char *expected, const char *found)
{
    return strcmp(expected, "*") != 0 && strcmp(expected, found) != 0;
}

/* Prints what differs; returns how many things do. */
static int compare(const struct row *row, const ozc_report *report, const char *how, int with_warnings)
{
    static const char *const words[] = {"valid", "rejected", "misuse", "failed"};
    const ozc_api_error *error = ozc_report_api_error(report, OZC_API_OZ);
    const ozc_rule *rule = ozc_report_rule(report);
    const ozc_finding *finding = first_error(report);
    char code[12];
    char warnings[8192];
    snprintf(code, sizeof code, "%d", error == NULL ? 0 : error->code);
    join_warnings(report, warnings, sizeof warnings);
    const char *found[COLUMNS] = {[RESULT] = words[ozc_report_result(report)],
                                  [CODE] = error == NULL ? "-" : code,
                                  [MESSAGE] = error == NULL ? "-" : error->message,
                                  [RULE] = rule == NULL ? "-" : rule->id,
                                  [ENTRY] = finding == NULL || finding->entry == NULL ? "-" : finding->entry,
                                  [WARNINGS] = warnings};
    int differences = 0;
    for (int i = RESULT; i < (with_warnings ? COLUMNS : WARNINGS); i++)
        if (differs(row->column[i], found[i])) {
            print_error("%s [%s] %s: expected %s, found %s (%s)\n", row->column[FILE_NAME], row->column[SETTINGS], how,
                        row->column[i], found[i], finding == NULL ? "no error" : finding->text);
            differences++;
        }
    return differences;
}

static void claim(ozc_report *report, int times)
{
    ozc_store *store = ozc_store_new_memory(4);
    for (int i = 0; i < times; i++) {
        ozc_result result = ozc_report_claim(report, store);
        assert_int_equal(result, ozc_report_result(report));
    }
    ozc_store_free(store);
}

static void judges_every_row_in_both_modes(void **state)
{
    int differences = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        struct settings s = make_settings(rows[i].column[SETTINGS]);
        struct bytes container = read_testdata(rows[i].column[FILE_NAME]);
        for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
            ozc_report *report = NULL;
            ozc_policy_set_mode(s.policy, (ozc_mode)mode);
            ozc_result result = ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report);
            assert_int_equal(result, ozc_report_result(report));
            if (result == OZC_VALID)
                claim(report, s.claims);
            differences += compare(&rows[i], report, mode == OZC_FIRST_FAULT ? "first-fault" : "all-faults",
                                   mode == OZC_ALL_FAULTS);
            ozc_report_free(report);
        }
        ozc_policy_free(s.policy);
        free(container.data);
    }
    assert_int_equal(0, differences);
}

/* A source that gives few bytes at a time. */
static int size_of(void *user, uint64_t *size)
{
    *size = ((const struct bytes *)user)->len;
    return 0;
}

static int64_t read_oddly(void *user, uint64_t offset, void *buffer, size_t len)
{
    const struct bytes *bytes = user;
    size_t left = bytes->len - (size_t)offset;
    size_t piece = 1 + (size_t)(offset % 977);
    size_t size = len < left ? len : left;
    size = size < piece ? size : piece;
    memcpy(buffer, bytes->data + offset, size);
    return (int64_t)size;
}

/* Everything that a report says, for comparison. */
static char *rendered(ozc_report *report)
{
    char *text = ozc_render_json(report, "container");
    assert_non_null(text);
    ozc_report_free(report);
    return text;
}

static void says_the_same_whatever_the_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        struct settings s = make_settings(rows[i].column[SETTINGS]);
        struct bytes container = read_testdata(rows[i].column[FILE_NAME]);
        ozc_source source = {sizeof source, &container, size_of, read_oddly};
        ozc_report *reports[4];
        char *texts[4];
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", TESTDATA, rows[i].column[FILE_NAME]);
        int fd = open(path, O_RDONLY);
        ozc_policy_set_mode(s.policy, OZC_ALL_FAULTS);
        ozc_result results[4] = {
            ozc_validate_memory(s.policy, container.data, container.len, &s.call, &reports[0]),
            ozc_validate_file(s.policy, path, &s.call, &reports[1]),
            ozc_validate_fd(s.policy, fd, &s.call, &reports[2]),
            ozc_validate_source(s.policy, &source, &s.call, &reports[3]),
        };
        for (int k = 0; k < 4; k++) {
            texts[k] = rendered(reports[k]);
            assert_int_equal(results[0], results[k]);
            assert_string_equal(texts[0], texts[k]);
        }
        for (int k = 0; k < 4; k++)
            ozc_free(texts[k]);
        close(fd);
        ozc_policy_free(s.policy);
        free(container.data);
    }
}

static int has_row(const char *rule)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].column[RULE], rule) == 0)
            return 1;
    /* Warnings are separated by commas. */
    for (size_t i = 0; i < row_count; i++) {
        const char *at = strstr(rows[i].column[WARNINGS], rule);
        if (at != NULL && (at[strlen(rule)] == ',' || at[strlen(rule)] == '\0'))
            return 1;
    }
    return 0;
}

static void has_a_container_for_every_rule(void **state)
{
    (void)state;
    for (size_t i = 0; ozc_rule_at(i) != NULL; i++)
        if (!has_row(ozc_rule_at(i)->id))
            fail_msg("no container in testdata breaks %s", ozc_rule_at(i)->id);
}

/* invalid/RULE[-variant].ozc: a row that expects that rule. Without one, the file's name is not true. */
static void has_a_file_named_after_every_rule_of_an_error(void **state)
{
    (void)state;
    for (size_t r = 0; ozc_rule_at(r) != NULL; r++) {
        const ozc_rule *rule = ozc_rule_at(r);
        size_t len = strlen(rule->id);
        int found = rule->severity == OZC_WARNING || strcmp(rule->id, "session_token.replayed") == 0;
        for (size_t i = 0; i < row_count && !found; i++) {
            const char *name = rows[i].column[FILE_NAME];
            found = strncmp(name, "invalid/", 8) == 0 && strncmp(name + 8, rule->id, len) == 0 &&
                    (name[8 + len] == '-' || strcmp(name + 8 + len, ".ozc") == 0) &&
                    strcmp(rows[i].column[RULE], rule->id) == 0;
        }
        if (!found)
            fail_msg("no file of testdata/invalid is named after %s and breaks it", rule->id);
    }
}

static void expects_messages_that_go_with_their_codes(void **state)
{
    int seen[256] = {0};
    int pairs = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++)
        for (size_t k = 0; strcmp(rows[i].column[CODE], "-") != 0 && ozc_api_error_at(k) != NULL && k < 256; k++) {
            const ozc_api_error *e = ozc_api_error_at(k);
            if (!seen[k] && e->api == OZC_API_OZ && e->message != NULL && e->code == atoi(rows[i].column[CODE]) &&
                strcmp(e->message, rows[i].column[MESSAGE]) == 0)
                seen[k] = 1;
        }
    /* Table 1 has twelve rows of ten pairs: equal pairs stand in the catalogue once for each meaning. */
    for (size_t k = 0; ozc_api_error_at(k) != NULL && k < 256; k++)
        pairs += seen[k];
    assert_int_equal(12, pairs);
}

static void lists_every_file_of(const char *folder)
{
    char path[4096];
    size_t files = 0;
    snprintf(path, sizeof path, "%s/%s", TESTDATA, folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char name[512];
        int listed = 0;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        for (size_t i = 0; i < row_count && !listed; i++)
            listed = strcmp(rows[i].column[FILE_NAME], name) == 0;
        if (!listed)
            fail_msg("%s is not in list.tsv", name);
        files++;
    }
    closedir(dir);
    assert_true(files > 0);
}

static void lists_every_container(void **state)
{
    (void)state;
    lists_every_file_of("valid");
    lists_every_file_of("invalid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_row_in_both_modes),
        cmocka_unit_test(says_the_same_whatever_the_source),
        cmocka_unit_test(has_a_container_for_every_rule),
        cmocka_unit_test(has_a_file_named_after_every_rule_of_an_error),
        cmocka_unit_test(expects_messages_that_go_with_their_codes),
        cmocka_unit_test(lists_every_container),
    };
    return cmocka_run_group_tests(tests, load_list, free_list);
}
