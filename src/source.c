/*
 * Sources: bytes by position, from memory, a regular file or callbacks.
 *
 * Guarantees that a view is whole or fails, that no read goes beyond the size said at the start, and that a source
 * which gives fewer bytes than it said is a failure, never a finding. Leaves out what changes between two reads: who
 * reads an entry judges what it has read.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *failure_text(enum failure failure)
{
    switch (failure) {
    case FAILURE_NONE:
        break;
    case FAILURE_MEMORY:
        return "out of memory";
    case FAILURE_READ:
        return "the container could not be read";
    case FAILURE_SHORT:
        return "the container has fewer bytes than its source said";
    case FAILURE_CANCELLED:
        return "cancelled by the caller";
    case FAILURE_CRYPTO:
        return "OpenSSL failed";
    case FAILURE_JSON:
        return "out of memory, or cJSON refused a text that the strict scan had passed";
    case FAILURE_LIBZIP:
        return "libzip differs from the structure check, or ran out of memory; or the bytes changed meanwhile";
    case FAILURE_CLOCK:
        return "the system's clock could not be read";
    }
    return "nothing was judged";
}

const char *errno_text(int error, char to[24])
{
    static const struct {
        int error;
        const char *text;
    } known[] = {{ENOENT, "no such file"},
                 {EACCES, "permission denied"},
                 {EPERM, "not permitted"},
                 {EISDIR, "is a folder"},
                 {ENOTDIR, "a part of the path is no folder"},
                 {ELOOP, "too many links"},
                 {ENAMETOOLONG, "the path is too long"},
                 {EMFILE, "too many open files"},
                 {ENFILE, "too many open files"},
                 {EIO, "input/output error"},
                 {ENOMEM, "out of memory"},
                 {EBADF, "not an open descriptor"},
                 {ENOSPC, "no space left"},
                 {EFBIG, "the file is too large"},
                 {EROFS, "read-only file system"},
                 {ENXIO, "no such device"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].error == error)
            return known[i].text;
    char digits[12];
    size_t count = 0;
    for (unsigned rest = (unsigned)error; rest > 0 || count == 0; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    char *at = stpcpy(to, "error ");
    while (count > 0)
        *at++ = digits[--count];
    *at = '\0';
    return to;
}

void source_open_memory(struct source *source, const void *memory, size_t len)
{
    *source = (struct source){.memory = memory, .fd = -1, .size = len};
}

bool source_open_fd(struct source *source, int fd, const char **why, char room[24])
{
    struct stat status;
    *source = (struct source){.fd = -1};
    if (fstat(fd, &status) != 0) {
        *why = errno_text(errno, room);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        *why = S_ISDIR(status.st_mode) ? "is a folder" : "is no regular file";
        return false;
    }
    source->fd = fd;
    source->size = (uint64_t)status.st_size;
    return true;
}

bool source_open_file(struct source *source, const char *path, const char **why, char room[24])
{
    *source = (struct source){.fd = -1};
    /* Without O_NONBLOCK, opening a FIFO would wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *why = errno_text(errno, room);
        return false;
    }
    if (!source_open_fd(source, fd, why, room)) {
        close(fd);
        return false;
    }
    source->owns_fd = true;
    return true;
}

bool source_open_callbacks(struct source *source, const ozc_source *callbacks, const char **why)
{
    *source = (struct source){.callbacks = *callbacks, .fd = -1};
    *why = "the source could not say its size";
    return callbacks->size(callbacks->user, &source->size) == 0 && source->size <= INT64_MAX;
}

void source_close(struct source *source)
{
    if (source->owns_fd)
        close(source->fd);
    *source = (struct source){.fd = -1};
}

/* Up to len bytes at `at`: how many, 0 at the end, -1 could not. */
static int64_t read_some(const struct source *source, uint64_t at, uint8_t *to, size_t len)
{
    if (source->fd < 0)
        return source->callbacks.read_at(source->callbacks.user, at, to, len);
    for (;;) {
        ssize_t got = pread(source->fd, to, len, (off_t)at);
        if (got >= 0 || errno != EINTR)
            return got;
    }
}

const uint8_t *source_view(const struct source *source, uint64_t at, void *buffer, size_t len, enum failure *failure)
{
    if (at > source->size || len > source->size - at) {
        *failure = FAILURE_SHORT;
        return NULL;
    }
    if (source->memory != NULL)
        return source->memory + at;
    uint8_t *to = buffer;
    for (size_t have = 0; have < len;) {
        int64_t got = read_some(source, at + have, to + have, len - have);
        if (got <= 0 || (uint64_t)got > len - have) {
            *failure = got == 0 ? FAILURE_SHORT : FAILURE_READ;
            return NULL;
        }
        have += (size_t)got;
    }
    return buffer;
}
