/*
 * ozcapsula.h - check OzCapsula data containers, and map each failure to exactly one API error.
 *
 * A container is one ZIP file that carries the media of a biometric check, payload.json, a list of hashes,
 * a signature and a session token: an open profile, described in docs/format.md. The vendor of OzCapsula
 * does not publish the inside of its own, encrypted containers: they are not readable here.
 *
 *     ozc_policy *policy = ozc_policy_new();               what is trusted, and what is allowed
 *     ozc_policy_trust_issuer(policy, NULL, pem, len);
 *     ozc_report *report = NULL;
 *     ozc_result result = ozc_validate_file(policy, "upload.ozc", NULL, &report);
 *
 * Conventions of the whole API
 *   results    every function that can fail returns ozc_result, or a pointer that may be NULL; zero means one
 *              thing only: every check that is on has passed (or, for a setting: it was taken).
 *   ownership  what comes from ozc_NOUN_new goes by ozc_NOUN_free, NULL is fine. "Borrowed" pointers stay good
 *              until their handle goes. What is passed in is copied, but for sources, which say so.
 *   sizes      in bytes; times in seconds since 1970-01-01T00:00:00Z; offsets from the container's first byte.
 *   texts      NUL terminated UTF-8; texts about a container are ASCII: its bytes are escaped and cut in them.
 *   threads    a policy is built by one thread and is read-only from its first use on: then any number of threads
 *              may use it at once. A report, an inspection, a reader, a packer and a token belong to one thread at
 *              a time. The catalogue is constant. The library starts a thread only where the policy asks for some.
 *   the world  no locale, environment, network, configuration file (but for what libzip and OpenSSL read by themselves:
 *              docs/limits.md) or temporary file (but for the packer's, beside its output); the wall clock only where
 *              ozc_call asks for it. Global are only the OpenSSL library context, made at the first need and kept, and
 *              the locks around it and around cJSON's parser.
 */
#ifndef OZCAPSULA_H
#define OZCAPSULA_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header: as text, and as major << 16 | minor << 8 | patch. What may change in which: a minor
   version adds, a major one may take away (docs/upgrading.md). */
#define OZC_VERSION "0.1.0"
#define OZC_VERSION_NUMBER 0x000100

/* OZC_API marks what leaves the library; OZC_MUST_USE a result that must be looked at: compilers warn where it is not.
 */
#if defined(__GNUC__)
#define OZC_API __attribute__((visibility("default")))
#define OZC_MUST_USE __attribute__((warn_unused_result))
#else
#define OZC_API
#define OZC_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to. The program's exit status is the same number. */
typedef enum ozc_result {
    OZC_VALID = 0,    /* every check that is on has passed; a setting was taken */
    OZC_REJECTED = 1, /* the report says why */
    OZC_MISUSE = 2,   /* wrong arguments or settings; nothing was judged */
    OZC_FAILED = 3    /* it could not be checked: memory, reading, cancelled. No verdict */
} ozc_result;

/* The version of the library that is linked, where OZC_VERSION and OZC_VERSION_NUMBER are the header's. The text is
   static. Any thread. */
OZC_API const char *ozc_version(void);
OZC_API int ozc_version_number(void);

/* Frees a text that a function of this library returned for the caller to free. NULL is fine. Any thread. */
OZC_API void ozc_free(void *text);

#ifdef __cplusplus
}
#endif

#include "ozcapsula/catalogue.h" /* checks, rules, API errors */
#include "ozcapsula/policy.h"    /* keys, limits, what is checked */
#include "ozcapsula/validate.h"  /* sources, the validator */
#include "ozcapsula/report.h"    /* verdict, findings, entries, renderers */
#include "ozcapsula/accept.h"    /* after a valid verdict: single use, the reader of verified bytes */
#include "ozcapsula/produce.h"   /* session tokens, the packer */
#include "ozcapsula/inspect.h"   /* what is in a file, valid or not: nothing of it verified */

#endif
