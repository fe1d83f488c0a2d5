/*
 * The reader: an entry's bytes, from a source, held to the digest that was verified.
 *
 * Guarantees that the end is said only when all bytes delivered have that digest. Assumes a valid report: offset and
 * size were proved by it. Bytes are delivered before the digest is known, so callers use nothing before the end.
 */
#include "report.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

struct ozc_reader {
    struct source source;
    struct digest *digest;
    uint64_t at;
    uint64_t left;
    uint8_t expected[SHA256_SIZE];
    bool is_at_end;
    bool has_failed;
};

static const ozc_entry *find_entry(const ozc_report *report, const char *name)
{
    for (size_t i = 0; name != NULL && i < ozc_report_entry_count(report); i++)
        if (strcmp(ozc_report_entry(report, i)->name, name) == 0)
            return ozc_report_entry(report, i);
    return NULL;
}

/* A reader without a source yet. */
static ozc_result begin(const ozc_report *report, const char *name, ozc_reader **reader)
{
    if (reader == NULL)
        return OZC_MISUSE;
    *reader = NULL;
    const ozc_entry *entry = ozc_report_result(report) == OZC_VALID ? find_entry(report, name) : NULL;
    if (entry == NULL || entry->sha256 == NULL)
        return OZC_MISUSE;
    ozc_reader *made = calloc(1, sizeof *made);
    if (made == NULL)
        return OZC_FAILED;
    made->source.fd = -1;
    made->at = entry->offset;
    made->left = entry->size;
    memcpy(made->expected, entry->sha256, SHA256_SIZE);
    struct crypto *crypto = crypto_get();
    made->digest = crypto == NULL ? NULL : digest_new(crypto);
    if (made->digest == NULL || !digest_start(made->digest)) {
        ozc_reader_free(made);
        return OZC_FAILED;
    }
    *reader = made;
    return OZC_VALID;
}

/* Keeps the reader if its source could be opened. */
static ozc_result finish(ozc_reader **reader, bool opened)
{
    if (opened)
        return OZC_VALID;
    ozc_reader_free(*reader);
    *reader = NULL;
    return OZC_FAILED;
}

ozc_result ozc_reader_new_memory(const ozc_report *report, const char *entry, const void *data, size_t len,
                                 ozc_reader **reader)
{
    ozc_result result = begin(report, data == NULL && len > 0 ? NULL : entry, reader);
    if (result != OZC_VALID)
        return result;
    source_open_memory(&(*reader)->source, data, len);
    return OZC_VALID;
}

ozc_result ozc_reader_new_file(const ozc_report *report, const char *entry, const char *path, ozc_reader **reader)
{
    const char *why = NULL;
    char room[24];
    ozc_result result = begin(report, path == NULL ? NULL : entry, reader);
    if (result != OZC_VALID)
        return result;
    return finish(reader, source_open_file(&(*reader)->source, path, &why, room));
}

ozc_result ozc_reader_new_fd(const ozc_report *report, const char *entry, int fd, ozc_reader **reader)
{
    const char *why = NULL;
    char room[24];
    ozc_result result = begin(report, entry, reader);
    return result == OZC_VALID ? finish(reader, source_open_fd(&(*reader)->source, fd, &why, room)) : result;
}

ozc_result ozc_reader_new_source(const ozc_report *report, const char *entry, const ozc_source *source,
                                 ozc_reader **reader)
{
    const char *why = NULL;
    bool is_whole =
        source != NULL && source->struct_size >= sizeof *source && source->size != NULL && source->read_at != NULL;
    ozc_result result = begin(report, is_whole ? entry : NULL, reader);
    if (result != OZC_VALID)
        return result;
    return finish(reader, source_open_callbacks(&(*reader)->source, source, &why));
}

static ozc_result fail(ozc_reader *reader)
{
    reader->has_failed = true;
    return OZC_FAILED;
}

/* All bytes are delivered: are they what was verified? */
static ozc_result end(ozc_reader *reader)
{
    uint8_t sha256[SHA256_SIZE];
    if (!reader->is_at_end && (!digest_end(reader->digest, sha256) || !digest_equal(sha256, reader->expected)))
        return fail(reader);
    reader->is_at_end = true;
    return OZC_VALID;
}

ozc_result ozc_reader_read(ozc_reader *reader, void *buffer, size_t len, size_t *got)
{
    enum failure failure = FAILURE_NONE;
    if (reader == NULL || buffer == NULL || len == 0 || got == NULL)
        return OZC_MISUSE;
    *got = 0;
    if (reader->has_failed)
        return OZC_FAILED;
    if (reader->left == 0)
        return end(reader);
    size_t size = reader->left < len ? (size_t)reader->left : len;
    const uint8_t *bytes = source_view(&reader->source, reader->at, buffer, size, &failure);
    if (bytes == NULL)
        return fail(reader);
    /* Copied first: what is digested is what was delivered, even if memory changes meanwhile. */
    if (bytes != buffer)
        memcpy(buffer, bytes, size);
    if (!digest_add(reader->digest, buffer, size))
        return fail(reader);
    reader->at += size;
    reader->left -= size;
    *got = size;
    return OZC_VALID;
}

void ozc_reader_free(ozc_reader *reader)
{
    if (reader == NULL)
        return;
    source_close(&reader->source);
    digest_free(reader->digest);
    free(reader);
}
