/*
 * Prints the table of rules in docs/rules.md from the library's own list. tests/house/docs.sh holds the page to it.
 */
#include <ozcapsula.h>

#include <stdio.h>

int main(void)
{
    puts("| rule | Oz | EH | fails when |\n|---|---|---|---|");
    for (size_t i = 0; ozc_rule_at(i) != NULL; i++) {
        const ozc_rule *rule = ozc_rule_at(i);
        if (rule->severity == OZC_WARNING)
            printf("| `%s` | warning | | %s |\n", rule->id, rule->text);
        else
            printf("| `%s` | %d %s | %d | %s |\n", rule->id, rule->oz->code, rule->oz->message,
                   rule->extrahorizon->code, rule->text);
    }
    return 0;
}
