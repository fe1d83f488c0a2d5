/*
 * The policy: keys, limits, and which checks are on.
 *
 * Guarantees that every value in it is within its bounds, that each key was parsed once and is of a kind that the
 * format knows, and that no key is both an issuer's and a signer's. Nothing changes it while it judges: its owner
 * builds it first.
 */
#include "policy.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libzip keeps names in a hash table that a sender can make degenerate: its time grows with the square of their number.
 */
#define ENTRIES_MOST UINT64_C(4096)
#define KEYS_MOST 1024
#define ANALYSES_MOST 64
#define THREADS_MOST 64
#define HASH_LINE_MOST 322 /* 64 digits, two spaces, 255 bytes of name, a line feed */
#define BELOW_4_GIB UINT64_C(0xFFFFFFFE)
#define MIB (UINT64_C(1) << 20)

static const struct {
    const char *name;
    uint64_t standard;
    uint64_t most;
} limits[OZC_LIMIT_COUNT] = {
    [OZC_LIMIT_CONTAINER] = {"container", 1024 * MIB, BELOW_4_GIB},
    [OZC_LIMIT_ENTRIES] = {"entries", 128, ENTRIES_MOST},
    [OZC_LIMIT_ENTRY] = {"entry", 512 * MIB, BELOW_4_GIB},
    [OZC_LIMIT_PAYLOAD] = {"payload", 256 * UINT64_C(1024), 16 * MIB},
    [OZC_LIMIT_SESSION_TOKEN] = {"session_token", 16 * UINT64_C(1024), MIB},
    [OZC_LIMIT_HASHES] = {"hashes", (UINT64_C(128) * HASH_LINE_MOST), (ENTRIES_MOST * HASH_LINE_MOST)},
    [OZC_LIMIT_SIGNATURE] = {"signature", 1024, MIB},
    [OZC_LIMIT_NESTING] = {"nesting", 64, JSON_NESTING_MOST},
};

const char *limit_name(ozc_limit limit)
{
    return limits[limit].name;
}

ozc_policy *ozc_policy_new(void)
{
    ozc_policy *policy = calloc(1, sizeof *policy);
    if (policy == NULL)
        return NULL;
    atomic_init(&policy->owners, 1);
    policy->crypto = crypto_get();
    if (policy->crypto == NULL) {
        free(policy);
        return NULL;
    }
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        policy->limits[i] = limits[i].standard;
    policy->threads = 1;
    policy->leeway = 30;
    policy->lifetime = 600;
    return policy;
}

ozc_policy *ozc_policy_ref(ozc_policy *policy)
{
    if (policy != NULL)
        atomic_fetch_add_explicit(&policy->owners, 1, memory_order_relaxed);
    return policy;
}

void ozc_policy_free(ozc_policy *policy)
{
    if (policy == NULL || atomic_fetch_sub_explicit(&policy->owners, 1, memory_order_acq_rel) != 1)
        return;
    ozc_policy_clear_issuers(policy);
    ozc_policy_clear_signers(policy);
    ozc_policy_clear_analyses(policy);
    free(policy->iss);
    free(policy->aud);
    text_free(&policy->error);
    free(policy);
}

const char *ozc_policy_error(const ozc_policy *policy)
{
    return policy == NULL ? "there is no policy" : policy->error.data == NULL ? "" : policy->error.data;
}

ozc_result policy_refuse(ozc_policy *policy, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_free(&policy->error);
    text_print(&policy->error, "%s", line);
    return OZC_MISUSE;
}

ozc_result policy_taken(ozc_policy *policy)
{
    text_free(&policy->error);
    return OZC_VALID;
}

static ozc_result out_of_memory(ozc_policy *policy)
{
    (void)policy_refuse(policy, "out of memory");
    return OZC_FAILED;
}

/* One element more for a list of `count`; NULL: out of memory. */
static void *grown(void *list, size_t count, size_t size)
{
    return realloc(list, (count + 1) * size);
}

static ozc_result read_public(ozc_policy *policy, const void *pem, size_t len, struct key **key)
{
    struct text why = {0};
    if (pem == NULL)
        return policy_refuse(policy, "no key was given");
    ozc_result result = key_read_public(policy->crypto, pem, len, key, &why);
    if (result == OZC_MISUSE)
        (void)policy_refuse(policy, "%s", why.data == NULL ? "no key" : why.data);
    else if (result != OZC_VALID)
        (void)out_of_memory(policy);
    text_free(&why);
    return result;
}

