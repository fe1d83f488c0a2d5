/*
 * Something that is done again and again, each time with another point of the machine failing.
 */
#include "each_failure.h"
#include "machine.h"
#include "support.h"

#include <openssl/err.h>
#include <stdlib.h>

#define HISTORIES_MOST (1L << 19)
#define ENOUGH 1000 /* of more in one run, a part is tried, each time another; but ours all */
#define MANY 10000  /* except where these are too many as well */

static struct {
    long jobs;
    long all;
    long tried;
    long for_good;
    long harmless;
} figures;

/* The histories that were tried: open addressing, 0 is none. */
static uint64_t seen[1 << 21];
static size_t seen_count;

static bool is_new(uint64_t history)
{
    size_t mask = sizeof seen / sizeof *seen - 1;
    size_t at = (size_t)history & mask;
    while (seen[at] != 0 && seen[at] != history)
        at = (at + 1) & mask;
    if (seen[at] == history)
        return false;
    seen[at] = history;
    assert_true(++seen_count < mask / 2);
    return true;
}

static struct outcome run(job *do_it, const void *with, struct failing how)
{
    machine_plan(how);
    return do_it(with);
}

/* OpenSSL keeps the room for the words of its last 16 errors: they get other rooms. */
static void replace_errors(void)
{
    for (int i = 0; i < 16; i++)
        ERR_raise_data(ERR_LIB_USER, 1, "%s", "words");
    ERR_clear_error();
}

/* A library that keeps what it has made, for the next time, makes it once: a leak comes again. */
static const char *find_leak(job *do_it, const void *with, struct failing how)
{
    replace_errors();
    for (int i = 0; i < 3 && machine_live() > 0; i++) {
        how.traced = i == 2;
        struct outcome outcome = run(do_it, with, how);
        outcome_free(&outcome);
        replace_errors();
    }
    return machine_live() > 0 ? machine_leak() : NULL;
}

static long fail_one(const char *name, job *do_it, const void *with, const struct outcome *clean, struct failing how)
{
    static const char *const manners[] = {"refuses", "refuses otherwise", "is interrupted", "gives little"};
    struct outcome outcome = run(do_it, with, how);
    const char *faults[] = {outcome_fault(clean, &outcome, how.manner >= IS_INTERRUPTED),
                            ERR_peek_error() == 0 ? NULL : "an error is left in OpenSSL's queue",
                            machine_live() > 0 ? find_leak(do_it, with, how) : NULL};
    long count = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (faults[i] == NULL)
            continue;
        print_error("%s: of the %s number %ld%s %s: %s%s%s\n", name, machine.points, how.number,
                    how.for_good ? " and all behind it" : "", manners[how.manner], faults[i],
                    outcome.says == NULL ? "" : ": ", outcome.says == NULL ? "" : outcome.says);
        count++;
    }
    ERR_clear_error();
    figures.harmless += outcome.result != OZC_FAILED;
    outcome_free(&outcome);
    return count;
}

/* What it comes to on a sound machine; the second time, for the first may make what is kept. */
static struct outcome run_soundly(job *do_it, const void *with, uint64_t *histories, long *count)
{
    struct outcome outcome = run(do_it, with, (struct failing){.number = -1});
    outcome_free(&outcome);
    outcome = run(do_it, with, (struct failing){.number = -1, .histories = histories, .room = HISTORIES_MOST});
    *count = machine_end();
    assert_true(*count <= HISTORIES_MOST);
    assert_null(find_leak(do_it, with, (struct failing){.number = -1}));
    return outcome;
}

/* Is it the turn of that one of so many? */
static bool is_due(long number, long count, bool is_ours)
{
    long step = count / ENOUGH + 1;
    return number % step == figures.jobs % step || (is_ours && count < MANY);
}

long fail_each_point(const char *name, ozc_result expected, job *do_it, const void *with, enum each each)
{
    static uint64_t histories[HISTORIES_MOST];
    long count = 0;
    long faults = 0;
    struct outcome clean = run_soundly(do_it, with, histories, &count);
    if (clean.result != expected)
        fail_msg("%s: %d on a sound machine, and not %d", name, clean.result, expected);
    figures.jobs++;
    for (long n = 0; n < count; n++) {
        bool has_turn = is_due(n, count, histories[n] % 2 == 1);
        bool is_first = has_turn && is_new(histories[n]);
        bool is_again = each == EACH_ALL || figures.all % machine.sample == 0;
        bool is_tried = is_first || ((has_turn || count < MANY) && is_again);
        struct failing how = {.number = n};
        figures.all++;
        for (; is_tried && how.manner <= machine.last; how.manner++, figures.tried++)
            faults += fail_one(name, do_it, with, &clean, how);
        how = (struct failing){.number = n, .for_good = true};
        if (is_first && machine.fails_for_good) {
            faults += fail_one(name, do_it, with, &clean, how);
            figures.for_good++;
        }
    }
    outcome_free(&clean);
    return faults;
}

/* Calls are few; what a library allocates is much the same in each job. */
void fails_well(const char *name, ozc_result expected, job *do_it, const void *with)
{
    assert_int_equal(0, fail_each_point(name, expected, do_it, with, machine.last == REFUSES ? EACH_NEW : EACH_ALL));
}

void print_points_tried(void)
{
    print_message(
        "failure points: %ld %s in %ld runs; tried: %ld failures of one, %ld of one and all behind; %ld made no "
        "difference\n",
        figures.all, machine.points, figures.jobs, figures.tried, figures.for_good, figures.harmless);
    machine_print();
}
