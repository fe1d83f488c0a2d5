/*
 * Every point of the machine fails where containers are made: a whole one stands there, or what stood there before; and
 * where a payload is judged alone.
 */
#include "each_failure.h"
#include "machine.h"
#include "material.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct bytes token;

/* A folder of its own for the packer, and what is in it. */
static char folder[] = "/tmp/ozc-failing-XXXXXX";

static long count_files(void)
{
    long files = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        files += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0; /* temporary files are hidden */
    closedir(dir);
    return files;
}

static ozc_result pack_to(const char *path, const char *pem, ozc_report **report)
{
    static const char payload[] =
        "{\"analyses\": [{\"type\": \"quality\"}], \"media:tags\": {\"clip.mp4\": [\"photo_id\"]}}";
    machine_begin();
    ozc_packer *packer = ozc_packer_new();
    ozc_result result = packer == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_packer_add_data(packer, "payload.json", payload, sizeof payload - 1));
    TRY(ozc_packer_add_data(packer, "session_token", token.data, token.len));
    TRY(ozc_packer_add_file(packer, "media/clip.mp4", TESTDATA "/media/clip.mp4"));
    TRY(ozc_packer_write(packer, pem, strlen(pem), path, report));
    machine_end();
    ozc_packer_free(packer);
    return result;
}

static struct outcome pack(const void *pem)
{
    char path[sizeof folder + 16];
    ozc_report *report = NULL;
    snprintf(path, sizeof path, "%s/made.ozc", folder);
    ozc_result result = pack_to(path, pem, &report);
    assert_int_equal(result == OZC_VALID, count_files());
    (void)unlink(path);
    return outcome_of(result, report);
}

/* The old file stays as it is, or the new one has its rights. */
static struct outcome pack_over_a_file(const void *pem)
{
    enum { OLD_SIZE = 3, OLD_RIGHTS = 0640 };
    char path[sizeof folder + 16];
    ozc_report *report = NULL;
    struct stat status;
    snprintf(path, sizeof path, "%s/old.ozc", folder);
    int fd = open(path, O_WRONLY | O_CREAT, OLD_RIGHTS);
    assert_true(fd >= 0 && fchmod(fd, OLD_RIGHTS) == 0 && write(fd, "old", OLD_SIZE) == OLD_SIZE && close(fd) == 0);
    ozc_result result = pack_to(path, pem, &report);
    assert_int_equal(1, count_files());
    assert_int_equal(0, stat(path, &status));
    assert_int_equal(OLD_RIGHTS, status.st_mode & 0777);
    assert_int_equal(result == OZC_VALID, status.st_size > OLD_SIZE);
    (void)unlink(path);
    return outcome_of(result, report);
}

static void make_token(const struct bytes *cnf)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    free(token.data);
    request.cnf_pem = cnf->data;
    request.cnf_len = cnf->len;
    assert_int_equal(OZC_VALID,
                     ozc_token_issue(&request, material.p384_private.data, material.p384_private.len, &made, NULL));
    token = (struct bytes){(unsigned char *)made, strlen(made)};
}

static void packs_a_container(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make_token(&material.ed25519);
    fails_well("pack", OZC_VALID, pack, material.ed25519_private.data);
    fails_well("pack over a file", OZC_VALID, pack_over_a_file, material.ed25519_private.data);
    make_token(&material.p384);
    fails_well("pack with the token of another", OZC_MISUSE, pack, material.ed25519_private.data);
    fails_well("pack with a public key", OZC_MISUSE, pack, material.ed25519.data);
    assert_int_equal(0, rmdir(folder));
    free(token.data);
}

static struct outcome judge_payload(const void *with)
{
    const char *payload = with;
    ozc_report *report = NULL;
    machine_begin();
    ozc_packer *packer = ozc_packer_new();
    ozc_result result = packer == NULL ? OZC_FAILED : OZC_VALID;
    TRY(ozc_packer_add_data(packer, "payload.json", payload, strlen(payload)));
    TRY(ozc_packer_add_file(packer, "media/clip.mp4", TESTDATA "/media/clip.mp4"));
    TRY(ozc_packer_add_data(packer, "media/empty.png", "", 0));
    TRY(ozc_packer_judge_payload(packer, &report));
    machine_end();
    ozc_packer_free(packer);
    return outcome_of(result, report);
}

static void judges_a_payload(void **state)
{
    enum { OVER = 256 * 1024 + 1 }; /* the limit is 256 KiB */
    char *large = malloc(OVER + 1);
    (void)state;
    assert_non_null(large);
    memset(large, ' ', OVER);
    large[OVER] = '\0';
    fails_well("judge a payload over the limit", OZC_REJECTED, judge_payload, large);
    free(large);
    fails_well("judge a payload", OZC_REJECTED, judge_payload,
               "{\"analyses\": [{\"type\": \"quality\"}], \"media:tags\": {}}");
    fails_well("judge a payload that is none", OZC_REJECTED, judge_payload, "{\"analyses\": [{]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_a_container),
        cmocka_unit_test(judges_a_payload),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, load_material, free_material);
    print_points_tried();
    return failed;
}
