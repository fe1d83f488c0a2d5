/*
 * catalogue.h - the checks, the rules and the errors of both APIs, as data.
 *
 * Everything here is constant and static: borrowed for ever, from any thread. Structures may grow at their end
 * in a minor version, so take them by pointer and never copy or allocate one. Source: docs/rules.md.
 */
#ifndef OZCAPSULA_CATALOGUE_H
#define OZCAPSULA_CATALOGUE_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The steps of the validator, in the order in which they run (docs/rules.md, section 2). */
typedef enum ozc_check {
    OZC_CHECK_INPUT = 0,
    OZC_CHECK_FORMAT,
    OZC_CHECK_ARCHIVE,
    OZC_CHECK_PAYLOAD,
    OZC_CHECK_MEDIA,
    OZC_CHECK_SESSION_TOKEN,
    OZC_CHECK_SIGNATURE,
    OZC_CHECK_INTEGRITY,
    OZC_CHECK_HASH,
    OZC_CHECK_CONTENT
} ozc_check;

/* How many checks there are in this version. */
#define OZC_CHECK_COUNT 10

/* The check's name ("session_token"); NULL when it is none. */
OZC_API const char *ozc_check_name(ozc_check check);

/* Finds a check by its name. OZC_MISUSE: there is none of that name. */
OZC_API OZC_MUST_USE ozc_result ozc_check_by_name(const char *name, ozc_check *check);

/* What became of a check: it did not run, it passed, it failed. */
typedef enum ozc_state { OZC_SKIPPED = 0, OZC_PASSED = 1, OZC_NOT_PASSED = 2 } ozc_state;

/* Whose errors: those of the Oz API (docs/rules.md, sections 1 and 4), or of Extra Horizon's (section 5). */
typedef enum ozc_api { OZC_API_OZ = 0, OZC_API_EXTRAHORIZON = 1 } ozc_api;

/* One error of one API. Oz codes 3, 4 and 5 stand here several times: each meaning is an error of its own. */
typedef struct ozc_api_error {
    ozc_api api;             /* whose it is */
    int code;                /* error_code, or Extra Horizon's code */
    const char *name;        /* "INVALID STRUCTURE", "BODY_FORMAT_EXCEPTION"; NULL: the API gives none */
    const char *message;     /* the exact error_message; NULL where the API leaves it to the case */
    const char *description; /* what it means */
    const char *origin;      /* Oz: the table it stands in; Extra Horizon: its group */
    int http_status;         /* to answer with */
    int http_is_stated;      /* 1: by the API's documentation, 0: inferred */
} ozc_api_error;

/* The whole catalogue in order: index 0, 1, 2 ... until NULL. */
OZC_API const ozc_api_error *ozc_api_error_at(size_t index);

/* The next error of that code, or of that name or message (ASCII case ignored), behind `after` (NULL: the first);
   NULL: no more. */
OZC_API const ozc_api_error *ozc_api_error_by_code(ozc_api api, int code, const ozc_api_error *after);
OZC_API const ozc_api_error *ozc_api_error_by_name(ozc_api api, const char *name, const ozc_api_error *after);

/* A finding that is an error decides; warnings never do. */
typedef enum ozc_severity { OZC_ERROR = 0, OZC_WARNING = 1 } ozc_severity;

/* One way to fail, or to be warned of, in a check. Ids and titles are public and do not change. */
typedef struct ozc_rule {
    const char *id;                    /* "hash.mismatch" */
    ozc_check check;                   /* the check that it belongs to */
    ozc_severity severity;             /* error or warning */
    const ozc_api_error *oz;           /* NULL for warnings */
    const ozc_api_error *extrahorizon; /* NULL for warnings */
    const char *title;                 /* one short sentence; the message of an Extra Horizon body */
    const char *text;                  /* when it fails */
    const char *hint;                  /* what to do about it */
} ozc_rule;

/* The rules in order: index 0, 1, 2 ... until NULL. */
OZC_API const ozc_rule *ozc_rule_at(size_t index);

/* The rule with that id; NULL: there is none. */
OZC_API const ozc_rule *ozc_rule_by_id(const char *id);

/* Reads an error body of either API ({"error_code": ...} or {"code": ...}), as a client has received it. Sets *error
   (never NULL on OZC_VALID; of several with the same code the one whose message it is) and *rule (NULL unless
   `details`, or an Extra Horizon `message`, is that of a known one). OZC_REJECTED: no JSON object of such a form, or a
   code that neither API has. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_api_error_from_body(const void *body, size_t len, const ozc_api_error **error,
                                                        const ozc_rule **rule);

/* The kind of media by a file's first bytes (192 are enough): "MP4", "JPEG"; NULL: none of the accepted kinds
   (docs/format.md, section 5). Good enough for a warning or a default, and for no more. */
OZC_API const char *ozc_media_kind(const void *bytes, size_t len);

#ifdef __cplusplus
}
#endif

#endif
