/* zip_bytes.h - ZIP files made record by record, right or wrong, for the tests of the inspection. */
#ifndef ZIP_BYTES_H
#define ZIP_BYTES_H

#include "support.h"

/* An entry as its records are to say it; change what is to be wrong. */
struct zip_entry {
    const char *name;
    const void *content;
    size_t len; /* of the content that is written */
    unsigned flags;
    unsigned method;
    uint32_t crc;
    uint32_t packed;
    uint32_t size;
    size_t at; /* where its local record was written */
};

/* A stored entry of that text, with nothing wrong. */
struct zip_entry zip_entry(const char *name, const char *content);

/* Each appends to bytes that start as {0}. */
void zip_put(struct bytes *zip, const void *bytes, size_t len);
void zip_put32(struct bytes *zip, uint32_t value);
void zip_local(struct bytes *zip, struct zip_entry *entry); /* with name and content */
void zip_central(struct bytes *zip, const struct zip_entry *entry);
void zip_end(struct bytes *zip, size_t entries, size_t directory, size_t directory_size);

/* Entries, directory and end record, with nothing wrong but what the entries say. */
struct bytes zip_of(struct zip_entry *entries, size_t count);

/* Inspects the bytes in a block of exactly their size, at CORPUS_TIME, and frees them. Never NULL. Holds the layout to
   what the header promises: each byte in one region, or in several of which all but the first overlap. */
ozc_inspection *inspect_bytes(struct bytes zip);

/* The same, without freeing. */
ozc_inspection *inspect_copy(struct bytes zip);

/* How many notes have that text in them. */
size_t notes_with(const ozc_inspection *inspection, const char *text);

/* The first region of that kind; NULL: there is none. */
const ozc_region *region_of(const ozc_inspection *inspection, ozc_region_kind kind);

#endif
