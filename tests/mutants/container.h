/* container.h - a valid container taken apart, and put together again around other bytes. */
#ifndef MUTANTS_CONTAINER_H
#define MUTANTS_CONTAINER_H

#include "support.h"

enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22 };

struct piece {
    const unsigned char *bytes;
    size_t len;
};

/* One entry: where its records stand, and what it holds. */
struct item {
    size_t local;
    size_t central;
    struct piece name;
    struct piece content;
};

struct container {
    const char *file; /* in testdata/ */
    struct bytes bytes;
    struct item *items; /* in file order */
    size_t count;
    size_t directory;
    size_t end;
};

/* Takes a valid container of testdata/ apart. Freed by close_container. */
struct container open_container(const char *file);
void close_container(struct container *container);

/* The container with other bytes in place of an entry's name or content; sizes, CRC-32, offsets and the end record are
   made to fit. Hash list and signature are as they were. Freed by free(data). */
struct bytes rebuild(const struct container *container, size_t index, struct piece name, struct piece content);

#endif
