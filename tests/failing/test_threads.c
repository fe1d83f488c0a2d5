/*
 * Every point of the machine fails while threads of the library's own read a container: they are done without, or it
 * fails; the verdict is never another, and no thread and no block stays.
 */
#include "each_failure.h"
#include "machine.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEDIUM_SIZE ((size_t)3 << 19)

static char folder[] = "/tmp/ozc-failing-XXXXXX";
static char paths[2][sizeof folder + 16];

/* A container with so many large media, its signer being trusted below. */
static void make_container(const char *path, int media)
{
    char payload[512] = "{\"analyses\": [{\"type\": \"quality\"}], \"media:tags\": {";
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    struct bytes issuer = read_testdata("keys/TEST-issuer-p384.key");
    struct bytes signer = read_testdata("keys/TEST-signer-p384.key");
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    char *token = NULL;
    char *medium = malloc(MEDIUM_SIZE);
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, issuer.data, issuer.len, &token, NULL));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "session_token", token, strlen(token)));
    for (int i = 0; i < media; i++) {
        char name[32];
        size_t end = strlen(payload);
        memset(medium, '0' + i, MEDIUM_SIZE);
        snprintf(name, sizeof name, "media/%d.mp4", i);
        snprintf(payload + end, sizeof payload - end, "%s\"%d.mp4\": [\"photo_id\"]", i == 0 ? "" : ", ", i);
        assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, name, medium, MEDIUM_SIZE));
    }
    strcat(payload, "}}");
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", payload, strlen(payload)));
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, signer.data, signer.len, path, &report));
    ozc_report_free(report);
    ozc_packer_free(packer);
    ozc_free(token);
    free(medium);
    free(issuer.data);
    free(signer.data);
}

static int make_containers(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    for (int i = 0; i < 2; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%d.ozc", folder, i);
        make_container(paths[i], i == 0 ? 1 : 3);
    }
    return 0;
}

static int remove_containers(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        unlink(paths[i]);
    return rmdir(folder);
}

struct validation {
    ozc_policy *policy;
    const char *path;
    struct bytes container;
};

static int go_on(void *user, uint64_t done, uint64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    return 0;
}

static struct outcome validate(const void *with)
{
    const struct validation *v = with;
    ozc_report *report = NULL;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_ISSUED;
    call.progress = go_on;
    machine_begin();
    ozc_result result = v->path != NULL
                            ? ozc_validate_file(v->policy, v->path, &call, &report)
                            : ozc_validate_memory(v->policy, v->container.data, v->container.len, &call, &report);
    machine_end();
    return outcome_of(result, report);
}

static void validates(const char *name, ozc_result expected, const char *path, size_t threads, int is_in_memory,
                      size_t damaged)
{
    struct validation v = {corpus_policy(OZC_ALL_FAULTS), is_in_memory ? NULL : path, read_file(path)};
    assert_int_equal(OZC_VALID, ozc_policy_set_threads(v.policy, threads));
    if (damaged > 0)
        v.container.data[damaged] ^= 1;
    assert_int_equal(0, fail_each_point(name, expected, validate, &v, EACH_NEW));
    ozc_policy_free(v.policy);
    free(v.container.data);
}

static void reads_entries_side_by_side(void **state)
{
    (void)state;
    validates("three entries in a file by three threads", OZC_VALID, paths[1], 3, 0, 0);
    validates("three entries in memory by two threads", OZC_VALID, paths[1], 2, 1, 0);
    validates("three entries, one damaged, in memory by three threads", OZC_REJECTED, paths[1], 3, 1, 2 * MEDIUM_SIZE);
}

static void reads_ahead(void **state)
{
    (void)state;
    validates("one entry in a file, read ahead", OZC_VALID, paths[0], 2, 0, 0);
    validates("one entry in memory, read ahead", OZC_VALID, paths[0], 2, 1, 0);
    validates("three entries in a file by six threads", OZC_VALID, paths[1], 6, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entries_side_by_side),
        cmocka_unit_test(reads_ahead),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, make_containers, remove_containers);
    print_points_tried();
    return failed;
}
