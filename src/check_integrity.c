/*
 * integrity: does every entry have its CRC-32?
 *
 * Guarantees that each entry was read once, and that its digest is of the very bytes whose CRC-32 was compared: the
 * small parts as they were unpacked (and judged), media and ext/ in pieces, never held whole. Tells the kind of media
 * on the way. In first-fault mode damaged small parts are told before a media byte is read: nothing that they would
 * have vouched for is worth reading.
 */
#include "validation.h"

#include <stdlib.h>
#include <zlib.h>

#define PIECE_SIZE ((size_t)128 * 1024)

/* What reading needs, set up once for all entries. */
struct reading {
    struct run *run;
    struct digest *digest;
    uint8_t *piece;
    uint64_t done; /* bytes so far */
};

static enum outcome reject_crc(struct run *run, const struct entry *entry)
{
    return reject(run, RULE_INTEGRITY_CRC, at_entry(entry), "its %llu bytes do not have the CRC-32 %08lx",
                  (unsigned long long)entry->shown.size, (unsigned long)entry->crc);
}

static enum outcome report_progress(struct reading *r, size_t len)
{
    const ozc_call *call = r->run->call;
    r->done += len;
    if (call->progress != NULL && call->progress(call->user, r->done, r->run->source->size) != 0)
        return broken(r->run, FAILURE_CANCELLED);
    return CHECK_PASSED;
}

/* Reads media/ or ext/ in pieces: CRC-32, digest, first bytes. */
static enum outcome read_pieces(struct reading *r, struct entry *entry)
{
    struct run *run = r->run;
    uLong crc = crc32_z(0, NULL, 0);
    for (uint64_t at = 0; at < entry->shown.size;) {
        uint64_t left = entry->shown.size - at;
        size_t len = left < PIECE_SIZE ? (size_t)left : PIECE_SIZE;
        const uint8_t *bytes = source_view(run->source, entry->shown.offset + at, r->piece, len, &run->failure);
        if (bytes == NULL)
            return CHECK_BROKEN;
        if (at == 0)
            entry->media_kind = media_kind_of_bytes(bytes, len);
        crc = crc32_z(crc, bytes, len);
        if (!digest_add(r->digest, bytes, len))
            return broken(run, FAILURE_CRYPTO);
        enum outcome outcome = report_progress(r, len);
        if (outcome != CHECK_PASSED)
            return outcome;
        at += len;
    }
    entry->damaged = crc != entry->crc;
    return CHECK_PASSED;
}

static const struct part *part_of(const struct run *run, const struct entry *entry)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (run->parts[i].entry == entry)
            return &run->parts[i];
    return NULL;
}

static enum outcome read_entry(struct reading *r, struct entry *entry)
{
    const struct part *part = part_of(r->run, entry);
    enum outcome outcome = CHECK_PASSED;
    if (!digest_start(r->digest))
        return broken(r->run, FAILURE_CRYPTO);
    if (part == NULL)
        outcome = read_pieces(r, entry);
    else if (!digest_add(r->digest, part->bytes, (size_t)entry->shown.size))
        outcome = broken(r->run, FAILURE_CRYPTO);
    if (outcome == CHECK_BROKEN)
        return outcome;
    if (!digest_end(r->digest, entry->digest))
        return broken(r->run, FAILURE_CRYPTO);
    if (entry->damaged)
        return reject_crc(r->run, entry);
    entry->shown.sha256 = entry->digest;
    return CHECK_PASSED;
}

static enum outcome read_entries(struct reading *r)
{
    ozc_report *report = r->run->report;
    enum outcome outcome = CHECK_PASSED;
    for (size_t i = 0; i < report->entry_count && !is_over(r->run, outcome); i++)
        outcome = both(outcome, read_entry(r, &report->entries[i]));
    return outcome;
}

enum outcome check_integrity(struct run *run)
{
    for (size_t i = 0; run->policy->mode == OZC_FIRST_FAULT && i < run->report->entry_count; i++)
        if (run->report->entries[i].damaged)
            return reject_crc(run, &run->report->entries[i]);
    struct reading reading = {.run = run, .digest = digest_new(run->policy->crypto), .piece = malloc(PIECE_SIZE)};
    enum outcome outcome =
        reading.digest == NULL || reading.piece == NULL ? broken(run, FAILURE_MEMORY) : read_entries(&reading);
    free(reading.piece);
    digest_free(reading.digest);
    return outcome;
}
