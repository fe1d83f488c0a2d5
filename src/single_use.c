/*
 * Single use of session tokens: the step after a valid verdict (docs/format.md, section 4).
 *
 * Guarantees that only the token of a valid report is used up, so that a rejected container uses up nothing; and that a
 * store which can not say is a failure, never a first use.
 */
#include "catalogue.h"
#include "report.h"
#include "store.h"

#include <stdlib.h>

ozc_store *ozc_store_new(ozc_claim (*claim)(void *user, const char *iss, const char *jti, int64_t keep_until,
                                            int64_t now),
                         void (*close)(void *user), void *user)
{
    ozc_store *store = claim == NULL ? NULL : malloc(sizeof *store);
    if (store != NULL)
        *store = (ozc_store){claim, close, user};
    return store;
}

void ozc_store_free(ozc_store *store)
{
    if (store != NULL && store->close != NULL)
        store->close(store->user);
    free(store);
}

/* Turns a valid report into a rejected one. */
static ozc_result turn(ozc_report *report, enum rule_name name, const char *text)
{
    const ozc_rule *rule = catalogue_rule(name);
    ozc_finding finding = {
        .rule = rule, .entry = "session_token", .entry_is_name = 1, .text = text, .hint = rule->hint};
    if (!report_add(report, &finding)) {
        report_fail(report, "out of memory");
        return OZC_FAILED;
    }
    report->states[OZC_CHECK_SESSION_TOKEN] = OZC_NOT_PASSED;
    report->result = OZC_REJECTED;
    return OZC_REJECTED;
}

ozc_result ozc_report_claim(ozc_report *report, ozc_store *store)
{
    const ozc_session *session = ozc_report_session(report);
    if (ozc_report_result(report) != OZC_VALID || session == NULL || store == NULL)
        return OZC_MISUSE;
    if (session->jti == NULL)
        return turn(report, RULE_SESSION_TOKEN_CLAIMS, "jti is missing; it is required for single use");
    switch (store->claim(store->user, session->iss == NULL ? "" : session->iss, session->jti, report->keep_until,
                         report->judged_at)) {
    case OZC_CLAIM_NEW:
        return OZC_VALID;
    case OZC_CLAIM_USED:
        return turn(report, RULE_SESSION_TOKEN_REPLAYED, "it was used before");
    case OZC_CLAIM_FAILED:
        break;
    }
    report_fail(report, "the store of used tokens could not say whether this one is new");
    return OZC_FAILED;
}