/* Why one key must not serve both: who may sign containers could then make tokens. */
static ozc_result refuse_both(ozc_policy *policy, struct key *key)
{
    key_free(key);
    return policy_refuse(policy, "the same key would be trusted both as an issuer's and as a signer's");
}

ozc_result ozc_policy_trust_issuer(ozc_policy *policy, const char *kid, const void *pem, size_t len)
{
    struct key *key = NULL;
    if (policy == NULL)
        return OZC_MISUSE;
    if (kid != NULL && !is_word(kid))
        return policy_refuse(policy, "a key id has 1 to %d bytes of UTF-8", WORD_MOST);
    if (policy->issuer_count == KEYS_MOST)
        return policy_refuse(policy, "more than %d issuer keys", KEYS_MOST);
    ozc_result result = read_public(policy, pem, len, &key);
    if (result != OZC_VALID)
        return result;
    for (size_t i = 0; i < policy->signer_count; i++)
        if (key_same(policy->signers[i], key))
            return refuse_both(policy, key);
    char *id = kid == NULL ? NULL : strdup(kid);
    struct issuer *issuers = grown(policy->issuers, policy->issuer_count, sizeof *issuers);
    if (issuers != NULL)
        policy->issuers = issuers;
    if (issuers == NULL || (kid != NULL && id == NULL)) {
        free(id);
        key_free(key);
        return out_of_memory(policy);
    }
    policy->issuers[policy->issuer_count++] = (struct issuer){id, key};
    return policy_taken(policy);
}

/* Takes over the key. */
static ozc_result add_signer(ozc_policy *policy, struct key *key)
{
    for (size_t i = 0; i < policy->issuer_count; i++)
        if (key_same(policy->issuers[i].key, key))
            return refuse_both(policy, key);
    struct key **signers = grown(policy->signers, policy->signer_count, sizeof *signers);
    if (signers == NULL) {
        key_free(key);
        return out_of_memory(policy);
    }
    policy->signers = signers;
    policy->signers[policy->signer_count++] = key;
    return policy_taken(policy);
}

ozc_result policy_trust_signer_key(ozc_policy *policy, struct key *key)
{
    return add_signer(policy, key_ref(key));
}

ozc_result ozc_policy_trust_signer(ozc_policy *policy, const void *pem, size_t len)
{
    struct key *key = NULL;
    if (policy == NULL)
        return OZC_MISUSE;
    if (policy->signer_count == KEYS_MOST)
        return policy_refuse(policy, "more than %d signer keys", KEYS_MOST);
    ozc_result result = read_public(policy, pem, len, &key);
    return result == OZC_VALID ? add_signer(policy, key) : result;
}

void ozc_policy_clear_issuers(ozc_policy *policy)
{
    if (policy == NULL)
        return;
    for (size_t i = 0; i < policy->issuer_count; i++) {
        free(policy->issuers[i].kid);
        key_free(policy->issuers[i].key);
    }
    free(policy->issuers);
    policy->issuers = NULL;
    policy->issuer_count = 0;
}

void ozc_policy_clear_signers(ozc_policy *policy)
{
    if (policy == NULL)
        return;
    for (size_t i = 0; i < policy->signer_count; i++)
        key_free(policy->signers[i]);
    free(policy->signers);
    policy->signers = NULL;
    policy->signer_count = 0;
}

ozc_result ozc_policy_set_limit(ozc_policy *policy, ozc_limit limit, uint64_t value)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if ((unsigned)limit >= OZC_LIMIT_COUNT)
        return policy_refuse(policy, "there is no limit number %d", (int)limit);
    if (value == 0 || value > limits[limit].most)
        return policy_refuse(policy, "the limit %s has to be from 1 to %llu, not %llu", limits[limit].name,
                             (unsigned long long)limits[limit].most, (unsigned long long)value);
    policy->limits[limit] = value;
    if (limit == OZC_LIMIT_HASHES)
        policy->hashes_limit_is_set = true;
    if (!policy->hashes_limit_is_set)
        policy->limits[OZC_LIMIT_HASHES] = HASH_LINE_MOST * policy->limits[OZC_LIMIT_ENTRIES];
    return policy_taken(policy);
}

uint64_t ozc_policy_limit(const ozc_policy *policy, ozc_limit limit)
{
    return policy == NULL || (unsigned)limit >= OZC_LIMIT_COUNT ? 0 : policy->limits[limit];
}

ozc_result ozc_policy_skip(ozc_policy *policy, ozc_check check)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if (check != OZC_CHECK_SESSION_TOKEN && check != OZC_CHECK_SIGNATURE && check != OZC_CHECK_CONTENT)
        return policy_refuse(policy, "only session_token, signature and content can be switched off");
    policy->switched_off[check] = true;
    return policy_taken(policy);
}

