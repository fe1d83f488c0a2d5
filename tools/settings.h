/*
 * settings.h - what is trusted and checked: from options and a policy file to a policy.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <ozcapsula.h>

#include "options.h"

/* The options that every command with settings takes: ids from 1 to SETTING_COUNT, and the rows of its table. */
enum {
    SETTING_TRUST_ISSUER = 1,
    SETTING_TRUST_SIGNER,
    SETTING_ISS,
    SETTING_AUD,
    SETTING_MIN_TOKEN_LIFE,
    SETTING_POLICY,
    SETTING_SKIP,
    SETTING_FIRST_FAULT,
    SETTING_COUNT = SETTING_FIRST_FAULT
};

#define SETTING_OPTIONS                                                                                                \
    {SETTING_TRUST_ISSUER, 0, "trust-issuer", "[KID=]FILE",                                                            \
     "public key of the token issuer, for tokens of key id KID or for all; may be repeated"},                          \
        {SETTING_TRUST_SIGNER, 0, "trust-signer", "FILE",                                                              \
         "public key that may sign containers whose token names no key itself; may be repeated. Without one, tokens "  \
         "have to carry cnf"},                                                                                         \
        {SETTING_ISS, 0, "iss", "TEXT", "what the token's iss has to be"},                                             \
        {SETTING_AUD, 0, "aud", "TEXT", "what has to be among the token's aud"},                                       \
        {SETTING_MIN_TOKEN_LIFE, 0, "min-token-life", "DURATION",                                                      \
         "warn of a token that has less than that left (90, 90s, 5m, 1h): before an upload"},                          \
        {SETTING_POLICY, 0, "policy", "FILE",                                                                          \
         "all of the settings as JSON; an option given here replaces the whole list or value of its kind in it"},      \
        {SETTING_SKIP, 0, "skip", "CHECK[,CHECK]",                                                                     \
         "do without session_token, signature or content; the check is reported as skipped"},                          \
    {                                                                                                                  \
        SETTING_FIRST_FAULT, 0, "first-fault", NULL, "stop, in each container, at the first check that fails"          \
    }

/* The options as they were written. */
typedef struct settings {
    const char *policy;
    text_list issuers; /* [KID=]FILE */
    text_list signers; /* FILE */
    text_list skips;   /* CHECK[,CHECK] */
    const char *iss;
    const char *aud;
    bool first_fault;
    bool has_min_token_life;
    int64_t min_token_life; /* seconds */
} settings;

void settings_free(settings *given);

/* Takes one of SETTING_OPTIONS. false: its value is wrong, and told. */
bool settings_take(settings *given, int option, const char *value);

/* Is the path the policy file, or any public key: one that an option or the policy file may name? */
bool settings_use(const settings *given, const char *path);

/* Puts a policy file into the policy; `before` is put in front of its path in the message where it is wrong:
 * OZC_MISUSE. */
ozc_result settings_load_file(ozc_policy *policy, const char *before, const char *path);

/* Builds a policy: all-faults, then the policy file, then the options in its place. NULL: *result says whether it is
   the settings or the memory, and it is told. */
ozc_policy *settings_policy(const settings *given, ozc_result *result);

/* The same, and it is ready to judge. */
ozc_policy *settings_ready_policy(const settings *given, ozc_result *result);

#endif
