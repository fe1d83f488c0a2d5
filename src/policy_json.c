/*
 * Policies from JSON (docs/policy.md): the same settings as by the setters, from a file that people write.
 *
 * Guarantees that nothing in the file is passed over: a member that is not known, or has the wrong type, is refused.
 * What a value may be is the setters' business. A file that stops in the middle leaves a policy that is half set, so
 * callers drop it.
 */
#include "ascii.h"
#include "json.h"
#include "pem.h"
#include "policy.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

#define POLICY_MOST ((size_t)1 << 20)
#define NESTING 8

struct loading {
    ozc_policy *policy;
    const char *base;     /* folder of key files; NULL: none may be named */
    const json_value *at; /* what is being taken; NULL: the whole */
    bool at_name;         /* its name is what is wrong */
};

/* Takes a member of a JSON object. */
typedef ozc_result taker(struct loading *l, const json_value *value, const char *name);

struct member {
    const char *name;
    enum json_type type;
    taker *take;
};

static ozc_result refuse_type(struct loading *l, const char *name, const json_value *value, enum json_type expected)
{
    return policy_refuse(l->policy, "%s is %s; expected %s", name, json_type_in_words(json_type(value)),
                         json_type_in_words(expected));
}

/* A setter's refusal, with the member that it is about. */
static ozc_result about(struct loading *l, const char *name, ozc_result result)
{
    if (result != OZC_MISUSE)
        return result;
    char *why = strdup(ozc_policy_error(l->policy));
    if (why == NULL)
        return OZC_FAILED;
    (void)policy_refuse(l->policy, "%s: %s", name, why);
    free(why);
    return OZC_MISUSE;
}

static ozc_result take_members(struct loading *l, const json_value *object, const struct member *known, size_t count)
{
    ozc_result result = OZC_VALID;
    for (const json_value *m = json_first(object); result == OZC_VALID && m != NULL; m = json_next(m)) {
        const struct member *found = NULL;
        l->at = m;
        for (size_t i = 0; i < count; i++)
            if (strcmp(json_name(m), known[i].name) == 0)
                found = &known[i];
        l->at_name = found == NULL;
        if (found == NULL)
            return policy_refuse(l->policy, "there is no setting %s", SHOWN(json_name(m), strlen(json_name(m))));
        if (json_type(m) != found->type)
            return refuse_type(l, found->name, m, found->type);
        result = found->take(l, m, found->name);
    }
    return result;
}

static ozc_result read_key_file(struct loading *l, const char *file, uint8_t bytes[PEM_MOST], size_t *len)
{
    struct source source;
    struct text path = {0};
    const char *why = "it is too long for a key";
    char room[24];
    enum failure failure = FAILURE_NONE;
    ozc_result result = OZC_FAILED;
    if (l->base == NULL)
        return policy_refuse(l->policy, "files of keys can not be named here");
    text_print(&path, "%s%s%s", *file == '/' ? "" : l->base, *file == '/' ? "" : "/", file);
    if (path.failed)
        return OZC_FAILED;
    if (source_open_file(&source, path.data, &why, room)) {
        *len = source.size < PEM_MOST ? (size_t)source.size : PEM_MOST;
        if (source.size > PEM_MOST)
            result = OZC_MISUSE;
        else if (source_view(&source, 0, bytes, *len, &failure) != NULL)
            result = OZC_VALID;
        else
            why = failure_text(failure);
        source_close(&source);
    }
    text_free(&path);
    if (result != OZC_VALID)
        (void)policy_refuse(l->policy, "the key file %s: %s", SHOWN(file, strlen(file)), why);
    return result;
}

/* The key that was trusted last has to be the one that the file names by its SHA-256. */
static ozc_result hold_to_pin(struct loading *l, const char *what, const char *pin, bool is_issuer)
{
    const ozc_policy *policy = l->policy;
    const struct key *key =
        is_issuer ? policy->issuers[policy->issuer_count - 1].key : policy->signers[policy->signer_count - 1];
    if (ascii_equal(pin, key_id(key)))
        return OZC_VALID;
    return policy_refuse(l->policy, "%s: the SHA-256 of this key is %s, and not what \"sha256\" says", what,
                         key_id(key));
}

