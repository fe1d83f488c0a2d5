/* validate.c: arguments, ways in, time, failures, and what the two modes read and say. */
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT "valid/default.ozc"

/* Bytes by callbacks, which can lie and remember how far they were read. */
struct told {
    struct bytes bytes;
    uint64_t says; /* its size; 0: the truth */
    int size_fails;
    size_t chunk; /* 0: as much as wanted */
    uint64_t highest;
};

static int say_size(void *user, uint64_t *size)
{
    const struct told *told = user;
    *size = told->says == 0 ? told->bytes.len : told->says;
    return told->size_fails;
}

static int64_t read_told(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct told *told = user;
    size_t left = offset < told->bytes.len ? told->bytes.len - (size_t)offset : 0;
    size_t count = len < left ? len : left;
    if (told->chunk != 0 && count > told->chunk)
        count = told->chunk;
    memcpy(buffer, told->bytes.data + (left == 0 ? 0 : offset), count);
    if (offset + count > told->highest)
        told->highest = offset + count;
    return (int64_t)count;
}

static ozc_source source_of(struct told *told)
{
    return (ozc_source){sizeof(ozc_source), told, say_size, read_told};
}

/* Every way in, with whatever else is wrong: OZC_MISUSE, and no report. */
static void assert_misused(const ozc_policy *policy, const ozc_call *call)
{
    struct told told = {.bytes = read_testdata(DEFAULT)};
    const ozc_source source = source_of(&told);
    static char place;
    ozc_report *reports[4];
    int fd = open(TESTDATA "/" DEFAULT, O_RDONLY);
    for (int i = 0; i < 4; i++)
        reports[i] = (ozc_report *)(void *)&place;
    assert_int_equal(OZC_MISUSE, ozc_validate_memory(policy, told.bytes.data, told.bytes.len, call, &reports[0]));
    assert_int_equal(OZC_MISUSE, ozc_validate_file(policy, TESTDATA "/" DEFAULT, call, &reports[1]));
    assert_int_equal(OZC_MISUSE, ozc_validate_fd(policy, fd, call, &reports[2]));
    assert_int_equal(OZC_MISUSE, ozc_validate_source(policy, &source, call, &reports[3]));
    for (int i = 0; i < 4; i++)
        assert_null(reports[i]);
    close(fd);
    free(told.bytes.data);
}

static void refuses_a_policy_that_can_not_judge(void **state)
{
    (void)state;
    struct settings no_issuer = make_settings("issuer=none");
    struct settings no_signer = make_settings("skip=session_token;signer=none");
    assert_misused(NULL, NULL);
    assert_misused(no_issuer.policy, &no_issuer.call);
    assert_misused(no_signer.policy, &no_signer.call);
    ozc_policy_free(no_issuer.policy);
    ozc_policy_free(no_signer.policy);
}

static void refuses_calls_that_are_wrong(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    ozc_call small = s.call;
    ozc_call unknown = s.call;
    ozc_call negative = s.call;
    small.struct_size--;
    unknown.time = (ozc_time)(OZC_TIME_ISSUED + 1);
    negative.now = -1;
    assert_misused(s.policy, &small);
    assert_misused(s.policy, &unknown);
    unknown.time = (ozc_time)-1;
    assert_misused(s.policy, &unknown);
    assert_misused(s.policy, &negative);
    ozc_policy_free(s.policy);
}

/* What check_done was told. */
struct done {
    int count;
    ozc_check checks[OZC_CHECK_COUNT];
    ozc_state states[OZC_CHECK_COUNT];
};

static void note_check(void *user, ozc_check check, ozc_state check_state)
{
    struct done *done = user;
    assert_true(done->count < OZC_CHECK_COUNT);
    done->checks[done->count] = check;
    done->states[done->count++] = check_state;
}

static struct done checks_done(const char *file, const char *settings, ozc_mode mode)
{
    struct settings s = make_settings(settings);
    struct bytes container = read_testdata(file);
    struct done done = {0};
    ozc_report *report = NULL;
    s.call.check_done = note_check;
    s.call.user = &done;
    ozc_policy_set_mode(s.policy, mode);
    (void)!ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report);
    for (int i = 0; i < done.count; i++)
        assert_int_equal(ozc_report_state(report, done.checks[i]), done.states[i]);
    ozc_report_free(report);
    ozc_policy_free(s.policy);
    free(container.data);
    return done;
}

