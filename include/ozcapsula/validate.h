/*
 * validate.h - where a container's bytes come from, and the validator.
 */
#ifndef OZCAPSULA_VALIDATE_H
#define OZCAPSULA_VALIDATE_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a validator found (report.h). Opaque, the caller's. */
typedef struct ozc_report ozc_report;

/* Bytes by callback. Both run on the calling thread, during the call only. */
typedef struct ozc_source {
    size_t struct_size; /* sizeof(ozc_source): the structure may grow */
    void *user;         /* handed to both */
    /* Sets *size to the whole size. 0: done, anything else: could not. */
    int (*size)(void *user, uint64_t *size);
    /* Reads up to len (at least 1) bytes at offset into buffer. Returns how many (fewer than asked is fine), 0 where
       there are no more, -1: could not. */
    int64_t (*read_at)(void *user, uint64_t offset, void *buffer, size_t len);
} ozc_source;

/* The time that tokens are judged at. */
typedef enum ozc_time {
    OZC_TIME_SYSTEM = 0, /* the system's clock */
    OZC_TIME_GIVEN = 1,  /* ozc_call.now: a service passes when it received the upload */
    OZC_TIME_ISSUED = 2  /* each token's own `iat`, or `exp` - 1 where it has none: for fixtures, never for uploads */
} ozc_time;

/* Settings of one call. NULL in its place means OZC_CALL_INIT. */
typedef struct ozc_call {
    size_t struct_size; /* sizeof(ozc_call): the structure may grow */
    ozc_time time;      /* which time counts */
    int64_t now;        /* OZC_TIME_GIVEN only; 0 or more */
    /* NULL, or called now and then, with the bytes of media and ext read so far and the container's size. Anything but
       0 cancels: the call then comes to OZC_FAILED. */
    int (*progress)(void *user, uint64_t done, uint64_t total);
    void *user; /* handed to both callbacks */
    /* NULL, or called when a check that is on has run, with what became of it: for a caller that measures. On the
       calling thread, in the order of the checks; not for those that did not come to run. */
    void (*check_done)(void *user, ozc_check check, ozc_state state);
} ozc_call;

/* Starts a call: the system's clock, no progress. */
#define OZC_CALL_INIT                                                                                                  \
    {                                                                                                                  \
        sizeof(ozc_call), OZC_TIME_SYSTEM, 0, NULL, NULL, NULL                                                         \
    }

/* Validates one container.
 *
 * `*report` is set on every result: to a report that the caller frees, or to NULL on OZC_MISUSE and where there is no
 * memory for one. It never points into the input. The report's own result is what is returned.
 *
 *   _memory   `data` is borrowed during the call and must not change meanwhile
 *   _file     opens, reads and closes a regular file
 *   _fd       reads a descriptor of a regular file by position; its offset does not move, it is not closed
 *   _source   reads by callback
 *
 * OZC_MISUSE: a NULL argument, a policy that is not ready (ozc_policy_ready), or a call that is wrong. OZC_FAILED: the
 * bytes could not be read, came short of the size, memory ran out, or it was cancelled: no verdict, never "valid".
 *
 * Memory: the policy's limits bound it; media are never held whole. Any number of threads, with one policy. */
OZC_API OZC_MUST_USE ozc_result ozc_validate_memory(const ozc_policy *policy, const void *data, size_t len,
                                                    const ozc_call *call, ozc_report **report);
OZC_API OZC_MUST_USE ozc_result ozc_validate_file(const ozc_policy *policy, const char *path, const ozc_call *call,
                                                  ozc_report **report);
OZC_API OZC_MUST_USE ozc_result ozc_validate_fd(const ozc_policy *policy, int fd, const ozc_call *call,
                                                ozc_report **report);
OZC_API OZC_MUST_USE ozc_result ozc_validate_source(const ozc_policy *policy, const ozc_source *source,
                                                    const ozc_call *call, ozc_report **report);

#ifdef __cplusplus
}
#endif

#endif
