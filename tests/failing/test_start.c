/*
 * Every point of the machine fails in the first use of the library, when OpenSSL and the rest come up: each in a
 * process of its own. With the argument "all" each one, else some of them.
 *
 * The first use comes to "failed" or to what it is on a sound machine; so does the next one in the same process, on a
 * machine that is sound again. Some parts of OpenSSL 3.0 try to get up once and never again; it then refuses every key,
 * so that no policy can be made, and nothing is judged.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "machine.h"
#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static long points_most = 250;

static struct bytes issuer, signer, container;

static int load(void **state)
{
    (void)state;
    issuer = read_testdata("keys/TEST-issuer-p384.pub");
    signer = read_testdata("keys/TEST-signer-p384.pub");
    container = read_testdata("valid/default.ozc");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    free(issuer.data);
    free(signer.data);
    free(container.data);
    return 0;
}

static ozc_result use_library(void)
{
    ozc_call call = OZC_CALL_INIT;
    ozc_report *report = NULL;
    call.time = OZC_TIME_ISSUED;
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = policy == NULL ? OZC_FAILED : ozc_policy_trust_issuer(policy, NULL, issuer.data, issuer.len);
    if (result == OZC_VALID)
        result = ozc_policy_trust_signer(policy, signer.data, signer.len);
    if (result == OZC_VALID) {
        result = ozc_validate_memory(policy, container.data, container.len, &call, &report);
        assert_true(result == OZC_VALID || result == OZC_FAILED);
    }
    ozc_report_free(report);
    ozc_policy_free(policy);
    return result;
}

/* What a process of its own came to. */
struct life {
    long points;
    ozc_result first;
    ozc_result second;
};

static struct life *shared; /* by parent and child */

static struct life live(long fail, bool for_good)
{
    *shared = (struct life){0, OZC_MISUSE, OZC_MISUSE};
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        machine_plan((struct failing){.number = fail, .for_good = for_good && machine.fails_for_good});
        machine_begin();
        shared->first = use_library();
        shared->points = machine_end();
        shared->second = use_library();
        exit(0);
    }
    int status = -1;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_int_equal(0, status);
    return *shared;
}

static void comes_up_or_fails(void **state)
{
    long tried = 0;
    long failed = 0;
    long down = 0;
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    struct life sound = live(-1, false);
    assert_int_equal(OZC_VALID, sound.first);
    assert_int_equal(OZC_VALID, sound.second);
    long step = sound.points / points_most + 1;
    for (long n = 0; n < sound.points; n += n < points_most / 5 ? 1 : step) {
        struct life life = live(n, tried % 2 == 1);
        assert_int_not_equal(OZC_REJECTED, life.first);
        assert_int_not_equal(OZC_REJECTED, life.second);
        tried++;
        failed += life.first != OZC_VALID;
        down += life.second != OZC_VALID;
    }
    print_message("failure points: %ld %s of a first use, %ld tried; %ld failed, after %ld nothing worked any more\n",
                  sound.points, machine.points, tried, failed, down);
    assert_true(failed > 0);
    munmap(shared, sizeof *shared);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_up_or_fails)};
    if (argc > 1 && strcmp(argv[1], "all") == 0)
        points_most = LONG_MAX;
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    return cmocka_run_group_tests(tests, load, unload);
}
