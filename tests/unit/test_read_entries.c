/* read_entries.c: every entry read once, by one thread or by several, with the same outcome. */
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEDIA 6
#define MEDIUM_SIZE ((size_t)1100 * 1024 + 7) /* no multiple of a piece, and worth a thread that reads ahead */

static char folder[] = "/tmp/read-entries.XXXXXX";
static char path[64];
static struct bytes container;

/* A container of several large media, as the packer makes it. */
static int make_container(void **state)
{
    struct bytes token = read_testdata("keys/TEST-signer-ed25519.key");
    struct bytes issuer = read_testdata("keys/TEST-issuer-ed25519.key");
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    char *jws = NULL;
    unsigned char *medium = malloc(MEDIUM_SIZE);
    (void)state;
    request.issued_at = CORPUS_TIME;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/large.ozc", folder);
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, issuer.data, issuer.len, &jws, NULL));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", "{}", 2));
    for (int i = 0; i < MEDIA; i++) {
        char name[32];
        snprintf(name, sizeof name, "media/%d.bin", i);
        for (size_t k = 0; k < MEDIUM_SIZE; k++)
            medium[k] = (unsigned char)(k * 31 + k / 251 + (size_t)i);
        assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, name, medium, MEDIUM_SIZE));
    }
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "session_token", jws, strlen(jws)));
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, token.data, token.len, path, &report));
    container = read_file(path);
    ozc_report_free(report);
    ozc_packer_free(packer);
    ozc_free(jws);
    free(medium);
    free(token.data);
    free(issuer.data);
    return 0;
}

static int drop_container(void **state)
{
    (void)state;
    free(container.data);
    return unlink(path) != 0 || rmdir(folder) != 0;
}

static struct settings settings_for(size_t threads, ozc_mode mode)
{
    struct settings s = make_settings("issuer=keys/TEST-issuer-ed25519.pub;signer=keys/TEST-signer-ed25519.pub");
    assert_int_equal(OZC_VALID, ozc_policy_set_threads(s.policy, threads));
    ozc_policy_set_mode(s.policy, mode);
    return s;
}

static char *judged(size_t threads, ozc_mode mode, const struct bytes *bytes, ozc_result expected)
{
    struct settings s = settings_for(threads, mode);
    ozc_report *report = NULL;
    assert_int_equal(expected, ozc_validate_memory(s.policy, bytes->data, bytes->len, &s.call, &report));
    char *text = ozc_render_json(report, "x");
    ozc_report_free(report);
    ozc_policy_free(s.policy);
    return text;
}

static void says_the_same_with_any_number_of_threads(void **state)
{
    char *one = judged(1, OZC_ALL_FAULTS, &container, OZC_VALID);
    (void)state;
    for (size_t threads = 2; threads <= 16; threads *= 2) {
        char *several = judged(threads, OZC_ALL_FAULTS, &container, OZC_VALID);
        assert_string_equal(one, several);
        ozc_free(several);
    }
    ozc_free(one);
}

/* Where the content of that medium begins. */
static size_t offset_of(int medium)
{
    struct settings s = settings_for(1, OZC_ALL_FAULTS);
    ozc_report *report = NULL;
    char name[32];
    size_t offset = 0;
    snprintf(name, sizeof name, "media/%d.bin", medium);
    assert_int_equal(OZC_VALID, ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
    for (size_t i = 0; i < ozc_report_entry_count(report); i++)
        if (strcmp(ozc_report_entry(report, i)->name, name) == 0)
            offset = (size_t)ozc_report_entry(report, i)->offset;
    ozc_report_free(report);
    ozc_policy_free(s.policy);
    assert_true(offset > 0);
    return offset;
}

static void names_the_first_damaged_entry_whatever_thread_meets_it(void **state)
{
    struct bytes damaged = {malloc(container.len), container.len};
    (void)state;
    memcpy(damaged.data, container.data, container.len);
    damaged.data[offset_of(1) + MEDIUM_SIZE - 1] ^= 1; /* met late */
    damaged.data[offset_of(2)] ^= 1;
    damaged.data[offset_of(5)] ^= 1;
    for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
        char *one = judged(1, (ozc_mode)mode, &damaged, OZC_REJECTED);
        assert_non_null(strstr(one, "\"rule\":\"integrity.crc\""));
        assert_non_null(strstr(one, "\"entry\":\"media/1.bin\""));
        for (size_t i = 0; i < 30; i++) {
            /* With 16 each thread that digests has one that reads ahead. */
            char *several = judged(i % 2 == 0 ? 4 : 16, (ozc_mode)mode, &damaged, OZC_REJECTED);
            assert_non_null(strstr(several, "\"findings\":[{\"rule\":\"integrity.crc\""));
            assert_non_null(strstr(several, "\"entry\":\"media/1.bin\""));
            if (mode == OZC_ALL_FAULTS)
                assert_string_equal(one, several);
            else
                assert_null(strstr(several, "\"entry\":\"media/2.bin\""));
            ozc_free(several);
        }
        ozc_free(one);
    }
    free(damaged.data);
}

