/*
 * check_run.h - checks many containers at once, and hands the reports on one after the other.
 */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include <stdbool.h>

#include <ozcapsula.h>

#include "targets.h"

/* A container that was checked. All of it is borrowed. */
typedef struct checked {
    const char *path;
    ozc_report *report;                         /* NULL: there was no memory for one */
    int64_t nanoseconds;                        /* what it took, from its turn on */
    int64_t check_nanoseconds[OZC_CHECK_COUNT]; /* of these, each check; -1: it did not run */
} checked;

typedef struct check_run {
    const ozc_policy *policy;
    ozc_call call; /* the time to judge at; its callbacks are set by check_run_all */
    const target_list *targets;
    size_t jobs;                /* so many at once, 1 or more */
    bool is_quiet;              /* no progress */
    bool is_output_on_terminal; /* where progress has to give way to it */
    /* Called from the calling thread, in the order of the targets. false ends the run. */
    bool (*take)(void *user, const checked *container);
    void *user;
} check_run;

/* false: the run ended early, because `take` said so or no thread could be started; only the latter is told. */
bool check_run_all(const check_run *run);

#endif
