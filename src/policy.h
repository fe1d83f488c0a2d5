/* policy.h - a policy from the inside: constant while anything is judged. */
#ifndef POLICY_H
#define POLICY_H

#include "crypto.h"

#include <stdatomic.h>

struct issuer {
    char *kid; /* NULL: for every token */
    struct key *key;
};

struct ozc_policy {
    atomic_size_t owners;
    struct crypto *crypto; /* the process's own, so with every crypto here */
    struct issuer *issuers;
    size_t issuer_count;
    struct key **signers;
    size_t signer_count;
    uint64_t limits[OZC_LIMIT_COUNT];
    bool hashes_limit_is_set; /* else it follows the limit on entries */
    bool switched_off[OZC_CHECK_COUNT];
    ozc_mode mode;
    size_t threads;
    int64_t leeway;
    int64_t lifetime;
    int64_t min_token_life; /* 0: not asked for */
    char *iss;
    char *aud;
    char **analyses;
    size_t analysis_count;
    struct text error;
};

/* The name of a limit in policy files and findings ("session_token"). */
const char *limit_name(ozc_limit limit);

/* Trusts a key that was read already. Keeps a reference of its own. */
ozc_result policy_trust_signer_key(ozc_policy *policy, struct key *key);

/* Says in the policy that nothing is wrong; returns OZC_VALID. */
ozc_result policy_taken(ozc_policy *policy);

/* Says in the policy what is wrong; returns OZC_MISUSE. */
ozc_result policy_refuse(ozc_policy *policy, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
