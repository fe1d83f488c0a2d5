/* packer.h - a packer from the inside: what goes into a container, and who is told how far it has come. */
#ifndef PACKER_H
#define PACKER_H

#include "crypto.h"
#include "source.h"

struct item {
    char *name;
    char *path; /* NULL: data */
    char *data;
    size_t len;
    uint64_t size; /* of the content, known once it was opened */
    uint8_t sha256[SHA256_SIZE];
};

struct ozc_packer {
    struct item *items;
    size_t count;
    struct text error;
    int (*progress)(void *user, uint64_t done, uint64_t total);
    void *user;
};

/* Says in the packer what is wrong, and returns the result. */
ozc_result packer_say(ozc_packer *packer, ozc_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The item of that name; NULL: there is none. */
struct item *packer_find(const ozc_packer *packer, const char *name);

/* The source of an item's content, for the caller to close; sets the item's size. OZC_FAILED: told. */
ozc_result packer_open(ozc_packer *packer, struct item *item, struct source *source);

#endif
