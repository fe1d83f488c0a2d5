/*
 * media.h - the operands MEDIA: FILE or KEY=FILE.
 */
#ifndef MEDIA_H
#define MEDIA_H

#include <stddef.h>

#include <ozcapsula.h>

typedef struct medium {
    char *key;        /* by which the payload refers to it: the file's own name unless one is given */
    const char *path; /* borrowed */
} medium;

typedef struct media_list {
    medium *at;
    size_t count;
} media_list;

/* Takes an operand apart and adds the file to the packer as media/KEY. What is not OZC_VALID is told, with a way out.
 */
ozc_result media_add(media_list *list, ozc_packer *packer, const char *operand);

void media_free(media_list *list);

/* The medium of that key; NULL: there is none. */
const medium *media_find(const media_list *list, const char *key, size_t len);

/* The kind of media by the first bytes ("MP4"); NULL where they are of none, or cannot be read. */
const char *media_kind(const medium *one);

#endif
