/* source.h - where bytes come from: memory, a descriptor, or callbacks, all read by position. */
#ifndef SOURCE_H
#define SOURCE_H

#include <ozcapsula.h>

#include <stdbool.h>

/* Why something could not be done; text for people in failure_text. */
enum failure {
    FAILURE_NONE = 0,
    FAILURE_MEMORY,
    FAILURE_READ,
    FAILURE_SHORT,
    FAILURE_CANCELLED,
    FAILURE_CRYPTO,
    FAILURE_JSON,
    FAILURE_LIBZIP,
    FAILURE_CLOCK
};

const char *failure_text(enum failure failure);

/* What an errno means, in English whatever the locale; "error N" where it is a rare one. */
const char *errno_text(int error, char to[24]);

struct source {
    const uint8_t *memory; /* one of the three is in use */
    int fd;
    ozc_source callbacks;
    bool owns_fd;
    uint64_t size; /* as said at the start; reading never goes beyond */
};

/* Open a source and learn its size. `memory`, `fd` and callbacks are borrowed until source_close. False: `*why` is a
   static text or stands in `room`. */
void source_open_memory(struct source *source, const void *memory, size_t len);
bool source_open_fd(struct source *source, int fd, const char **why, char room[24]);
bool source_open_file(struct source *source, const char *path, const char **why, char room[24]);
bool source_open_callbacks(struct source *source, const ozc_source *callbacks, const char **why);
void source_close(struct source *source);

/* May the source be read by one thread only? Callbacks run on the calling thread. */
static inline bool source_is_of_one_thread(const struct source *source)
{
    return source->memory == NULL && source->fd < 0;
}

/* Gives `len` bytes at `at`, all within the size: in place where they are in memory, else read into `buffer`. NULL:
   could not, *failure says why. */
const uint8_t *source_view(const struct source *source, uint64_t at, void *buffer, size_t len, enum failure *failure);

#endif
