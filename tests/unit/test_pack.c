/* pack.c: a container whole or not at all, which a receiver takes. */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ISSUED_AT 1767225600

static char folder[] = "/tmp/ozcapsula-pack-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

/* How many files stand in the folder; removes them where wanted. */
static int count_files(int remove_them)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *file; (file = readdir(dir)) != NULL;)
        if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0) {
            count++;
            if (remove_them)
                unlink(path_of(file->d_name));
        }
    closedir(dir);
    return count;
}

static int clean(void **state)
{
    (void)state;
    count_files(1);
    return 0;
}

static int remove_folder(void **state)
{
    clean(state);
    return rmdir(folder);
}

static char *issue(const char *cnf)
{
    struct bytes key = read_testdata("keys/TEST-issuer-p384.key");
    struct bytes device = {NULL, 0};
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *token = NULL;
    request.issued_at = ISSUED_AT;
    request.jti = "one";
    if (cnf != NULL)
        device = read_testdata(cnf);
    request.cnf_pem = device.data;
    request.cnf_len = device.len;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, key.data, key.len, &token, NULL));
    free(device.data);
    free(key.data);
    return token;
}

static void add(ozc_packer *packer, const char *name, const char *data)
{
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, name, data, strlen(data)));
    assert_string_equal("", ozc_packer_error(packer));
}

/* A packer with all that a container needs, but for those entries that are to be left out. */
static ozc_packer *make_packer(const char *without, const char *cnf)
{
    ozc_packer *packer = ozc_packer_new();
    char *token = issue(cnf);
    assert_non_null(packer);
    if (strcmp(without, "payload.json") != 0)
        add(packer, "payload.json", "{\"analyses\":[{\"type\":\"quality\"}]}");
    if (strcmp(without, "media") != 0)
        assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/photo.png", TESTDATA "/media/photo.png"));
    if (strcmp(without, "session_token") != 0)
        add(packer, "session_token", token);
    ozc_free(token);
    return packer;
}

static ozc_result write_container(ozc_packer *packer, const char *key, const char *path, ozc_report **report)
{
    struct bytes pem = read_testdata(key);
    ozc_result result = ozc_packer_write(packer, pem.data, pem.len, path, report);
    free(pem.data);
    assert_int_equal(result == OZC_VALID, ozc_packer_error(packer)[0] == '\0');
    return result;
}

/* What a receiver with the corpus's keys says of the file. */
static void assert_received(const char *path, const char *settings, const char *rule)
{
    struct settings s = make_settings(settings);
    ozc_report *report = NULL;
    ozc_policy_set_mode(s.policy, OZC_ALL_FAULTS);
    (void)!ozc_validate_file(s.policy, path, &s.call, &report);
    assert_verdict(report, rule);
    ozc_report_free(report);
    ozc_policy_free(s.policy);
}

static void packs_what_a_receiver_takes_with_each_kind_of_key(void **state)
{
    (void)state;
    static const char *const kinds[] = {"p384", "p256", "ed25519"};
    for (size_t i = 0; i < 3; i++) {
        char key[64];
        char settings[64];
        ozc_report *report = NULL;
        ozc_packer *packer = make_packer("", NULL);
        snprintf(key, sizeof key, "keys/TEST-signer-%s.key", kinds[i]);
        snprintf(settings, sizeof settings, "signer=keys/TEST-signer-%s.pub", kinds[i]);
        assert_int_equal(OZC_VALID, write_container(packer, key, path_of("c.ozc"), &report));
        assert_verdict(report, NULL);
        assert_int_equal(1, ozc_report_is_switched_off(report, OZC_CHECK_SESSION_TOKEN));
        assert_received(path_of("c.ozc"), settings, NULL);
        assert_int_equal(1, count_files(0));
        ozc_report_free(report);
        ozc_packer_free(packer);
    }
}

static void packs_for_the_key_that_the_token_names(void **state)
{
    (void)state;
    ozc_packer *packer = make_packer("", "keys/TEST-device-p256.pub");
    ozc_report *report = NULL;
    assert_int_equal(OZC_VALID, write_container(packer, "keys/TEST-device-p256.key", path_of("c.ozc"), &report));
    assert_received(path_of("c.ozc"), "signer=none", NULL);
    ozc_report_free(report);
    assert_int_equal(OZC_MISUSE, write_container(packer, "keys/TEST-signer-p256.key", path_of("d.ozc"), &report));
    assert_non_null(strstr(ozc_packer_error(packer), "cnf"));
    assert_null(report);
    assert_int_equal(1, count_files(0));
    ozc_packer_free(packer);
}

