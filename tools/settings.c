/*
 * From options to a policy. Guarantees a policy that can judge, or a message that says which option is wrong or
 * missing, before any container is looked at. An option replaces all that the policy file says of its kind. What a key
 * or a policy file must be is the library's to say.
 */
#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "suggest.h"
#include "text.h"
#include "times.h"

enum { POLICY_FILE_MOST = 1024 * 1024 };

void settings_free(settings *given)
{
    text_list_free(&given->issuers);
    text_list_free(&given->signers);
    text_list_free(&given->skips);
}

bool settings_take(settings *given, int option, const char *value)
{
    switch (option) {
    case SETTING_TRUST_ISSUER:
        text_list_add(&given->issuers, value);
        return true;
    case SETTING_TRUST_SIGNER:
        text_list_add(&given->signers, value);
        return true;
    case SETTING_ISS:
        given->iss = value;
        return true;
    case SETTING_AUD:
        given->aud = value;
        return true;
    case SETTING_MIN_TOKEN_LIFE:
        given->has_min_token_life = true;
        return parse_duration("--min-token-life", value, &given->min_token_life);
    case SETTING_POLICY:
        given->policy = value;
        return true;
    case SETTING_SKIP:
        text_list_add(&given->skips, value);
        return true;
    default:
        given->first_fault = true;
        return true;
    }
}

/* Is it a file with a public key, or one that could not be told from it? */
static bool is_public_key(const char *path)
{
    struct stat there;
    file_bytes pem;
    if (stat(path, &there) != 0 || !S_ISREG(there.st_mode) || file_read(path, KEY_FILE_MOST, &pem) != NULL)
        return false;
    ozc_policy *policy = required(ozc_policy_new());
    bool is_key = ozc_policy_trust_signer(policy, pem.data, pem.size) != OZC_MISUSE;
    ozc_policy_free(policy);
    file_wipe(&pem);
    return is_key;
}

/* Which files the policy file names is the library's to read, so no key is free, whether it is used or not. */
bool settings_use(const settings *given, const char *path)
{
    return (given->policy && file_is_same(given->policy, path)) || is_public_key(path);
}

/* Tells what a setter refused. */
static ozc_result told(ozc_result result, const ozc_policy *policy, const char *option, const char *value)
{
    if (result == OZC_FAILED)
        complain("%s %s: out of memory", option, value);
    else if (result != OZC_VALID)
        complain("%s %s: %s", option, value, ozc_policy_error(policy));
    return result;
}

ozc_result settings_load_file(ozc_policy *policy, const char *before, const char *path)
{
    file_bytes json;
    const char *why = file_read(path, POLICY_FILE_MOST, &json);
    if (why) {
        complain("%scannot read %s: %s", before, path, why);
        return OZC_MISUSE;
    }
    const char *slash = strrchr(path, '/');
    char *folder = required(slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("."));
    ozc_result result = ozc_policy_load_json(policy, json.data, json.size, folder);
    if (result != OZC_VALID)
        complain("%s%s: %s", before, path, ozc_policy_error(policy));
    free(folder);
    file_wipe(&json);
    /* A key file that the policy names and that cannot be read is a wrong setting too. */
    return result == OZC_VALID ? OZC_VALID : OZC_MISUSE;
}

static ozc_result trust_issuer(ozc_policy *policy, const char *value)
{
    char *kid = NULL;
    const char *path = split_named_file(value, "/", &kid);
    file_bytes pem;
    if (!path || !file_read_or_complain("--trust-issuer", path, KEY_FILE_MOST, &pem)) {
        free(kid);
        return OZC_MISUSE;
    }
    ozc_result result = ozc_policy_trust_issuer(policy, kid, pem.data, pem.size);
    file_wipe(&pem);
    free(kid);
    return told(result, policy, "--trust-issuer", path);
}

static ozc_result trust_signer(ozc_policy *policy, const char *path)
{
    file_bytes pem;
    if (!file_read_or_complain("--trust-signer", path, KEY_FILE_MOST, &pem))
        return OZC_MISUSE;
    ozc_result result = ozc_policy_trust_signer(policy, pem.data, pem.size);
    file_wipe(&pem);
    return told(result, policy, "--trust-signer", path);
}

