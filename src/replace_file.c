/*
 * A new file in the place of an old one.
 *
 * Guarantees that who reads the path sees the old file or the whole new one, also after the power has failed: the
 * content is on the disk before it gets its name, and the name is flushed as well. The temporary name can not be told
 * before. A process that is killed on the way leaves it behind, hidden, so that nothing takes it for a container.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANDOM_SIZE 8

/* The length of the folder's part of a path, its slash included. */
static size_t folder_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static void free_names(struct replacement *r)
{
    int reason = errno;
    free(r->path);
    free(r->temporary);
    *r = (struct replacement){NULL, NULL};
    errno = reason;
}

static char *temporary_name(struct crypto *crypto, const char *path)
{
    struct text name = {0};
    uint8_t random[RANDOM_SIZE];
    if (!crypto_random(crypto, random, sizeof random)) {
        errno = EIO;
        return NULL;
    }
    text_add(&name, path, folder_len(path));
    text_print(&name, ".ozcapsula-");
    text_hex(&name, random, sizeof random);
    return text_take(&name);
}

/* A new file; `there` is the one that it will replace. */
static bool create(const char *name, const struct stat *there)
{
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool done = fd >= 0 && (there == NULL || fchmod(fd, there->st_mode & 0777) == 0);
    int reason = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !done)
        unlink(name);
    errno = reason;
    return done;
}

/* A link that leads to nothing is not replaced: where the file would be is its affair. Leaves ENOENT. */
static bool is_link(const char *path)
{
    struct stat status;
    bool is = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    errno = ENOENT;
    return is;
}

bool replacement_begin(struct crypto *crypto, const char *path, struct replacement *r)
{
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    *r = (struct replacement){NULL, NULL};
    if (!is_there && (errno != ENOENT || is_link(path)))
        return false;
    if (is_there && !S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EEXIST;
        return false;
    }
    r->path = is_there ? realpath(path, NULL) : strdup(path);
    r->temporary = r->path == NULL ? NULL : temporary_name(crypto, r->path);
    bool done = r->temporary != NULL && create(r->temporary, is_there ? &status : NULL);
    if (!done)
        free_names(r);
    return done;
}

static bool sync_path(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool done = fd >= 0 && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    return done;
}

/* The name lasts once its folder is flushed. Not every folder may be read, nor every file system does it: the file is
   there all the same. */
static void sync_folder(const char *path)
{
    size_t len = folder_len(path);
    char *folder = len == 0 ? strdup(".") : strndup(path, len);
    if (folder != NULL)
        (void)sync_path(folder, O_DIRECTORY);
    free(folder);
}

bool replacement_commit(struct replacement *r)
{
    if (!sync_path(r->temporary, 0) || rename(r->temporary, r->path) != 0) {
        replacement_abandon(r);
        return false;
    }
    sync_folder(r->path);
    free_names(r);
    return true;
}

void replacement_abandon(struct replacement *r)
{
    int reason = errno;
    if (r->temporary != NULL)
        unlink(r->temporary);
    errno = reason;
    free_names(r);
}
