/* report.h - a report from the inside. The checks fill it; nothing here points into the input. */
#ifndef REPORT_H
#define REPORT_H

#include "crypto.h"
#include "media_kind.h"

#include <ozcapsula.h>

enum entry_kind { ENTRY_PART, ENTRY_MEDIA, ENTRY_EXT };

struct entry {
    ozc_entry shown; /* its name stands in the report's names, its sha256 is NULL or `digest` */
    size_t name_len;
    uint64_t record; /* where its local record begins */
    uint32_t crc;    /* by both records */
    enum entry_kind kind;
    bool is_read;
    bool damaged;               /* its content does not have that CRC-32 */
    enum media_kind media_kind; /* media, once read */
    uint8_t digest[SHA256_SIZE];
};

#define FINDINGS_MOST 32 /* of each check and severity */

struct ozc_report {
    ozc_result result;
    bool switched_off[OZC_CHECK_COUNT];
    ozc_state states[OZC_CHECK_COUNT];
    char *failure;
    bool has_size;
    uint64_t size;

    ozc_finding *findings;
    size_t finding_count;
    size_t finding_room;
    size_t kept[OZC_CHECK_COUNT][2]; /* by severity */
    uint64_t omitted;

    struct entry *entries; /* file order */
    size_t entry_count;
    char *names;

    uint8_t content_id[SHA256_SIZE];
    ozc_session session; /* its texts are owned */
    int64_t keep_until;  /* single use: until when a used token has to be remembered */
    int64_t judged_at;
    ozc_signer signer; /* so is its key */
    char *payload;
    size_t payload_len;
    char *claims;
    size_t claims_len;
};

/* A report that has judged nothing: failed. NULL: out of memory. */
ozc_report *report_new(void);

/* Turns the report into a failure, whatever it has found. */
void report_fail(ozc_report *report, const char *why);

/* Is there room for one more finding of that rule's check and severity? If not, it is counted as left out. */
bool report_wants(ozc_report *report, const ozc_rule *rule);

/* Adds a finding that is wanted, behind those of its check and of the checks before. Copies `entry` (may be NULL) and
 * `text`. False: out of memory. */
bool report_add(ozc_report *report, const ozc_finding *finding);

#endif
