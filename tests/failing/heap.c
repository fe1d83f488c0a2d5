/*
 * The heap of the whole process, which can be told to fail.
 *
 * The program defines malloc and its kin itself, so the dynamic linker gives these to everything in the process: the
 * library under test, OpenSSL, cJSON, libzip, zlib, libdeflate and libc. Each block has a header in front of it, and
 * those that were made while it is counted are in a list. AddressSanitizer wants the heap for itself, so programs with
 * this file, and the library in them, are built without it.
 */
#define _GNU_SOURCE /* malloc.h declares more */
#include "machine.h"
#include "trace.h"

#include <errno.h>
#include <execinfo.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct machine machine = {"allocations", REFUSES, true, 64};

/* The heap of libc, by the names that stay its own. */
void *__libc_malloc(size_t size);
void __libc_free(void *block);

#define ALIGNMENT 16
#define OURS UINT64_C(0x6f7a632d626c6f63)

/* Its size is a multiple of ALIGNMENT, so that what is behind it is aligned as libc's blocks are. */
struct header {
    struct header *next; /* in the list of the live; NULL: not in it */
    struct header *previous;
    struct trace *trace;
    void *start; /* what libc gave */
    size_t size;
    uint64_t ours;
};
_Static_assert(sizeof(struct header) % ALIGNMENT == 0, "blocks behind a header are aligned");

static atomic_flag busy = ATOMIC_FLAG_INIT; /* guards what follows */
static bool is_counting;
static struct failing how;
static long count;
static uint64_t history;
static struct trace failed;
static struct header live = {&live, &live, NULL, NULL, 0, OURS};

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
        ;
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

static void forget_live(void)
{
    for (struct header *h = live.next; h != &live;) {
        struct header *next = h->next;
        __libc_free(h->trace);
        h->trace = NULL;
        h->next = NULL;
        h = next;
    }
    live.next = live.previous = &live;
}

void machine_plan(struct failing wanted)
{
    static bool is_loaded;
    void *frame = NULL;
    if (!is_loaded)
        is_loaded = backtrace(&frame, 1) == 1; /* its first call loads a library */
    lock();
    forget_live();
    how = wanted;
    failed.count = 0;
    count = 0;
    history = 0;
    unlock();
}

void machine_begin(void)
{
    lock();
    is_counting = true;
    unlock();
}

long machine_end(void)
{
    lock();
    is_counting = false;
    long counted = count;
    unlock();
    return counted;
}

size_t machine_live(void)
{
    size_t blocks = 0;
    for (const struct header *h = live.next; h != &live; h = h->next)
        blocks++;
    return blocks;
}

const struct trace *heap_failed(void)
{
    return &failed;
}

const struct trace *heap_live_block(size_t index, size_t *size)
{
    const struct header *h = live.next;
    while (index-- > 0)
        h = h->next;
    *size = h->size;
    return h->trace;
}

bool is_of_this_program(const void *address)
{
    extern const char __executable_start;
    extern const char etext;
    return (uintptr_t)address >= (uintptr_t)&__executable_start && (uintptr_t)address < (uintptr_t)&etext;
}

static void take_trace(struct trace *trace, const void *caller)
{
    trace->caller = caller;
    trace->count = backtrace(trace->frames, sizeof trace->frames / sizeof *trace->frames);
}

static uint64_t mix(uint64_t before, uint64_t what)
{
    uint64_t mixed = (before ^ what) * UINT64_C(0xff51afd7ed558ccd);
    return mixed ^ mixed >> 32;
}

/* A place of our own that asks, and on whose behalf: the way to it within this program. */
static uint64_t find_place(const void *caller)
{
    struct trace trace;
    uint64_t place = 0;
    take_trace(&trace, caller);
    for (int i = 0; i < trace.count && is_of_this_program(trace.frames[i]); i++)
        place = mix(place, (uintptr_t)trace.frames[i]);
    return place;
}

