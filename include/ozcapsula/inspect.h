/*
 * inspect.h - what is in a file, byte by byte, whether it is a valid container or not.
 *
 * Nothing here is verified, and no part of it is a verdict: names, sizes, claims and digests are what the bytes say of
 * themselves. That is for people who look for a fault, and for programs that show them a container. What may be
 * accepted is for ozc_validate_... (validate.h) alone to say, which uses nothing of this.
 *
 * What the getters return is borrowed until the inspection is freed; a NULL inspection has nothing of anything.
 * Structures may grow at their end: take them by pointer.
 */
#ifndef OZCAPSULA_INSPECT_H
#define OZCAPSULA_INSPECT_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What was found in one file: made by ozc_inspect_..., freed by ozc_inspection_free. One thread at a time. */
typedef struct ozc_inspection ozc_inspection;

/* Looks at one file, as far as it can be read. `call` may be NULL; its time is the one at which the token's life is
 * counted. Sources are borrowed during the call, as by the validators.
 *
 * NULL: wrong arguments, or out of memory. Otherwise the caller frees it by ozc_inspection_free; what could not be read
 * is said by ozc_inspection_failure. There is no ozc_result, so that nothing here can be taken for "valid".
 *
 * No policy bounds it, for what is over a limit is to be seen too. Its own bounds: 4096 entries, 32767
 * records and contents (with the gaps between them at most 65535 regions) and 32 notes of a kind are kept, the rest is
 * counted; a payload of 1 MiB, a token of 64 KiB and a hash list of 322 * 4096 bytes are taken apart, JSON up to 64
 * levels; the content of entries is read in pieces, of all entries together at most twice the file's size. */
OZC_API OZC_MUST_USE ozc_inspection *ozc_inspect_memory(const void *data, size_t len, const ozc_call *call);
OZC_API OZC_MUST_USE ozc_inspection *ozc_inspect_file(const char *path, const ozc_call *call);
OZC_API OZC_MUST_USE ozc_inspection *ozc_inspect_fd(int fd, const ozc_call *call);
OZC_API OZC_MUST_USE ozc_inspection *ozc_inspect_source(const ozc_source *source, const ozc_call *call);

/* An inspection of what could not be had at all (standard input that could not be spooled, say), so that it is shown
   like any other. NULL: out of memory. */
OZC_API OZC_MUST_USE ozc_inspection *ozc_inspection_new_failed(const char *why);

/* Frees the inspection and all that its getters have returned. NULL is fine. */
OZC_API void ozc_inspection_free(ozc_inspection *inspection);

/* Why not all of it could be read (a file that is not there, a read error, cancelled), as the caller or the library has
   put it; NULL: it could. What was read is there all the same. */
OZC_API const char *ozc_inspection_failure(const ozc_inspection *inspection);

/* The size of the file. Returns 0 and leaves *size alone where it is not known, else 1. */
OZC_API int ozc_inspection_size(const ozc_inspection *inspection, uint64_t *size);

/* What the file looks like by its first bytes: "OzCapsula container, profile 1", "ZIP", "MP4", "gzip", ...; NULL: like
   nothing that is known here, or it is empty. */
OZC_API const char *ozc_inspection_looks_like(const ozc_inspection *inspection);

/* How entries were found. */
typedef enum ozc_found {
    OZC_FOUND_NOT = 0,      /* the file has no record of a ZIP file */
    OZC_FOUND_BY_DIRECTORY, /* in the central directory that the end record leads to */
    OZC_FOUND_BY_CHAIN,     /* by the local records alone, each one right behind what comes before it */
    OZC_FOUND_BY_SEARCH     /* by looking for the signature of a record: may be a chance likeness */
} ozc_found;

/* "directory", "local records", "search"; "none" for OZC_FOUND_NOT. */
OZC_API const char *ozc_found_name(ozc_found found);

/* How the first of the entries was found: by the directory where there is one. */
OZC_API ozc_found ozc_inspection_found(const ozc_inspection *inspection);

/* What came of holding one thing against another. */
typedef enum ozc_likeness {
    OZC_NOT_COMPARED = 0, /* one of the two is not there, or could not be read */
    OZC_SAME = 1,
    OZC_OTHER = 2
} ozc_likeness;

