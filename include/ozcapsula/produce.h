/*
 * produce.h - the sender's side: session tokens, and containers.
 *
 * Private keys are PEM with exactly one block, PRIVATE KEY (PKCS#8, not encrypted), EC P-384, P-256 or Ed25519. They
 * are parsed for the call and wiped after it.
 */
#ifndef OZCAPSULA_PRODUCE_H
#define OZCAPSULA_PRODUCE_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a token shall say. Texts have 1 to 255 bytes of UTF-8. NULL leaves one out, but for jti: NULL makes a random one
   of 128 bits. */
typedef struct ozc_token_request {
    size_t struct_size;  /* sizeof(ozc_token_request): the structure may grow */
    int64_t issued_at;   /* `iat`; 0 or more */
    int64_t lifetime;    /* `exp` - `iat`; 1 to 2^31 */
    const char *kid;     /* which of the issuer's keys signs, in the header */
    const char *jti;     /* names the token, for single use */
    const char *iss;     /* who issues it */
    const char *aud;     /* whom it is for */
    const void *cnf_pem; /* public key of the device that will sign the container, as PEM; NULL: none */
    size_t cnf_len;      /* bytes of cnf_pem */
} ozc_token_request;

/* Starts a request: a life of 300 seconds, and nothing else. issued_at is 0 and has to be set. */
#define OZC_TOKEN_REQUEST_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(ozc_token_request), 0, 300, NULL, NULL, NULL, NULL, NULL, 0                                             \
    }

/* Makes a session token (docs/format.md, section 4): *token, a compact JWS without newline, freed by ozc_free.
   OZC_MISUSE: *why (freed by ozc_free; `why` may be NULL) says what is wrong. OZC_FAILED: out of memory, or no random
   bytes. */
OZC_API OZC_MUST_USE ozc_result ozc_token_issue(const ozc_token_request *request, const void *pem, size_t len,
                                                char **token, char **why);

/* A token taken apart, to be shown. Nothing of it is verified, but for ozc_token_is_signed_by. */
typedef struct ozc_token ozc_token;

/* Takes a token apart: `len` bytes, which are copied; *token is freed by ozc_token_free, and NULL unless OZC_VALID.
   OZC_REJECTED: no compact JWS with header and claims in strict JSON; *why (freed by ozc_free, may be NULL)
   says where, without any byte of the token. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_token_parse(const void *text, size_t len, ozc_token **token, char **why);

/* Frees a token; NULL is fine. */
OZC_API void ozc_token_free(ozc_token *token);

/* Header and claims as JSON on one line, in ASCII (other characters escaped). Borrowed until the token is freed. */
OZC_API const char *ozc_token_header(const ozc_token *token);
OZC_API const char *ozc_token_claims(const ozc_token *token);

/* The claim `exp`, where it is an integer from 0 to 2^53-1. Returns 0 and leaves *seconds alone where it is not,
   else 1. */
OZC_API int ozc_token_expires_at(const ozc_token *token, int64_t *seconds);

/* Does the public key verify the token, by the key's own algorithm? OZC_VALID, or OZC_REJECTED. Judges no claim.
   OZC_MISUSE: no such key; *why (freed by ozc_free, may be NULL) says what was found. OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_token_is_signed_by(const ozc_token *token, const void *pem, size_t len, char **why);

/* Makes one container. */
typedef struct ozc_packer ozc_packer;

/* A packer without entries. NULL: out of memory. */
OZC_API ozc_packer *ozc_packer_new(void);

/* Frees a packer; NULL is fine. What it has written stays. */
OZC_API void ozc_packer_free(ozc_packer *packer);

/* Why the last call refused, in words for people; "" when it did not. Borrowed until the next call. */
OZC_API const char *ozc_packer_error(const ozc_packer *packer);

/* Adds an entry: `payload.json`, `session_token`, `media/KEY` or `ext/NAME`. _data copies the bytes; _file reads
   the file when the container is written. OZC_MISUSE: another name, or one that was added before.
   OZC_FAILED: out of memory. */
OZC_API OZC_MUST_USE ozc_result ozc_packer_add_data(ozc_packer *packer, const char *name, const void *data, size_t len);
OZC_API OZC_MUST_USE ozc_result ozc_packer_add_file(ozc_packer *packer, const char *name, const char *path);

/* From now on `progress` (NULL: nobody) is called now and then while ozc_packer_write works, with how much of the work
   is done, on its thread. Anything but 0 cancels: the call then comes to OZC_FAILED, with nothing left behind. */
OZC_API void ozc_packer_set_progress(ozc_packer *packer, int (*progress)(void *user, uint64_t done, uint64_t total),
                                     void *user);

/* Judges `payload.json` against the media that were added, as a receiver would: all-faults, the checks payload, media
   and content, the others switched off. Needs no key and no token, and of the media reads the first bytes only. Offsets
   in the report count within payload.json. `*report` is freed by the caller; NULL where it did not come to one.
   OZC_REJECTED: the report says why. OZC_FAILED: files or memory (ozc_packer_error). */
OZC_API OZC_MUST_USE ozc_result ozc_packer_judge_payload(ozc_packer *packer, ozc_report **report);

/* Hashes, signs with the private key, writes to a temporary file beside `path`, judges that file as a receiver would
   (all-faults; the token's signature and claims are not judged), and only then puts it at `path`: whole or not at all.
   `*report` is that judgement, freed by the caller; NULL where it did not come to one, or the container could not be
   put there.
   What is above the limit on containers is judged by its size alone. What stands at `path`, a regular file or a link to
   one, is replaced only by a whole container, which gets its rights.
   OZC_REJECTED: a receiver would reject it; the report says why. OZC_MISUSE: a key that is none, a token that is no JWS
   or names another key (`cnf`) than the one that signs (ozc_packer_error). OZC_FAILED: files (one that changed while it
   was packed included) or memory, or it was cancelled. */
OZC_API OZC_MUST_USE ozc_result ozc_packer_write(ozc_packer *packer, const void *pem, size_t len, const char *path,
                                                 ozc_report **report);

#ifdef __cplusplus
}
#endif

#endif