static void packs_the_same_bytes_again_with_ed25519(void **state)
{
    (void)state;
    ozc_packer *packer = make_packer("", NULL);
    struct bytes written[2];
    for (int i = 0; i < 2; i++) {
        ozc_report *report = NULL;
        assert_int_equal(OZC_VALID, write_container(packer, "keys/TEST-signer-ed25519.key", path_of("c.ozc"), &report));
        written[i] = read_file(path_of("c.ozc"));
        ozc_report_free(report);
    }
    assert_int_equal(written[0].len, written[1].len);
    assert_memory_equal(written[0].data, written[1].data, written[0].len);
    free(written[0].data);
    free(written[1].data);
    ozc_packer_free(packer);
}

static void packs_every_entry_that_may_be_added_as_it_was_given(void **state)
{
    (void)state;
    char data[] = "a log";
    ozc_packer *packer = make_packer("", NULL);
    ozc_report *report = NULL;
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "ext/log", data, 5));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "ext/empty", NULL, 0));
    add(packer, "ext/a/b/c", "deep");
    memset(data, 'x', 5);
    assert_int_equal(OZC_VALID, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    struct bytes container = read_file(path_of("c.ozc"));
    static const char *const names[] = {"mimetype",  "payload.json", "media/photo.png", "session_token", "ext/log",
                                        "ext/empty", "ext/a/b/c",    "hashes.sha256",   "signature"};
    assert_int_equal(9, ozc_report_entry_count(report));
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(names[i], ozc_report_entry(report, i)->name);
    assert_memory_equal("a log", container.data + ozc_report_entry(report, 4)->offset, 5);
    assert_int_equal(0, ozc_report_entry(report, 5)->size);
    free(container.data);
    ozc_report_free(report);
    ozc_packer_free(packer);
}

static void says_why_it_refuses_wrong_arguments(void **state)
{
    (void)state;
    ozc_packer *packer = make_packer("", NULL);
    ozc_report *report = NULL;
    struct bytes key = read_testdata("keys/TEST-signer-p384.key");
    assert_int_equal(OZC_MISUSE, ozc_packer_add_data(NULL, "media/a", "a", 1));
    assert_int_equal(OZC_MISUSE, ozc_packer_write(NULL, key.data, key.len, path_of("c.ozc"), &report));
    assert_int_equal(OZC_MISUSE, ozc_packer_write(packer, key.data, key.len, path_of("c.ozc"), NULL));
    assert_int_equal(OZC_MISUSE, ozc_packer_write(packer, key.data, key.len, NULL, &report));
    assert_int_equal(0, count_files(0));
    assert_int_equal(OZC_MISUSE, ozc_packer_write(packer, NULL, 0, path_of("c.ozc"), &report));
    assert_true(strlen(ozc_packer_error(packer)) > 0);
    assert_int_equal(OZC_MISUSE, ozc_packer_add_data(packer, NULL, "a", 1));
    assert_true(strlen(ozc_packer_error(packer)) > 0);
    assert_int_equal(OZC_MISUSE, ozc_packer_add_data(packer, "media/a", NULL, 1));
    assert_int_equal(OZC_MISUSE, ozc_packer_add_file(packer, "media/a", NULL));
    assert_int_equal(OZC_MISUSE, ozc_packer_add_file(packer, NULL, "a"));
    assert_int_equal(OZC_MISUSE, ozc_packer_add_file(NULL, "media/a", "a"));
    assert_string_equal("there is no packer", ozc_packer_error(NULL));
    add(packer, "media/a", "a");
    free(key.data);
    ozc_packer_free(packer);
}

/* Packing comes to that, and leaves an older file at the path and nothing else. */
static void assert_not_packed(ozc_packer *packer, const char *key, ozc_result result, const char *rule)
{
    ozc_report *report = NULL;
    FILE *file = fopen(path_of("c.ozc"), "wb");
    fputs("older", file);
    fclose(file);
    assert_int_equal(result, write_container(packer, key, path_of("c.ozc"), &report));
    if (rule == NULL)
        assert_null(report);
    else
        assert_verdict(report, rule);
    struct bytes older = read_file(path_of("c.ozc"));
    assert_string_equal("older", (char *)older.data);
    assert_int_equal(1, count_files(0));
    free(older.data);
    ozc_report_free(report);
    ozc_packer_free(packer);
}