/* An entry, as the file tells of it. */
typedef struct ozc_inspected_entry {
    const char *name;   /* escaped: printable ASCII as it is, `\` doubled, the rest \xNN; cut after 255 bytes */
    size_t name_len;    /* of the name as it stands in the file */
    int name_is_proper; /* 1: a name that docs/format.md, section 2.5 allows */
    const char *role;   /* "mimetype", "payload", "media", "session_token", "hashes", "signature", "ext"; NULL: none */
    ozc_found found;    /* how this one was found */
    unsigned method;    /* 0: stored. Nothing is inflated here */
    const char *method_name; /* "stored", "deflated", ...; NULL: no known one */
    int is_encrypted;        /* 1: its records say so */
    int has_sizes;           /* 0: they are not said, or where they are said is not known here (ZIP64) */
    uint64_t size;           /* unpacked, as said */
    uint64_t packed_size;    /* in the file, as said */
    int has_record;          /* 1: its local record is there */
    uint64_t record;         /* where its local record is, or is said to be */
    uint64_t offset;         /* of its content, in the file, where has_record */
    uint64_t length;         /* of its content, as far as it is in the file */
    uint32_t crc32;          /* as said */
    ozc_likeness crc;        /* the content's own to that one */
    const uint8_t *sha256;   /* 32 bytes, of the content as it stands; NULL unless it is stored, there and was read */
    int is_listed;           /* 1: hashes.sha256 has a line for it */
    ozc_likeness listed;     /* its SHA-256 to that line's */
    const char *kind;        /* what its first bytes look like: "MP4", "JSON"; NULL: nothing known, or not stored */
} ozc_inspected_entry;

/* Entries, in the order of the directory, then of the file. NULL behind the last. */
OZC_API size_t ozc_inspection_entry_count(const ozc_inspection *inspection);
OZC_API const ozc_inspected_entry *ozc_inspection_entry(const ozc_inspection *inspection, size_t index);

/* How many entries more there are, at least. */
OZC_API uint64_t ozc_inspection_entries_omitted(const ozc_inspection *inspection);

/* What a part of the file is. */
typedef enum ozc_region_kind {
    OZC_REGION_LOCAL_RECORD = 0,
    OZC_REGION_NAME,
    OZC_REGION_EXTRA_FIELD,
    OZC_REGION_CONTENT,
    OZC_REGION_DATA_DESCRIPTOR,
    OZC_REGION_CENTRAL_RECORD, /* with name, extra field and comment */
    OZC_REGION_OTHER_RECORD,   /* another record of a ZIP file: ZIP64, a digital signature */
    OZC_REGION_END_RECORD,
    OZC_REGION_ARCHIVE_COMMENT,
    OZC_REGION_GAP,       /* bytes that belong to nothing */
    OZC_REGION_TRAILING,  /* bytes behind the end record */
    OZC_REGION_NOT_SHOWN, /* bytes that may belong to what is omitted */
    OZC_REGION_OTHER_FILE /* the whole of a file that has no record of a ZIP file */
} ozc_region_kind;

/* How many kinds of region there are: 0 to OZC_REGION_KIND_COUNT - 1. */
#define OZC_REGION_KIND_COUNT 13

/* The index of an entry where there is none. */
#define OZC_NO_ENTRY ((size_t)-1)

/* "local record", "gap"; NULL when it is none. */
OZC_API const char *ozc_region_kind_name(ozc_region_kind kind);

/* A part of the file, within it and never empty. */
typedef struct ozc_region {
    uint64_t offset;        /* in the file, in bytes */
    uint64_t length;        /* in bytes, never 0 */
    ozc_region_kind kind;   /* what it is */
    size_t entry;           /* the index of the entry that it belongs to, or OZC_NO_ENTRY */
    int overlaps;           /* 1: it begins before the end of what stands before it */
    const char *looks_like; /* gaps, trailing bytes, other records: what they look like; NULL: nothing known */
} ozc_region;

/* The layout of the whole file by offset: the regions cover each of its bytes, and those that do not overlap cover none
   twice. NULL behind the last. */
OZC_API size_t ozc_inspection_region_count(const ozc_inspection *inspection);
OZC_API const ozc_region *ozc_inspection_region(const ozc_inspection *inspection, size_t index);

/* How many regions more there are, at least. */
OZC_API uint64_t ozc_inspection_regions_omitted(const ozc_inspection *inspection);

