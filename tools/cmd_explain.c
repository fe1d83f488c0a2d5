/*
 * ozcapsula explain: what an error code, a name or a rule means. Guarantees that all meanings are shown that the
 * library's catalogue has, in its order; it knows none of its own. An error body is only looked up: bytes of it are
 * never printed. How it is printed is in explain_text.c and explain_json.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "explain.h"
#include "files.h"
#include "suggest.h"
#include "text.h"

static const char about[] =
    "Explains an error code, an error's name or message, a check, or a rule. - reads an error body of either API from "
    "standard input, as a client has received it, whatever stands around it. Without argument it lists all errors and "
    "rules.\n"
    "\n"
    "Exit status: 0 it is known, 2 it is not, 3 standard input cannot be read, or output cannot be written.";

enum { OPT_FORMAT = 1 };

static const cli_option options[] = {
    {OPT_FORMAT, 0, "format", "text|json", "for people (default), or one JSON document for programs"},
    {0, 0, NULL, NULL, NULL},
};

enum { BODY_MOST = 1024 * 1024 };

void meanings_add_error(meanings *found, const ozc_api_error *error)
{
    found->errors = required(realloc(found->errors, (found->error_count + 1) * sizeof(*found->errors)));
    found->errors[found->error_count++] = error;
}

void meanings_add_rule(meanings *found, const ozc_rule *rule)
{
    found->rules = required(realloc(found->rules, (found->rule_count + 1) * sizeof(*found->rules)));
    found->rules[found->rule_count++] = rule;
}

void meanings_free(meanings *found)
{
    free(found->errors);
    free(found->rules);
}

bool leads_to(const ozc_rule *rule, const ozc_api_error *error)
{
    return rule->oz == error || rule->extrahorizon == error;
}

static void find_all(meanings *found)
{
    for (size_t i = 0; ozc_api_error_at(i); i++)
        meanings_add_error(found, ozc_api_error_at(i));
    for (size_t i = 0; ozc_rule_at(i); i++)
        meanings_add_rule(found, ozc_rule_at(i));
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        found->has_check[i] = true;
}

static void find_code(meanings *found, const char *text)
{
    int code = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 6 || text[digits] != '\0')
        return;
    for (; *text != '\0'; text++)
        code = code * 10 + (*text - '0');
    for (ozc_api api = OZC_API_OZ; api <= OZC_API_EXTRAHORIZON; api++) {
        const ozc_api_error *error = NULL;
        while ((error = ozc_api_error_by_code(api, code, error)) != NULL)
            meanings_add_error(found, error);
    }
}

static void find_name(meanings *found, const char *text)
{
    for (ozc_api api = OZC_API_OZ; api <= OZC_API_EXTRAHORIZON; api++) {
        const ozc_api_error *error = NULL;
        while ((error = ozc_api_error_by_name(api, text, error)) != NULL)
            meanings_add_error(found, error);
    }
    ozc_check check = OZC_CHECK_INPUT;
    if (ozc_check_by_name(text, &check) == OZC_VALID)
        found->has_check[check] = true;
    if (ozc_rule_by_id(text))
        meanings_add_rule(found, ozc_rule_by_id(text));
}

static bool is_any(const meanings *found)
{
    bool any = found->error_count > 0 || found->rule_count > 0;
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        any = any || found->has_check[i];
    return any;
}

static ozc_result find(meanings *found, const char *text)
{
    find_code(found, text);
    find_name(found, text);
    if (is_any(found))
        return OZC_VALID;
    suggestion meant = suggest_for(text);
    for (size_t i = 0; ozc_rule_at(i); i++)
        suggest_offer(&meant, ozc_rule_at(i)->id);
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        suggest_offer(&meant, ozc_check_name((ozc_check)i));
    for (size_t i = 0; ozc_api_error_at(i); i++) {
        suggest_offer(&meant, ozc_api_error_at(i)->name);
        suggest_offer(&meant, ozc_api_error_at(i)->message);
    }
    complain(
        "nothing is known of \"%s\"%s; ask for an error code (14), an error's name or message (BODY_FORMAT_EXCEPTION, "
        "\"Invalid hash\"), a check (hash) or a rule (hash.mismatch); ozcapsula explain lists them all",
        text, suggest_text(&meant, ""));
    return OZC_MISUSE;
}

/* Several meanings may share a code and a message, and a body does not tell them apart. */
static void find_alike(meanings *found, const ozc_api_error *error)
{
    const ozc_api_error *same = NULL;
    while ((same = ozc_api_error_by_code(error->api, error->code, same)) != NULL)
        if (same == error || (same->message && error->message && strcmp(same->message, error->message) == 0))
            meanings_add_error(found, same);
}

/* Drops what was pasted in around the body: the lines of a response before it, a prompt behind it. */
static void cut_to_object(const file_bytes *text, const char **body, size_t *len)
{
    const char *open = text->size > 0 ? memchr(text->data, '{', text->size) : NULL;
    const char *end = text->data + text->size;
    while (open && end > open && end[-1] != '}')
        end--;
    *body = open ? open : text->data;
    *len = open ? (size_t)(end - open) : text->size;
}

static ozc_result find_body(meanings *found)
{
    file_bytes text;
    const char *body = NULL;
    size_t len = 0;
    if (!file_read_or_complain("explain", NULL, BODY_MOST, &text))
        return OZC_FAILED;
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    cut_to_object(&text, &body, &len);
    ozc_result result = ozc_api_error_from_body(body, len, &error, &rule);
    file_wipe(&text);
    if (result == OZC_FAILED) {
        complain("out of memory");
    } else if (result != OZC_VALID) {
        complain("standard input is no error body of a known code: {\"error_code\": ...} or {\"code\": ...}");
        result = OZC_MISUSE;
    } else if (rule) {
        meanings_add_error(found, error);
        meanings_add_rule(found, rule);
    } else {
        find_alike(found, error);
    }
    return result;
}

static ozc_result explain(const char *text, bool is_json)
{
    meanings found = {0};
    ozc_result result = OZC_VALID;
    if (!text)
        find_all(&found);
    else
        result = strcmp(text, "-") == 0 ? find_body(&found) : find(&found, text);
    if (result == OZC_VALID && is_json)
        result = explain_as_json(&found) ? OZC_VALID : OZC_FAILED;
    else if (result == OZC_VALID && text)
        explain_as_text(&found);
    else if (result == OZC_VALID)
        explain_all_as_text();
    meanings_free(&found);
    return result;
}

static ozc_result run_explain(const command *self, int argc, char **argv)
{
    bool is_json = false;
    bool good = true;
    cli_args args = cli_begin(self->name, self->options, argc, argv);
    int option = ARG_END;
    while (good && (option = cli_next(&args)) > 0)
        good = parse_text_or_json(args.value, &is_json);
    if (good && option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (!good || option == ARG_WRONG)
        return OZC_MISUSE;
    if (args.operands > 1) {
        complain("explain takes one argument; put a message of several words in quotes");
        return OZC_MISUSE;
    }
    return explain(args.operands == 0 ? NULL : argv[0], is_json);
}

const command command_explain = {"explain", "[CODE|NAME|RULE|-]", "what an error code, name or rule means", about,
                                 options,   run_explain};