/* One key: {"key": PEM} or {"file": PATH}, for issuers with "kid"; with "sha256", no other than that. */
static ozc_result take_key(struct loading *l, const json_value *object, bool is_issuer)
{
    const char *name = is_issuer ? "issuers" : "signers";
    const char *kid = NULL;
    const char *key = NULL;
    const char *file = NULL;
    const char *pin = NULL;
    uint8_t bytes[PEM_MOST];
    l->at = object;
    if (json_type(object) != JSON_OBJECT)
        return refuse_type(l, name, object, JSON_OBJECT);
    for (const json_value *m = json_first(object); m != NULL; m = json_next(m)) {
        const char **place = strcmp(json_name(m), "key") == 0                ? &key
                             : strcmp(json_name(m), "file") == 0             ? &file
                             : strcmp(json_name(m), "sha256") == 0           ? &pin
                             : is_issuer && strcmp(json_name(m), "kid") == 0 ? &kid
                                                                             : NULL;
        l->at = m;
        l->at_name = place == NULL;
        if (place == NULL)
            return policy_refuse(l->policy, "%s: a key has no setting %s", name,
                                 SHOWN(json_name(m), strlen(json_name(m))));
        if (json_type(m) != JSON_TEXT)
            return refuse_type(l, json_name(m), m, JSON_TEXT);
        *place = json_text(m);
    }
    l->at = object;
    if ((key == NULL) == (file == NULL))
        return policy_refuse(l->policy, "%s: a key is named by exactly one of \"key\" (PEM) and \"file\"", name);
    const void *pem = key;
    size_t len = key == NULL ? 0 : strlen(key);
    if (file != NULL) {
        ozc_result read = read_key_file(l, file, bytes, &len);
        if (read != OZC_VALID)
            return read;
        pem = bytes;
    }
    const char *what = file == NULL ? name : SHOWN(file, strlen(file));
    ozc_result result =
        is_issuer ? ozc_policy_trust_issuer(l->policy, kid, pem, len) : ozc_policy_trust_signer(l->policy, pem, len);
    return result == OZC_VALID && pin != NULL ? hold_to_pin(l, what, pin, is_issuer) : about(l, what, result);
}

static ozc_result take_issuers(struct loading *l, const json_value *list, const char *name)
{
    ozc_result result = OZC_VALID;
    (void)name;
    for (const json_value *key = json_first(list); result == OZC_VALID && key != NULL; key = json_next(key))
        result = take_key(l, key, true);
    return result;
}

static ozc_result take_signers(struct loading *l, const json_value *list, const char *name)
{
    ozc_result result = OZC_VALID;
    (void)name;
    for (const json_value *key = json_first(list); result == OZC_VALID && key != NULL; key = json_next(key))
        result = take_key(l, key, false);
    return result;
}

static ozc_result take_limit(struct loading *l, const json_value *value, const char *name)
{
    int64_t number = 0;
    if (!json_integer(value, &number))
        return policy_refuse(l->policy, "limits: %s is no whole number from 1 on", name);
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        if (strcmp(name, limit_name((ozc_limit)i)) == 0)
            return about(l, "limits", ozc_policy_set_limit(l->policy, (ozc_limit)i, (uint64_t)number));
    return OZC_MISUSE;
}

static ozc_result take_limits(struct loading *l, const json_value *object, const char *name)
{
    struct member known[OZC_LIMIT_COUNT];
    (void)name;
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        known[i] = (struct member){limit_name((ozc_limit)i), JSON_NUMBER, take_limit};
    return take_members(l, object, known, OZC_LIMIT_COUNT);
}

static ozc_result take_skips(struct loading *l, const json_value *list, const char *name)
{
    ozc_result result = OZC_VALID;
    ozc_policy_skip_none(l->policy);
    for (const json_value *one = json_first(list); result == OZC_VALID && one != NULL; one = json_next(one)) {
        ozc_check check = OZC_CHECK_INPUT;
        l->at = one;
        if (json_type(one) != JSON_TEXT)
            return refuse_type(l, name, one, JSON_TEXT);
        if (ozc_check_by_name(json_text(one), &check) != OZC_VALID)
            return policy_refuse(l->policy, "%s: there is no check %s", name,
                                 SHOWN(json_text(one), strlen(json_text(one))));
        result = about(l, name, ozc_policy_skip(l->policy, check));
    }
    return result;
}

static ozc_result take_analyses(struct loading *l, const json_value *list, const char *name)
{
    ozc_result result = OZC_VALID;
    ozc_policy_clear_analyses(l->policy);
    for (const json_value *one = json_first(list); result == OZC_VALID && one != NULL; one = json_next(one)) {
        l->at = one;
        result = json_type(one) == JSON_TEXT ? about(l, name, ozc_policy_add_analysis(l->policy, json_text(one)))
                                             : refuse_type(l, name, one, JSON_TEXT);
    }
    return result;
}