static void tells_each_check_that_has_run(void **state)
{
    (void)state;
    struct done all = checks_done(DEFAULT, "-", OZC_FIRST_FAULT);
    assert_int_equal(OZC_CHECK_COUNT, all.count);
    for (int i = 0; i < all.count; i++) {
        assert_int_equal(i, all.checks[i]);
        assert_int_equal(OZC_PASSED, all.states[i]);
    }
    struct done some = checks_done(DEFAULT, "skip=signature", OZC_FIRST_FAULT);
    assert_int_equal(OZC_CHECK_COUNT - 1, some.count);
    assert_int_equal(OZC_CHECK_INTEGRITY, some.checks[OZC_CHECK_SIGNATURE]);
    struct done few = checks_done("invalid/session_token.signature-bit-flipped.ozc", "-", OZC_FIRST_FAULT);
    assert_int_equal(OZC_CHECK_SESSION_TOKEN + 1, few.count);
    assert_int_equal(OZC_NOT_PASSED, few.states[OZC_CHECK_SESSION_TOKEN]);
}

static void takes_a_call_from_before_check_done(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata(DEFAULT);
    struct done done = {0};
    ozc_report *report = NULL;
    s.call.struct_size = offsetof(ozc_call, check_done);
    s.call.check_done = note_check; /* lies behind what the size says: not looked at */
    s.call.user = &done;
    assert_int_equal(OZC_VALID, ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
    assert_int_equal(0, done.count);
    ozc_report_free(report);
    ozc_policy_free(s.policy);
    free(container.data);
}

static void refuses_missing_arguments(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct told told = {.bytes = read_testdata(DEFAULT)};
    ozc_source sources[] = {source_of(&told), source_of(&told), source_of(&told)};
    const ozc_source whole = source_of(&told);
    static char place;
    ozc_report *report = (ozc_report *)(void *)&place;
    sources[0].struct_size--;
    sources[1].size = NULL;
    sources[2].read_at = NULL;
    assert_int_equal(OZC_MISUSE, ozc_validate_memory(s.policy, NULL, 1, &s.call, &report));
    assert_null(report);
    report = (ozc_report *)(void *)&place;
    assert_int_equal(OZC_MISUSE, ozc_validate_file(s.policy, NULL, &s.call, &report));
    assert_null(report);
    report = (ozc_report *)(void *)&place;
    assert_int_equal(OZC_MISUSE, ozc_validate_source(s.policy, NULL, &s.call, &report));
    assert_null(report);
    for (size_t i = 0; i < 3; i++) {
        report = (ozc_report *)(void *)&place;
        assert_int_equal(OZC_MISUSE, ozc_validate_source(s.policy, &sources[i], &s.call, &report));
        assert_null(report);
    }
    assert_int_equal(OZC_MISUSE, ozc_validate_memory(s.policy, told.bytes.data, told.bytes.len, &s.call, NULL));
    assert_int_equal(OZC_MISUSE, ozc_validate_file(s.policy, TESTDATA "/" DEFAULT, &s.call, NULL));
    assert_int_equal(OZC_MISUSE, ozc_validate_fd(s.policy, 0, &s.call, NULL));
    assert_int_equal(OZC_MISUSE, ozc_validate_source(s.policy, &whole, &s.call, NULL));
    free(told.bytes.data);
    ozc_policy_free(s.policy);
}

static void says_the_same_by_every_way_in_and_keeps_nothing_of_the_input(void **state)
{
    (void)state;
    static const char *const files[] = {DEFAULT, "invalid/archive.gap-before-directory.ozc", "valid/ext.ozc"};
    for (size_t i = 0; i < 3; i++) {
        struct settings s = make_settings("-");
        struct told told = {.bytes = read_testdata(files[i]), .chunk = 11};
        const ozc_source source = source_of(&told);
        ozc_report *reports[4];
        char path[512];
        snprintf(path, sizeof path, "%s/%s", TESTDATA, files[i]);
        int fd = open(path, O_RDONLY);
        assert_int_equal(5, lseek(fd, 5, SEEK_SET));
        ozc_result result = ozc_validate_memory(s.policy, told.bytes.data, told.bytes.len, &s.call, &reports[0]);
        assert_int_equal(result, ozc_validate_file(s.policy, path, &s.call, &reports[1]));
        assert_int_equal(result, ozc_validate_fd(s.policy, fd, &s.call, &reports[2]));
        assert_int_equal(result, ozc_validate_source(s.policy, &source, &s.call, &reports[3]));
        assert_int_equal(5, lseek(fd, 0, SEEK_CUR));
        assert_int_equal(0, close(fd));
        free(told.bytes.data);
        ozc_policy_free(s.policy);
        char *expected = ozc_render_json(reports[0], "c");
        for (int k = 0; k < 4; k++) {
            char *text = ozc_render_json(reports[k], "c");
            assert_string_equal(expected, text);
            assert_int_equal(result, ozc_report_result(reports[k]));
            ozc_free(text);
            ozc_report_free(reports[k]);
        }
        ozc_free(expected);
    }
}

static void assert_failed(ozc_result result, ozc_report *report, const char *why)
{
    assert_int_equal(OZC_FAILED, result);
    assert_int_equal(OZC_FAILED, ozc_report_result(report));
    assert_null(ozc_report_rule(report));
    assert_int_equal(0, ozc_report_api_error(report, OZC_API_OZ)->code);
    assert_string_equal(why, ozc_report_failure(report));
    ozc_report_free(report);
}

static void fails_where_the_file_can_not_be_opened(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    ozc_report *report = NULL;
    ozc_result result = ozc_validate_file(s.policy, TESTDATA "/missing", &s.call, &report);
    assert_failed(result, report, "no such file");
    result = ozc_validate_file(s.policy, TESTDATA, &s.call, &report);
    assert_failed(result, report, "is a folder");
    result = ozc_validate_fd(s.policy, -1, &s.call, &report);
    assert_failed(result, report, "not an open descriptor");
    ozc_policy_free(s.policy);
}

static void fails_where_a_source_gives_less_than_it_said(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct told told = {.bytes = read_testdata(DEFAULT)};
    const ozc_source source = source_of(&told);
    ozc_report *report = NULL;
    static const uint64_t more[] = {1, 22, 1000, 100000};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        told.says = told.bytes.len + more[i];
        ozc_result result = ozc_validate_source(s.policy, &source, &s.call, &report);
        assert_failed(result, report, "the container has fewer bytes than its source said");
    }
    told.size_fails = 1;
    ozc_result result = ozc_validate_source(s.policy, &source, &s.call, &report);
    assert_failed(result, report, "the source could not say its size");
    free(told.bytes.data);
    ozc_policy_free(s.policy);
}