/* Who called back, and how often. */
struct witness {
    pthread_t caller;
    int calls;
    int from_others;
    int cancel_at;
};

static int size_of(void *user, uint64_t *size)
{
    (void)user;
    *size = container.len;
    return 0;
}

static void note(struct witness *w)
{
    w->calls++;
    w->from_others += !pthread_equal(w->caller, pthread_self());
}

static int64_t read_at(void *user, uint64_t offset, void *buffer, size_t len)
{
    size_t left = container.len - (size_t)offset;
    note(user);
    memcpy(buffer, container.data + offset, len < left ? len : left);
    return (int64_t)(len < left ? len : left);
}

static int progress(void *user, uint64_t done, uint64_t total)
{
    struct witness *w = user;
    note(w);
    assert_true(done <= total);
    return w->cancel_at != 0 && w->calls >= w->cancel_at;
}

static void reads_callbacks_on_the_calling_thread_alone(void **state)
{
    struct settings s = settings_for(8, OZC_FIRST_FAULT);
    struct witness w = {pthread_self(), 0, 0, 0};
    ozc_source source = {sizeof source, &w, size_of, read_at};
    ozc_report *report = NULL;
    (void)state;
    assert_int_equal(OZC_VALID, ozc_validate_source(s.policy, &source, &s.call, &report));
    assert_true(w.calls > MEDIA);
    assert_int_equal(0, w.from_others);
    ozc_report_free(report);
    ozc_policy_free(s.policy);
}

static void tells_progress_on_the_calling_thread_alone_and_can_be_cancelled(void **state)
{
    (void)state;
    for (int cancel_at = 0; cancel_at < 3; cancel_at++) {
        struct settings s = settings_for(3, OZC_FIRST_FAULT);
        struct witness w = {pthread_self(), 0, 0, cancel_at};
        ozc_report *report = NULL;
        s.call.progress = progress;
        s.call.user = &w;
        ozc_result result = ozc_validate_file(s.policy, path, &s.call, &report);
        assert_int_equal(0, w.from_others);
        /* The other threads may leave the calling one little to tell, but never nothing. */
        assert_true(w.calls > 0);
        assert_int_equal(cancel_at != 0 && w.calls >= cancel_at ? OZC_FAILED : OZC_VALID, result);
        ozc_report_free(report);
        ozc_policy_free(s.policy);
    }
}

/* Cuts the file once the first pieces were read. */
static int cut_file(void *user, uint64_t done, uint64_t total)
{
    (void)done;
    return truncate(user, (off_t)(total / 2)) != 0;
}

static void fails_when_the_file_gets_shorter_meanwhile(void **state)
{
    char copy[80];
    (void)state;
    snprintf(copy, sizeof copy, "%s/cut.ozc", folder);
    for (size_t threads = 1; threads <= 4; threads += 3) {
        struct settings s = settings_for(threads, OZC_FIRST_FAULT);
        ozc_report *report = NULL;
        FILE *file = fopen(copy, "wb");
        assert_non_null(file);
        assert_int_equal(container.len, fwrite(container.data, 1, container.len, file));
        assert_int_equal(0, fclose(file));
        s.call.progress = cut_file;
        s.call.user = copy;
        ozc_result result = ozc_validate_file(s.policy, copy, &s.call, &report);
        if (threads == 1)
            assert_int_equal(OZC_FAILED, result);
        assert_int_not_equal(OZC_REJECTED, result); /* with several all may have been read before the cut */
        ozc_report_free(report);
        ozc_policy_free(s.policy);
        assert_int_equal(0, unlink(copy));
    }
}

static void refuses_numbers_of_threads_out_of_range(void **state)
{
    ozc_policy *policy = ozc_policy_new();
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_policy_set_threads(policy, 0));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_threads(policy, 65));
    assert_string_not_equal("", ozc_policy_error(policy));
    assert_int_equal(OZC_VALID, ozc_policy_set_threads(policy, 64));
    assert_int_equal(OZC_MISUSE, ozc_policy_set_threads(NULL, 1));
    assert_int_equal(OZC_VALID, ozc_policy_load_json(policy, "{\"threads\":2}", 13, NULL));
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, "{\"threads\":0}", 13, NULL));
    assert_int_equal(OZC_MISUSE, ozc_policy_load_json(policy, "{\"threads\":1.5}", 15, NULL));
    ozc_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_the_same_with_any_number_of_threads),
        cmocka_unit_test(names_the_first_damaged_entry_whatever_thread_meets_it),
        cmocka_unit_test(reads_callbacks_on_the_calling_thread_alone),
        cmocka_unit_test(tells_progress_on_the_calling_thread_alone_and_can_be_cancelled),
        cmocka_unit_test(fails_when_the_file_gets_shorter_meanwhile),
        cmocka_unit_test(refuses_numbers_of_threads_out_of_range),
    };
    return cmocka_run_group_tests(tests, make_container, drop_container);
}
