/* upload.h - one upload: taken in, judged, answered. Knows nothing of HTTP but statuses. */
#ifndef UPLOAD_H
#define UPLOAD_H

#include <ozcapsula.h>
#include <semaphore.h>
#include <stdint.h>

/* What all uploads share. Set up once, then read-only but for what is made for threads. */
struct ingest {
    ozc_policy *policy;
    ozc_store *used_tokens;
    const char *store;  /* folder of accepted containers, and of the spooled ones, which have no name */
    int64_t fixed_time; /* -1, or the time to judge at: for tests */
    int timeout;        /* seconds that one upload may take */
    sem_t processors;   /* as many uploads as there are processors are judged at once; the others wait */
};

/* An HTTP status and a JSON body; `free_body` frees it. NULL: no body. */
struct answer {
    unsigned status;
    char *body;
    void (*free_body)(void *body);
};

struct upload;

/* Starts an upload. NULL: no memory or no disk. */
struct upload *upload_new(struct ingest *ingest);

/* Takes the next bytes. Returns 0 where the connection should be cut: too slow, far too much, or no disk. */
int upload_add(struct upload *upload, const char *data, size_t len);

/* The answer to what was taken. */
struct answer upload_judge(struct upload *upload);

/* The answer to a body above the policy's limit, and to what could not be taken. */
struct answer answer_too_large(void);
struct answer answer_failed(const char *why);

/* Closes the file, which has no name and so goes with it. NULL is fine. */
void upload_free(struct upload *upload);

#endif
