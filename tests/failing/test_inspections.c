/*
 * Every point of the machine fails in inspections, over every container of testdata: what is shown is what a sound
 * machine shows, or there is no inspection, or one that says what could not be read.
 */
#include "each_failure.h"
#include "list.h"
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct inspected {
    struct bytes container;
    char path[1024];
};

static const ozc_call call = {sizeof call, OZC_TIME_GIVEN, 1767225660, NULL, NULL, NULL};

static struct outcome outcome_of_inspection(ozc_inspection *inspection)
{
    struct outcome outcome = {OZC_FAILED, NULL};
    if (inspection != NULL && ozc_inspection_failure(inspection) == NULL) {
        outcome.result = OZC_VALID;
        outcome.says = ozc_render_inspection(inspection, "container");
        assert_non_null(outcome.says);
    }
    ozc_inspection_free(inspection);
    return outcome;
}

static struct outcome inspect(const void *with)
{
    const struct inspected *this = with;
    machine_begin();
    ozc_inspection *inspection = ozc_inspect_memory(this->container.data, this->container.len, &call);
    machine_end();
    return outcome_of_inspection(inspection);
}

/* Only calls care where the bytes are. */
static struct outcome inspect_file(const void *with)
{
    const struct inspected *this = with;
    machine_begin();
    ozc_inspection *inspection = ozc_inspect_file(this->path, &call);
    machine_end();
    return outcome_of_inspection(inspection);
}

static struct outcome render(const void *with)
{
    machine_begin();
    char *json = ozc_render_inspection(with, "a \x01 name");
    machine_end();
    struct outcome outcome = {json == NULL ? OZC_FAILED : OZC_VALID, json == NULL ? NULL : strdup(json)};
    ozc_free(json);
    return outcome;
}

static long fail_one_container(const char *name)
{
    struct inspected this = {read_testdata(name), ""};
    ozc_inspection *sound = ozc_inspect_memory(this.container.data, this.container.len, &call);
    assert_non_null(sound);
    snprintf(this.path, sizeof this.path, "%s/%s", TESTDATA, name);
    long faults = fail_each_point(name, OZC_VALID, machine.last == REFUSES ? inspect : inspect_file, &this, EACH_NEW) +
                  fail_each_point(name, OZC_VALID, render, sound, EACH_NEW);
    ozc_inspection_free(sound);
    free(this.container.data);
    return faults;
}

static void shows_the_same_or_says_what_failed(void **state)
{
    long faults = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) /* a file with several settings has its rows one after another */
        if (i == 0 || strcmp(rows[i].column[FILE_NAME], rows[i - 1].column[FILE_NAME]) != 0)
            faults += fail_one_container(rows[i].column[FILE_NAME]);
    print_points_tried();
    assert_int_equal(0, faults);
}

/* What it says differs from second to second. */
static struct outcome inspect_now(const void *with)
{
    (void)with;
    machine_begin();
    ozc_inspection *inspection = ozc_inspect_memory("", 0, NULL);
    machine_end();
    struct outcome outcome = outcome_of_inspection(inspection);
    outcome_free(&outcome);
    return outcome;
}

static void counts_by_no_other_clock(void **state)
{
    (void)state;
    fails_well("inspect by the system's clock", OZC_VALID, inspect_now, NULL);
}

static struct outcome tell_why(const void *with)
{
    machine_begin();
    ozc_inspection *inspection = ozc_inspection_new_failed(with);
    machine_end();
    struct outcome outcome = {OZC_FAILED, NULL};
    if (inspection != NULL)
        outcome = (struct outcome){OZC_VALID, strdup(ozc_inspection_failure(inspection))};
    ozc_inspection_free(inspection);
    return outcome;
}

static void makes_a_failed_inspection(void **state)
{
    (void)state;
    fails_well("an inspection that failed", OZC_VALID, tell_why, "why");
    fails_well("render no inspection", OZC_VALID, render, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_same_or_says_what_failed),
        cmocka_unit_test(counts_by_no_other_clock),
        cmocka_unit_test(makes_a_failed_inspection),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    return cmocka_run_group_tests(tests, load_list, free_list);
}
