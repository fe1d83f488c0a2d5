/*
 * Counting and printing. Everything is kept for one run of one thread.
 */
#include "figures.h"

#include <stdio.h>
#include <string.h>

enum { RULES_MOST = 128, INERT_MOST = 16 };

static struct {
    const ozc_rule *rule;
    size_t count;
} rules[RULES_MOST];

static struct {
    uint32_t bits;
    size_t count;
} seen[INERT_MOST];

static const char *const scopes[SCOPE_COUNT] = {"in the file", "in both records", "in an entry, records made to fit"};

void print_figures(const char *container, const struct figures *f)
{
    size_t tried = 0;
    size_t accepted = 0;
    printf("%s\n", container);
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        for (int edit = 0; edit < EDIT_COUNT; edit++) {
            if (f->tried[scope][edit] == 0)
                continue;
            printf("  %-33s%-18s%9zu mutants  %6zu accepted\n", scopes[scope], edit_in_words((enum edit)edit),
                   f->tried[scope][edit], f->accepted[scope][edit]);
            tried += f->tried[scope][edit];
            accepted += f->accepted[scope][edit];
        }
    printf("  %-51s%9zu mutants  %6zu accepted: %zu with other content\n", "all", tried, accepted, f->other_content);
}

void add_figures(struct figures *sum, const struct figures *f)
{
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        for (int edit = 0; edit < EDIT_COUNT; edit++) {
            sum->tried[scope][edit] += f->tried[scope][edit];
            sum->accepted[scope][edit] += f->accepted[scope][edit];
        }
    sum->other_content += f->other_content;
    sum->not_inert += f->not_inert;
    sum->undecided += f->undecided;
}

void count_rule(const ozc_rule *rule)
{
    size_t i = 0;
    while (i < RULES_MOST - 1 && rules[i].rule != NULL && rules[i].rule != rule)
        i++;
    rules[i].rule = rule;
    rules[i].count++;
}

void print_rules(void)
{
    printf("refused by\n");
    for (size_t i = 0; ozc_rule_at(i) != NULL; i++)
        for (size_t k = 0; k < RULES_MOST; k++)
            if (rules[k].rule == ozc_rule_at(i))
                printf("  %-51s%9zu\n", rules[k].rule->id, rules[k].count);
}

void count_inert(const struct inert *inert, unsigned number)
{
    size_t i = (size_t)(inert - inert_fields);
    seen[i].bits |= UINT32_C(1) << number;
    seen[i].count++;
}

bool print_inert_fields(void)
{
    bool all = true;
    printf("inert bits (docs/format.md)\n");
    for (size_t i = 0; inert_fields[i].record != NULL; i++) {
        const struct inert *inert = &inert_fields[i];
        printf("  %-15s %-20s bits %08lx, accepted %08lx in %5zu mutants; %s\n",
               inert->in_both ? "both records" : inert->record, inert->field, (unsigned long)inert->bits,
               (unsigned long)seen[i].bits, seen[i].count, inert->why);
        all = all && seen[i].bits == inert->bits;
    }
    return all;
}
