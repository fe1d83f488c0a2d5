/* token.h - a session token being read: header first, claims only once the caller wants them. */
#ifndef TOKEN_H
#define TOKEN_H

#include "crypto.h"
#include "json.h"
#include "jws.h"

struct token {
    struct jws jws;
    json_value *header;
    json_value *claims;
    const char *alg;
    const char *kid; /* NULL: none */
};

/* Takes the token apart and reads its header. OZC_REJECTED: it is malformed; `why` says how, without any byte of it.
   OZC_FAILED: memory. The caller frees the token, whatever the result. */
ozc_result token_read(const void *text, size_t len, size_t nesting, struct token *token, struct text *why);

/* Reads the claims as a strict JSON object. Results as above. */
ozc_result token_read_claims(struct token *token, size_t nesting, struct text *why);

/* Does the key verify the signature? A signature of the wrong length is OZC_REJECTED. */
ozc_result token_verify(const struct token *token, const struct key *key);

void token_free(struct token *token);

#endif
