/*
 * explain.h - what explain has found in the catalogue, as text and as JSON.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <ozcapsula.h>

/* What was found, in the catalogue's order. Starts as {0}. */
typedef struct meanings {
    const ozc_api_error **errors;
    size_t error_count;
    const ozc_rule **rules;
    size_t rule_count;
    bool has_check[OZC_CHECK_COUNT];
} meanings;

void meanings_add_error(meanings *found, const ozc_api_error *error);
void meanings_add_rule(meanings *found, const ozc_rule *rule);
void meanings_free(meanings *found);

/* Does the rule lead to the error? */
bool leads_to(const ozc_rule *rule, const ozc_api_error *error);

/* Print to standard output. JSON needs memory: false, and told. */
void explain_as_text(const meanings *found);
void explain_all_as_text(void);
bool explain_as_json(const meanings *found);

#endif
