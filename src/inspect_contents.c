/*
 * Inspecting contents: SHA-256, CRC-32 and kind of every entry that is stored.
 *
 * Guarantees bounded memory, whatever the size; that a digest is of the whole content as it stands, or there is none;
 * and that entries which lie over each other do not make it read for ever: in all, no more than twice the file.
 */
#include "inspection.h"
#include "looks_like.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t)128 * 1024)

struct digesting {
    struct inspecting *in;
    struct digest *digest;
    uint8_t *piece;
    uint64_t budget; /* bytes that may still be read */
};

bool inspect_is_plain(const ozc_inspected_entry *entry)
{
    return entry->has_record && entry->has_sizes && entry->method == 0 && !entry->is_encrypted &&
           entry->length == entry->packed_size;
}

static bool fail(struct digesting *d, enum failure failure)
{
    inspect_fail(d->in, failure);
    return false;
}

static bool read_content(struct digesting *d, struct inspected *entry, uint32_t *crc)
{
    ozc_inspected_entry *shown = &entry->shown;
    *crc = 0;
    if (!digest_start(d->digest))
        return fail(d, FAILURE_CRYPTO);
    for (uint64_t at = 0; at < shown->length;) {
        uint64_t left = shown->length - at;
        size_t len = left < PIECE_SIZE ? (size_t)left : PIECE_SIZE;
        enum failure failure = FAILURE_READ;
        const uint8_t *bytes = source_view(d->in->source, shown->offset + at, d->piece, len, &failure);
        if (bytes == NULL)
            return fail(d, failure);
        *crc = libdeflate_crc32(*crc, bytes, len);
        if (!digest_add(d->digest, bytes, len))
            return fail(d, FAILURE_CRYPTO);
        if (at == 0)
            shown->kind = looks_like(bytes, len < LOOK_BYTES ? len : LOOK_BYTES);
        at += len;
        d->in->done += len;
        inspect_tell(d->in);
        if (inspect_is_over(d->in))
            return false;
    }
    return digest_end(d->digest, entry->digest) || fail(d, FAILURE_CRYPTO);
}

static void digest_entry(struct digesting *d, size_t index)
{
    struct inspected *entry = &d->in->shown->entries[index];
    ozc_inspected_entry *shown = &entry->shown;
    uint32_t crc = 0;
    if (!inspect_is_plain(shown))
        return;
    if (shown->length > d->budget) {
        inspect_note(d->in, index, shown->offset, "its content was not read: entries overlap too much");
        return;
    }
    d->budget -= shown->length;
    if (!read_content(d, entry, &crc)) {
        inspect_note(d->in, index, shown->offset, "its content could not be read");
        return;
    }
    shown->sha256 = entry->digest;
    shown->crc = crc == shown->crc32 ? OZC_SAME : OZC_OTHER;
    if (shown->crc == OZC_OTHER)
        inspect_note(d->in, index, shown->offset, "its content has the CRC-32 %08lx; %08lx is said", (unsigned long)crc,
                     (unsigned long)shown->crc32);
}

/* What keeps an entry from being read as it stands. */
static void note_method(struct inspecting *in, size_t index)
{
    const ozc_inspected_entry *shown = &in->shown->entries[index].shown;
    if (shown->is_encrypted)
        inspect_note(in, index, inspect_content_at(shown), "it is encrypted");
    if (shown->method != 0)
        inspect_note(in, index, inspect_content_at(shown), "it is compressed (method %u, %s): nothing is inflated here",
                     shown->method, shown->method_name == NULL ? "unknown" : shown->method_name);
    else if (shown->has_sizes && shown->size != shown->packed_size)
        inspect_note(in, index, inspect_content_at(shown), "it is stored, and its sizes are %llu and %llu bytes",
                     (unsigned long long)shown->packed_size, (unsigned long long)shown->size);
}

void inspect_contents(struct inspecting *in)
{
    struct crypto *crypto = crypto_get();
    struct digesting d = {.in = in, .budget = 2 * in->shown->size};
    d.digest = crypto == NULL ? NULL : digest_new(crypto);
    d.piece = in->source->memory == NULL ? malloc(PIECE_SIZE) : NULL;
    if (d.digest == NULL || (d.piece == NULL && in->source->memory == NULL))
        inspect_fail(in, FAILURE_MEMORY);
    for (size_t i = 0; i < in->shown->entry_count && !inspect_is_over(in); i++) {
        note_method(in, i);
        digest_entry(&d, i);
    }
    digest_free(d.digest);
    free(d.piece);
}

char *inspect_read_part(struct inspecting *in, const char *role, size_t most, size_t *index, size_t *len)
{
    const ozc_inspection *shown = in->shown;
    *index = OZC_NO_ENTRY;
    for (size_t i = shown->entry_count; i-- > 0;)
        if (shown->entries[i].shown.role != NULL && strcmp(shown->entries[i].shown.role, role) == 0)
            *index = i;
    if (*index == OZC_NO_ENTRY || inspect_is_over(in))
        return NULL;
    const ozc_inspected_entry *entry = &shown->entries[*index].shown;
    if (!inspect_is_plain(entry))
        return NULL;
    if (entry->length > most) {
        inspect_note(in, *index, entry->offset, "it is too large to be taken apart here: %llu bytes, at most %zu",
                     (unsigned long long)entry->length, most);
        return NULL;
    }
    enum failure failure = FAILURE_MEMORY;
    *len = (size_t)entry->length;
    uint8_t *room = malloc(*len + 1);
    const uint8_t *bytes = room == NULL ? NULL : source_view(in->source, entry->offset, room, *len, &failure);
    if (bytes != NULL && bytes != room)
        memcpy(room, bytes, *len);
    if (bytes == NULL) {
        inspect_fail(in, failure);
        free(room);
        return NULL;
    }
    room[*len] = '\0';
    return (char *)room;
}
