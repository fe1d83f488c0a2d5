/*
 * Reports as they are printed. Guarantees that a container counts by its report alone, whatever the format shows, and
 * that output which is not whole is never taken for it. One table knows the formats, format_*.c print them; what they
 * share is here.
 */
#include "check_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "suggest.h"
#include "text.h"

static const output_format *const formats[] = {
    &format_text,         &format_json,  &format_ndjson, &format_oz,
    &format_extrahorizon, &format_sarif, &format_junit,  &format_github,
};

const output_format *output_format_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    suggestion meant = suggest_for(name);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        suggest_offer(&meant, formats[i]->name);
    complain("--format takes text, json, ndjson, oz, extrahorizon, sarif, junit or github, not \"%s\"%s", name,
             suggest_text(&meant, ""));
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
    suggestion meant = suggest_for(name);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        suggest_offer(&meant, names[i]);
    complain("--color takes auto, always or never, not \"%s\"%s", name, suggest_text(&meant, ""));
    return false;
}

bool is_to_be_coloured(colour_mode mode, FILE *to)
{
    const char *refused = getenv("NO_COLOR");
    bool is_refused = refused && refused[0] != '\0';
    return mode == COLOUR_ALWAYS || (mode == COLOUR_AUTO && !is_refused && is_capable_terminal(fileno(to)));
}

void note_problem(check_output *out, const char *problem)
{
    if (!out->problem)
        out->problem = problem;
}

void put_owned(check_output *out, FILE *to, char *text)
{
    if (text)
        (void)fputs(text, to);
    else
        note_problem(out, "out of memory");
    ozc_free(text);
}

void put_json(check_output *out, FILE *to, const char *text)
{
    put_owned(out, to, ozc_json_string(text));
}

void put_json_part(check_output *out, FILE *to, const char *text)
{
    char *json = ozc_json_string(text);
    if (json)
        (void)fprintf(to, "%.*s", (int)strlen(json) - 2, json + 1);
    else
        note_problem(out, "out of memory");
    ozc_free(json);
}

void put_plain(check_output *out, FILE *to, const char *text)
{
    put_owned(out, to, ozc_plain_text(text));
}

FILE *hold(check_output *out, size_t which)
{
    if (!out->held[which])
        out->held[which] = file_temporary();
    if (!out->held[which])
        note_problem(out, strerror(errno));
    return out->held[which];
}

void release(check_output *out, size_t which)
{
    char buffer[BUFSIZ];
    size_t got = 0;
    FILE *from = out->held[which];
    if (!from)
        return;
    bool is_written = fflush(from) == 0 && !ferror(from) && fseek(from, 0, SEEK_SET) == 0;
    while (is_written && (got = fread(buffer, 1, sizeof(buffer), from)) > 0)
        (void)fwrite(buffer, 1, got, out->to);
    if (!is_written || ferror(from))
        note_problem(out, strerror(errno != 0 ? errno : EIO));
}

bool check_output_begin(check_output *out)
{
    if (out->to)
        out->format->begin(out);
    return !out->problem;
}

static bool has_warning(const ozc_report *report)
{
    const ozc_finding *finding = NULL;
    for (size_t i = 0; (finding = ozc_report_finding(report, i)) != NULL; i++)
        if (finding->rule->severity == OZC_WARNING)
            return true;
    return false;
}

/* Errors of the same code and message, which a client cannot tell apart, count as one. */
static void count_error(check_output *out, const ozc_api_error *error)
{
    size_t i = 0;
    while (i < out->tally_count &&
           (out->tallies[i].error->code != error->code || strcmp(out->tallies[i].error->message, error->message) != 0))
        i++;
    if (i == out->tally_count) {
        tally *more = realloc(out->tallies, (i + 1) * sizeof(*more));
        if (!more) {
            note_problem(out, "out of memory");
            return;
        }
        out->tallies = more;
        out->tallies[out->tally_count++] = (tally){error, 0};
    }
    out->tallies[i].count++;
}

bool check_output_add(check_output *out, const checked *container)
{
    ozc_result result = ozc_report_result(container->report);
    out->counts[result]++;
    out->nanoseconds += container->nanoseconds;
    bool is_warned = result == OZC_VALID && has_warning(container->report);
    out->valid_with_warnings += is_warned ? 1 : 0;
    if (result == OZC_REJECTED)
        count_error(out, ozc_report_api_error(container->report, OZC_API_OZ));
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (ozc_report_is_switched_off(container->report, (ozc_check)i))
            out->is_switched_off[i] = true;
    bool is_hidden = out->is_valid_hidden && result == OZC_VALID && !(is_warned && out->are_warnings_errors);
    if (out->to && !is_hidden) {
        out->format->add(out, container);
        out->printed++;
    }
    return !out->problem;
}

bool check_output_end(check_output *out)
{
    if (out->to)
        out->format->end(out);
    return !out->problem;
}

void check_output_free(check_output *out)
{
    if (out->problem)
        complain("the output could not be made: %s", out->problem);
    for (size_t i = 0; i < HELD_COUNT; i++)
        if (out->held[i])
            (void)fclose(out->held[i]);
    free(out->tallies);
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
