/* wraps.h - the wrappers that the linker puts around what our code asks of malloc, OpenSSL and libzip: they count
   bytes, and fail when told to. What those libraries allocate for themselves is not seen: some leak when they run out
   of memory, and that is not ours to find here. cJSON's allocations are seen, by its hooks. */
#ifndef WRAPS_H
#define WRAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_ALLOCATION,
    FAULT_CRYPTO,        /* OpenSSL fails, and says that it is out of memory */
    FAULT_CRYPTO_SILENT, /* OpenSSL fails without a word; once, for what it says twice is the input's fault */
    FAULT_LIBZIP,
    FAULT_READ,  /* a read of the source fails */
    FAULT_SHORT, /* a read of the source meets an end that is none */
    FAULT_LONG,  /* a read of the source claims more than was asked */
    FAULT_KINDS
};

struct fault {
    uint32_t kind;
    uint32_t nth;     /* from 0: the call of that kind that fails */
    uint32_t lasting; /* 1: so do all after it */
};

void fault_arm(const struct fault *fault);
void fault_disarm(void);

/* Counts a call of that kind; true: it has to fail. */
bool fault_strikes(enum fault_kind kind);

/* Counts the bytes that this thread's calls hold, from now on. */
void watch_start(void);

/* Leaves out what the target does for itself. */
void watch_pause(void);
void watch_resume(void);

size_t watch_peak(void);

/* Ends it. Returns how many bytes are still held. */
int64_t watch_end(void);

#endif
