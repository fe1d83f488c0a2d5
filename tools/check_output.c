/*
 * Reports as they are printed. Guarantees that a container counts by its report alone, whatever the format shows. One
 * table knows the formats. Texts and JSON come from
 * the library; what is added here is what belongs to the run: the document around, colour, the summary.
 */
#include "check_output.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool out_of_memory(void)
{
    complain("out of memory");
    return false;
}

/* Prints a text of the library's with something around it, and frees it. */
static bool print_text(const check_output *out, const char *before, char *text, const char *after)
{
    if (!text)
        return out_of_memory();
    (void)fprintf(out->to, "%s%s%s", before, text, after);
    ozc_free(text);
    return true;
}

static void print_nothing(check_output *out)
{
    (void)out;
}

static const char *colour_of(ozc_result result)
{
    switch (result) {
    case OZC_VALID:
        return "\033[32m";
    case OZC_REJECTED:
        return "\033[31m";
    default:
        return "\033[33m";
    }
}

/* Prints the lines of one container with the verdict coloured: what stands behind "PATH: " in the first of them. */
static bool print_coloured(const check_output *out, const char *path, const char *lines, ozc_result result)
{
    char *plain = ozc_plain_text(path);
    if (!plain)
        return out_of_memory();
    size_t line = strcspn(lines, "\n");
    size_t verdict = strlen(plain) + strlen(": ");
    ozc_free(plain);
    if (verdict > line)
        verdict = line;
    (void)fprintf(out->to, "%.*s%s%.*s\033[0m%s", (int)verdict, lines, colour_of(result), (int)(line - verdict),
                  lines + verdict, lines + line);
    return true;
}

static bool text_add(check_output *out, const char *path, const ozc_report *report)
{
    char *lines = ozc_render_text(report, path, out->is_verbose);
    if (!out->is_coloured || !lines)
        return print_text(out, "", lines, "");
    bool good = print_coloured(out, path, lines, ozc_report_result(report));
    ozc_free(lines);
    return good;
}

static void text_end(check_output *out)
{
    size_t all = out->counts[OZC_VALID] + out->counts[OZC_REJECTED] + out->counts[OZC_FAILED];
    if (all > 1 && !out->is_quiet) {
        (void)fprintf(stderr, "%zu containers: %zu valid, %zu rejected, %zu failed\n", all, out->counts[OZC_VALID],
                      out->counts[OZC_REJECTED], out->counts[OZC_FAILED]);
    }
}

static void print_summary(const check_output *out)
{
    (void)fprintf(out->to, "\"summary\": {\"valid\": %zu, \"rejected\": %zu, \"failed\": %zu}}\n",
                  out->counts[OZC_VALID], out->counts[OZC_REJECTED], out->counts[OZC_FAILED]);
}

static void json_begin(check_output *out)
{
    (void)fprintf(out->to,
                  "{\"schema\": \"ozcapsula-report/1\", \"tool\": {\"name\": \"ozcapsula\", \"version\": \"%s\"}, "
                  "\"containers\": [",
                  ozc_version());
}

static bool json_add(check_output *out, const char *path, const ozc_report *report)
{
    bool is_first = out->counts[OZC_VALID] + out->counts[OZC_REJECTED] + out->counts[OZC_FAILED] == 1;
    return print_text(out, is_first ? "\n" : ",\n", ozc_render_json(report, path), "");
}

static void json_end(check_output *out)
{
    (void)fputs("\n], ", out->to);
    print_summary(out);
}

static bool ndjson_add(check_output *out, const char *path, const ozc_report *report)
{
    return print_text(out, "", ozc_render_json(report, path), "\n");
}

static void ndjson_end(check_output *out)
{
    (void)fputc('{', out->to);
    print_summary(out);
}

static bool oz_add(check_output *out, const char *path, const ozc_report *report)
{
    (void)path;
    return ozc_report_result(report) == OZC_VALID || print_text(out, "", ozc_render_oz(report, 1), "\n");
}

static bool extrahorizon_add(check_output *out, const char *path, const ozc_report *report)
{
    if (ozc_report_result(report) == OZC_FAILED) {
        const char *why = ozc_report_failure(report);
        complain("%s: %s; Extra Horizon has no error for it", path, why ? why : "out of memory");
        return true;
    }
    return ozc_report_result(report) == OZC_VALID || print_text(out, "", ozc_render_extrahorizon(report), "\n");
}

static const output_format formats[] = {
    {"text", false, print_nothing, text_add, text_end},
    {"json", false, json_begin, json_add, json_end},
    {"ndjson", false, print_nothing, ndjson_add, ndjson_end},
    {"oz", true, print_nothing, oz_add, print_nothing},
    {"extrahorizon", true, print_nothing, extrahorizon_add, print_nothing},
};

const output_format *output_format_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    complain("--format takes text, json, ndjson, oz or extrahorizon, not \"%s\"", name);
    return NULL;
}

bool colour_mode_by_name(const char *name, colour_mode *mode)
{
    static const char *const names[] = {[COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            *mode = (colour_mode)i;
            return true;
        }
    }
    complain("--color takes auto, always or never, not \"%s\"", name);
    return false;
}

bool is_to_be_coloured(colour_mode mode, FILE *to)
{
    const char *refused = getenv("NO_COLOR");
    bool is_refused = refused && refused[0] != '\0';
    return mode == COLOUR_ALWAYS || (mode == COLOUR_AUTO && !is_refused && is_capable_terminal(fileno(to)));
}

void check_output_begin(check_output *out)
{
    if (out->to)
        out->format->begin(out);
}

static bool has_warning(const ozc_report *report)
{
    const ozc_finding *finding = NULL;
    for (size_t i = 0; (finding = ozc_report_finding(report, i)) != NULL; i++)
        if (finding->rule->severity == OZC_WARNING)
            return true;
    return false;
}

bool check_output_add(check_output *out, const char *path, const ozc_report *report)
{
    ozc_result result = ozc_report_result(report);
    out->counts[result]++;
    if (result == OZC_VALID && has_warning(report))
        out->valid_with_warnings++;
    return !out->to || out->format->add(out, path, report);
}

void check_output_end(check_output *out)
{
    if (out->to)
        out->format->end(out);
}

ozc_result check_output_result(const check_output *out)
{
    if (out->counts[OZC_FAILED] > 0)
        return OZC_FAILED;
    if (out->counts[OZC_REJECTED] > 0 || (out->are_warnings_errors && out->valid_with_warnings > 0))
        return OZC_REJECTED;
    /* Not even one container is no reason to say that all are valid. */
    return out->counts[OZC_VALID] > 0 ? OZC_VALID : OZC_FAILED;
}