static void leaves_nothing_behind_where_a_receiver_would_reject_it(void **state)
{
    (void)state;
    static const char key[] = "keys/TEST-signer-p384.key";
    ozc_packer *packer = make_packer("payload.json", NULL);
    assert_not_packed(packer, key, OZC_REJECTED, "payload.missing");
    packer = make_packer("payload.json", NULL);
    add(packer, "payload.json", "{]");
    assert_not_packed(packer, key, OZC_REJECTED, "content.json");
    packer = make_packer("media", NULL);
    assert_not_packed(packer, key, OZC_REJECTED, "media.missing");
    packer = make_packer("", NULL);
    add(packer, "media/empty", "");
    assert_not_packed(packer, key, OZC_REJECTED, "media.empty");
    packer = make_packer("", NULL);
    add(packer, "media/Photo.png", "the same but for its case");
    assert_not_packed(packer, key, OZC_REJECTED, "archive.duplicate");
}

static void leaves_nothing_behind_without_a_token_that_is_one(void **state)
{
    (void)state;
    /* The last one is a JWS whose claims are {"cnf":1}. */
    static const char *const tokens[] = {"", "no token", "a.b.c", "e30.e30.", "eyJhbGciOiJFUzM4NCJ9.eyJjbmYiOjF9.AA"};
    assert_not_packed(make_packer("session_token", NULL), "keys/TEST-signer-p384.key", OZC_MISUSE, NULL);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        ozc_packer *packer = make_packer("session_token", NULL);
        add(packer, "session_token", tokens[i]);
        assert_not_packed(packer, "keys/TEST-signer-p384.key", OZC_MISUSE, NULL);
    }
}

static void leaves_nothing_behind_without_a_key_that_is_one(void **state)
{
    (void)state;
    static const char *const keys[] = {"keys/TEST-signer-p384.pub", "keys/bad/rsa.key", "keys/bad/encrypted.key",
                                       "keys/bad/empty.pub", "media/photo.png"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_not_packed(make_packer("", NULL), keys[i], OZC_MISUSE, NULL);
}

static void fails_where_a_file_is_missing_or_none(void **state)
{
    (void)state;
    static const char *const paths[] = {"/nonexistent/file", TESTDATA, "/dev/null"};
    for (size_t i = 0; i < 3; i++) {
        ozc_packer *packer = make_packer("", NULL);
        assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/a", paths[i]));
        assert_not_packed(packer, "keys/TEST-signer-p384.key", OZC_FAILED, NULL);
    }
    ozc_packer *packer = make_packer("session_token", NULL);
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "session_token", paths[0]));
    assert_not_packed(packer, "keys/TEST-signer-p384.key", OZC_FAILED, NULL);
}

