/*
 * What there is to check. Guarantees an order that depends on the paths alone, and that a folder which cannot be read
 * is in the list, in its place, so that it is never passed over in silence. Follows no link below a folder. Leaves out
 * whether a file can be read: the check of it tells.
 */
#include "targets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

bool is_folder(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

/* Takes the path over. NOLINTNEXTLINE(readability-non-const-parameter) */
static void append(target_list *list, char *path, const char *failure)
{
    bool is_full = (list->count & (list->count - 1)) == 0; /* at 0 and at each power of two */
    if (is_full)
        list->at = required(realloc(list->at, (list->count > 0 ? list->count * 2 : 1) * sizeof(*list->at)));
    list->at[list->count++] = (target){path, failure};
}

static char *join(const char *folder, const char *name)
{
    size_t len = strlen(folder);
    const char *slash = len > 0 && folder[len - 1] != '/' ? "/" : "";
    size_t room = len + strlen(name) + 2;
    char *path = required(malloc(room));
    (void)snprintf(path, room, "%s%s%s", folder, slash, name);
    return path;
}

static bool is_included(const char *name, const text_list *include)
{
    for (size_t i = 0; i < include->count; i++)
        if (fnmatch(include->at[i], name, 0) == 0)
            return true;
    return include->count == 0;
}

/* Sorts what one folder holds into files and folders still to be read. A thing that cannot be looked at counts as a
   file: the check of it will say why. */
static void take_entry(target_list *files, target_list *folders, const char *folder, int fd, const char *name,
                       const text_list *include)
{
    struct stat there;
    bool is_known = fstatat(fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0;
    if (is_known && S_ISDIR(there.st_mode))
        append(folders, join(folder, name), NULL);
    else if ((!is_known || S_ISREG(there.st_mode)) && is_included(name, include))
        append(files, join(folder, name), NULL);
}

/* Reads one folder. A path that was a folder a moment ago and is a link now is not followed, but for the one given. */
static void read_folder(target_list *files, target_list *folders, const char *path, int follow,
                        const text_list *include)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        const char *why = strerror(errno);
        append(files, required(strdup(path)), why);
        if (fd >= 0)
            (void)close(fd);
        return;
    }
    struct dirent *entry = NULL;
    errno = 0;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.')
            take_entry(files, folders, path, fd, entry->d_name, include);
        errno = 0;
    }
    if (errno != 0) {
        const char *why = strerror(errno);
        append(files, required(strdup(path)), why);
    }
    (void)closedir(folder);
}

static int by_path(const void *one, const void *other)
{
    return strcmp(((const target *)one)->path, ((const target *)other)->path);
}

static void add_folder(target_list *list, const char *path, const text_list *include)
{
    size_t first = list->count;
    target_list folders = {NULL, 0}; /* each is read in its turn, and freed with the list */
    read_folder(list, &folders, path, 0, include);
    for (size_t i = 0; i < folders.count; i++)
        read_folder(list, &folders, folders.at[i].path, O_NOFOLLOW, include);
    targets_free(&folders);
    if (list->count > first)
        qsort(list->at + first, list->count - first, sizeof(*list->at), by_path);
}

void targets_add(target_list *list, const char *path, const text_list *include)
{
    if (is_folder(path))
        add_folder(list, path, include);
    else
        append(list, required(strdup(path)), NULL);
}

void targets_free(target_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i].path);
    free(list->at);
    *list = (target_list){NULL, 0};
}
