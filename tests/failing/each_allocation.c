/*
 * Something that is done again and again, each time with another allocation that fails.
 */
#include "each_allocation.h"
#include "allocations.h"
#include "leaks.h"
#include "support.h"

#include <openssl/err.h>
#include <stdlib.h>

#define HISTORIES_MOST (1L << 19)
#define SAMPLE 64
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

static struct outcome run(job *do_it, const void *with, struct counting how)
{
    allocations_plan(how);
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
static const char *find_leak(job *do_it, const void *with, struct counting how)
{
    replace_errors();
    for (int i = 0; i < 3 && allocations_live() > 0; i++) {
        how.traced = i == 2;
        struct outcome outcome = run(do_it, with, how);
        outcome_free(&outcome);
        replace_errors();
    }
    return allocations_live() > 0 ? leaks_find() : NULL;
}

static long fail_one(const char *name, job *do_it, const void *with, const struct outcome *clean, struct counting how)
{
    long faults = 0;
    struct outcome outcome = run(do_it, with, how);
    const char *fault = outcome_fault(clean, &outcome);
    if (fault != NULL) {
        print_error("%s: allocation %ld%s fails: %s: %s\n", name, how.fail, how.for_good ? " and all behind it" : "",
                    fault, outcome.says == NULL ? "" : outcome.says);
        faults++;
    }
    if (ERR_peek_error() != 0) {
        print_error("%s: allocation %ld fails: an error is left in OpenSSL's queue\n", name, how.fail);
        ERR_clear_error();
        faults++;
    }
    figures.harmless += outcome.result != OZC_FAILED;
    outcome_free(&outcome);
    const char *leak = allocations_live() > 0 ? find_leak(do_it, with, how) : NULL;
    if (leak != NULL) {
        print_error("%s: allocation %ld%s fails: %s\n", name, how.fail, how.for_good ? " and all behind it" : "", leak);
        faults++;
    }
    return faults;
}

/* What it comes to on a sound machine; the second time, for the first may make what is kept. */
static struct outcome run_soundly(job *do_it, const void *with, uint64_t *histories, long *count)
{
    struct outcome outcome = run(do_it, with, (struct counting){.fail = -1});
    outcome_free(&outcome);
    outcome = run(do_it, with, (struct counting){.fail = -1, .histories = histories, .room = HISTORIES_MOST});
    *count = allocations_end();
    assert_true(*count <= HISTORIES_MOST);
    replace_errors();
    assert_int_equal(0, allocations_live());
    return outcome;
}

/* Is it the turn of that one of so many? */
static bool is_due(long number, long count, bool is_ours)
{
    long step = count / ENOUGH + 1;
    return number % step == figures.jobs % step || (is_ours && count < MANY);
}

long fail_each_allocation(const char *name, job *do_it, const void *with, enum each each)
{
    static uint64_t histories[HISTORIES_MOST];
    long count = 0;
    long faults = 0;
    struct outcome clean = run_soundly(do_it, with, histories, &count);
    figures.jobs++;
    for (long n = 0; n < count; n++) {
        bool is_first = is_due(n, count, histories[n] % 2 == 1) && is_new(histories[n]);
        bool is_tried = is_first || each == EACH_ALL || (count < MANY && figures.all % SAMPLE == 0);
        figures.all++;
        figures.tried += is_tried;
        figures.for_good += is_first;
        if (is_tried)
            faults += fail_one(name, do_it, with, &clean, (struct counting){.fail = n});
        if (is_first)
            faults += fail_one(name, do_it, with, &clean, (struct counting){.fail = n, .for_good = true});
    }
    outcome_free(&clean);
    return faults;
}

void print_allocations_tried(void)
{
    print_message("failure points: %ld allocations in %ld runs; tried: %ld alone, and %ld with all behind; %ld made no "
                  "difference\n",
                  figures.all, figures.jobs, figures.tried, figures.for_good, figures.harmless);
    leaks_print();
}
