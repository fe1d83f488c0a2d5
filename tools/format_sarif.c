/*
 * check --format sarif: SARIF 2.1.0, one run, for code scanning. Guarantees a document that does not hang on the day or
 * on where the program runs: a finding has the same fingerprints whatever its container is called and whatever else is
 * checked with it. A container is an artifact, and so is each entry with a finding, within its container. A finding
 * stands at its byte of the container, and once more at its byte of the entry. Findings are printed as they come;
 * artifacts and notifications are held back, for they are lists of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "check_output.h"

enum { ARTIFACTS = HELD_FIRST, NOTIFICATIONS = HELD_SECOND };

/* What is not about a rule: descriptors of notifications. */
static const struct notice {
    const char *id;
    const char *level;
    const char *text;
} notices[] = {
    {"container.failed", "error", "A container could not be checked."},
    {"findings.omitted", "note", "A container has more findings than are kept."},
    {"check.switched_off", "warning", "A check was switched off."},
};
enum { NOTICE_FAILED, NOTICE_OMITTED, NOTICE_SWITCHED_OFF, NOTICES };

static const char *level_of(const ozc_rule *rule)
{
    return rule->severity == OZC_ERROR ? "error" : "warning";
}

static void put_member(check_output *out, const char *name, const char *text)
{
    (void)fprintf(out->to, ",\"%s\":", name);
    put_json(out, out->to, text);
}

/* A sentence of the catalogue, which has no full stop, with what it is the end of. */
static void put_sentence(check_output *out, const char *name, const char *before, const char *text)
{
    (void)fprintf(out->to, ",\"%s\":{\"text\":\"%s", name, before);
    put_json_part(out, out->to, text);
    (void)fputs(".\"}", out->to);
}

static void put_rule(check_output *out, const ozc_rule *rule)
{
    (void)fprintf(out->to, "{\"id\":\"%s\"", rule->id);
    put_sentence(out, "shortDescription", "", rule->title);
    put_sentence(out, "fullDescription", rule->severity == OZC_ERROR ? "Fails when: " : "Warns when: ", rule->text);
    (void)fputs(",\"help\":{\"text\":", out->to);
    put_json(out, out->to, rule->hint);
    (void)fprintf(out->to, "},\"defaultConfiguration\":{\"level\":\"%s\"},\"properties\":{\"check\":\"%s\"",
                  level_of(rule), ozc_check_name(rule->check));
    if (rule->oz) {
        (void)fprintf(out->to, ",\"error_code\":%d", rule->oz->code);
        put_member(out, "error_message", rule->oz->message);
    }
    if (rule->extrahorizon)
        (void)fprintf(out->to, ",\"extrahorizon_code\":%d", rule->extrahorizon->code);
    (void)fputs("}}", out->to);
}

static void begin(check_output *out)
{
    (void)fprintf(out->to,
                  "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                  "sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":"
                  "\"ozcapsula\",\"version\":\"%s\",\"semanticVersion\":\"%s\",\"rules\":[",
                  ozc_version(), ozc_version());
    const ozc_rule *rule = NULL;
    for (size_t i = 0; (rule = ozc_rule_at(i)) != NULL; i++) {
        (void)fputs(i == 0 ? "\n" : ",\n", out->to);
        put_rule(out, rule);
    }
    (void)fputs("],\"notifications\":[", out->to);
    for (size_t i = 0; i < NOTICES; i++)
        (void)fprintf(out->to, "%s\n{\"id\":\"%s\",\"shortDescription\":{\"text\":\"%s\"}}", i == 0 ? "" : ",",
                      notices[i].id, notices[i].text);
    (void)fputs("]}},\"columnKind\":\"utf16CodeUnits\",\"results\":[", out->to);
}

/* A path as a URI reference (RFC 3986): all but unreserved characters and slashes escaped. */
static void put_uri(FILE *to, const char *path)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    (void)fputs(path[0] == '/' ? "file://" : "", to);
    for (; *path != '\0'; path++)
        if (strchr(unreserved, *path))
            (void)fputc(*path, to);
        else
            (void)fprintf(to, "%%%02X", (unsigned)(unsigned char)*path);
}

static void put_location(FILE *to, const char *path, size_t artifact)
{
    (void)fputs("\"artifactLocation\":{\"uri\":\"", to);
    put_uri(to, path);
    (void)fprintf(to, "\",\"index\":%zu}", artifact);
}

