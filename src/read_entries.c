/*
 * The bulk of the work: every entry read once, CRC-32 and SHA-256 taken on the way (docs/format.md, sections 2 and 3).
 *
 * Guarantees that the digest of an entry is of the very bytes whose CRC-32 was compared: the small parts as they were
 * unpacked (and judged), media and ext/ in pieces, never held whole. Uses the calling thread, and more where the policy
 * asks for them and the source can be read from several: then entries are read side by side, and where there are twice
 * as many threads as large entries, each of these is read ahead. Which entry is damaged does not hang on the number of
 * threads. Progress is told by the calling thread alone.
 */
#include "read_entries.h"
#include "read_ahead.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define PIECE_SIZE ((size_t)128 * 1024)

/* Below this, starting a thread costs more than it brings. */
#define WORTH_A_THREAD ((uint64_t)1 << 20)

/* What the threads share. */
struct reading {
    struct run *run;
    bool reads_ahead;          /* each thread that digests has another one that reads for it */
    atomic_size_t next;        /* the entry to read next */
    atomic_bool is_over;       /* no entry is begun any more */
    atomic_bool has_failed;    /* nor is one ended */
    atomic_uint_fast64_t done; /* bytes so far */
    pthread_mutex_t lock;      /* guards `running` */
    pthread_cond_t ended;
    size_t running; /* threads besides the calling one */
};

struct worker {
    struct reading *shared;
    bool tells_progress;
    struct digest *digest;
    uint8_t *piece;
    enum failure failure;
    pthread_t thread;
};

static bool fail(struct worker *w, enum failure failure)
{
    w->failure = failure;
    atomic_store(&w->shared->has_failed, true);
    atomic_store(&w->shared->is_over, true);
    return false;
}

static bool tell_progress(struct worker *w)
{
    const struct run *run = w->shared->run;
    return run->call->progress == NULL ||
           run->call->progress(run->call->user, atomic_load(&w->shared->done), run->source->size) == 0 ||
           fail(w, FAILURE_CANCELLED);
}

static bool count_bytes(struct worker *w, size_t len)
{
    atomic_fetch_add(&w->shared->done, len);
    return !atomic_load(&w->shared->has_failed) && (!w->tells_progress || tell_progress(w));
}

/* What is done with each piece of an entry. */
static bool take_piece(struct worker *w, struct entry *entry, uint64_t at, const uint8_t *bytes, size_t len)
{
    if (at == 0)
        entry->media_kind = media_kind_of_bytes(bytes, len);
    return digest_add(w->digest, bytes, len) ? count_bytes(w, len) : fail(w, FAILURE_CRYPTO);
}

/* Reads media/ or ext/ in pieces. */
static bool read_pieces(struct worker *w, struct entry *entry)
{
    const struct source *source = w->shared->run->source;
    uint32_t crc = 0;
    for (uint64_t at = 0; at < entry->shown.size;) {
        uint64_t left = entry->shown.size - at;
        size_t len = left < PIECE_SIZE ? (size_t)left : PIECE_SIZE;
        enum failure failure = FAILURE_READ;
        const uint8_t *bytes = source_view(source, entry->shown.offset + at, w->piece, len, &failure);
        if (bytes == NULL)
            return fail(w, failure);
        crc = libdeflate_crc32(crc, bytes, len);
        if (!take_piece(w, entry, at, bytes, len))
            return false;
        at += len;
    }
    entry->damaged = crc != entry->crc;
    return true;
}

/* The same, with a thread that reads ahead. */
static bool take_pieces(struct worker *w, struct entry *entry, struct ahead *ahead)
{
    size_t len = 0;
    for (uint64_t at = 0;; at += len) {
        enum failure failure = FAILURE_READ;
        const uint8_t *bytes = ahead_next(ahead, &len, &failure);
        if (bytes == NULL)
            return fail(w, failure);
        if (len == 0)
            return true;
        if (!take_piece(w, entry, at, bytes, len))
            return false;
    }
}

static bool read_content(struct worker *w, struct entry *entry)
{
    struct reading *shared = w->shared;
    bool is_worth_it = shared->reads_ahead && entry->shown.size >= WORTH_A_THREAD;
    struct ahead *ahead = is_worth_it ? ahead_start(shared->run->source, entry->shown.offset, entry->shown.size) : NULL;
    if (ahead == NULL)
        return read_pieces(w, entry);
    bool is_whole = take_pieces(w, entry, ahead);
    uint32_t crc = ahead_end(ahead);
    entry->damaged = is_whole && crc != entry->crc;
    return is_whole;
}

static const struct part *part_of(const struct run *run, const struct entry *entry)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (run->parts[i].entry == entry)
            return &run->parts[i];
    return NULL;
}