/* Something worth a look. Notes are no findings: they follow no rule, are not complete and decide nothing. */
typedef struct ozc_note {
    size_t entry;     /* the index of the entry that it is about, or OZC_NO_ENTRY */
    int has_offset;   /* 1: it is about one place in the file */
    uint64_t offset;  /* where has_offset */
    const char *text; /* in English, printable ASCII */
} ozc_note;

/* Notes as met. NULL behind the last. */
OZC_API size_t ozc_inspection_note_count(const ozc_inspection *inspection);
OZC_API const ozc_note *ozc_inspection_note(const ozc_inspection *inspection, size_t index);

/* How many notes more were met. */
OZC_API uint64_t ozc_inspection_notes_omitted(const ozc_inspection *inspection);

/* The SHA-256 of hashes.sha256 as it stands, 32 bytes; NULL where it could not be read. */
OZC_API const uint8_t *ozc_inspection_content_id(const ozc_inspection *inspection);

/* The bytes of payload.json: as they stand, NUL terminated for convenience. NULL where they could not be read. */
OZC_API const char *ozc_inspection_payload(const ozc_inspection *inspection, size_t *len);

/* Why no summary could be made of payload.json; NULL: there is one, or there is no payload to be read. */
OZC_API const char *ozc_inspection_payload_fault(const ozc_inspection *inspection);

/* What the payload says of one media key, which may be nothing where there is an entry of it. Keys, tags and types are
   texts of the payload, in UTF-8 and not escaped: ozc_plain_text before they reach a terminal. */
typedef struct ozc_payload_medium {
    const char *key;         /* the name of the medium, without media/ */
    int is_entry;            /* 1: there is an entry media/KEY */
    int is_in_meta_data;     /* 1: media:meta_data has it */
    int is_in_tags;          /* 1: media:tags has it */
    const char *const *tags; /* those that are strings */
    size_t tag_count;        /* of those in tags */
} ozc_payload_medium;

/* An analysis that the payload asks for. */
typedef struct ozc_payload_analysis {
    const char *type;                /* NULL: none, or no string */
    int has_source_media;            /* 0: it asks for all media */
    const char *const *source_media; /* those that are strings */
    size_t source_media_count;       /* of those in source_media */
} ozc_payload_analysis;

/* Media by key, bytewise: those of entries and those that the payload names. NULL behind the last. */
OZC_API size_t ozc_inspection_medium_count(const ozc_inspection *inspection);
OZC_API const ozc_payload_medium *ozc_inspection_medium(const ozc_inspection *inspection, size_t index);

/* Analyses in the order of the payload. NULL behind the last. */
OZC_API size_t ozc_inspection_analysis_count(const ozc_inspection *inspection);
OZC_API const ozc_payload_analysis *ozc_inspection_analysis(const ozc_inspection *inspection, size_t index);

/* The session token, taken apart (produce.h); NULL where there is none that can be. Not verified: ask
   ozc_token_is_signed_by, with a key. */
OZC_API const ozc_token *ozc_inspection_token(const ozc_inspection *inspection);

/* Why the session token could not be taken apart; NULL: it could, or there is none to be read. */
OZC_API const char *ozc_inspection_token_fault(const ozc_inspection *inspection);

/* How long the token still lives by its claim `exp`: seconds, 0 or less where it is over. Returns 0 and leaves *seconds
   alone where it does not say, else 1. No leeway is counted in. */
OZC_API int ozc_inspection_token_life(const ozc_inspection *inspection, int64_t *seconds);

/* The time at which that was counted. */
OZC_API int64_t ozc_inspection_time(const ozc_inspection *inspection);

/* The key that the token names for its bearer (`cnf`): the SHA-256 of its SPKI DER, in hex. NULL: none that is one. */
OZC_API const char *ozc_inspection_confirmation_key(const ozc_inspection *inspection);

/* All of it as one JSON document in ASCII on one line without a newline: docs/inspect.schema.json. `path` names the
   file in it (escaped). A NULL inspection is rendered as one that failed. The caller frees it by ozc_free. NULL: out of
   memory. */
OZC_API OZC_MUST_USE char *ozc_render_inspection(const ozc_inspection *inspection, const char *path);

#ifdef __cplusplus
}
#endif

#endif