static void judges_no_more_than_the_size_that_was_said(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct told told = {.bytes = read_testdata(DEFAULT)};
    const ozc_source source = source_of(&told);
    ozc_report *report = NULL;
    told.says = told.bytes.len - 1;
    assert_int_equal(OZC_REJECTED, ozc_validate_source(s.policy, &source, &s.call, &report));
    assert_verdict(report, "archive.truncated");
    assert_int_equal(told.says, told.highest);
    ozc_report_free(report);
    free(told.bytes.data);
    ozc_policy_free(s.policy);
}

static int cancel_at(void *user, uint64_t done, uint64_t total)
{
    int *left = user;
    assert_true(done > 0 && done <= total);
    return --*left == 0;
}

static void fails_when_cancelled_whatever_was_found_before(void **state)
{
    (void)state;
    static const char *const settings[] = {"-", "at=0"};
    struct bytes container = read_testdata("valid/three-media.ozc");
    for (size_t i = 0; i < 2; i++)
        for (int at = 1; at <= 4; at++) {
            struct settings s = make_settings(settings[i]);
            ozc_report *report = NULL;
            int left = at;
            ozc_policy_set_mode(s.policy, OZC_ALL_FAULTS);
            s.call.progress = cancel_at;
            s.call.user = &left;
            ozc_result result = ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report);
            if (at <= 3)
                assert_failed(result, report, "cancelled by the caller");
            else /* there is no fourth piece of media */
                assert_int_equal(i == 0 ? OZC_VALID : OZC_REJECTED, result);
            if (at > 3)
                ozc_report_free(report);
            ozc_policy_free(s.policy);
        }
    free(container.data);
}

/* A container with a token issued at that time. */
static struct bytes pack(int64_t issued_at)
{
    char folder[] = "/tmp/ozcapsula-validate-XXXXXX";
    char path[64];
    struct bytes issuer = read_testdata("keys/TEST-issuer-p384.key");
    struct bytes signer = read_testdata("keys/TEST-signer-p384.key");
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    char *token = NULL;
    request.issued_at = issued_at;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, issuer.data, issuer.len, &token, NULL));
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/c.ozc", folder);
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", "{}", 2));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/a", "a", 1));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "session_token", token, strlen(token)));
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, signer.data, signer.len, path, &report));
    struct bytes packed = read_file(path);
    assert_int_equal(0, unlink(path) + rmdir(folder));
    ozc_packer_free(packer);
    ozc_report_free(report);
    ozc_free(token);
    free(signer.data);
    free(issuer.data);
    return packed;
}

static void judges_by_the_systems_clock_where_no_time_is_given(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    ozc_report *report = NULL;
    int64_t now = (int64_t)time(NULL);
    struct bytes fresh = pack(now);
    struct bytes old = pack(now - 1000);
    assert_int_equal(OZC_VALID, ozc_validate_memory(s.policy, fresh.data, fresh.len, NULL, &report));
    ozc_report_free(report);
    s.call.time = OZC_TIME_SYSTEM;
    s.call.now = -1; /* not looked at */
    assert_int_equal(OZC_REJECTED, ozc_validate_memory(s.policy, old.data, old.len, &s.call, &report));
    assert_verdict(report, "session_token.expired");
    ozc_report_free(report);
    free(fresh.data);
    free(old.data);
    ozc_policy_free(s.policy);
}

