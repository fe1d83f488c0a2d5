/* claims.h - the claims of a session token (docs/format.md, section 4). */
#ifndef CLAIMS_H
#define CLAIMS_H

#include "crypto.h"
#include "json.h"

/* What the claims say, by type and range; what a policy wants of them is the check's business. */
struct claims {
    int64_t exp;
    bool has_iat;
    int64_t iat;
    bool has_nbf;
    int64_t nbf;
    const char *jti; /* NULL where it is missing; borrowed from the tree, so with the next two */
    const char *iss;
    const json_value *aud;
    struct key *confirmation_key; /* `cnf`; NULL: none. The caller frees it, whatever the result */
};

/* OZC_REJECTED: *what (static) says which claim is wrong and how, without any byte of it. */
ozc_result claims_read(struct crypto *crypto, const json_value *tree, struct claims *claims, const char **what);

/* The member `cnf` alone (RFC 7800): *key is NULL where there is none. */
ozc_result claims_read_confirmation(struct crypto *crypto, const json_value *tree, struct key **key, const char **what);

/* Is the text that of `aud`, or among those of it? */
bool claims_have_audience(const struct claims *claims, const char *audience);

#endif