static void fails_where_no_file_can_be_put(void **state)
{
    (void)state;
    static const char *const names[] = {"missing/c.ozc", "file/c.ozc", "taken"};
    FILE *file = fopen(path_of("file"), "wb");
    fclose(file);
    assert_int_equal(0, mkdir(path_of("taken"), 0700));
    for (size_t i = 0; i < 3; i++) {
        ozc_packer *packer = make_packer("", NULL);
        ozc_report *report = NULL;
        assert_int_equal(OZC_FAILED, write_container(packer, "keys/TEST-signer-p384.key", path_of(names[i]), &report));
        assert_int_equal(2, count_files(0));
        ozc_report_free(report);
        ozc_packer_free(packer);
    }
    assert_int_equal(0, rmdir(path_of("taken")));
    if (geteuid() == 0) /* who may write everywhere */
        return;
    ozc_packer *packer = make_packer("", NULL);
    ozc_report *report = NULL;
    assert_int_equal(0, chmod(folder, 0500));
    assert_int_equal(OZC_FAILED, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    assert_int_equal(0, chmod(folder, 0700));
    ozc_report_free(report);
    ozc_packer_free(packer);
}

static void leaves_the_mode_to_the_umask(void **state)
{
    (void)state;
    struct stat status;
    ozc_packer *packer = make_packer("", NULL);
    ozc_report *report = NULL;
    mode_t before = umask(027);
    assert_int_equal(OZC_VALID, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    umask(before);
    assert_int_equal(0, stat(path_of("c.ozc"), &status));
    assert_int_equal(0640, status.st_mode & 0777);
    ozc_report_free(report);
    ozc_packer_free(packer);
}

/* Somebody who looks on, and does something when a part of the work is done. */
struct watcher {
    uint64_t at; /* in thousandths of the whole */
    void (*act)(void);
    int answer;
    uint64_t last;
    uint64_t total;
    int acted;
};

static int watch(void *user, uint64_t done, uint64_t total)
{
    struct watcher *w = user;
    assert_true(done <= total);
    assert_true(done >= w->last);
    assert_true(w->total == 0 || w->total == total);
    w->last = done;
    w->total = total;
    if (w->acted || done * 1000 < total * w->at)
        return 0;
    w->acted = 1;
    if (w->act != NULL)
        w->act();
    return w->answer;
}

#define LARGE (8 * 1024 * 1024)

static void make_large_file(void)
{
    FILE *file = fopen(path_of("large"), "wb");
    for (size_t i = 0; i < LARGE / 8; i++)
        assert_int_equal(8, fprintf(file, "%08zx", i));
    fclose(file);
}

static ozc_packer *make_large_packer(struct watcher *watcher)
{
    ozc_packer *packer = make_packer("", NULL);
    make_large_file();
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/large", path_of("large")));
    ozc_packer_set_progress(packer, watch, watcher);
    return packer;
}

static void tells_how_far_it_has_come(void **state)
{
    (void)state;
    struct watcher watcher = {.at = 1001};
    ozc_report *report = NULL;
    ozc_packer *packer = make_large_packer(&watcher);
    assert_int_equal(OZC_VALID, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    assert_true(watcher.total > 3 * (uint64_t)LARGE);
    assert_true(watcher.last > watcher.total * 9 / 10);
    ozc_report_free(report);
    ozc_packer_free(packer);
}

static void leaves_nothing_behind_when_cancelled_at_any_step(void **state)
{
    (void)state;
    static const uint64_t steps[] = {0, 100, 400, 600, 700, 900};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct watcher watcher = {.at = steps[i], .answer = 1};
        ozc_report *report = NULL;
        ozc_packer *packer = make_large_packer(&watcher);
        assert_int_equal(OZC_FAILED, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
        assert_string_equal("cancelled", ozc_packer_error(packer));
        assert_int_equal(1, watcher.acted);
        assert_int_equal(1, count_files(0)); /* the medium */
        ozc_report_free(report);
        ozc_packer_free(packer);
    }
}

static void overwrite_the_end(void)
{
    FILE *file = fopen(path_of("large"), "r+b");
    fseek(file, LARGE - 4, SEEK_SET);
    fputs("new!", file);
    fclose(file);
}

static void make_shorter(void)
{
    assert_int_equal(0, truncate(path_of("large"), LARGE - 8));
}

static void make_empty(void)
{
    assert_int_equal(0, truncate(path_of("large"), 0));
}

static void finds_a_file_that_changes_meanwhile(void **state)
{
    (void)state;
    static void (*const changes[])(void) = {overwrite_the_end, make_shorter, make_empty};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct watcher watcher = {.at = 334, .act = changes[i]}; /* hashed, not yet written */
        ozc_report *report = NULL;
        ozc_packer *packer = make_large_packer(&watcher);
        assert_int_equal(OZC_FAILED, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
        assert_string_equal("media/large: the file changed while it was packed; pack again", ozc_packer_error(packer));
        assert_int_equal(1, count_files(0));
        ozc_report_free(report);
        ozc_packer_free(packer);
    }
    struct watcher watcher = {.at = 100, .act = make_shorter};
    ozc_report *report = NULL;
    ozc_packer *packer = make_large_packer(&watcher);
    assert_int_equal(OZC_FAILED, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    assert_non_null(strstr(ozc_packer_error(packer), "large: the file became shorter while it was read"));
    assert_null(report);
    ozc_packer_free(packer);
}

static void judges_what_is_above_the_limit_by_its_size(void **state)
{
    (void)state;
    ozc_report *report = NULL;
    ozc_packer *packer = make_packer("", NULL);
    FILE *file = fopen(path_of("huge"), "wb");
    fclose(file);
    assert_int_equal(0, truncate(path_of("huge"), (off_t)1 << 40)); /* a hole: read, it would take an hour */
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/huge", path_of("huge")));
    assert_int_equal(OZC_REJECTED, write_container(packer, "keys/TEST-signer-p384.key", path_of("c.ozc"), &report));
    assert_verdict(report, "archive.limit");
    assert_int_equal(1, count_files(0));
    ozc_report_free(report);
    ozc_packer_free(packer);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(packs_what_a_receiver_takes_with_each_kind_of_key),
        TEST(packs_for_the_key_that_the_token_names),
        TEST(packs_the_same_bytes_again_with_ed25519),
        TEST(packs_every_entry_that_may_be_added_as_it_was_given),
        TEST(says_why_it_refuses_wrong_arguments),
        TEST(leaves_nothing_behind_where_a_receiver_would_reject_it),
        TEST(leaves_nothing_behind_without_a_token_that_is_one),
        TEST(leaves_nothing_behind_without_a_key_that_is_one),
        TEST(fails_where_a_file_is_missing_or_none),
        TEST(fails_where_no_file_can_be_put),
        TEST(leaves_the_mode_to_the_umask),
        TEST(tells_how_far_it_has_come),
        TEST(leaves_nothing_behind_when_cancelled_at_any_step),
        TEST(finds_a_file_that_changes_meanwhile),
        TEST(judges_what_is_above_the_limit_by_its_size),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
