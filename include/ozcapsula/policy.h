/*
 * policy.h - what a receiver trusts and allows: keys, limits, which checks are on.
 *
 * Built by one thread, then read-only; see ozcapsula.h. Keys are parsed once, when they are added.
 */
#ifndef OZCAPSULA_POLICY_H
#define OZCAPSULA_POLICY_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What is trusted and allowed. Opaque; has owners (ozc_policy_ref). */
typedef struct ozc_policy ozc_policy;

/* A policy with the defaults: all checks on, first-fault, no keys, the limits of docs/format.md, section 2.
   NULL: out of memory, or OpenSSL lacks its default provider. */
OZC_API ozc_policy *ozc_policy_new(void);

/* One more owner of the policy: safe from any thread. Returns it. */
OZC_API ozc_policy *ozc_policy_ref(ozc_policy *policy);

/* One owner less; the last one frees it. */
OZC_API void ozc_policy_free(ozc_policy *policy);

/* Why the last setter that returns a result refused, in words for people; "" when it did not. Borrowed until the next
   setter. Never holds key material. */
OZC_API const char *ozc_policy_error(const ozc_policy *policy);

/* Trust a public key: the token issuer's (under the key id `kid`, or for every token where NULL), or one that may sign
   containers whose token names no key itself (`cnf`). `pem` is PEM with exactly one block, PUBLIC KEY, of an EC key on
   P-384 or P-256 (named curve) or an Ed25519 key. Repeat for more keys; the same id may repeat.
   OZC_MISUSE: it is anything else (ozc_policy_error says what was found), or it would be both an issuer's
   and a signer's. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_trust_issuer(ozc_policy *policy, const char *kid, const void *pem,
                                                        size_t len);
OZC_API OZC_MUST_USE ozc_result ozc_policy_trust_signer(ozc_policy *policy, const void *pem, size_t len);

/* Drops the issuer or the signer keys, to put others in their place. */
OZC_API void ozc_policy_clear_issuers(ozc_policy *policy);
OZC_API void ozc_policy_clear_signers(ozc_policy *policy);

/* The limits of docs/format.md, section 2. Each is inclusive. */
typedef enum ozc_limit {
    OZC_LIMIT_CONTAINER = 0, /* bytes; default 1 GiB, below 4 GiB */
    OZC_LIMIT_ENTRIES,       /* default 128, at most 4096 */
    OZC_LIMIT_ENTRY,         /* bytes of one entry; default 512 MiB, below 4 GiB */
    OZC_LIMIT_PAYLOAD,       /* bytes of payload.json; default 256 KiB, at most 16 MiB */
    OZC_LIMIT_SESSION_TOKEN, /* bytes; default 16 KiB, at most 1 MiB */
    OZC_LIMIT_HASHES,    /* bytes of hashes.sha256; default 322 for each entry that OZC_LIMIT_ENTRIES allows, at most
                            322 * 4096 */
    OZC_LIMIT_SIGNATURE, /* bytes; default 1 KiB, at most 1 MiB */
    OZC_LIMIT_NESTING    /* objects and arrays open at one time in JSON; default 64, at most 1000 */
} ozc_limit;

/* How many limits there are in this version. */
#define OZC_LIMIT_COUNT 8

/* Sets a limit. OZC_MISUSE: zero (it never means unlimited), or over what is said above. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_limit(ozc_policy *policy, ozc_limit limit, uint64_t value);

/* The limit in force; 0 when there is no such limit. */
OZC_API uint64_t ozc_policy_limit(const ozc_policy *policy, ozc_limit limit);

/* Switches a check off: it is reported as skipped and the report as not complete. With session_token off, `cnf`
   is not looked at. OZC_MISUSE: a check other than session_token, signature and content. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_skip(ozc_policy *policy, ozc_check check);

/* All checks on again. */
OZC_API void ozc_policy_skip_none(ozc_policy *policy);

/* First-fault (the default) stops at the first fault, so no media byte is read for a container whose token or signature
   does not hold. All-faults goes on, so that one run shows every fault. The verdict is the same. */
typedef enum ozc_mode { OZC_FIRST_FAULT = 0, OZC_ALL_FAULTS = 1 } ozc_mode;
OZC_API void ozc_policy_set_mode(ozc_policy *policy, ozc_mode mode);

/* Clock differences that are forgiven, in seconds: default 30, 0 to 86400. OZC_MISUSE: outside of it. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_leeway(ozc_policy *policy, int64_t seconds);

/* How long a token may be made to live, in seconds: default 600, 1 to 2^31. OZC_MISUSE: outside of it. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_lifetime(ozc_policy *policy, int64_t seconds);

/* Warn (session_token.short_life) of a token that has fewer seconds left when it is judged, the leeway not counted: for
   senders, before the upload. Default 0: never; at most 2^31. OZC_MISUSE: outside of it. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_min_token_life(ozc_policy *policy, int64_t seconds);

/* How many threads may read one container at once: default 1, the calling thread; at most 64. With more, large entries
   are read side by side by threads of the library's own, which end with the call; and where there are twice as many
   threads as large entries, each of these is read ahead. Sources by callback are read by the calling thread alone.
   OZC_MISUSE: outside of it. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_threads(ozc_policy *policy, size_t threads);

/* What the token's `iss` has to be, and what has to be among its `aud`. NULL: `iss` is not looked at; a token with
   `aud` is refused (RFC 7519, 4.1.3). OZC_MISUSE: empty, over 255 bytes or no UTF-8. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_iss(ozc_policy *policy, const char *iss);
OZC_API OZC_MUST_USE ozc_result ozc_policy_set_aud(ozc_policy *policy, const char *aud);

/* One more type of analysis that payload.json may ask for, besides the four known ones; ASCII case is ignored.
   OZC_MISUSE: empty, over 255 bytes, no UTF-8, or over 64 of them. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_add_analysis(ozc_policy *policy, const char *type);

/* Drops the added types of analysis. */
OZC_API void ozc_policy_clear_analyses(ozc_policy *policy);

/* Takes settings from a JSON text of at most 1 MiB (docs/policy.md). A setting that stands there replaces the one in
   force. Key files that it names are looked up in the folder `base` (NULL: it must not name any). OZC_MISUSE:
   ozc_policy_error says what is wrong, for JSON with line and column; the policy may then be half set and has to be
   freed. OZC_FAILED: a file could not be read, or out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_load_json(ozc_policy *policy, const void *json, size_t len,
                                                     const char *base);

/* The whole policy, defaults included, as such a JSON text: indented, in ASCII, ends with a newline. Keys stand in it
   as PEM, with the SHA-256 of their SPKI DER, so it needs no files, and it makes the same policy again; every limit is
   then one that was set. The caller frees it by ozc_free. NULL: out of memory, or no policy. */
OZC_API char *ozc_policy_json(const ozc_policy *policy);

/* Can the policy judge? OZC_MISUSE: no issuer key while session_token is on, or no signer key while it is off and
   signature is on; `*why` then says it and names the ways out (static text; `why` may be NULL). The validators ask this
   themselves. */
OZC_API OZC_MUST_USE ozc_result ozc_policy_ready(const ozc_policy *policy, const char **why);

#ifdef __cplusplus
}
#endif

#endif
