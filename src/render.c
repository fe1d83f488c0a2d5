/*
 * Renderings of a report: text, JSON, and the error bodies of both APIs.
 *
 * Pure functions of the report. Guarantees valid JSON in ASCII on one line, members in the order of docs/rules.md and
 * docs/cli.md, and that no byte of a container gets out unescaped. Leaves out HTTP: ozc_report_http_status.
 */
#include "report.h"

#include <string.h>

static const char *const result_words[] = {"valid", "rejected", "", "failed"};
static const char *const state_words[] = {"skipped", "passed", "failed"};

static void add_integer(struct text *out, const char *member, bool there, int64_t value)
{
    if (there)
        text_print(out, "\"%s\":%lld", member, (long long)value);
    else
        text_print(out, "\"%s\":null", member);
}

static void add_string(struct text *out, const char *member, const char *value)
{
    text_print(out, "\"%s\":", member);
    text_json(out, value);
}

static void add_hex(struct text *out, const char *member, const uint8_t *sha256)
{
    text_print(out, "\"%s\":", member);
    text_print(out, sha256 == NULL ? "null" : "\"");
    if (sha256 != NULL) {
        text_hex(out, sha256, SHA256_SIZE);
        text_print(out, "\"");
    }
}

static void add_error(struct text *out, const ozc_api_error *error)
{
    add_integer(out, "error_code", error != NULL, error == NULL ? 0 : error->code);
    text_print(out, ",");
    add_string(out, "error_message", error == NULL ? NULL : error->message);
}

static void add_checks(struct text *out, const ozc_report *report)
{
    text_print(out, "\"checks\":[");
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        text_print(out, "%s{\"check\":\"%s\",\"state\":\"%s\"}", i == 0 ? "" : ",", ozc_check_name((ozc_check)i),
                   state_words[ozc_report_state(report, (ozc_check)i)]);
    text_print(out, "]");
}

static void add_finding(struct text *out, const ozc_finding *finding)
{
    text_print(out, "{\"rule\":\"%s\",\"check\":\"%s\",\"severity\":\"%s\",", finding->rule->id,
               ozc_check_name(finding->rule->check), finding->rule->severity == OZC_ERROR ? "error" : "warning");
    add_error(out, finding->rule->oz);
    text_print(out, ",");
    add_string(out, "entry", finding->entry);
    text_print(out, ",");
    add_integer(out, "offset", finding->has_offset, (int64_t)finding->offset);
    text_print(out, ",");
    add_string(out, "text", finding->text);
    text_print(out, ",");
    add_string(out, "hint", finding->hint);
    text_print(out, "}");
}

static void add_findings(struct text *out, const ozc_report *report)
{
    text_print(out, "\"findings\":[");
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        text_print(out, i == 0 ? "" : ",");
        add_finding(out, ozc_report_finding(report, i));
    }
    text_print(out, "],\"findings_omitted\":%llu", (unsigned long long)ozc_report_findings_omitted(report));
}

static void add_entries(struct text *out, const ozc_report *report)
{
    text_print(out, "\"entries\":[");
    for (size_t i = 0; i < ozc_report_entry_count(report); i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        text_print(out, i == 0 ? "{" : ",{");
        add_string(out, "name", entry->name);
        text_print(out, ",\"size\":%llu,\"offset\":%llu,", (unsigned long long)entry->size,
                   (unsigned long long)entry->offset);
        add_hex(out, "sha256", entry->sha256);
        text_print(out, "}");
    }
    text_print(out, "]");
}

static void add_session(struct text *out, const ozc_session *session)
{
    if (session == NULL) {
        text_print(out, "\"session\":null");
        return;
    }
    text_print(out, "\"session\":{");
    add_string(out, "issuer_key", session->issuer_key);
    text_print(out, ",");
    add_string(out, "kid", session->kid);
    text_print(out, ",");
    add_string(out, "jti", session->jti);
    text_print(out, ",");
    add_string(out, "iss", session->iss);
    text_print(out, ",");
    add_integer(out, "issued_at", session->has_issued_at, session->issued_at);
    text_print(out, ",");
    add_integer(out, "expires_at", true, session->expires_at);
    text_print(out, "}");
}

static void add_signer(struct text *out, const ozc_signer *signer)
{
    if (signer == NULL) {
        text_print(out, "\"signer\":null");
        return;
    }
    text_print(out, "\"signer\":{");
    add_string(out, "key", signer->key);
    text_print(out, ",\"from\":\"%s\"}", signer->is_from_token ? "token" : "trusted");
}

char *ozc_render_json(const ozc_report *report, const char *path)
{
    struct text out = {0};
    uint64_t size = 0;
    bool has_size = ozc_report_size(report, &size) == 1;
    const ozc_rule *rule = ozc_report_rule(report);
    int status = ozc_report_http_status(report, OZC_API_OZ);
    text_print(&out, "{");
    add_string(&out, "path", path == NULL ? "" : path);
    text_print(&out, ",\"result\":\"%s\",\"complete\":%s,", result_words[ozc_report_result(report)],
               ozc_report_is_complete(report) ? "true" : "false");
    add_integer(&out, "size", has_size, (int64_t)size);
    text_print(&out, ",");
    add_string(&out, "rule", rule == NULL ? NULL : rule->id);
    text_print(&out, ",");
    add_error(&out, ozc_report_api_error(report, OZC_API_OZ));
    text_print(&out, ",");
    add_integer(&out, "http_status", status != 0, status);
    text_print(&out, ",");
    add_checks(&out, report);
    text_print(&out, ",");
    add_findings(&out, report);
    text_print(&out, ",");
    add_hex(&out, "content_id", ozc_report_content_id(report));
    text_print(&out, ",");
    add_entries(&out, report);
    text_print(&out, ",");
    add_session(&out, ozc_report_session(report));
    text_print(&out, ",");
    add_signer(&out, ozc_report_signer(report));
    text_print(&out, ",");
    add_string(&out, "failure", ozc_report_failure(report));
    text_print(&out, "}");
    return text_take(&out);
}

