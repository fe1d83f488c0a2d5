/*
 * check_run.h - checks many containers at once, and hands the reports on one after the other.
 */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include <stdbool.h>

#include <ozcapsula.h>

#include "targets.h"

typedef struct check_run {
    const ozc_policy *policy;
    ozc_call call; /* the time to judge at; its progress callback is set by check_run_all */
    const target_list *targets;
    size_t jobs;                /* so many at once, 1 or more */
    bool is_quiet;              /* no progress */
    bool is_output_on_terminal; /* where progress has to give way to it */
    /* Called from the calling thread, in the order of the targets. The report is borrowed, and NULL where there was no
       memory for one. false ends the run. */
    bool (*take)(void *user, const char *path, const ozc_report *report);
    void *user;
} check_run;

/* false: the run ended early, because `take` said so or no thread could be started; only the latter is told. */
bool check_run_all(const check_run *run);

#endif
