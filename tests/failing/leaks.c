/*
 * Whose fault is a block that nobody has freed?
 *
 * A library's, and none that its caller could mend, where one call of a function that is known for it has both
 * allocated the block and met the failure: that call comes back with nothing to free. Any other block is our leak: one
 * that we allocated, one that an earlier call handed to us, one of a function that is not known.
 */
#define _GNU_SOURCE /* dladdr */
#include "machine.h"

#include "support.h"
#include "trace.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Of libzip 1.7.3 and OpenSSL 3.0, as Debian 12 has them. libcrypto.so.3 itself stands for Ed25519's verify, a function
   without a public name, in which EVP_DigestVerify ends. */
static struct {
    const char *function;
    long met;
} known[] = {{"zip_fopen_index_encrypted", 0},
             {"EVP_DigestVerifyInit_ex", 0},
             {"EVP_DigestSignInit_ex", 0},
             {"EVP_PKCS82PKEY_ex", 0},
             {"EVP_PKEY_new_raw_public_key_ex", 0},
             {"libcrypto.so.3", 0},
             {"zip_close", 0}};

/* Where a way to an allocation leaves our own code: which function of a library was called, and by which frame. */
struct exit {
    char function[64];
    int from; /* 0: no library is on the way */
};

static struct exit find_exit(const struct trace *trace)
{
    struct exit exit = {"this program", 0};
    Dl_info info;
    int i = 0;
    if (is_of_this_program(trace->caller))
        return exit;
    while (i < trace->count && trace->frames[i] != trace->caller)
        i++;
    while (i < trace->count && !is_of_this_program(trace->frames[i]))
        i++;
    if (i == 0 || i == trace->count)
        return exit;
    /* A function that ends in a call of another may be gone from the stack; then the library's name has to do. */
    bool is_found = dladdr(trace->frames[i - 1], &info) != 0;
    const char *slash = is_found ? strrchr(info.dli_fname, '/') : NULL;
    snprintf(exit.function, sizeof exit.function, "%s",
             is_found && info.dli_sname != NULL ? info.dli_sname
             : slash != NULL                    ? slash + 1
                                                : "a library");
    exit.from = i;
    return exit;
}

static bool is_same_call(const struct trace *one, const struct trace *other)
{
    struct exit a = find_exit(one);
    struct exit b = find_exit(other);
    if (a.from == 0 || b.from == 0 || one->count - a.from != other->count - b.from)
        return false;
    return memcmp(one->frames + a.from, other->frames + b.from, (size_t)(one->count - a.from) * sizeof(void *)) == 0;
}

static bool is_known(const struct trace *trace)
{
    struct exit exit = find_exit(trace);
    if (strcmp(exit.function, "pthread_create") == 0)
        return true; /* libc keeps what belongs to a thread's stack with it, for the next one; calls.c counts threads */
    if (!is_same_call(trace, heap_failed()))
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(exit.function, known[i].function) == 0) {
            known[i].met++;
            return true;
        }
    return false;
}

const char *machine_leak(void)
{
    static char words[256];
    size_t blocks = machine_live();
    for (size_t i = 0; i < blocks; i++) {
        size_t size = 0;
        const struct trace *trace = heap_live_block(i, &size);
        if (trace != NULL && is_known(trace))
            continue;
        snprintf(words, sizeof words, "%zu bytes leak that %s allocated, while one in %s failed", size,
                 trace == NULL ? "?" : find_exit(trace).function, find_exit(heap_failed()).function);
        return words;
    }
    return NULL;
}

void machine_print(void)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        print_message("known leaks in %s: %ld\n", known[i].function, known[i].met);
}
