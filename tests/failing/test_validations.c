/*
 * Every point of the machine fails in validations, over every row of testdata/list.tsv: never valid and never a rule of
 * the format where a sound machine does not say the same, never a leak.
 */
#include "each_failure.h"
#include "list.h"
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum each each = EACH_NEW;

struct validation {
    struct settings settings;
    struct bytes container;
    char path[1024];
};

static struct outcome validate(const void *with)
{
    const struct validation *v = with;
    ozc_report *report = NULL;
    machine_begin();
    ozc_result result =
        ozc_validate_memory(v->settings.policy, v->container.data, v->container.len, &v->settings.call, &report);
    machine_end();
    return outcome_of(result, report);
}

/* Only calls care where the bytes are. */
static struct outcome validate_file(const void *with)
{
    const struct validation *v = with;
    ozc_report *report = NULL;
    machine_begin();
    ozc_result result = ozc_validate_file(v->settings.policy, v->path, &v->settings.call, &report);
    machine_end();
    return outcome_of(result, report);
}

static void comes_to_failed_or_to_the_same_verdict(void **state)
{
    long faults = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        struct validation v = {make_settings(rows[i].column[SETTINGS]), read_testdata(rows[i].column[FILE_NAME]), ""};
        char name[1024];
        /* What is used twice is valid before that. */
        bool is_valid = strcmp(rows[i].column[RESULT], "valid") == 0 || v.settings.claims > 0;
        ozc_result expected = is_valid ? OZC_VALID : OZC_REJECTED;
        snprintf(v.path, sizeof v.path, "%s/%s", TESTDATA, rows[i].column[FILE_NAME]);
        for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
            ozc_policy_set_mode(v.settings.policy, (ozc_mode)mode);
            snprintf(name, sizeof name, "%s [%s] %s", rows[i].column[FILE_NAME], rows[i].column[SETTINGS],
                     mode == OZC_FIRST_FAULT ? "first-fault" : "all-faults");
            faults += fail_each_point(name, expected, machine.last == REFUSES ? validate : validate_file, &v, each);
        }
        ozc_policy_free(v.settings.policy);
        free(v.container.data);
    }
    print_points_tried();
    assert_int_equal(0, faults);
}

/* With the argument "all" it tries them all, which takes a quarter of an hour. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_to_failed_or_to_the_same_verdict)};
    each = argc > 1 && strcmp(argv[1], "all") == 0 ? EACH_ALL : EACH_NEW;
    setenv("TZ", "UTC0", 1); /* without it, libc reads a file for each date that libzip asks for */
    return cmocka_run_group_tests(tests, load_list, free_list);
}
