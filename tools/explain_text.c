/*
 * explain, as text: blocks for what was asked for, tables for the whole catalogue.
 */
#include <stdio.h>

#include "explain.h"
#include "text.h"

enum { LABEL_COLUMN = 17, ID_WIDTH = 28, MESSAGE_WIDTH = 36 };

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

/* The rules that lead to the error, or where it is NULL those of the check. */
static void print_rules(const ozc_api_error *error, ozc_check check)
{
    const ozc_rule *rule = NULL;
    const char *label = "rules";
    for (size_t i = 0; (rule = ozc_rule_at(i)) != NULL; i++) {
        if (error ? leads_to(rule, error) : rule->check == check) {
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
    print_rules(error, OZC_CHECK_INPUT);
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
    print_rules(NULL, check);
}

/* Parts what was printed before from what comes now. */
static void print_gap(bool *is_first)
{
    (void)fputs(*is_first ? "" : "\n", stdout);
    *is_first = false;
}

void explain_as_text(const meanings *found)
{
    bool is_first = true;
    for (size_t i = 0; i < found->error_count; i++) {
        print_gap(&is_first);
        print_error(found->errors[i]);
    }
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        if (found->has_check[i]) {
            print_gap(&is_first);
            print_check((ozc_check)i);
        }
    }
    for (size_t i = 0; i < found->rule_count; i++) {
        print_gap(&is_first);
        print_rule(found->rules[i]);
    }
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

void explain_all_as_text(void)
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
