/*
 * ozcapsula explain: what an error code, a name or a rule means. Guarantees that all meanings are shown that the
 * library's catalogue has, in its order; it knows none of its own. An error body is only looked up: bytes of it are
 * never printed.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "files.h"
#include "suggest.h"
#include "text.h"

static const char about[] =
    "Explains an error code, an error's name or message, a check, or a rule. - reads an error body of either API from "
    "standard input, as a client has received it. Without argument it lists all errors and rules.\n"
    "\n"
    "Exit status: 0 it is known, 2 it is not, 3 standard input cannot be read.";

enum { BODY_MOST = 1024 * 1024, LABEL_COLUMN = 17, ID_WIDTH = 28, MESSAGE_WIDTH = 36 };

/* An API error as one text, "14 Invalid hash": the message that a client sees, or else the name. */
static int print_short(const ozc_api_error *error)
{
    return printf("%d %s", error->code, error->message ? error->message : error->name);
}

/* A line of a block: its label, and a text that may take several lines. */
static void print_field(const char *label, const char *text)
{
    int width = printf("  %s", label);
    print_wrapped(stdout, width, LABEL_COLUMN, text);
}

/* Does the rule belong to what `of` is: the error that it leads to, or its check? */
typedef bool (*belongs)(const ozc_rule *rule, const void *of);

static bool leads_to_error(const ozc_rule *rule, const void *of)
{
    return rule->oz == of || rule->extrahorizon == of;
}

static bool is_of_check(const ozc_rule *rule, const void *of)
{
    return rule->check == *(const ozc_check *)of;
}

static void print_rules(belongs is_one, const void *of)
{
    const ozc_rule *rule = NULL;
    const char *label = "rules";
    for (size_t i = 0; (rule = ozc_rule_at(i)) != NULL; i++) {
        if (is_one(rule, of)) {
            int width = printf("  %-*s%-*s", LABEL_COLUMN - 2, label, ID_WIDTH, rule->id);
            print_wrapped(stdout, width, LABEL_COLUMN + ID_WIDTH, rule->title);
            label = "";
        }
    }
}

static const char *origin_of_status(const ozc_api_error *error)
{
    return error->http_is_stated ? "stated" : "inferred";
}

static void print_error(const ozc_api_error *error)
{
    bool is_oz = error->api == OZC_API_OZ;
    (void)printf("%s %d%s%s\n", is_oz ? "Oz API" : "Extra Horizon", error->code, error->name ? " " : "",
                 error->name ? error->name : "");
    if (error->message)
        print_field("message", error->message);
    print_field("meaning", error->description);
    print_field(is_oz ? "origin" : "group", error->origin);
    (void)printf("  %-*s%d (%s)\n", LABEL_COLUMN - 2, "HTTP status", error->http_status, origin_of_status(error));
    print_rules(leads_to_error, error);
}

static void print_error_of_rule(const char *label, const ozc_api_error *error)
{
    if (error) {
        (void)printf("  %-*s", LABEL_COLUMN - 2, label);
        (void)print_short(error);
        (void)printf(" (HTTP %d, %s)\n", error->http_status, origin_of_status(error));
    }
}

static void print_rule(const ozc_rule *rule)
{
    (void)printf("%s\n", rule->id);
    print_field("title", rule->title);
    print_field("check", ozc_check_name(rule->check));
    print_field("severity", rule->severity == OZC_ERROR ? "error" : "warning, never a failure");
    print_field(rule->severity == OZC_ERROR ? "fails when" : "warns when", rule->text);
    print_field("what to do", rule->hint);
    print_error_of_rule("Oz API", rule->oz);
    print_error_of_rule("Extra Horizon", rule->extrahorizon);
}

static void print_check(ozc_check check)
{
    (void)printf("check %s\n", ozc_check_name(check));
    print_rules(is_of_check, &check);
}

/* Parts what was found before from what comes now. */
static void print_gap(int *found)
{
    (void)fputs(*found > 0 ? "\n" : "", stdout);
    (*found)++;
}

static void print_errors_of_api(ozc_api api, int name_width, int message_width)
{
    (void)printf("  code  HTTP  %-*s%-*s%s\n", name_width, "name", message_width, message_width > 0 ? "message" : "",
                 "meaning");
    const ozc_api_error *error = NULL;
    for (size_t i = 0; (error = ozc_api_error_at(i)) != NULL; i++) {
        if (error->api == api) {
            int width = printf("  %4d  %4d  %-*s%-*s", error->code, error->http_status, name_width,
                               error->name ? error->name : "", message_width, error->message ? error->message : "");
            print_wrapped(stdout, width, width, error->description);
        }
    }
}