static const ozc_finding *verdict_finding(const ozc_report *report)
{
    const ozc_rule *rule = ozc_report_rule(report);
    for (size_t i = 0; rule != NULL && i < ozc_report_finding_count(report); i++)
        if (ozc_report_finding(report, i)->rule == rule)
            return ozc_report_finding(report, i);
    return NULL;
}

char *ozc_render_oz(const ozc_report *report, int details)
{
    const ozc_api_error *error = ozc_report_api_error(report, OZC_API_OZ);
    const ozc_finding *finding = verdict_finding(report);
    struct text out = {0};
    if (error == NULL)
        return NULL;
    text_print(&out, "{");
    add_error(&out, error);
    text_print(&out, ",\"details\":");
    if (details && finding != NULL) {
        text_print(&out, "{");
        add_string(&out, "rule", finding->rule->id);
        text_print(&out, ",");
        /* A name that the format does not allow stays out: details never hold bytes of the container. */
        add_string(&out, "entry", finding->entry_is_name ? finding->entry : NULL);
        text_print(&out, ",");
        add_integer(&out, "offset", finding->has_offset, (int64_t)finding->offset);
        text_print(&out, "}}");
    } else {
        text_print(&out, "null}");
    }
    return text_take(&out);
}

char *ozc_render_extrahorizon(const ozc_report *report)
{
    const ozc_api_error *error = ozc_report_api_error(report, OZC_API_EXTRAHORIZON);
    const ozc_rule *rule = ozc_report_rule(report);
    struct text out = {0};
    if (error == NULL || rule == NULL)
        return NULL;
    text_print(&out, "{\"code\":%d,", error->code);
    add_string(&out, "name", error->name);
    text_print(&out, ",");
    add_string(&out, "message", rule->title);
    text_print(&out, "}");
    return text_take(&out);
}

static void text_finding(struct text *out, const ozc_finding *finding)
{
    text_print(out, "  %s %s: ", finding->rule->severity == OZC_ERROR ? "error" : "warning", finding->rule->id);
    if (finding->rule->oz != NULL)
        text_print(out, "%d %s: ", finding->rule->oz->code, finding->rule->oz->message);
    if (finding->entry != NULL)
        text_print(out, "%s: ", finding->entry);
    text_print(out, "%s", finding->text);
    if (finding->has_offset)
        text_print(out, " (at byte %llu)", (unsigned long long)finding->offset);
    text_print(out, "\n    %s\n", finding->hint);
}

static void text_details(struct text *out, const ozc_report *report)
{
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        ozc_check check = (ozc_check)i;
        text_print(out, "  %-13s  %s%s\n", ozc_check_name(check), state_words[ozc_report_state(report, check)],
                   ozc_report_is_switched_off(report, check) ? " (switched off)" : "");
    }
    for (size_t i = 0; i < ozc_report_finding_count(report); i++)
        text_finding(out, ozc_report_finding(report, i));
    if (ozc_report_findings_omitted(report) > 0)
        text_print(out, "  and %llu findings more\n", (unsigned long long)ozc_report_findings_omitted(report));
    const unsigned char *id = ozc_report_content_id(report);
    if (id != NULL) {
        text_print(out, "  content id     ");
        text_hex(out, id, SHA256_SIZE);
        text_print(out, "\n");
    }
}

/* Any bytes, made safe to show. */
static void add_plain(struct text *out, const char *string)
{
    char *shown = ozc_plain_text(string);
    if (shown != NULL)
        text_print(out, "%s", shown);
    else
        text_abandon(out);
    ozc_free(shown);
}

/* The caller of ozc_report_new_failed may have said anything. */
static void add_failure(struct text *out, const ozc_report *report)
{
    text_print(out, "could not be checked: ");
    add_plain(out, ozc_report_failure(report));
}

char *ozc_render_text(const ozc_report *report, const char *path, int verbose)
{
    struct text out = {0};
    const ozc_api_error *error = ozc_report_api_error(report, OZC_API_OZ);
    const ozc_finding *finding = verdict_finding(report);
    add_plain(&out, path);
    text_print(&out, ": ");
    if (finding != NULL)
        text_print(&out, "%d %s: %s%s%s", error->code, error->message, finding->entry == NULL ? "" : finding->entry,
                   finding->entry == NULL ? "" : ": ", finding->text);
    else if (ozc_report_result(report) == OZC_VALID)
        text_print(&out, "valid");
    else
        add_failure(&out, report);
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (ozc_report_is_switched_off(report, (ozc_check)i))
            text_print(&out, ", %s not checked", ozc_check_name((ozc_check)i));
    text_print(&out, "\n");
    if (verbose && ozc_report_result(report) != OZC_FAILED)
        text_details(&out, report);
    return text_take(&out);
}
