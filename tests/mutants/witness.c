/*
 * Two witnesses of what a mutant holds: libzip, opened here over the bare bytes and not by the library; and the
 * library's own reader of verified entries. Each is compared with the container that the mutant was made from.
 */
#include "witness.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static bool is_name(const char *name, const struct item *item)
{
    return name != NULL && strlen(name) == item->name.len && memcmp(name, item->name.bytes, item->name.len) == 0;
}

static bool libzip_unpacks(zip_t *archive, size_t index, const struct item *item)
{
    size_t room = item->content.len + 1;
    unsigned char *bytes = malloc(room);
    zip_file_t *file = zip_fopen_index(archive, index, 0);
    size_t have = 0;
    zip_int64_t got = 0;
    while (file != NULL && have < room && (got = zip_fread(file, bytes + have, room - have)) > 0)
        have += (size_t)got;
    bool same = file != NULL && got == 0 && have == item->content.len && memcmp(bytes, item->content.bytes, have) == 0;
    if (file != NULL)
        same = zip_fclose(file) == 0 && same;
    free(bytes);
    return same;
}

bool libzip_unpacks_the_same(const struct container *c, struct bytes mutant)
{
    zip_source_t *source = zip_source_buffer_create(mutant.data, mutant.len, 0, NULL);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, NULL);
    if (archive == NULL) {
        zip_source_free(source);
        return false;
    }
    bool same = zip_get_num_entries(archive, 0) == (zip_int64_t)c->count;
    for (size_t i = 0; same && i < c->count; i++)
        same =
            is_name(zip_get_name(archive, i, ZIP_FL_ENC_RAW), &c->items[i]) && libzip_unpacks(archive, i, &c->items[i]);
    zip_discard(archive);
    return same;
}

static bool reader_delivers(const ozc_report *report, struct bytes mutant, const ozc_entry *entry,
                            const struct item *item)
{
    unsigned char piece[100];
    ozc_reader *reader = NULL;
    size_t have = 0;
    size_t got = 0;
    if (ozc_reader_new_memory(report, entry->name, mutant.data, mutant.len, &reader) != OZC_VALID)
        return false;
    ozc_result result = OZC_FAILED;
    bool same = true;
    while (same && (result = ozc_reader_read(reader, piece, sizeof piece, &got)) == OZC_VALID && got > 0) {
        same = got <= item->content.len - have && memcmp(piece, item->content.bytes + have, got) == 0;
        have += got;
    }
    ozc_reader_free(reader);
    return same && result == OZC_VALID && have == item->content.len;
}

static bool has_content_id(const struct container *c, const ozc_report *report)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    for (size_t i = 0; i < c->count; i++)
        if (is_name("hashes.sha256", &c->items[i])) {
            SHA256(c->items[i].content.bytes, c->items[i].content.len, digest);
            return memcmp(digest, ozc_report_content_id(report), sizeof digest) == 0;
        }
    return false;
}

bool reader_delivers_the_same(const struct container *c, const ozc_report *report, struct bytes mutant)
{
    bool same = ozc_report_entry_count(report) == c->count && has_content_id(c, report);
    for (size_t i = 0; same && i < c->count; i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        same = is_name(entry->name, &c->items[i]) && reader_delivers(report, mutant, entry, &c->items[i]);
    }
    return same;
}