/* Adds an artifact; returns its index. NULL in place of `held`: there is no place for it, and that is noted. */
static size_t add_artifact(check_output *out, FILE *held, const char *path)
{
    (void)fprintf(held, "%s\n{\"location\":{\"uri\":\"", out->artifacts == 0 ? "" : ",");
    put_uri(held, path);
    (void)fputs("\"}", held);
    return out->artifacts++;
}

static void put_hex(FILE *to, const unsigned char *sha256)
{
    for (size_t i = 0; i < 32; i++)
        (void)fprintf(to, "%02x", sha256[i]);
}

static size_t add_container(check_output *out, FILE *held, const checked *container)
{
    uint64_t size = 0;
    const unsigned char *content_id = ozc_report_content_id(container->report);
    size_t index = add_artifact(out, held, container->path);
    if (ozc_report_size(container->report, &size))
        (void)fprintf(held, ",\"length\":%llu", (unsigned long long)size);
    (void)fputs(",\"roles\":[\"analysisTarget\"]", held);
    if (content_id) {
        (void)fputs(",\"properties\":{\"content_id\":\"", held);
        put_hex(held, content_id);
        (void)fputs("\"}", held);
    }
    (void)fputc('}', held);
    return index;
}

/* What the report knows of an entry; NULL: there is no table of entries, or the name stands in none. */
static const ozc_entry *entry_of(const ozc_report *report, const char *name)
{
    const ozc_entry *entry = NULL;
    for (size_t i = 0; (entry = ozc_report_entry(report, i)) != NULL; i++)
        if (strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

static size_t add_entry(check_output *out, FILE *held, const ozc_report *report, const char *name, size_t parent)
{
    const ozc_entry *entry = entry_of(report, name);
    size_t index = add_artifact(out, held, name);
    (void)fprintf(held, ",\"parentIndex\":%zu", parent);
    if (entry)
        (void)fprintf(held, ",\"offset\":%llu,\"length\":%llu", (unsigned long long)entry->offset,
                      (unsigned long long)entry->size);
    if (entry && entry->sha256) {
        (void)fputs(",\"hashes\":{\"sha-256\":\"", held);
        put_hex(held, entry->sha256);
        (void)fputs("\"}", held);
    }
    (void)fputc('}', held);
    return index;
}

/* A finding with its place among the others of its container. */
typedef struct placed {
    const ozc_finding *finding;
    size_t artifact; /* of its entry; of the container where it has none */
    size_t ordinal;  /* among those of the same rule and entry, from 1 on */
} placed;

static bool is_same_entry(const ozc_finding *one, const ozc_finding *other)
{
    return one->entry && other->entry ? strcmp(one->entry, other->entry) == 0 : one->entry == other->entry;
}

/* Numbers the findings and adds the artifacts of their entries. A name that the format does not allow is none. */
static void place(check_output *out, FILE *held, const ozc_report *report, placed *findings, size_t container)
{
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        const ozc_finding *finding = ozc_report_finding(report, i);
        bool is_known = !finding->entry || !finding->entry_is_name;
        findings[i] = (placed){finding, container, 1};
        for (size_t k = 0; k < i; k++) {
            if (is_same_entry(findings[k].finding, finding)) {
                is_known = true;
                findings[i].artifact = findings[k].artifact;
                findings[i].ordinal += findings[k].finding->rule == finding->rule ? 1 : 0;
            }
        }
        if (!is_known)
            findings[i].artifact = add_entry(out, held, report, finding->entry, container);
    }
}

static size_t index_of(const ozc_rule *rule)
{
    size_t index = 0;
    while (ozc_rule_at(index) && ozc_rule_at(index) != rule)
        index++;
    return index;
}

static void put_message(check_output *out, const ozc_finding *finding)
{
    (void)fputs(",\"message\":{\"text\":\"", out->to);
    if (finding->rule->oz)
        (void)fprintf(out->to, "%d %s: ", finding->rule->oz->code, finding->rule->oz->message);
    if (finding->entry) {
        put_json_part(out, out->to, finding->entry);
        (void)fputs(": ", out->to);
    }
    put_json_part(out, out->to, finding->text);
    (void)fputs(". ", out->to);
    put_json_part(out, out->to, finding->hint);
    (void)fputs("\"}", out->to);
}

/* The finding's byte within its entry, where it has one there. */
static void put_entry_location(check_output *out, const ozc_report *report, const placed *one)
{
    const ozc_finding *finding = one->finding;
    const ozc_entry *entry = entry_of(report, finding->entry);
    (void)fputs(",\"relatedLocations\":[{\"message\":{\"text\":\"The entry in the container.\"},\"physicalLocation\":{",
                out->to);
    put_location(out->to, finding->entry, one->artifact);
    if (entry && finding->has_offset && finding->offset >= entry->offset &&
        finding->offset - entry->offset < entry->size)
        (void)fprintf(out->to, ",\"region\":{\"byteOffset\":%llu}",
                      (unsigned long long)(finding->offset - entry->offset));
    (void)fputs("}}]", out->to);
}

static void put_result(check_output *out, const checked *container, size_t artifact, const placed *one)
{
    const ozc_finding *finding = one->finding;
    /* place() has set as many as are put. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    const ozc_rule *rule = finding->rule;
    const unsigned char *content_id = ozc_report_content_id(container->report);
    (void)fprintf(out->to, "%s\n{\"ruleId\":\"%s\",\"ruleIndex\":%zu,\"level\":\"%s\"", out->results++ == 0 ? "" : ",",
                  rule->id, index_of(rule), level_of(rule));
    put_message(out, finding);
    (void)fputs(",\"locations\":[{\"physicalLocation\":{", out->to);
    put_location(out->to, container->path, artifact);
    if (finding->has_offset)
        (void)fprintf(out->to, ",\"region\":{\"byteOffset\":%llu}", (unsigned long long)finding->offset);
    (void)fputs("}}]", out->to);
    if (one->artifact != artifact)
        put_entry_location(out, container->report, one);
    (void)fprintf(out->to, ",\"partialFingerprints\":{\"finding/v1\":\"%s ", rule->id);
    put_json_part(out, out->to, finding->entry ? finding->entry : "-");
    (void)fprintf(out->to, " %zu\"", one->ordinal);
    if (content_id) {
        (void)fputs(",\"contentId/v1\":\"", out->to);
        put_hex(out->to, content_id);
        (void)fputc('"', out->to);
    }
    (void)fputs("}}", out->to);
}

/* A notification about a container; `text` may have any bytes. */
static void add_notification(check_output *out, size_t which, const checked *container, size_t artifact,
                             const char *text)
{
    FILE *held = hold(out, NOTIFICATIONS);
    if (!held)
        return;
    (void)fprintf(held, "%s\n{\"descriptor\":{\"id\":\"%s\",\"index\":%zu},\"level\":\"%s\",\"message\":{\"text\":",
                  ftell(held) == 0 ? "" : ",", notices[which].id, which, notices[which].level);
    put_json(out, held, text);
    (void)fputs("},\"locations\":[{\"physicalLocation\":{", held);
    put_location(held, container->path, artifact);
    (void)fputs("}}]}", held);
}

static void add(check_output *out, const checked *container)
{
    const ozc_report *report = container->report;
    size_t count = ozc_report_finding_count(report);
    FILE *held = hold(out, ARTIFACTS);
    placed *findings = calloc(count + 1, sizeof(*findings));
    if (!findings)
        note_problem(out, "out of memory");
    if (held && findings) {
        size_t artifact = add_container(out, held, container);
        place(out, held, report, findings, artifact);
        for (size_t i = 0; i < count; i++)
            put_result(out, container, artifact, &findings[i]);
        if (ozc_report_findings_omitted(report) > 0)
            add_notification(out, NOTICE_OMITTED, container, artifact, notices[NOTICE_OMITTED].text);
        if (ozc_report_failure(report))
            add_notification(out, NOTICE_FAILED, container, artifact, ozc_report_failure(report));
    }
    free(findings);
}

static void put_switched_off(check_output *out)
{
    const char *comma = "";
    (void)fputs(",\"toolConfigurationNotifications\":[", out->to);
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        if (out->is_switched_off[i]) {
            const struct notice *notice = &notices[NOTICE_SWITCHED_OFF];
            (void)fprintf(
                out->to,
                "%s\n{\"descriptor\":{\"id\":\"%s\",\"index\":%d},\"level\":\"%s\",\"message\":{\"text\":\"The "
                "check %s was switched off.\"}}",
                comma, notice->id, NOTICE_SWITCHED_OFF, notice->level, ozc_check_name((ozc_check)i));
            comma = ",";
        }
    }
    (void)fputc(']', out->to);
}

static void end(check_output *out)
{
    (void)fputs("],\"artifacts\":[", out->to);
    release(out, ARTIFACTS);
    (void)fprintf(out->to, "],\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d",
                  out->counts[OZC_FAILED] == 0 ? "true" : "false", (int)check_output_result(out));
    (void)fputs(",\"toolExecutionNotifications\":[", out->to);
    release(out, NOTIFICATIONS);
    (void)fputc(']', out->to);
    put_switched_off(out);
    (void)fputs("}]}]}\n", out->to);
}

const output_format format_sarif = {"sarif", false, begin, add, end};
