/*
 * The report: what was found, and its getters.
 *
 * Guarantees that a report which has judged nothing, or is not there at all, answers "failed"; that payload and claims
 * come out of valid reports only; and that findings stay few whatever the input: 32 of each check and severity. The
 * first error is among them, for findings are kept from the first one on. Renderings are in render.c.
 */
#include "report.h"
#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

/* Frees a text that the public structures show as constant. */
static void free_text(const char **text)
{
    free((void *)(uintptr_t)*text); /* NOLINT(performance-no-int-to-ptr): the way to take the const off */
    *text = NULL;
}

ozc_report *report_new(void)
{
    ozc_report *report = calloc(1, sizeof *report);
    if (report != NULL)
        report->result = OZC_FAILED;
    return report;
}

ozc_report *ozc_report_new_failed(const char *why)
{
    ozc_report *report = report_new();
    if (report == NULL)
        return NULL;
    report->failure = strdup(why == NULL ? "nothing was judged" : why);
    if (report->failure != NULL)
        return report;
    ozc_report_free(report);
    return NULL;
}

void report_fail(ozc_report *report, const char *why)
{
    report->result = OZC_FAILED;
    free(report->failure);
    report->failure = strdup(why);
}

bool report_wants(ozc_report *report, const ozc_rule *rule)
{
    if (report->kept[rule->check][rule->severity] < FINDINGS_MOST)
        return true;
    report->omitted++;
    return false;
}

bool report_add(ozc_report *report, const ozc_finding *finding)
{
    if (report->finding_count == report->finding_room) {
        size_t room = report->finding_room == 0 ? 4 : report->finding_room * 2;
        ozc_finding *findings = realloc(report->findings, room * sizeof *findings);
        if (findings == NULL)
            return false;
        report->findings = findings;
        report->finding_room = room;
    }
    ozc_finding kept = *finding;
    kept.text = strdup(finding->text);
    kept.entry = finding->entry == NULL ? NULL : strdup(finding->entry);
    if (kept.text == NULL || (finding->entry != NULL && kept.entry == NULL)) {
        free_text(&kept.text);
        free_text(&kept.entry);
        return false;
    }
    size_t at = report->finding_count++;
    for (; at > 0 && report->findings[at - 1].rule->check > finding->rule->check; at--)
        report->findings[at] = report->findings[at - 1];
    report->findings[at] = kept;
    report->kept[finding->rule->check][finding->rule->severity]++;
    return true;
}

void ozc_report_free(ozc_report *report)
{
    if (report == NULL)
        return;
    for (size_t i = 0; i < report->finding_count; i++) {
        free_text(&report->findings[i].text);
        free_text(&report->findings[i].entry);
    }
    free(report->findings);
    free(report->entries);
    free(report->names);
    free_text(&report->session.issuer_key);
    free_text(&report->session.kid);
    free_text(&report->session.jti);
    free_text(&report->session.iss);
    free_text(&report->signer.key);
    free(report->payload);
    free(report->claims);
    free(report->failure);
    free(report);
}

ozc_result ozc_report_result(const ozc_report *report)
{
    return report == NULL ? OZC_FAILED : report->result;
}

int ozc_report_is_complete(const ozc_report *report)
{
    if (ozc_report_result(report) == OZC_FAILED)
        return 0;
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (report->switched_off[i])
            return 0;
    return 1;
}

ozc_state ozc_report_state(const ozc_report *report, ozc_check check)
{
    return report == NULL || (unsigned)check >= OZC_CHECK_COUNT ? OZC_SKIPPED : report->states[check];
}

int ozc_report_is_switched_off(const ozc_report *report, ozc_check check)
{
    return report != NULL && (unsigned)check < OZC_CHECK_COUNT && report->switched_off[check];
}

const ozc_rule *ozc_report_rule(const ozc_report *report)
{
    if (report == NULL || report->result != OZC_REJECTED)
        return NULL;
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].rule->severity == OZC_ERROR)
            return report->findings[i].rule;
    return NULL;
}

const ozc_api_error *ozc_report_api_error(const ozc_report *report, ozc_api api)
{
    ozc_result result = ozc_report_result(report);
    if (result == OZC_REJECTED) {
        const ozc_rule *rule = ozc_report_rule(report);
        return rule == NULL ? NULL : api == OZC_API_OZ ? rule->oz : rule->extrahorizon;
    }
    return result == OZC_FAILED && api == OZC_API_OZ ? catalogue_failure() : NULL;
}

int ozc_report_http_status(const ozc_report *report, ozc_api api)
{
    const ozc_api_error *error = ozc_report_api_error(report, api);
    return error != NULL ? error->http_status : ozc_report_result(report) == OZC_VALID ? 0 : 500;
}

const char *ozc_report_failure(const ozc_report *report)
{
    if (ozc_report_result(report) != OZC_FAILED)
        return NULL;
    return report == NULL || report->failure == NULL ? "out of memory, or nothing was judged" : report->failure;
}

int ozc_report_size(const ozc_report *report, uint64_t *size)
{
    if (report == NULL || size == NULL || !report->has_size)
        return 0;
    *size = report->size;
    return 1;
}

size_t ozc_report_finding_count(const ozc_report *report)
{
    return report == NULL ? 0 : report->finding_count;
}

const ozc_finding *ozc_report_finding(const ozc_report *report, size_t index)
{
    return index < ozc_report_finding_count(report) ? &report->findings[index] : NULL;
}

uint64_t ozc_report_findings_omitted(const ozc_report *report)
{
    return report == NULL ? 0 : report->omitted;
}

size_t ozc_report_entry_count(const ozc_report *report)
{
    return ozc_report_state(report, OZC_CHECK_ARCHIVE) == OZC_PASSED ? report->entry_count : 0;
}

const ozc_entry *ozc_report_entry(const ozc_report *report, size_t index)
{
    return index < ozc_report_entry_count(report) ? &report->entries[index].shown : NULL;
}

const unsigned char *ozc_report_content_id(const ozc_report *report)
{
    return ozc_report_state(report, OZC_CHECK_HASH) == OZC_PASSED ? report->content_id : NULL;
}

const ozc_session *ozc_report_session(const ozc_report *report)
{
    return ozc_report_state(report, OZC_CHECK_SESSION_TOKEN) == OZC_PASSED ? &report->session : NULL;
}

const ozc_signer *ozc_report_signer(const ozc_report *report)
{
    return ozc_report_state(report, OZC_CHECK_SIGNATURE) == OZC_PASSED ? &report->signer : NULL;
}

/* What is only shown once the whole is valid. */
static const char *verified(const ozc_report *report, const char *bytes, size_t size, size_t *len)
{
    bool shown = ozc_report_result(report) == OZC_VALID && bytes != NULL;
    if (len != NULL)
        *len = shown ? size : 0;
    return shown ? bytes : NULL;
}

const char *ozc_report_payload(const ozc_report *report, size_t *len)
{
    return verified(report, report == NULL ? NULL : report->payload, report == NULL ? 0 : report->payload_len, len);
}

const char *ozc_report_claims(const ozc_report *report, size_t *len)
{
    return verified(report, report == NULL ? NULL : report->claims, report == NULL ? 0 : report->claims_len, len);
}
