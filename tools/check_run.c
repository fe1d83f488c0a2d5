/*
 * Many containers at once. Guarantees that reports come in the order of the targets, each once, from the thread that
 * started the run; that no more than a few reports for each thread are held, however long the list is; and that
 * nothing is checked on for long once nobody takes the reports any more. Threads share the policy and nothing else but
 * the window. Standard input and whatever is no regular file is spooled first, within the limit on containers.
 */
#include "check_run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "progress.h"
#include "text.h"
#include "times.h"

/* A report that is ready, or a place for one. */
typedef struct slot {
    bool is_ready;
    checked container;
} slot;

/* Target i goes to slot i % size; the targets from `taken` to taken + size - 1 are in the window. */
typedef struct window {
    const check_run *run;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t moved; /* the window has moved on, or is closed */
    pthread_cond_t ready; /* a report is ready */
    slot *slots;
    size_t size;
    size_t threads;
    size_t next;  /* the target to check next */
    size_t taken; /* the target whose report is taken next */
    atomic_bool is_closed;
    atomic_uint_fast64_t bytes; /* read so far */
} window;

/* One target on its way: what the library's callbacks are handed. */
typedef struct turn {
    window *shared;
    checked *container;
    int64_t since;  /* the check that runs began */
    uint64_t bytes; /* of it that are counted */
} turn;

static void count_bytes(turn *mine, uint64_t done)
{
    if (done > mine->bytes) {
        mine->shared->bytes += done - mine->bytes;
        mine->bytes = done;
    }
}

/* Cancels what is being checked once nobody wants to know it. */
static int on_progress(void *user, uint64_t done, uint64_t total)
{
    turn *mine = user;
    (void)total;
    count_bytes(mine, done);
    return mine->shared->is_closed ? 1 : 0;
}

static void on_check_done(void *user, ozc_check check, ozc_state state)
{
    turn *mine = user;
    int64_t now = monotonic_nanoseconds();
    (void)state;
    mine->container->check_nanoseconds[check] = now - mine->since;
    mine->since = now;
}

/* A call that was refused has left no report: no verdict either. */
static ozc_report *answer(ozc_result result, ozc_report *report)
{
    return result == OZC_MISUSE ? ozc_report_new_failed("the validator refused the call") : report;
}

static ozc_report *check_stream(const ozc_policy *policy, const char *path, const ozc_call *call)
{
    ozc_report *report = NULL;
    int fd = -1;
    const char *why = file_open_stream(path, ozc_policy_limit(policy, OZC_LIMIT_CONTAINER), &fd);
    if (why)
        return ozc_report_new_failed(why);
    ozc_result result = ozc_validate_fd(policy, fd, call, &report);
    (void)close(fd);
    return answer(result, report);
}

static ozc_report *report_of(const ozc_policy *policy, const target *which, const ozc_call *call)
{
    if (which->failure)
        return ozc_report_new_failed(which->failure);
    if (file_is_stream(which->path))
        return check_stream(policy, which->path, call);
    ozc_report *report = NULL;
    ozc_result result = ozc_validate_file(policy, which->path, call, &report);
    return answer(result, report);
}

static checked check_target(window *shared, const target *which)
{
    checked container = {.path = which->path};
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        container.check_nanoseconds[i] = -1;
    int64_t start = monotonic_nanoseconds();
    turn mine = {.shared = shared, .container = &container, .since = start};
    ozc_call call = shared->run->call;
    call.progress = on_progress;
    call.check_done = on_check_done;
    call.user = &mine;
    container.report = report_of(shared->run->policy, which, &call);
    container.nanoseconds = monotonic_nanoseconds() - start;
    uint64_t size = 0;
    if (ozc_report_size(container.report, &size))
        count_bytes(&mine, size);
    return container;
}

static void *work(void *user)
{
    window *shared = user;
    const target_list *targets = shared->run->targets;
    (void)pthread_mutex_lock(&shared->lock);
    while (!shared->is_closed && shared->next < targets->count) {
        if (shared->next >= shared->taken + shared->size) {
            (void)pthread_cond_wait(&shared->moved, &shared->lock);
            continue;
        }
        size_t mine = shared->next++;
        (void)pthread_mutex_unlock(&shared->lock);
        checked container = check_target(shared, &targets->at[mine]);
        (void)pthread_mutex_lock(&shared->lock);
        shared->slots[mine % shared->size] = (slot){true, container};
        (void)pthread_cond_signal(&shared->ready);
    }
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

/* Waits for the next report in order; called and left with the lock held. Without a single thread there is nobody to
   wait for: then it checks that target itself. */
static checked wait_for_next(window *shared, progress *line)
{
    if (shared->threads == 0)
        return check_target(shared, &shared->run->targets->at[shared->taken]);
    slot *place = &shared->slots[shared->taken % shared->size];
    while (!place->is_ready) {
        struct timespec until = {0, 0};
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        (void)pthread_cond_timedwait(&shared->ready, &shared->lock, &until);
        progress_show(line, shared->taken, shared->bytes);
    }
    checked container = place->container;
    *place = (slot){.is_ready = false};
    return container;
}

static bool take_all(window *shared)
{
    const check_run *run = shared->run;
    progress line = progress_begin(run->targets->count, run->is_quiet, run->is_output_on_terminal);
    bool good = true;
    (void)pthread_mutex_lock(&shared->lock);
    while (good && shared->taken < run->targets->count) {
        checked container = wait_for_next(shared, &line);
        shared->taken++;
        (void)pthread_cond_broadcast(&shared->moved);
        (void)pthread_mutex_unlock(&shared->lock);
        progress_give_way(&line);
        good = run->take(run->user, &container);
        ozc_report_free(container.report);
        progress_show(&line, shared->taken, shared->bytes);
        (void)pthread_mutex_lock(&shared->lock);
    }
    shared->is_closed = true;
    (void)pthread_cond_broadcast(&shared->moved);
    (void)pthread_mutex_unlock(&shared->lock);
    progress_end(&line);
    return good;
}

/* A thread that can not be had is done without. */
static bool run_threads(window *shared, pthread_t *threads)
{
    size_t started = 0;
    while (started < shared->run->jobs && pthread_create(&threads[started], NULL, work, shared) == 0)
        started++;
    shared->threads = started; /* of which the threads take no notice */
    bool good = take_all(shared);
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    for (size_t i = 0; i < shared->size; i++)
        ozc_report_free(shared->slots[i].container.report);
    return good;
}

bool check_run_all(const check_run *run)
{
    enum { SLOTS_FOR_EACH = 4 };
    window shared = {.run = run, .size = run->jobs * SLOTS_FOR_EACH};
    pthread_t *threads = calloc(run->jobs, sizeof(*threads));
    shared.slots = calloc(shared.size, sizeof(*shared.slots));
    bool good = false;
    if (!threads || !shared.slots) {
        complain("out of memory");
    } else {
        (void)pthread_mutex_init(&shared.lock, NULL);
        (void)pthread_cond_init(&shared.moved, NULL);
        (void)pthread_cond_init(&shared.ready, NULL);
        good = run_threads(&shared, threads);
        (void)pthread_cond_destroy(&shared.ready);
        (void)pthread_cond_destroy(&shared.moved);
        (void)pthread_mutex_destroy(&shared.lock);
    }
    free(shared.slots);
    free(threads);
    return good;
}
