/*
 * check --format text: a line for each container, for people. The words are the library's, escaped; what is added here
 * is colour.
 */
#include <string.h>

#include "check_output.h"

static void begin(check_output *out)
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
static void print_coloured(const check_output *out, const char *path, const char *lines, ozc_result result)
{
    size_t line = strcspn(lines, "\n");
    size_t verdict = strlen(path) + strlen(": ");
    if (verdict > line)
        verdict = line;
    (void)fprintf(out->to, "%.*s%s%.*s\033[0m%s", (int)verdict, lines, colour_of(result), (int)(line - verdict),
                  lines + verdict, lines + line);
}

static void add(check_output *out, const checked *container)
{
    char *lines = ozc_render_text(container->report, container->path, out->is_verbose);
    char *path = ozc_plain_text(container->path);
    if (!out->is_coloured || !lines || !path) {
        put_owned(out, out->to, lines);
    } else {
        print_coloured(out, path, lines, ozc_report_result(container->report));
        ozc_free(lines);
    }
    ozc_free(path);
}

static void end(check_output *out)
{
    print_summary(out);
}

const output_format format_text = {"text", false, begin, add, end};