static ozc_result skip_one(ozc_policy *policy, const char *name, size_t len)
{
    char *text = required(strndup(name, len));
    ozc_check check = OZC_CHECK_INPUT;
    ozc_result result = ozc_check_by_name(text, &check);
    if (result == OZC_VALID)
        result = ozc_policy_skip(policy, check);
    if (result != OZC_VALID) {
        suggestion meant = suggest_for(text);
        suggest_offer(&meant, ozc_check_name(OZC_CHECK_SESSION_TOKEN));
        suggest_offer(&meant, ozc_check_name(OZC_CHECK_SIGNATURE));
        suggest_offer(&meant, ozc_check_name(OZC_CHECK_CONTENT));
        complain("--skip takes session_token, signature and content, not \"%s\"%s", text, suggest_text(&meant, ""));
    }
    free(text);
    return result;
}

static ozc_result skip(ozc_policy *policy, const char *names)
{
    for (const char *name = names;; name++) {
        size_t len = strcspn(name, ",");
        ozc_result result = skip_one(policy, name, len);
        name += len;
        if (result != OZC_VALID || *name == '\0')
            return result;
    }
}

/* Puts each value of a list to the policy, in order. */
static ozc_result take_each(ozc_policy *policy, const text_list *list, ozc_result (*take)(ozc_policy *, const char *))
{
    ozc_result result = OZC_VALID;
    for (size_t i = 0; i < list->count && result == OZC_VALID; i++)
        result = take(policy, list->at[i]);
    return result;
}

static ozc_result take_options(ozc_policy *policy, const settings *given)
{
    if (given->issuers.count > 0)
        ozc_policy_clear_issuers(policy);
    if (given->signers.count > 0)
        ozc_policy_clear_signers(policy);
    if (given->skips.count > 0)
        ozc_policy_skip_none(policy);
    if (given->first_fault)
        ozc_policy_set_mode(policy, OZC_FIRST_FAULT);
    ozc_result result = take_each(policy, &given->issuers, trust_issuer);
    if (result == OZC_VALID)
        result = take_each(policy, &given->signers, trust_signer);
    if (result == OZC_VALID)
        result = take_each(policy, &given->skips, skip);
    if (result == OZC_VALID && given->iss)
        result = told(ozc_policy_set_iss(policy, given->iss), policy, "--iss", given->iss);
    if (result == OZC_VALID && given->has_min_token_life)
        result = ozc_policy_set_min_token_life(policy, given->min_token_life);
    if (result == OZC_VALID && given->aud)
        result = told(ozc_policy_set_aud(policy, given->aud), policy, "--aud", given->aud);
    return result;
}

/* Is every check that is on able to judge? A policy that is not is of no more use afterwards. */
static ozc_result require_ready(ozc_policy *policy)
{
    const char *why = NULL;
    ozc_result result = ozc_policy_ready(policy, &why);
    if (result == OZC_VALID)
        return OZC_VALID;
    /* It is the signer's key that is missing if nothing is once nobody asks for it. */
    bool is_signer =
        ozc_policy_skip(policy, OZC_CHECK_SIGNATURE) == OZC_VALID && ozc_policy_ready(policy, NULL) == OZC_VALID;
    complain("%s; give %s", why ? why : "the settings are not complete",
             is_signer ? "--trust-signer FILE, or --skip signature as well"
                       : "--trust-issuer FILE, or --skip session_token");
    return result;
}

ozc_policy *settings_policy(const settings *given, ozc_result *result)
{
    ozc_policy *policy = required(ozc_policy_new());
    ozc_policy_set_mode(policy, OZC_ALL_FAULTS);
    *result = given->policy ? settings_load_file(policy, "--policy: ", given->policy) : OZC_VALID;
    if (*result == OZC_VALID)
        *result = take_options(policy, given);
    if (*result != OZC_VALID) {
        ozc_policy_free(policy);
        return NULL;
    }
    return policy;
}

ozc_policy *settings_ready_policy(const settings *given, ozc_result *result)
{
    ozc_policy *policy = settings_policy(given, result);
    if (policy)
        *result = require_ready(policy);
    if (*result != OZC_VALID) {
        ozc_policy_free(policy);
        return NULL;
    }
    return policy;
}
