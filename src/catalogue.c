/*
 * The catalogue: checks, rules and API errors as constant data, made from rules.def and errors.def.
 *
 * Guarantees that each rule points at the errors that docs/rules.md gives it, and that look-ups go by value, never by
 * locale. Leaves out what a finding says of one container: that is the checks' business.
 */
#include "catalogue.h"
#include "ascii.h"

#include <string.h>

enum api_error_name {
#define API_ERROR(name, ...) ERROR_##name,
#include "errors.def"
    ERROR_COUNT,
    ERROR_NONE = ERROR_COUNT
};

#define NONE NULL
static const ozc_api_error errors[] = {
#define API_ERROR(name, api, code, title, message, description, origin, status, stated)                                \
    {OZC_API_##api, code, title, message, description, origin, status, stated},
#include "errors.def"
};
#undef NONE

#define ERROR_AT(name) (ERROR_##name == ERROR_NONE ? NULL : errors + ERROR_##name)

static const ozc_rule rules[] = {
#define RULE(name, id, check, severity, oz, extrahorizon, title, text, hint)                                           \
    {id, OZC_CHECK_##check, OZC_##severity, ERROR_AT(oz), ERROR_AT(extrahorizon), title, text, hint},
#include "rules.def"
};

static const char *const checks[OZC_CHECK_COUNT] = {"input",         "format",    "archive",   "payload", "media",
                                                    "session_token", "signature", "integrity", "hash",    "content"};

const ozc_rule *catalogue_rule(enum rule_name name)
{
    return &rules[name];
}

const ozc_api_error *catalogue_failure(void)
{
    return &errors[ERROR_OZ_0];
}

const char *ozc_check_name(ozc_check check)
{
    return (unsigned)check < OZC_CHECK_COUNT ? checks[check] : NULL;
}

ozc_result ozc_check_by_name(const char *name, ozc_check *check)
{
    if (name == NULL || check == NULL)
        return OZC_MISUSE;
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (strcmp(name, checks[i]) == 0) {
            *check = (ozc_check)i;
            return OZC_VALID;
        }
    return OZC_MISUSE;
}

const ozc_api_error *ozc_api_error_at(size_t index)
{
    return index < ERROR_COUNT ? &errors[index] : NULL;
}

static const ozc_api_error *behind(const ozc_api_error *after)
{
    return after == NULL ? errors : after + 1;
}

const ozc_api_error *ozc_api_error_by_code(ozc_api api, int code, const ozc_api_error *after)
{
    for (const ozc_api_error *e = behind(after); e < errors + ERROR_COUNT; e++)
        if (e->api == api && e->code == code)
            return e;
    return NULL;
}

const ozc_api_error *ozc_api_error_by_name(ozc_api api, const char *name, const ozc_api_error *after)
{
    if (name == NULL)
        return NULL;
    for (const ozc_api_error *e = behind(after); e < errors + ERROR_COUNT; e++)
        if (e->api == api &&
            ((e->name != NULL && ascii_equal(e->name, name)) || (e->message != NULL && ascii_equal(e->message, name))))
            return e;
    return NULL;
}

const ozc_rule *ozc_rule_at(size_t index)
{
    return index < RULE_COUNT ? &rules[index] : NULL;
}

const ozc_rule *ozc_rule_by_id(const char *id)
{
    for (size_t i = 0; id != NULL && i < RULE_COUNT; i++)
        if (strcmp(rules[i].id, id) == 0)
            return &rules[i];
    return NULL;
}

const char *ozc_version(void)
{
    return OZC_VERSION;
}

int ozc_version_number(void)
{
    return OZC_VERSION_NUMBER;
}
