/*
 * upload.c - takes one container, judges it, and says what to answer.
 *
 * Guarantees that at most the policy's limit of bytes is held, in a file without a name; that the token is used up
 * last, when nothing but the rename can fail; and that no answer tells more than the API's error. Leaves out who the
 * caller is: a real service compares the claims (ozc_report_claims) with its session before it claims the token.
 */
#include "upload.h"

#include "copy.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct upload {
    struct ingest *ingest;
    unsigned long number; /* names it in the log: never what a client calls it */
    int file;
    uint64_t size;       /* of what has come, kept or not */
    int64_t received_at; /* wall clock: what tokens are judged at */
    time_t deadline;     /* monotonic clock */
};

static time_t monotonic_seconds(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* A file that has no name: whatever happens, it goes with its descriptor. */
static int spool_file(const char *folder)
{
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/.upload-XXXXXX", folder);
    if (len < 0 || (size_t)len >= sizeof path)
        return -1;
    int file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    return file;
}

struct upload *upload_new(struct ingest *ingest)
{
    static atomic_ulong numbers;
    struct upload *upload = calloc(1, sizeof *upload);
    if (upload == NULL)
        return NULL;
    upload->ingest = ingest;
    upload->number = atomic_fetch_add(&numbers, 1) + 1;
    upload->received_at = ingest->fixed_time >= 0 ? ingest->fixed_time : (int64_t)time(NULL);
    upload->deadline = monotonic_seconds() + ingest->timeout;
    upload->file = spool_file(ingest->store);
    if (upload->file < 0) {
        free(upload);
        return NULL;
    }
    return upload;
}

void upload_free(struct upload *upload)
{
    if (upload == NULL)
        return;
    close(upload->file);
    free(upload);
}

int upload_add(struct upload *upload, const char *data, size_t len)
{
    uint64_t limit = ozc_policy_limit(upload->ingest->policy, OZC_LIMIT_CONTAINER);
    if (monotonic_seconds() > upload->deadline)
        return 0; /* the server's own timeout only sees clients that send nothing at all */
    upload->size += len;
    if (upload->size > limit)
        return upload->size <= 2 * limit; /* thrown away, to answer at its end; who sends on and on is cut off */
    while (len > 0) {
        ssize_t wrote = write(upload->file, data, len);
        if (wrote <= 0)
            return 0;
        data += wrote;
        len -= (size_t)wrote;
    }
    return 1;
}

static struct answer answer_with(unsigned status, char *body, void (*free_body)(void *))
{
    struct answer answer = {status, body, free_body};
    return answer;
}

struct answer answer_too_large(void)
{
    /* What the validator would say of the whole (docs/rules.md), with the status that HTTP has for it. */
    const ozc_api_error *error = ozc_rule_by_id("archive.limit")->oz;
    char *body = NULL;
    if (asprintf(&body, "{\"error_code\":%d,\"error_message\":\"%s\",\"details\":null}", error->code, error->message) <
        0)
        body = NULL;
    return answer_with(413, body, free);
}

/* The answer to a report that is not valid; NULL answers as "failed" does. */
static struct answer answer_error(const ozc_report *report)
{
    return answer_with((unsigned)ozc_report_http_status(report, OZC_API_OZ), ozc_render_oz(report, 0), ozc_free);
}

struct answer answer_failed(const char *why)
{
    fprintf(stderr, "upload_service: %s\n", why);
    return answer_error(NULL);
}

static void print_hex(FILE *out, const unsigned char *digest)
{
    for (int i = 0; i < 32; i++)
        fprintf(out, "%02x", digest[i]);
}

/* Content id and entries as JSON. Names need no escapes: docs/format.md, section 2.5. */
static struct answer answer_accepted(const ozc_report *report)
{
    char *body = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&body, &len);
    if (out == NULL)
        return answer_failed("out of memory");
    fputs("{\"content_id\":\"", out);
    print_hex(out, ozc_report_content_id(report));
    fputs("\",\"entries\":[", out);
    for (size_t i = 0; i < ozc_report_entry_count(report); i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        fprintf(out, "%s{\"name\":\"%s\",\"size\":%llu,\"sha256\":\"", i > 0 ? "," : "", entry->name,
                (unsigned long long)entry->size);
        print_hex(out, entry->sha256);
        fputs("\"}", out);
    }
    fputs("]}", out);
    if (fclose(out) != 0) {
        free(body);
        return answer_failed("out of memory");
    }
    return answer_with(201, body, free);
}

/* One line for each upload. It never goes to a client. */
static void log_report(const struct upload *upload, const ozc_report *report)
{
    char name[32];
    snprintf(name, sizeof name, "upload-%lu", upload->number);
    char *line = ozc_render_json(report, name);
    fprintf(stderr, "%s\n", line != NULL ? line : name);
    ozc_free(line);
}

struct answer upload_judge(struct upload *upload)
{
    struct ingest *ingest = upload->ingest;
    if (upload->size > ozc_policy_limit(ingest->policy, OZC_LIMIT_CONTAINER))
        return answer_too_large();

    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_GIVEN;
    call.now = upload->received_at; /* not when its turn comes: waiting is not the client's fault */
    ozc_report *report = NULL;
    struct copy copy = {""};
    while (sem_wait(&ingest->processors) != 0) {
    }
    ozc_result result = ozc_validate_fd(ingest->policy, upload->file, &call, &report);
    if (result == OZC_VALID)
        result = copy_make(&copy, ingest->store, report, upload->file);
    sem_post(&ingest->processors);
    if (result == OZC_VALID)
        result = ozc_report_claim(report, ingest->used_tokens); /* last: what is rejected uses up no token */
    log_report(upload, report);
    if (result == OZC_VALID)
        result = copy_accept(&copy, ingest->store, report);

    struct answer answer;
    if (result == OZC_VALID)
        answer = answer_accepted(report);
    else if (ozc_report_result(report) == OZC_VALID)
        answer = answer_failed("a valid container could not be stored or its token not be claimed");
    else
        answer = answer_error(report);
    copy_drop(&copy);
    ozc_report_free(report);
    return answer;
}