static bool read_entry(struct worker *w, struct entry *entry)
{
    const struct part *part = part_of(w->shared->run, entry);
    if (!digest_start(w->digest))
        return fail(w, FAILURE_CRYPTO);
    if (part == NULL && !read_content(w, entry))
        return false;
    if (part != NULL && !digest_add(w->digest, part->bytes, (size_t)entry->shown.size))
        return fail(w, FAILURE_CRYPTO);
    if (!digest_end(w->digest, entry->digest))
        return fail(w, FAILURE_CRYPTO);
    entry->is_read = true;
    return true;
}

/* Takes entries in file order, so all before one that was begun are begun too. */
static void work(struct worker *w)
{
    struct run *run = w->shared->run;
    while (!atomic_load(&w->shared->is_over)) {
        size_t i = atomic_fetch_add(&w->shared->next, 1);
        if (i >= run->report->entry_count || !read_entry(w, &run->report->entries[i]))
            break;
        if (run->report->entries[i].damaged && run->policy->mode == OZC_FIRST_FAULT)
            atomic_store(&w->shared->is_over, true);
    }
}

static void *work_beside(void *user)
{
    struct worker *w = user;
    struct reading *shared = w->shared;
    work(w);
    pthread_mutex_lock(&shared->lock);
    shared->running--;
    pthread_cond_signal(&shared->ended);
    pthread_mutex_unlock(&shared->lock);
    return NULL;
}

/* The calling thread has nothing left to read: it goes on telling progress, so that the call can still be cancelled. */
static void wait_for_others(struct worker *first)
{
    enum { A_TENTH_OF_A_SECOND = 100000000, A_SECOND = 1000000000 };
    struct reading *shared = first->shared;
    pthread_mutex_lock(&shared->lock);
    while (shared->running > 0) {
        struct timespec until = {0};
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += A_TENTH_OF_A_SECOND;
        until.tv_sec += until.tv_nsec / A_SECOND;
        until.tv_nsec %= A_SECOND;
        if (pthread_cond_timedwait(&shared->ended, &shared->lock, &until) == 0 || atomic_load(&shared->has_failed))
            continue;
        pthread_mutex_unlock(&shared->lock);
        (void)tell_progress(first);
        pthread_mutex_lock(&shared->lock);
    }
    pthread_mutex_unlock(&shared->lock);
    if (!atomic_load(&shared->has_failed))
        (void)tell_progress(first);
}

/* How many threads are worth having. */
static size_t count_threads(const struct run *run)
{
    size_t worth = 0;
    for (size_t i = 0; i < run->report->entry_count; i++)
        worth += run->report->entries[i].shown.size >= WORTH_A_THREAD / 8;
    bool is_one_thread = run->source->size < WORTH_A_THREAD || source_is_of_one_thread(run->source);
    return is_one_thread || worth < 2 ? 1 : worth < run->policy->threads ? worth : run->policy->threads;
}

static bool equip(struct worker *w, struct reading *shared)
{
    *w = (struct worker){.shared = shared,
                         .digest = digest_new(shared->run->policy->crypto),
                         .piece = shared->run->source->memory == NULL ? malloc(PIECE_SIZE) : NULL};
    return w->digest != NULL && (w->piece != NULL || shared->run->source->memory != NULL);
}

static void dismiss(struct worker *w)
{
    digest_free(w->digest);
    free(w->piece);
}

/* Its waits go by a clock that nobody sets. */
static bool open_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool opened =
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return opened;
}

/* The workers but the first have threads of their own. */
static void run_workers(struct reading *shared, struct worker *workers, size_t count)
{
    size_t started = 1;
    pthread_mutex_lock(&shared->lock);
    while (started < count && pthread_create(&workers[started].thread, NULL, work_beside, &workers[started]) == 0)
        started++; /* a thread that can not be had is done without */
    shared->running = started - 1;
    pthread_mutex_unlock(&shared->lock);
    work(&workers[0]);
    wait_for_others(&workers[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

static void work_together(struct reading *shared, struct worker *workers, size_t count)
{
    workers[0].tells_progress = true;
    if (count > 1 && open_condition(&shared->ended)) {
        run_workers(shared, workers, count);
        pthread_cond_destroy(&shared->ended);
    } else {
        work(&workers[0]);
    }
}

enum outcome read_entries(struct run *run)
{
    struct reading shared = {.run = run, .lock = PTHREAD_MUTEX_INITIALIZER};
    size_t count = count_threads(run);
    shared.reads_ahead = !source_is_of_one_thread(run->source) && run->policy->threads >= 2 * count;
    size_t equipped = 0;
    enum outcome outcome = CHECK_PASSED;
    struct worker *workers = calloc(count, sizeof *workers);
    if (workers == NULL)
        return broken(run, FAILURE_MEMORY);
    while (equipped < count && equip(&workers[equipped], &shared))
        equipped++;
    if (equipped == count)
        work_together(&shared, workers, count);
    else
        outcome = broken(run, FAILURE_MEMORY);
    for (size_t i = 0; i < count; i++) {
        if (workers[i].failure != FAILURE_NONE)
            outcome = broken(run, workers[i].failure);
        dismiss(&workers[i]);
    }
    free(workers);
    return outcome;
}