static void print_catalogue(void)
{
    (void)puts("Errors of the Oz API");
    print_errors_of_api(OZC_API_OZ, 19, MESSAGE_WIDTH);
    (void)puts("\nErrors of Extra Horizon");
    print_errors_of_api(OZC_API_EXTRAHORIZON, 36, 0);
    (void)printf("\nRules, in the order of the checks\n  %-*s%-*s%s\n", ID_WIDTH, "rule", MESSAGE_WIDTH, "Oz API",
                 "Extra Horizon");
    const ozc_rule *rule = NULL;
    for (size_t i = 0; (rule = ozc_rule_at(i)) != NULL; i++) {
        (void)printf("  %-*s", ID_WIDTH, rule->id);
        if (rule->oz && rule->extrahorizon) {
            int width = print_short(rule->oz);
            (void)printf("%*s%d\n", MESSAGE_WIDTH - width, "", rule->extrahorizon->code);
        } else {
            (void)puts("(warning)");
        }
        print_wrapped(stdout, 0, 6, rule->title);
    }
}

/* Explains all errors of a code. Returns how many were found before and now. */
static int explain_code(const char *text, int found)
{
    int code = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 6 || text[digits] != '\0')
        return found;
    for (; *text != '\0'; text++)
        code = code * 10 + (*text - '0');
    for (ozc_api api = OZC_API_OZ; api <= OZC_API_EXTRAHORIZON; api++) {
        const ozc_api_error *error = NULL;
        while ((error = ozc_api_error_by_code(api, code, error)) != NULL) {
            print_gap(&found);
            print_error(error);
        }
    }
    return found;
}

static int explain_name(const char *text, int found)
{
    for (ozc_api api = OZC_API_OZ; api <= OZC_API_EXTRAHORIZON; api++) {
        const ozc_api_error *error = NULL;
        while ((error = ozc_api_error_by_name(api, text, error)) != NULL) {
            print_gap(&found);
            print_error(error);
        }
    }
    ozc_check check = OZC_CHECK_INPUT;
    if (ozc_check_by_name(text, &check) == OZC_VALID) {
        print_gap(&found);
        print_check(check);
    }
    const ozc_rule *rule = ozc_rule_by_id(text);
    if (rule) {
        print_gap(&found);
        print_rule(rule);
    }
    return found;
}

static ozc_result explain(const char *text)
{
    if (explain_name(text, explain_code(text, 0)) > 0)
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
static void print_meanings(const ozc_api_error *error)
{
    int found = 0;
    const ozc_api_error *same = NULL;
    while ((same = ozc_api_error_by_code(error->api, error->code, same)) != NULL) {
        if (same == error || (same->message && error->message && strcmp(same->message, error->message) == 0)) {
            print_gap(&found);
            print_error(same);
        }
    }
}

static ozc_result explain_body(void)
{
    file_bytes body;
    if (!file_read_or_complain("explain", NULL, BODY_MOST, &body))
        return OZC_FAILED;
    const ozc_api_error *error = NULL;
    const ozc_rule *rule = NULL;
    ozc_result result = ozc_api_error_from_body(body.data, body.size, &error, &rule);
    file_wipe(&body);
    if (result == OZC_FAILED) {
        complain("out of memory");
    } else if (result != OZC_VALID) {
        complain("standard input is no error body of a known code: {\"error_code\": ...} or {\"code\": ...}");
        result = OZC_MISUSE;
    } else if (rule) {
        print_error(error);
        (void)putchar('\n');
        print_rule(rule);
    } else {
        print_meanings(error);
    }
    return result;
}

static ozc_result run_explain(const command *self, int argc, char **argv)
{
    cli_args args = cli_begin(self->name, self->options, argc, argv);
    int option = cli_next(&args);
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (option == ARG_WRONG)
        return OZC_MISUSE;
    if (args.operands > 1) {
        complain("explain takes one argument; put a message of several words in quotes");
        return OZC_MISUSE;
    }
    if (args.operands == 0) {
        print_catalogue();
        return OZC_VALID;
    }
    return strcmp(argv[0], "-") == 0 ? explain_body() : explain(argv[0]);
}

const command command_explain = {"explain", "[CODE|NAME|RULE|-]", "what an error code, name or rule means",
                                 about,     no_options,           run_explain};
