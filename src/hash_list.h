/* hash_list.h - the lines of hashes.sha256 (docs/format.md, section 3). */
#ifndef HASH_LIST_H
#define HASH_LIST_H

#include "crypto.h"

struct hash_line {
    uint8_t sha256[SHA256_SIZE];
    const char *name; /* not NUL terminated */
    size_t name_len;
    size_t offset; /* of the line, in the list */
};

/* Reads the line at *at and moves *at behind it. NULL: it is well formed; else what is wrong with it, in words.
   Order is the caller's to judge, by hash_name_order. */
const char *hash_line_read(const uint8_t *list, size_t len, size_t *at, struct hash_line *line);

/* Bytewise: below 0, 0, above 0. */
int hash_name_order(const char *a, size_t a_len, const char *b, size_t b_len);

/* Appends one line. */
void hash_line_write(struct text *list, const uint8_t sha256[SHA256_SIZE], const char *name);

#endif
