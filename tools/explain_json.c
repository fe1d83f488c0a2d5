/*
 * explain --format json: what was found, or the whole catalogue, as one document. Errors and rules name each other.
 */
#include <stdio.h>

#include "explain.h"
#include "text.h"

static bool put_text(const char *before, const char *text)
{
    char *json = text ? ozc_json_string(text) : NULL;
    if (text && !json)
        return false;
    (void)printf("%s%s", before, json ? json : "null");
    ozc_free(json);
    return true;
}

static bool put_error(const ozc_api_error *error)
{
    const char *comma = "";
    const ozc_rule *rule = NULL;
    bool is_oz = error->api == OZC_API_OZ;
    (void)printf("{\"api\": \"%s\", \"code\": %d", is_oz ? "oz" : "extrahorizon", error->code);
    bool good = put_text(", \"name\": ", error->name) && put_text(", \"message\": ", error->message) &&
                put_text(", \"meaning\": ", error->description) && put_text(", \"origin\": ", error->origin);
    (void)printf(", \"http_status\": %d, \"http_status_is_stated\": %s, \"rules\": [", error->http_status,
                 error->http_is_stated ? "true" : "false");
    for (size_t i = 0; (rule = ozc_rule_at(i)) != NULL; i++) {
        if (leads_to(rule, error)) {
            (void)printf("%s\"%s\"", comma, rule->id);
            comma = ", ";
        }
    }
    (void)fputs("]}", stdout);
    return good;
}

static bool put_rule(const ozc_rule *rule)
{
    (void)printf("{\"rule\": \"%s\", \"check\": \"%s\", \"severity\": \"%s\"", rule->id, ozc_check_name(rule->check),
                 rule->severity == OZC_ERROR ? "error" : "warning");
    bool good = put_text(", \"title\": ", rule->title) && put_text(", \"fails_when\": ", rule->text) &&
                put_text(", \"what_to_do\": ", rule->hint);
    if (rule->oz) {
        (void)printf(", \"error_code\": %d", rule->oz->code);
        good = good && put_text(", \"error_message\": ", rule->oz->message);
    }
    if (rule->extrahorizon) {
        (void)printf(", \"extrahorizon_code\": %d", rule->extrahorizon->code);
        good = good && put_text(", \"extrahorizon_name\": ", rule->extrahorizon->name);
    }
    (void)fputc('}', stdout);
    return good;
}

static void put_checks(const meanings *found)
{
    const char *comma = "";
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        if (found->has_check[i]) {
            (void)printf("%s\"%s\"", comma, ozc_check_name((ozc_check)i));
            comma = ", ";
        }
    }
}

bool explain_as_json(const meanings *found)
{
    bool good = true;
    (void)fputs("{\"schema\": \"ozcapsula-explain/1\", \"errors\": [", stdout);
    for (size_t i = 0; good && i < found->error_count; i++) {
        (void)fputs(i == 0 ? "\n" : ",\n", stdout);
        good = put_error(found->errors[i]);
    }
    (void)fputs("], \"checks\": [", stdout);
    put_checks(found);
    (void)fputs("], \"rules\": [", stdout);
    for (size_t i = 0; good && i < found->rule_count; i++) {
        (void)fputs(i == 0 ? "\n" : ",\n", stdout);
        good = put_rule(found->rules[i]);
    }
    (void)fputs("]}\n", stdout);
    if (!good)
        complain("out of memory");
    return good;
}