void ozc_policy_skip_none(ozc_policy *policy)
{
    if (policy != NULL)
        memset(policy->switched_off, 0, sizeof policy->switched_off);
}

void ozc_policy_set_mode(ozc_policy *policy, ozc_mode mode)
{
    if (policy != NULL)
        policy->mode = mode == OZC_ALL_FAULTS ? OZC_ALL_FAULTS : OZC_FIRST_FAULT;
}

ozc_result ozc_policy_set_leeway(ozc_policy *policy, int64_t seconds)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if (seconds < 0 || seconds > 86400)
        return policy_refuse(policy, "the leeway has to be from 0 to 86400 seconds");
    policy->leeway = seconds;
    return policy_taken(policy);
}

ozc_result ozc_policy_set_lifetime(ozc_policy *policy, int64_t seconds)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if (seconds < 1 || seconds > INT64_C(1) << 31)
        return policy_refuse(policy, "the longest lifetime has to be from 1 to 2147483648 seconds");
    policy->lifetime = seconds;
    return policy_taken(policy);
}

ozc_result ozc_policy_set_min_token_life(ozc_policy *policy, int64_t seconds)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if (seconds < 0 || seconds > INT64_C(1) << 31)
        return policy_refuse(policy, "the time that a token has to have left has to be from 0 to 2147483648 seconds");
    policy->min_token_life = seconds;
    return policy_taken(policy);
}

ozc_result ozc_policy_set_threads(ozc_policy *policy, size_t threads)
{
    if (policy == NULL)
        return OZC_MISUSE;
    if (threads < 1 || threads > THREADS_MOST)
        return policy_refuse(policy, "the number of threads has to be from 1 to %d", THREADS_MOST);
    policy->threads = threads;
    return policy_taken(policy);
}

static ozc_result set_word(ozc_policy *policy, char **place, const char *name, const char *word)
{
    if (word != NULL && !is_word(word))
        return policy_refuse(policy, "%s has to have 1 to %d bytes of UTF-8", name, WORD_MOST);
    char *copy = word == NULL ? NULL : strdup(word);
    if (word != NULL && copy == NULL)
        return out_of_memory(policy);
    free(*place);
    *place = copy;
    return policy_taken(policy);
}

ozc_result ozc_policy_set_iss(ozc_policy *policy, const char *iss)
{
    return policy == NULL ? OZC_MISUSE : set_word(policy, &policy->iss, "iss", iss);
}

ozc_result ozc_policy_set_aud(ozc_policy *policy, const char *aud)
{
    return policy == NULL ? OZC_MISUSE : set_word(policy, &policy->aud, "aud", aud);
}

ozc_result ozc_policy_add_analysis(ozc_policy *policy, const char *type)
{
    char *copy = NULL;
    if (policy == NULL)
        return OZC_MISUSE;
    if (type == NULL || policy->analysis_count == ANALYSES_MOST)
        return policy_refuse(policy, "no type of analysis, or more than %d", ANALYSES_MOST);
    ozc_result result = set_word(policy, &copy, "a type of analysis", type);
    if (result != OZC_VALID)
        return result;
    char **analyses = grown(policy->analyses, policy->analysis_count, sizeof *analyses);
    if (analyses == NULL) {
        free(copy);
        return out_of_memory(policy);
    }
    policy->analyses = analyses;
    policy->analyses[policy->analysis_count++] = copy;
    return OZC_VALID;
}

void ozc_policy_clear_analyses(ozc_policy *policy)
{
    if (policy == NULL)
        return;
    for (size_t i = 0; i < policy->analysis_count; i++)
        free(policy->analyses[i]);
    free(policy->analyses);
    policy->analyses = NULL;
    policy->analysis_count = 0;
}

ozc_result ozc_policy_ready(const ozc_policy *policy, const char **why)
{
    const char *missing = NULL;
    if (policy == NULL)
        missing = "there is no policy";
    else if (!policy->switched_off[OZC_CHECK_SESSION_TOKEN] && policy->issuer_count == 0)
        missing = "no key of a token issuer is trusted: trust one, or switch the check session_token off";
    else if (policy->switched_off[OZC_CHECK_SESSION_TOKEN] && !policy->switched_off[OZC_CHECK_SIGNATURE] &&
             policy->signer_count == 0)
        missing =
            "no signer's key is trusted, and with session_token off no token can name one: trust a signer, or switch "
            "the check signature off too";
    if (why != NULL)
        *why = missing;
    return missing == NULL ? OZC_VALID : OZC_MISUSE;
}
