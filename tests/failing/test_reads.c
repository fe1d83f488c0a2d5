/*
 * Every read of a source fails, or gives less, over every row of testdata/list.tsv.
 *
 * Fewer bytes than asked are fine and change nothing. A read that fails, a source that ends before its size, one that
 * claims more than was asked or cannot say its size: "failed" each time, never valid, never a rule of the format.
 */
#include "list.h"
#include "outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a read goes wrong. */
enum way {
    GIVES_ONE_BYTE, /* which is none of the wrong ones */
    SAYS_MINUS_1,
    SAYS_THE_END,
    CLAIMS_MORE,
    SAYS_THE_LEAST,
    FAILS_FROM_NOW_ON,
    ENDS_FROM_NOW_ON,
    WAYS
};

struct failing_source {
    struct bytes bytes;
    uint64_t size;
    long reads;
    long fail; /* the number of the read; -1: none */
    enum way way;
};

static long points;

static int size_of(void *user, uint64_t *size)
{
    *size = ((const struct failing_source *)user)->size;
    return 0;
}

static int refuse_size(void *user, uint64_t *size)
{
    (void)user;
    (void)size;
    return -1;
}

static int64_t read_at(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct failing_source *s = user;
    long number = s->reads++;
    size_t left = offset < s->bytes.len ? s->bytes.len - (size_t)offset : 0;
    size_t size = len < left ? len : left;
    bool fails = s->fail >= 0 && number >= s->fail && (number == s->fail || s->way >= FAILS_FROM_NOW_ON);
    if (fails && s->way == GIVES_ONE_BYTE && size > 1)
        size = 1;
    memcpy(buffer, s->bytes.data + (left > 0 ? offset : 0), size);
    if (!fails || s->way == GIVES_ONE_BYTE)
        return (int64_t)size;
    return s->way == CLAIMS_MORE                                  ? (int64_t)len + 1
           : s->way == SAYS_THE_LEAST                             ? INT64_MIN
           : s->way == SAYS_THE_END || s->way == ENDS_FROM_NOW_ON ? 0
                                                                  : -1;
}

static struct outcome validate(const struct settings *settings, struct failing_source *s)
{
    ozc_source source = {sizeof source, s, size_of, read_at};
    ozc_report *report = NULL;
    s->reads = 0;
    ozc_result result = ozc_validate_source(settings->policy, &source, &settings->call, &report);
    return outcome_of(result, report);
}

/* One read fails in one way. Returns how many things were wrong. */
static int fails_rightly(const char *name, const struct settings *settings, struct failing_source *s,
                         const struct outcome *sound)
{
    struct outcome outcome = validate(settings, s);
    const char *fault = outcome_fault(sound, &outcome, s->way == GIVES_ONE_BYTE);
    if (fault == NULL && s->way != GIVES_ONE_BYTE && outcome.result != OZC_FAILED)
        fault = "a read failed, and it did not matter";
    if (fault != NULL)
        print_error("%s: read %ld, way %d: %s: %s\n", name, s->fail, (int)s->way, fault, outcome.says);
    outcome_free(&outcome);
    points++;
    return fault != NULL;
}

/* Of each container all reads, each in one way by turns; of what is valid in all ways. */
static int fail_each_read(const char *name, const struct settings *settings, struct failing_source *s, bool in_all_ways)
{
    int faults = 0;
    s->fail = -1;
    struct outcome sound = validate(settings, s);
    long reads = s->reads;
    for (s->fail = 0; s->fail < reads; s->fail++) {
        int turn = (int)(points % WAYS);
        for (int way = 0; way < WAYS; way++) {
            s->way = (enum way)way;
            if (in_all_ways || way == turn)
                faults += fails_rightly(name, settings, s, &sound);
        }
    }
    outcome_free(&sound);
    return faults;
}

static void a_read_that_fails_is_never_a_verdict(void **state)
{
    int faults = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        struct settings settings = make_settings(rows[i].column[SETTINGS]);
        struct failing_source s = {.bytes = read_testdata(rows[i].column[FILE_NAME])};
        bool is_valid = strcmp(rows[i].column[RESULT], "valid") == 0;
        char name[1024];
        s.size = s.bytes.len;
        for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
            snprintf(name, sizeof name, "%s [%s] mode %d", rows[i].column[FILE_NAME], rows[i].column[SETTINGS], mode);
            ozc_policy_set_mode(settings.policy, (ozc_mode)mode);
            faults += fail_each_read(name, &settings, &s, is_valid && mode == OZC_ALL_FAULTS);
        }
        ozc_policy_free(settings.policy);
        free(s.bytes.data);
    }
    print_message("failure points: %ld reads\n", points);
    assert_int_equal(0, faults);
}

/* The same bytes, and a size that is not theirs. */
static struct outcome validate_with_size(const struct settings *settings, const struct bytes *bytes, uint64_t size)
{
    struct failing_source s = {.bytes = *bytes, .size = size, .fail = -1};
    return validate(settings, &s);
}

static void a_source_that_is_shorter_than_it_says_is_never_a_verdict(void **state)
{
    long sizes = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        struct settings settings = make_settings(rows[i].column[SETTINGS]);
        struct bytes bytes = read_testdata(rows[i].column[FILE_NAME]);
        uint64_t limit = ozc_policy_limit(settings.policy, OZC_LIMIT_CONTAINER);
        uint64_t size = bytes.len;
        const uint64_t wrong[] = {size + 1, size + 22, size + 65536, limit};
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            struct outcome outcome = validate_with_size(&settings, &bytes, wrong[k]);
            /* What is no ZIP file by its first bytes, or too large, is not read to its end. */
            bool is_judged =
                outcome.result == OZC_REJECTED && (strstr(outcome.says, "\"rule\":\"format.unrecognized\"") != NULL ||
                                                   strstr(outcome.says, "\"rule\":\"archive.limit\"") != NULL);
            if (outcome.result != OZC_FAILED && !is_judged && wrong[k] > size)
                fail_msg("%s, said to have %llu bytes: %s", rows[i].column[FILE_NAME], (unsigned long long)wrong[k],
                         outcome.says);
            outcome_free(&outcome);
            sizes++;
        }
        ozc_policy_free(settings.policy);
        free(bytes.data);
    }
    print_message("failure points: %ld sizes\n", sizes);
}

static void a_source_without_a_size_is_never_a_verdict(void **state)
{
    struct settings settings = make_settings("-");
    struct failing_source s = {.bytes = read_testdata("valid/default.ozc"), .fail = -1};
    ozc_source source = {sizeof source, &s, refuse_size, read_at};
    ozc_report *report = NULL;
    (void)state;
    assert_int_equal(OZC_FAILED, ozc_validate_source(settings.policy, &source, &settings.call, &report));
    assert_null(ozc_report_rule(report));
    assert_int_equal(0, s.reads);
    ozc_report_free(report);
    s.size = UINT64_MAX;
    source.size = size_of;
    assert_int_equal(OZC_FAILED, ozc_validate_source(settings.policy, &source, &settings.call, &report));
    assert_null(ozc_report_rule(report));
    ozc_report_free(report);
    ozc_policy_free(settings.policy);
    free(s.bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_that_fails_is_never_a_verdict),
        cmocka_unit_test(a_source_that_is_shorter_than_it_says_is_never_a_verdict),
        cmocka_unit_test(a_source_without_a_size_is_never_a_verdict),
    };
    return cmocka_run_group_tests(tests, load_list, free_list);
}
