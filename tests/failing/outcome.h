/*
 * outcome.h - what a call came to, for comparison with what it comes to on a machine that fails.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <ozcapsula.h>

#include <stdbool.h>

/* Goes on with `result` where all went well up to now. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        if (result == OZC_VALID)                                                                                       \
            result = (call);                                                                                           \
    } while (0)

struct outcome {
    ozc_result result;
    char *says; /* all that it says besides; NULL: nothing that could be compared. Freed by outcome_free */
};

/* What a validation came to: the report as JSON. Frees the report. */
struct outcome outcome_of(ozc_result result, ozc_report *report);

void outcome_free(struct outcome *outcome);

/* What is wrong with an outcome on a machine that failed, given the one on a machine that did not; NULL: nothing. It
   has to be "failed", without a rule, or the very same in all that it says; with `same` only the latter. */
const char *outcome_fault(const struct outcome *clean, const struct outcome *failing, bool same);

#endif
