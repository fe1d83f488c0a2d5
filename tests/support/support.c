/*
 * What tests share. Fails the running test where something that the repository has to hold is not there.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes read_file(const char *path)
{
    struct bytes bytes = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("can not open %s", path);
    size_t room = 65536;
    bytes.data = malloc(room + 1);
    for (;;) {
        size_t got = fread(bytes.data + bytes.len, 1, room - bytes.len, file);
        bytes.len += got;
        if (got == 0)
            break;
        if (bytes.len == room)
            bytes.data = realloc(bytes.data, (room *= 2) + 1);
    }
    assert_false(ferror(file));
    fclose(file);
    bytes.data[bytes.len] = '\0';
    return bytes;
}

struct bytes read_testdata(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", TESTDATA, name);
    return read_file(path);
}

static void trust(ozc_policy *policy, int is_issuer, const char *value)
{
    const char *at = strchr(value, '@');
    char *kid = is_issuer && at != NULL ? strndup(value, (size_t)(at - value)) : NULL;
    struct bytes pem = read_testdata(kid == NULL ? value : at + 1);
    assert_int_equal(OZC_VALID, is_issuer ? ozc_policy_trust_issuer(policy, kid, pem.data, pem.len)
                                          : ozc_policy_trust_signer(policy, pem.data, pem.len));
    free(pem.data);
    free(kid);
}

static void set_limit(ozc_policy *policy, const char *name, uint64_t value)
{
    static const char *const names[OZC_LIMIT_COUNT] = {"container",     "entries", "entry",     "payload",
                                                       "session_token", "hashes",  "signature", "nesting"};
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            assert_int_equal(OZC_VALID, ozc_policy_set_limit(policy, (ozc_limit)i, value));
            return;
        }
    fail_msg("there is no limit %s", name);
}

/* Which lists of keys a row replaces. */
struct given {
    int issuers;
    int signers;
};

static void apply(struct settings *s, struct given *given, const char *key, const char *value)
{
    ozc_policy *policy = s->policy;
    long long number = strtoll(value, NULL, 10);
    ozc_result result = OZC_VALID;
    if (strcmp(key, "issuer") == 0 || strcmp(key, "signer") == 0) {
        int is_issuer = strcmp(key, "issuer") == 0;
        *(is_issuer ? &given->issuers : &given->signers) = 1;
        if (strcmp(value, "none") != 0)
            trust(policy, is_issuer, value);
    } else if (strcmp(key, "at") == 0) {
        s->call.now = number;
    } else if (strcmp(key, "iss") == 0) {
        result = ozc_policy_set_iss(policy, value);
    } else if (strcmp(key, "aud") == 0) {
        result = ozc_policy_set_aud(policy, value);
    } else if (strcmp(key, "skip") == 0) {
        ozc_check check = OZC_CHECK_INPUT;
        assert_int_equal(OZC_VALID, ozc_check_by_name(value, &check));
        result = ozc_policy_skip(policy, check);
    } else if (strcmp(key, "leeway") == 0) {
        result = ozc_policy_set_leeway(policy, number);
    } else if (strcmp(key, "lifetime") == 0) {
        result = ozc_policy_set_lifetime(policy, number);
    } else if (strcmp(key, "min_token_life") == 0) {
        result = ozc_policy_set_min_token_life(policy, number);
    } else if (strcmp(key, "analysis") == 0) {
        result = ozc_policy_add_analysis(policy, value);
    } else if (strcmp(key, "claim") == 0) {
        s->claims = strcmp(value, "twice") == 0 ? 2 : 1;
    } else if (strncmp(key, "limit.", 6) == 0) {
        set_limit(policy, key + 6, (uint64_t)number);
    } else {
        fail_msg("there is no setting %s", key);
    }
    assert_int_equal(OZC_VALID, result);
}

struct settings make_settings(const char *text)
{
    struct settings s = {ozc_policy_new(), OZC_CALL_INIT, 0};
    struct given given = {0, 0};
    char *copy = strdup(strcmp(text, "-") == 0 ? "" : text);
    char *rest = copy;
    assert_non_null(s.policy);
    s.call.time = OZC_TIME_GIVEN;
    s.call.now = CORPUS_TIME;
    for (char *one = strtok_r(copy, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        char *value = strchr(one, '=');
        assert_non_null(value);
        *value++ = '\0';
        apply(&s, &given, one, value);
    }
    if (!given.issuers)
        trust(s.policy, 1, "keys/TEST-issuer-p384.pub");
    if (!given.signers)
        trust(s.policy, 0, "keys/TEST-signer-p384.pub");
    free(copy);
    return s;
}

ozc_policy *corpus_policy(ozc_mode mode)
{
    struct settings s = make_settings("-");
    ozc_policy_set_mode(s.policy, mode);
    return s.policy;
}

ozc_report *check_testdata(const char *name, const char *settings)
{
    struct settings s = make_settings(settings);
    struct bytes container = read_testdata(name);
    ozc_report *report = NULL;
    ozc_policy_set_mode(s.policy, OZC_ALL_FAULTS);
    ozc_result result = ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report);
    assert_int_equal(result, ozc_report_result(report));
    ozc_policy_free(s.policy);
    free(container.data);
    return report;
}

void assert_verdict(const ozc_report *report, const char *rule)
{
    const ozc_rule *verdict = ozc_report_rule(report);
    if (rule == NULL) {
        if (verdict != NULL)
            fail_msg("rejected by %s: %s", verdict->id, ozc_report_finding(report, 0)->text);
        assert_int_equal(OZC_VALID, ozc_report_result(report));
        return;
    }
    assert_int_equal(OZC_REJECTED, ozc_report_result(report));
    assert_string_equal(rule, verdict == NULL ? "no rule" : verdict->id);
}