/* For which time in this run; of some it is as good as of many. */
static uint64_t count_times(uint64_t place)
{
    enum { PLACES = 4096, SOME = 4 };
    static uint64_t places[PLACES];
    static uint64_t times[PLACES];
    static uint64_t runs[PLACES];
    static uint64_t run;
    size_t at = place % PLACES;
    run += count == 0;
    while (places[at] != 0 && places[at] != place)
        at = (at + 1) % PLACES;
    times[at] = runs[at] != run ? 1 : times[at] < SOME ? times[at] + 1 : SOME;
    places[at] = place;
    runs[at] = run;
    return times[at];
}

/* All of libcrypto allocates by one function, so of libraries the size tells more. */
static void record(const void *caller, size_t size)
{
    bool is_ours = is_of_this_program(caller);
    if (is_ours) {
        uint64_t place = find_place(caller);
        history = mix(place, count_times(place));
    } else {
        history = mix(history, (uintptr_t)caller + size * UINT64_C(0x9e3779b97f4a7c15));
    }
    if (count < how.room)
        how.histories[count] = is_ours ? history | 1 : history & ~UINT64_C(1);
}

/* Counts an allocation. True: it has to fail. */
static bool has_to_fail(const void *caller, size_t size)
{
    if (!is_counting)
        return false;
    if (how.histories != NULL)
        record(caller, size);
    long number = count++;
    return how.number >= 0 && (number == how.number || (how.for_good && number > how.number));
}

static void *allocate(const void *caller, size_t alignment, size_t size, bool is_known)
{
    lock();
    bool fails = has_to_fail(caller, size);
    bool counted = is_counting;
    bool is_first = fails && count - 1 == how.number;
    unlock();
    if (is_first && how.traced)
        take_trace(&failed, caller);
    char *start = fails || size > SIZE_MAX / 2 ? NULL : __libc_malloc(size + sizeof(struct header) + alignment);
    if (start == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    uintptr_t at = ((uintptr_t)start + sizeof(struct header) + alignment - 1) / alignment * alignment;
    struct header *h = (struct header *)at - 1;
    *h = (struct header){.start = start, .size = size, .ours = OURS};
    if (counted && is_known) {
        if (how.traced && (h->trace = __libc_malloc(sizeof *h->trace)) != NULL)
            take_trace(h->trace, caller);
        lock();
        h->next = live.next;
        h->previous = &live;
        h->next->previous = h;
        live.next = h;
        unlock();
    }
    return h + 1;
}

static struct header *header_of(void *block)
{
    struct header *h = (struct header *)block - 1;
    if (h->ours != OURS) {
        fputs("a block that was never allocated, or freed twice, or was written over\n", stderr);
        abort();
    }
    return h;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
    return allocate(CALLER, ALIGNMENT, size, true);
}

void *calloc(size_t number, size_t size)
{
    bool is_too_much = size > 0 && number > SIZE_MAX / size;
    void *block = allocate(CALLER, ALIGNMENT, is_too_much ? SIZE_MAX : number * size, true);
    return block == NULL ? NULL : memset(block, 0, number * size);
}

void free(void *block)
{
    if (block == NULL)
        return;
    struct header *h = header_of(block);
    lock();
    if (h->next != NULL) {
        h->next->previous = h->previous;
        h->previous->next = h->next;
    }
    unlock();
    h->ours = 0;
    __libc_free(h->trace);
    __libc_free(h->start);
}

/* A block from before the counting that grows within it stays one from before: somebody keeps it. */
void *realloc(void *block, size_t size)
{
    const struct header *h = block == NULL ? NULL : header_of(block);
    void *grown = allocate(CALLER, ALIGNMENT, size, h == NULL || h->next != NULL);
    if (grown != NULL && h != NULL) {
        memcpy(grown, block, h->size < size ? h->size : size);
        free(block);
    }
    return grown;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    void *made = allocate(CALLER, alignment, size, true);
    if (made == NULL)
        return ENOMEM;
    *block = made;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return allocate(CALLER, alignment, size, true);
}

void *memalign(size_t alignment, size_t size)
{
    return allocate(CALLER, alignment, size, true);
}
