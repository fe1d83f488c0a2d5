/*
 * What a call came to, for comparison with what it comes to on a machine that fails.
 */
#include "outcome.h"

#include <stdlib.h>
#include <string.h>

struct outcome outcome_of(ozc_result result, ozc_report *report)
{
    struct outcome outcome = {result, report == NULL ? NULL : ozc_render_json(report, "container")};
    ozc_report_free(report);
    return outcome;
}

void outcome_free(struct outcome *outcome)
{
    free(outcome->says);
    outcome->says = NULL;
}

const char *outcome_fault(const struct outcome *clean, const struct outcome *failing, bool same)
{
    if (failing->result == OZC_FAILED && !same)
        return failing->says == NULL || (strstr(failing->says, "\"result\":\"failed\"") != NULL &&
                                         strstr(failing->says, "\"rule\":null,") != NULL)
                   ? NULL
                   : "it failed, and its report says something else";
    if (failing->result == OZC_VALID && clean->result != OZC_VALID)
        return "valid, which it is not";
    if (failing->result != clean->result)
        return "another result than without the failure";
    if ((clean->says == NULL) != (failing->says == NULL))
        return "the same result, and it says nothing, or more";
    return clean->says == NULL || strcmp(clean->says, failing->says) == 0
               ? NULL
               : "the same result, and it says something else";
}
