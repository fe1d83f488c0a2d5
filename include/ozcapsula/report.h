/*
 * report.h - what the validator found: verdict, state of each check, findings, entries; and its renderings.
 *
 * A NULL report answers "failed", never "valid". What the getters return is borrowed until the report is freed, or
 * ozc_report_claim changes it. Structures may grow at their end: take them by pointer.
 */
#ifndef OZCAPSULA_REPORT_H
#define OZCAPSULA_REPORT_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A report of a failure outside of the library (an upload that could not be spooled, say), so that it is rendered like
   any other: OZC_FAILED, with `why` as its failure. NULL: out of memory. */
OZC_API ozc_report *ozc_report_new_failed(const char *why);

/* Frees a report, and with it all that its getters returned; NULL is fine. */
OZC_API void ozc_report_free(ozc_report *report);

/* OZC_VALID, OZC_REJECTED or OZC_FAILED. */
OZC_API ozc_result ozc_report_result(const ozc_report *report);

/* 1: no check was switched off. 0: one was, or the result is OZC_FAILED. A valid report that is not complete is worth
   what its checks are. */
OZC_API int ozc_report_is_complete(const ozc_report *report);

/* What became of one check; OZC_SKIPPED where there is no such check. */
OZC_API ozc_state ozc_report_state(const ozc_report *report, ozc_check check);

/* 1: the check was switched off by the policy. */
OZC_API int ozc_report_is_switched_off(const ozc_report *report, ozc_check check);

/* The rule that decided: the first error. NULL unless rejected. */
OZC_API const ozc_rule *ozc_report_rule(const ozc_report *report);

/* The error to answer with, in either API. NULL when valid. When failed: code 0 of the Oz API, NULL for Extra Horizon,
   which has none. */
OZC_API const ozc_api_error *ozc_report_api_error(const ozc_report *report, ozc_api api);

/* The HTTP status to answer with; 0 when valid (the service's own choice), 500 when failed. */
OZC_API int ozc_report_http_status(const ozc_report *report, ozc_api api);

/* Why it failed; NULL unless it did. */
OZC_API const char *ozc_report_failure(const ozc_report *report);

/* The container's size. Returns 0 and leaves *size alone where it is not known, else 1. */
OZC_API int ozc_report_size(const ozc_report *report, uint64_t *size);

/* One thing that was found. Texts are ASCII, of the library's own making but for bytes of the container that are
   escaped and cut in them. */
typedef struct ozc_finding {
    const ozc_rule *rule; /* what was broken; never NULL */
    const char *entry;    /* the entry's name, escaped where it is no proper one; NULL: of no entry */
    int entry_is_name;    /* 1: `entry` is a name that docs/format.md, section 2.5 allows, byte for byte */
    int has_offset;       /* 1: it has a place */
    uint64_t offset;      /* in the container, where has_offset */
    const char *text;     /* what was found and what was expected */
    const char *hint;     /* what to do about it */
} ozc_finding;

/* Findings in the order of the checks, within a check as met; the first error is the verdict. NULL behind the last. */
OZC_API size_t ozc_report_finding_count(const ozc_report *report);
OZC_API const ozc_finding *ozc_report_finding(const ozc_report *report, size_t index);

/* How many more were met: of each check, 32 errors and 32 warnings are kept. */
OZC_API uint64_t ozc_report_findings_omitted(const ozc_report *report);

/* One entry of the archive. */
typedef struct ozc_entry {
    const char *name;            /* as docs/format.md, section 2.5 allows */
    uint64_t size;               /* in bytes */
    uint64_t offset;             /* of its content: everything is stored */
    const unsigned char *sha256; /* 32 bytes; NULL where it was not read or its CRC-32 is wrong */
} ozc_entry;

/* Entries in file order; none when `archive` did not pass. They are verified only when the report is valid. */
OZC_API size_t ozc_report_entry_count(const ozc_report *report);
OZC_API const ozc_entry *ozc_report_entry(const ozc_report *report, size_t index);

/* The SHA-256 of hashes.sha256, 32 bytes: it names the content, it is no verdict. NULL unless `hash` passed. */
OZC_API const unsigned char *ozc_report_content_id(const ozc_report *report);

/* What a verified token says. The texts are the issuer's, in UTF-8: show them escaped (ozc_plain_text). */
typedef struct ozc_session {
    const char *issuer_key; /* SHA-256 of the key's SPKI DER, in hex */
    const char *kid;        /* NULL where the token has none; so with jti and iss */
    const char *jti;        /* names the token */
    const char *iss;        /* who issued it */
    int has_issued_at;      /* 1: it has `iat` */
    int64_t issued_at;      /* `iat`, where has_issued_at */
    int64_t expires_at;     /* `exp`; the leeway is not in it */
} ozc_session;

/* The verified token; NULL unless `session_token` passed. */
OZC_API const ozc_session *ozc_report_session(const ozc_report *report);

/* Whose signature held. */
typedef struct ozc_signer {
    const char *key;   /* SHA-256 of the key's SPKI DER, in hex */
    int is_from_token; /* 1: the token's confirmation key (`cnf`), 0: a signer that the policy trusts */
} ozc_signer;

/* Who signed; NULL unless `signature` passed. */
OZC_API const ozc_signer *ozc_report_signer(const ozc_report *report);

/* The bytes of payload.json, and of the token's verified claims (a JSON object): copies, NUL terminated for
   convenience. NULL unless the report is valid; the claims are NULL, too, where session_token was switched off. */
OZC_API const char *ozc_report_payload(const ozc_report *report, size_t *len);
OZC_API const char *ozc_report_claims(const ozc_report *report, size_t *len);

/* Renderings: pure functions of the report. The caller frees the text by ozc_free. NULL: out of memory, or no body for
   this result.
 *
 *   _json          one object, docs/report.schema.json; `path` names the container in it (escaped)
 *   _text          one line, or with `verbose` every check and finding too; ends with a newline; no colour
 *   _oz            {"error_code", "error_message", "details"}; details null, or where `details` is not 0
 *                  {"rule", "entry", "offset"}. NULL when valid
 *   _extrahorizon  {"code", "name", "message"}. NULL when valid, and when failed: that API has no code for it
 *
 * The HTTP status that goes with a body is ozc_report_http_status. JSON comes on one line without a newline, in ASCII.
 */
OZC_API char *ozc_render_json(const ozc_report *report, const char *path);
OZC_API char *ozc_render_text(const ozc_report *report, const char *path, int verbose);
OZC_API char *ozc_render_oz(const ozc_report *report, int details);
OZC_API char *ozc_render_extrahorizon(const ozc_report *report);

/* A text of any bytes as one JSON string in ASCII, quotes included; what is no UTF-8 becomes U+FFFD. For programs that
   put reports into documents of their own. The caller frees it by ozc_free. NULL: out of memory. */
OZC_API char *ozc_json_string(const char *text);

/* A text of any bytes for a line of text: printable ASCII as it is, the rest as \xNN. The caller frees it by ozc_free.
   NULL: out of memory. */
OZC_API char *ozc_plain_text(const char *text);

#ifdef __cplusplus
}
#endif

#endif
