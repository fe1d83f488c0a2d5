/*
 * Files out. Guarantees that a reader of the path sees either what was there before or the whole of the new output:
 * it is written beside the path, flushed to the disk and only then renamed. Interrupted on the way, it leaves
 * nothing; killed, the file ".ozcapsula-XXXXXX", never half a file at the path.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "text.h"

static bool cannot_write(const output *to)
{
    complain("cannot write %s: %s", to->name, strerror(to->reason));
    return false;
}

/* Keeps the first reason. A stream does not say why a write failed that is noticed later, but errno still does. */
static void note(output *to, bool failed)
{
    if (failed && to->reason == 0)
        to->reason = errno != 0 ? errno : EIO;
}

/* A name for the temporary file, in the folder of `path`; freed by the caller. */
static char *temporary_name(const char *path)
{
    static const char name[] = ".ozcapsula-XXXXXX";
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    char *result = malloc(folder + sizeof(name));
    if (result) {
        memcpy(result, path, folder);
        memcpy(result + folder, name, sizeof(name));
    }
    return result;
}

/* Opens the temporary file with the rights that the file at the path has, or that a new one would get. */
static FILE *open_temporary(char *temporary, const struct stat *there)
{
    int fd = interrupt_mkstemp(temporary);
    if (fd < 0)
        return NULL;
    mode_t mask = umask(0);
    (void)umask(mask);
    mode_t mode = there ? there->st_mode & 0777 : 0666 & ~mask;
    FILE *stream = fchmod(fd, mode) == 0 ? fdopen(fd, "w") : NULL;
    if (!stream) {
        int reason = errno;
        (void)close(fd);
        (void)unlink(temporary);
        interrupt_keep();
        errno = reason;
    }
    return stream;
}

static bool leads_to_standard_output(const struct stat *there)
{
    struct stat standard;
    return fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == there->st_dev && standard.st_ino == there->st_ino;
}

bool output_open(output *to, const char *path)
{
    *to = (output){.stream = stdout, .name = "standard output"};
    if (!path || strcmp(path, "-") == 0)
        return true;
    to->name = path;
    struct stat there;
    bool is_there = stat(path, &there) == 0;
    /* A link that leads to nothing is not replaced either. */
    if (!is_there && (errno != ENOENT || lstat(path, &there) == 0)) {
        note(to, true);
        return cannot_write(to);
    }
    if (is_there && leads_to_standard_output(&there))
        return true;
    if (is_there && !S_ISREG(there.st_mode)) {
        to->stream = fopen(path, "w");
    } else {
        /* Behind a link the file that it leads to is replaced, not the link. */
        to->path = is_there ? realpath(path, NULL) : strdup(path);
        to->temporary = to->path ? temporary_name(to->path) : NULL;
        to->stream = to->temporary ? open_temporary(to->temporary, is_there ? &there : NULL) : NULL;
    }
    note(to, !to->stream);
    if (!to->stream) {
        free(to->path);
        free(to->temporary);
    }
    return to->stream || cannot_write(to);
}

bool output_flush(output *to)
{
    note(to, fflush(to->stream) != 0 || ferror(to->stream));
    return to->reason == 0;
}

bool output_close(output *to, bool keep)
{
    (void)output_flush(to);
    if (to->path)
        note(to, fsync(fileno(to->stream)) != 0);
    if (to->stream != stdout)
        note(to, fclose(to->stream) != 0);
    else
        clearerr(stdout); /* told here, once */
    if (to->path) {
        if (keep && to->reason == 0)
            note(to, rename(to->temporary, to->path) != 0);
        if (!keep || to->reason != 0)
            (void)unlink(to->temporary);
        interrupt_keep();
    }
    free(to->path);
    free(to->temporary);
    return to->reason == 0 || cannot_write(to);
}
