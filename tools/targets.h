/*
 * targets.h - what there is to check: paths as they were given, and the files below folders.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

typedef struct target {
    char *path;
    const char *failure; /* a folder that could not be read: why (static text); else NULL */
} target;

typedef struct target_list {
    target *at;
    size_t count;
} target_list;

/* Does the path lead to a folder? */
bool is_folder(const char *path);

/* Adds a path. For a folder: every regular file below it that is not hidden nor in a hidden folder and, where `include`
   is not empty, whose name fits one of its patterns; sorted bytewise by the whole path. Links below it are not
   followed. */
void targets_add(target_list *list, const char *path, const text_list *include);

void targets_free(target_list *list);

#endif
