/*
 * Error bodies, read back: which error of which API did a client get? For `explain`, and for clients.
 *
 * Takes both forms of docs/rules.md, sections 1 and 5. Where several errors share a code, the message decides; a rule
 * of ours in `details`, or whose title an Extra Horizon body has as its message, decides before it.
 */
#include "ascii.h"
#include "catalogue.h"
#include "json.h"

#include <string.h>

#define BODY_MOST ((size_t)1 << 20)
#define NESTING 64

static const char *text_of(const json_value *object, const char *name)
{
    const json_value *member = json_member(object, name);
    return member != NULL && json_type(member) == JSON_TEXT ? json_text(member) : NULL;
}

/* The error with that code whose exact message it is; else the first with that code. */
static const ozc_api_error *find_error(ozc_api api, int64_t code, const char *message)
{
    if (code > INT32_MAX)
        return NULL;
    for (const ozc_api_error *e = ozc_api_error_by_code(api, (int)code, NULL); e != NULL;
         e = ozc_api_error_by_code(api, (int)code, e))
        if (message != NULL && e->message != NULL && ascii_equal(e->message, message))
            return e;
    return ozc_api_error_by_code(api, (int)code, NULL);
}

/* The rule that an Extra Horizon body's message is the title of. */
static const ozc_rule *rule_by_title(const char *title)
{
    for (size_t i = 0; title != NULL && ozc_rule_at(i) != NULL; i++)
        if (strcmp(ozc_rule_at(i)->title, title) == 0)
            return ozc_rule_at(i);
    return NULL;
}

static ozc_result find(const json_value *body, const ozc_api_error **error, const ozc_rule **rule)
{
    bool is_oz = json_member(body, "error_code") != NULL;
    ozc_api api = is_oz ? OZC_API_OZ : OZC_API_EXTRAHORIZON;
    const json_value *number = json_member(body, is_oz ? "error_code" : "code");
    int64_t code = 0;
    if (number == NULL || !json_integer(number, &code))
        return OZC_REJECTED;
    *error = find_error(api, code, text_of(body, "error_message"));
    *rule =
        is_oz ? ozc_rule_by_id(text_of(json_member(body, "details"), "rule")) : rule_by_title(text_of(body, "message"));
    const ozc_api_error *of_rule = *rule == NULL ? NULL : is_oz ? (*rule)->oz : (*rule)->extrahorizon;
    if (of_rule == NULL || of_rule->code != code)
        *rule = NULL; /* a rule that does not answer so is somebody else's */
    else
        *error = of_rule;
    return *error == NULL ? OZC_REJECTED : OZC_VALID;
}

ozc_result ozc_api_error_from_body(const void *body, size_t len, const ozc_api_error **error, const ozc_rule **rule)
{
    struct json_fault fault = {0};
    json_value *tree = NULL;
    if (error != NULL)
        *error = NULL;
    if (rule != NULL)
        *rule = NULL;
    if (body == NULL || error == NULL || rule == NULL)
        return OZC_MISUSE;
    if (len > BODY_MOST)
        return OZC_REJECTED;
    enum json_outcome outcome = json_read(body, len, NESTING, &tree, &fault);
    ozc_result result = outcome == JSON_STRICT   ? find(tree, error, rule)
                        : outcome == JSON_FAULTY ? OZC_REJECTED
                                                 : OZC_FAILED;
    json_free(tree);
    return result;
}
