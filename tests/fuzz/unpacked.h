/* unpacked.h - a valid container, unpacked by libzip and by the reader of verified entries. */
#ifndef UNPACKED_H
#define UNPACKED_H

#include "fuzz.h"

/* libzip lists the entries of the report, and unpacks them to the digests of the report and of hashes.sha256. */
void must_unpack_alike(const ozc_report *report, const uint8_t *bytes, size_t len);

/* The reader delivers each entry from a source in odd pieces. */
void must_read_alike(const ozc_report *report, const uint8_t *bytes, size_t len, uint32_t reads);

#endif
