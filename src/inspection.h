/*
 * inspection.h - an inspection from the inside, and what the files that make one share.
 *
 * The validator uses nothing of this, and nothing of it decides anything. inspect.c knows the order: the directory,
 * what is found without it, the layout, the contents, then payload and token.
 */
#ifndef INSPECTION_H
#define INSPECTION_H

#include "archive.h"
#include "json.h"
#include "source.h"
#include "window.h"
#include "zip_records.h"

/* The bounds that ozcapsula/inspect.h states. */
#define ENTRIES_KEPT 4096
#define CLAIMS_KEPT 32767                        /* with gaps between them: 65535 regions */
#define NOTES_KEPT 32                            /* of each sentence, so that none drowns the others */
#define SENTENCES 64                             /* more than there are */
#define HASHES_READ ((size_t)322 * ENTRIES_KEPT) /* the longest lines */
#define PAYLOAD_READ ((size_t)1 << 20)
#define TOKEN_READ ((size_t)64 << 10)
#define INSPECT_NESTING 64

struct inspected {
    ozc_inspected_entry shown; /* its name is owned; its sha256 is NULL or `digest` */
    char raw[NAME_MOST + 1];   /* the first bytes of the name, NUL terminated */
    size_t raw_len;
    uint8_t digest[SHA256_SIZE];
};

struct ozc_inspection {
    char *failure;
    bool has_size;
    uint64_t size;
    const char *looks_like;
    int64_t time;

    struct inspected *entries;
    size_t entry_count;
    size_t entry_room;
    uint64_t entries_omitted;

    ozc_region *regions;
    size_t region_count;
    size_t region_room;
    uint64_t regions_omitted;

    ozc_note *notes; /* their texts are owned */
    size_t note_count;
    size_t note_room;
    uint64_t notes_omitted;

    bool has_content_id;
    uint8_t content_id[SHA256_SIZE];

    char *payload;
    size_t payload_len;
    char *payload_fault;
    json_value *payload_tree; /* the texts below are borrowed from it, and keys of entries from their raw names */
    ozc_payload_medium *media;
    size_t medium_count;
    ozc_payload_analysis *analyses;
    size_t analysis_count;
    const char **words; /* tags and source media of all of them */

    ozc_token *token;
    char *token_fault;
    bool has_life;
    int64_t life;
    char confirmation_key[2 * SHA256_SIZE + 1]; /* "": none */
};

/* An inspection that is being made. */
struct inspecting {
    ozc_inspection *shown;
    const struct source *source;
    const ozc_call *call;
    struct window window;
    enum failure failure; /* the first one, or the one that ended it */
    uint64_t end_at;      /* where the end record stands, or the file's size */
    bool has_end;
    uint64_t done; /* bytes of content read so far, for the progress */
    struct {
        const char *format; /* NULL: none behind it */
        size_t count;
    } said[SENTENCES];
};

/* Is there no use in going on: out of memory, or cancelled? Reading that fails stops only what wanted the bytes. */
static inline bool inspect_is_over(const struct inspecting *in)
{
    return in->failure == FAILURE_MEMORY || in->failure == FAILURE_CANCELLED;
}

/* Keeps the first failure, unless this one ends it all. */
void inspect_fail(struct inspecting *in, enum failure failure);

/* Tells the caller how far it is; he may cancel. */
void inspect_tell(struct inspecting *in);

/* `len` bytes (at most WINDOW_SIZE) at `at`, good until the next call. NULL: the file has no such bytes, or they could
   not be read. */
const uint8_t *inspect_view(struct inspecting *in, uint64_t at, size_t len);

/* Up to LOOK_BYTES bytes at `at`, in a word. */
const char *inspect_look(struct inspecting *in, uint64_t at, uint64_t len);

/* Adds an entry of those fields, with the name at `name_at`, as far as it is in the file. Returns its index, or
   OZC_NO_ENTRY where it is omitted. */
size_t inspect_add(struct inspecting *in, const struct zip_fields *fields, uint64_t name_at, ozc_found found);

/* Says that those bytes, as far as they are in the file, are that. */
void inspect_claim(struct inspecting *in, ozc_region_kind kind, uint64_t offset, uint64_t length, size_t entry);

#define NO_OFFSET UINT64_MAX

/* Where a note about an entry's record or content points: nowhere, unless the file has its record. */
static inline uint64_t inspect_record_at(const ozc_inspected_entry *entry)
{
    return entry->has_record ? entry->record : NO_OFFSET;
}

static inline uint64_t inspect_content_at(const ozc_inspected_entry *entry)
{
    return entry->has_record ? entry->offset : NO_OFFSET;
}

/* Adds a note: the format says in one sentence what was found. */
void inspect_note(struct inspecting *in, size_t entry, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The first entry of that role that is stored, not encrypted and wholly there, with at most `most` bytes, read. NULL:
   there is none, or it could not be read; *index is OZC_NO_ENTRY if there is none by that role at all. */
char *inspect_read_part(struct inspecting *in, const char *role, size_t most, size_t *index, size_t *len);

/* Is its content there as it is: stored, not encrypted, all of it within the file? */
bool inspect_is_plain(const ozc_inspected_entry *entry);

/* The steps, in their order. */
void inspect_directory(struct inspecting *in);
void inspect_scan(struct inspecting *in);
void inspect_layout(struct inspecting *in);
void inspect_contents(struct inspecting *in);
void inspect_names(struct inspecting *in);
void inspect_hashes(struct inspecting *in);
void inspect_payload(struct inspecting *in);
void inspect_token(struct inspecting *in);

#endif