static void judges_fixtures_at_the_time_of_issue(void **state)
{
    (void)state;
    static const char *const files[] = {DEFAULT, "valid/token-only-exp.ozc", "valid/token-nbf.ozc"};
    for (size_t i = 0; i < 3; i++) {
        struct settings s = make_settings("leeway=0");
        struct bytes container = read_testdata(files[i]);
        ozc_report *report = NULL;
        s.call.time = OZC_TIME_ISSUED;
        s.call.now = -1;
        assert_int_equal(i == 2 ? OZC_REJECTED : OZC_VALID,
                         ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
        ozc_report_free(report);
        free(container.data);
        ozc_policy_free(s.policy);
    }
}

static void judges_at_the_last_second_that_there_is(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/token-only-exp.ozc");
    ozc_report *report = NULL;
    s.call.now = INT64_MAX;
    assert_int_equal(OZC_REJECTED, ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
    assert_verdict(report, "session_token.expired");
    ozc_report_free(report);
    free(container.data);
    ozc_policy_free(s.policy);
}

static void rejects_every_changed_byte_of_content_by_the_same_rule_in_both_modes(void **state)
{
    (void)state;
    static const char settings[] = "issuer=keys/TEST-issuer-ed25519.pub;signer=keys/TEST-signer-ed25519.pub";
    struct settings s = make_settings(settings);
    struct bytes container = read_testdata("valid/keys-ed25519.ozc");
    ozc_report *before = check_testdata("valid/keys-ed25519.ozc", settings);
    for (size_t i = 0; i < ozc_report_entry_count(before); i++)
        for (uint64_t at = 0; at < ozc_report_entry(before, i)->size; at++) {
            unsigned char *byte = container.data + ozc_report_entry(before, i)->offset + at;
            const ozc_rule *rules[2];
            *byte ^= (unsigned char)(1u << at % 8);
            for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
                ozc_report *report = NULL;
                ozc_policy_set_mode(s.policy, (ozc_mode)mode);
                assert_int_equal(OZC_REJECTED,
                                 ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
                rules[mode] = ozc_report_rule(report);
                ozc_report_free(report);
            }
            assert_non_null(rules[0]);
            assert_ptr_equal(rules[0], rules[1]);
            *byte ^= (unsigned char)(1u << at % 8);
        }
    ozc_report_free(before);
    free(container.data);
    ozc_policy_free(s.policy);
}

/* What one of several threads judges, again and again: how often it did not come to what was expected. */
struct job {
    const struct settings *settings;
    struct bytes container;
    ozc_result expected;
    size_t wrong;
};

static void *judge_often(void *user)
{
    struct job *job = user;
    for (int i = 0; i < 25; i++) {
        ozc_report *report = NULL;
        ozc_result result = ozc_validate_memory(job->settings->policy, job->container.data, job->container.len,
                                                &job->settings->call, &report);
        job->wrong += result != job->expected || ozc_report_result(report) != job->expected;
        ozc_report_free(report);
    }
    return NULL;
}

static void judges_in_many_threads_by_one_policy(void **state)
{
    (void)state;
    static const char *const files[] = {DEFAULT, "valid/cnf-p256.ozc", "valid/ext.ozc", "invalid/content.json-cut.ozc"};
    struct settings s = make_settings("-");
    struct job jobs[8];
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) {
        jobs[i] = (struct job){&s, read_testdata(files[i % 4]), i % 4 == 3 ? OZC_REJECTED : OZC_VALID, 0};
        assert_int_equal(0, pthread_create(&threads[i], NULL, judge_often, &jobs[i]));
    }
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(0, jobs[i].wrong);
        free(jobs[i].container.data);
    }
    ozc_policy_free(s.policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_policy_that_can_not_judge),
        cmocka_unit_test(refuses_calls_that_are_wrong),
        cmocka_unit_test(tells_each_check_that_has_run),
        cmocka_unit_test(takes_a_call_from_before_check_done),
        cmocka_unit_test(refuses_missing_arguments),
        cmocka_unit_test(says_the_same_by_every_way_in_and_keeps_nothing_of_the_input),
        cmocka_unit_test(fails_where_the_file_can_not_be_opened),
        cmocka_unit_test(fails_where_a_source_gives_less_than_it_said),
        cmocka_unit_test(judges_no_more_than_the_size_that_was_said),
        cmocka_unit_test(fails_when_cancelled_whatever_was_found_before),
        cmocka_unit_test(judges_by_the_systems_clock_where_no_time_is_given),
        cmocka_unit_test(judges_fixtures_at_the_time_of_issue),
        cmocka_unit_test(judges_at_the_last_second_that_there_is),
        cmocka_unit_test(rejects_every_changed_byte_of_content_by_the_same_rule_in_both_modes),
        cmocka_unit_test(judges_in_many_threads_by_one_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
