/*
 * settings.h - what is trusted and checked: from options and a policy file to a policy.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <ozcapsula.h>

#include "options.h"

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

/* Is the path one of the files that settings are read from? */
bool settings_use(const settings *given, const char *path);

/* Builds a policy that is ready to judge: all-faults, then the policy file, then the options in its place. NULL:
 *result says whether it is the settings or the memory, and it is told. */
ozc_policy *settings_policy(const settings *given, ozc_result *result);

#endif
