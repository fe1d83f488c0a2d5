/*
 * Files in. Guarantees that no file, pipe or device makes the program take more memory or disk than the caller
 * allows, and that a spooled file has no name that could be left behind. Assumes nothing of what a path leads to.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* Up to `len` bytes, fewer only at the end; -1: errno says why. */
static ssize_t read_fully(int fd, char *buffer, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t got = read(fd, buffer + done, len - done);
        if (got < 0 && errno != EINTR)
            return -1;
        if (got == 0)
            break;
        done += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)done;
}

static bool write_fully(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
        }
    }
    return true;
}

const char *file_read(const char *path, size_t most, file_bytes *bytes)
{
    *bytes = (file_bytes){NULL, 0};
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    if (fd < 0)
        return strerror(errno);
    /* One byte more than may be there tells a file that is too large; nothing is moved, so file_wipe gets all. */
    bytes->data = required(malloc(most + 1));
    ssize_t got = read_fully(fd, bytes->data, most + 1);
    const char *why = got < 0 ? strerror(errno) : (size_t)got > most ? "it is too large" : NULL;
    bytes->size = got > 0 ? (size_t)got : 0;
    if (path)
        (void)close(fd);
    if (why)
        file_wipe(bytes);
    return why;
}

bool file_read_or_complain(const char *what, const char *path, size_t most, file_bytes *bytes)
{
    const char *why = file_read(path, most, bytes);
    if (why)
        complain("%s: cannot read %s: %s", what, path ? path : "standard input", why);
    return !why;
}

void file_drop_newline(file_bytes *bytes)
{
    if (bytes->size > 0 && bytes->data[bytes->size - 1] == '\n') {
        bytes->size--;
        if (bytes->size > 0 && bytes->data[bytes->size - 1] == '\r')
            bytes->size--;
    }
}

void file_wipe(file_bytes *bytes)
{
    volatile char *byte = bytes->data;
    for (size_t i = 0; i < bytes->size; i++)
        byte[i] = 0;
    free(bytes->data);
    *bytes = (file_bytes){NULL, 0};
}

/* Does the path lead to what is there, and is that a regular file? */
static bool leads_to(const char *path, const struct stat *there)
{
    struct stat a;
    return S_ISREG(there->st_mode) && stat(path, &a) == 0 && a.st_dev == there->st_dev && a.st_ino == there->st_ino;
}

bool file_is_same(const char *one, const char *other)
{
    struct stat there;
    return stat(other, &there) == 0 && leads_to(one, &there);
}

bool file_is_input(const char *path, const char *input)
{
    struct stat there;
    if (strcmp(input, "-") != 0)
        return file_is_same(path, input);
    return fstat(STDIN_FILENO, &there) == 0 && leads_to(path, &there);
}

/* A temporary file that is already unlinked; -1: errno says why. */
static int open_unnamed(void)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || folder[0] == '\0')
        folder = "/tmp";
    static const char name[] = "/ozcapsula-XXXXXX";
    size_t len = strlen(folder);
    char *path = malloc(len + sizeof(name));
    if (!path)
        return -1;
    memcpy(path, folder, len);
    memcpy(path + len, name, sizeof(name));
    int fd = mkstemp(path);
    if (fd >= 0)
        (void)unlink(path);
    int reason = errno;
    free(path);
    errno = reason;
    return fd;
}

static const char *copy_bounded(int from, int to, uint64_t most)
{
    enum { CHUNK = 128 * 1024 };
    char *buffer = malloc(CHUNK);
    if (!buffer)
        return "out of memory";
    const char *why = NULL;
    for (uint64_t left = most + 1; left > 0 && !why;) {
        ssize_t got = read_fully(from, buffer, left < CHUNK ? (size_t)left : CHUNK);
        if (got < 0 || !write_fully(to, buffer, (size_t)got))
            why = strerror(errno);
        else if (got == 0)
            break;
        else
            left -= (uint64_t)got;
    }
    free(buffer);
    return why;
}

const char *file_spool(int fd, uint64_t most, int *spool)
{
    *spool = open_unnamed();
    if (*spool < 0)
        return strerror(errno);
    const char *why = copy_bounded(fd, *spool, most);
    if (why) {
        (void)close(*spool);
        *spool = -1;
    }
    return why;
}

FILE *file_temporary(void)
{
    int fd = open_unnamed();
    FILE *stream = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (fd >= 0 && !stream) {
        int reason = errno;
        (void)close(fd);
        errno = reason;
    }
    return stream;
}

bool file_is_stream(const char *path)
{
    struct stat there;
    if (strcmp(path, "-") == 0)
        return true;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

static bool is_input_at_start(void)
{
    struct stat there;
    return fstat(STDIN_FILENO, &there) == 0 && S_ISREG(there.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
}

const char *file_open_stream(const char *path, uint64_t most, int *fd)
{
    bool is_input = strcmp(path, "-") == 0;
    *fd = -1;
    if (is_input && is_input_at_start()) {
        *fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        return *fd < 0 ? strerror(errno) : NULL;
    }
    int from = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (from < 0)
        return strerror(errno);
    const char *why = file_spool(from, most, fd);
    if (!is_input)
        (void)close(from);
    return why;
}