static ozc_result take_mode(struct loading *l, const json_value *value, const char *name)
{
    bool all = strcmp(json_text(value), "all-faults") == 0;
    if (!all && strcmp(json_text(value), "first-fault") != 0)
        return policy_refuse(l->policy, "%s is neither \"first-fault\" nor \"all-faults\"", name);
    ozc_policy_set_mode(l->policy, all ? OZC_ALL_FAULTS : OZC_FIRST_FAULT);
    return OZC_VALID;
}

static ozc_result take_seconds(struct loading *l, const json_value *value, const char *name)
{
    int64_t seconds = 0;
    if (!json_integer(value, &seconds))
        return policy_refuse(l->policy, "%s is no whole number of seconds", name);
    return about(l, name,
                 strcmp(name, "leeway") == 0     ? ozc_policy_set_leeway(l->policy, seconds)
                 : strcmp(name, "lifetime") == 0 ? ozc_policy_set_lifetime(l->policy, seconds)
                                                 : ozc_policy_set_min_token_life(l->policy, seconds));
}

static ozc_result take_threads(struct loading *l, const json_value *value, const char *name)
{
    int64_t threads = 0;
    if (!json_integer(value, &threads))
        return policy_refuse(l->policy, "%s is no whole number", name);
    return about(l, name, ozc_policy_set_threads(l->policy, (size_t)threads));
}

static ozc_result take_iss(struct loading *l, const json_value *value, const char *name)
{
    return about(l, name, ozc_policy_set_iss(l->policy, json_text(value)));
}

static ozc_result take_aud(struct loading *l, const json_value *value, const char *name)
{
    return about(l, name, ozc_policy_set_aud(l->policy, json_text(value)));
}

static const struct member settings[] = {
    {"issuers", JSON_ARRAY, take_issuers},
    {"signers", JSON_ARRAY, take_signers},
    {"limits", JSON_OBJECT, take_limits},
    {"skip", JSON_ARRAY, take_skips},
    {"mode", JSON_TEXT, take_mode},
    {"leeway", JSON_NUMBER, take_seconds},
    {"lifetime", JSON_NUMBER, take_seconds},
    {"min_token_life", JSON_NUMBER, take_seconds},
    {"iss", JSON_TEXT, take_iss},
    {"aud", JSON_TEXT, take_aud},
    {"analyses", JSON_ARRAY, take_analyses},
    {"threads", JSON_NUMBER, take_threads},
};

/* Lists that stand in the file replace those in force: both are dropped first, so that keys can change places. */
static ozc_result take_settings(struct loading *l, const json_value *tree)
{
    if (json_type(tree) != JSON_OBJECT)
        return refuse_type(l, "the policy", tree, JSON_OBJECT);
    if (json_member(tree, "issuers") != NULL)
        ozc_policy_clear_issuers(l->policy);
    if (json_member(tree, "signers") != NULL)
        ozc_policy_clear_signers(l->policy);
    return take_members(l, tree, settings, sizeof settings / sizeof *settings);
}

/* Puts line and column before what is wrong. */
static ozc_result say_where(struct loading *l, const void *json, size_t len, const json_value *tree, ozc_result result)
{
    struct json_fault place = {0};
    char *why = strdup(ozc_policy_error(l->policy));
    json_place(json, len, tree, l->at, l->at_name, &place);
    if (why != NULL)
        (void)policy_refuse(l->policy, "line %zu, column %zu: %s", place.line, place.column, why);
    free(why);
    return result;
}

ozc_result ozc_policy_load_json(ozc_policy *policy, const void *json, size_t len, const char *base)
{
    struct loading loading = {.policy = policy, .base = base};
    struct json_fault fault = {0};
    json_value *tree = NULL;
    if (policy == NULL)
        return OZC_MISUSE;
    if (json == NULL || len > POLICY_MOST)
        return policy_refuse(policy, "no policy, or one of over %zu bytes", POLICY_MOST);
    enum json_outcome outcome = json_read(json, len, NESTING, &tree, &fault);
    if (outcome == JSON_FAILED) {
        (void)policy_refuse(policy, "out of memory");
        return OZC_FAILED;
    }
    if (outcome == JSON_FAULTY)
        return policy_refuse(policy, "line %zu, column %zu: %s", fault.line, fault.column, fault.what);
    ozc_result result = take_settings(&loading, tree);
    if (result != OZC_VALID && loading.at != NULL)
        result = say_where(&loading, json, len, tree, result);
    json_free(tree);
    return result == OZC_VALID ? policy_taken(policy) : result;
}
