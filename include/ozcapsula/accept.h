/*
 * accept.h - what follows a valid verdict: single use of the session token, and the bytes that were verified.
 */
#ifndef OZCAPSULA_ACCEPT_H
#define OZCAPSULA_ACCEPT_H

#ifndef OZCAPSULA_H
#error "include <ozcapsula.h>, which brings all of its parts in order"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A store of used tokens. It remembers them for the leeway of the policy that judged them, so policies of different
   leeway have stores of their own. */
typedef struct ozc_store ozc_store;

/* What a store says of a token that is to be used up. */
typedef enum ozc_claim {
    OZC_CLAIM_NEW = 0,   /* it was not there, and is now */
    OZC_CLAIM_USED = 1,  /* it was there */
    OZC_CLAIM_FAILED = 2 /* the store cannot say: never taken for new */
} ozc_claim;

/* A store by callbacks (a database, say). `claim` has to be atomic: of any number of calls with the same iss and jti,
   one gets OZC_CLAIM_NEW. It keeps the pair until the time keep_until has passed. `iss` is "" where the token has none.
   `now` is the time that the token was judged at. `close` (may be NULL) is called once, when the store is freed.
   Threads: as the callbacks allow. NULL: no claim callback, or out of memory. */
OZC_API ozc_store *ozc_store_new(ozc_claim (*claim)(void *user, const char *iss, const char *jti, int64_t keep_until,
                                                    int64_t now),
                                 void (*close)(void *user), void *user);

/* The store that ships: in memory, of this process only, for at most `capacity` (1 to 2^24) live tokens; about 100
   bytes for each. Safe for threads. When it is full of live tokens, or asked of one whose time had passed by the latest
   `now` that it has seen, it says OZC_CLAIM_FAILED. NULL: wrong capacity, or out of memory. */
OZC_API ozc_store *ozc_store_new_memory(size_t capacity);

/* Frees a store, when no thread uses it any more; NULL is fine. */
OZC_API void ozc_store_free(ozc_store *store);

/* Uses up the token of a valid report: the last step before a container is accepted. Never called by the validators, so
   that a rejected container uses up nothing. OZC_VALID: this was its first use. OZC_REJECTED: the report now says
   session_token.replayed, or session_token.claims for a token without jti. OZC_FAILED: the store could not say, and the
   report says so. OZC_MISUSE: the report is not valid or had session_token switched off; it stays as it is. */
OZC_API OZC_MUST_USE ozc_result ozc_report_claim(ozc_report *report, ozc_store *store);

/* Delivers the bytes of one entry of a valid report from a source, and holds them to the digest that was verified: what
   changed since is noticed at the end, so use nothing before ozc_reader_read has said the end. */
typedef struct ozc_reader ozc_reader;

/* Opens a reader. The report must be valid; it may be freed before the reader. The memory, the descriptor and the
   source are borrowed until the reader is freed. OZC_MISUSE: not valid, or no such entry. OZC_FAILED: out of memory, or
   it could not be opened. *reader is NULL on both. */
OZC_API OZC_MUST_USE ozc_result ozc_reader_new_memory(const ozc_report *report, const char *entry, const void *data,
                                                      size_t len, ozc_reader **reader);
OZC_API OZC_MUST_USE ozc_result ozc_reader_new_file(const ozc_report *report, const char *entry, const char *path,
                                                    ozc_reader **reader);
OZC_API OZC_MUST_USE ozc_result ozc_reader_new_fd(const ozc_report *report, const char *entry, int fd,
                                                  ozc_reader **reader);
OZC_API OZC_MUST_USE ozc_result ozc_reader_new_source(const ozc_report *report, const char *entry,
                                                      const ozc_source *source, ozc_reader **reader);

/* Reads the next up to `len` (at least 1) bytes. OZC_VALID with *got > 0: so many. OZC_VALID with *got == 0: the end,
   and all that was delivered has the verified digest. OZC_FAILED: it could not be read or has another digest; so is
   every call after it. */
OZC_API OZC_MUST_USE ozc_result ozc_reader_read(ozc_reader *reader, void *buffer, size_t len, size_t *got);

/* Frees a reader, and closes the file that it has opened itself; NULL is fine. */
OZC_API void ozc_reader_free(ozc_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
