/*
 * check --format text: a line for each container, for people, and the summary of several on standard error. The words
 * are the library's, escaped; what is added here is colour, and with -v the time that each check took.
 */
#include <stdlib.h>
#include <string.h>

#include "check_output.h"

#define GREEN "\033[32m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static void begin(check_output *out)
{
    (void)out;
}

static const char *colour_of_result(ozc_result result)
{
    return result == OZC_VALID ? GREEN : result == OZC_REJECTED ? RED : YELLOW;
}

static const char *colour_of_state(ozc_state state)
{
    return state == OZC_PASSED ? GREEN : state == OZC_NOT_PASSED ? RED : YELLOW;
}

/* Prints `len` characters, those from `from` to `to` in colour. */
static void print_marked(const check_output *out, const char *line, size_t len, size_t from, size_t to,
                         const char *colour)
{
    if (!out->is_coloured || from > len || to > len || from >= to)
        (void)fprintf(out->to, "%.*s", (int)len, line);
    else
        (void)fprintf(out->to, "%.*s%s%.*s" PLAIN "%.*s", (int)from, line, colour, (int)(to - from), line + from,
                      (int)(len - to), line + to);
}

/* A check's line, "  NAME  STATE": with what it took in a column of its own. */
static void print_check(const check_output *out, const checked *container, ozc_check check, const char *line,
                        size_t len)
{
    enum { TIME_COLUMN = 26, MICROSECOND = 1000 };
    size_t state = 2 + strcspn(line + 2, " ");
    state += strspn(line + state, " ");
    int64_t took = container->check_nanoseconds[check];
    print_marked(out, line, len, state, len, colour_of_state(ozc_report_state(container->report, check)));
    if (took >= 0)
        (void)fprintf(out->to, "%*s%7lld.%03lld ms", len < TIME_COLUMN ? (int)(TIME_COLUMN - len) : 1, "",
                      (long long)(took / MICROSECOND / 1000), (long long)(took / MICROSECOND % 1000));
}

/* A line behind the checks: a finding begins with what it is. */
static void print_finding(const check_output *out, const char *line, size_t len)
{
    static const char error[] = "  error ";
    static const char warning[] = "  warning ";
    if (strncmp(line, error, sizeof(error) - 1) == 0)
        print_marked(out, line, len, 2, sizeof(error) - 2, RED);
    else if (strncmp(line, warning, sizeof(warning) - 1) == 0)
        print_marked(out, line, len, 2, sizeof(warning) - 2, YELLOW);
    else
        print_marked(out, line, len, 0, 0, "");
}

static void print_lines(const check_output *out, const checked *container, const char *lines, size_t path_len)
{
    ozc_result result = ozc_report_result(container->report);
    size_t checks = result == OZC_FAILED ? 0 : OZC_CHECK_COUNT;
    for (size_t i = 0; *lines != '\0'; i++) {
        size_t len = strcspn(lines, "\n");
        if (i == 0)
            print_marked(out, lines, len, path_len + strlen(": "), len, colour_of_result(result));
        else if (i <= checks)
            print_check(out, container, (ozc_check)(i - 1), lines, len);
        else
            print_finding(out, lines, len);
        (void)fputc('\n', out->to);
        lines += len + (lines[len] == '\n' ? 1 : 0);
    }
}

static void add(check_output *out, const checked *container)
{
    char *lines = ozc_render_text(container->report, container->path, out->is_verbose);
    char *path = ozc_plain_text(container->path);
    if (lines && path)
        print_lines(out, container, lines, strlen(path));
    else
        note_problem(out, "out of memory");
    ozc_free(lines);
    ozc_free(path);
}

/* By code, and where several errors share one by message. */
static int by_error(const void *one, const void *other)
{
    const ozc_api_error *a = ((const tally *)one)->error;
    const ozc_api_error *b = ((const tally *)other)->error;
    return a->code != b->code ? (a->code > b->code) - (a->code < b->code) : strcmp(a->message, b->message);
}

void print_summary(check_output *out)
{
    size_t all = out->counts[OZC_VALID] + out->counts[OZC_REJECTED] + out->counts[OZC_FAILED];
    if (all < 2 || out->is_quiet)
        return;
    (void)fprintf(stderr, "%zu containers: %zu valid, %zu rejected, %zu failed\n", all, out->counts[OZC_VALID],
                  out->counts[OZC_REJECTED], out->counts[OZC_FAILED]);
    if (out->tally_count > 0)
        qsort(out->tallies, out->tally_count, sizeof(*out->tallies), by_error);
    for (size_t i = 0; i < out->tally_count; i++)
        (void)fprintf(stderr, "%8zu  %2d %s\n", out->tallies[i].count, out->tallies[i].error->code,
                      out->tallies[i].error->message);
    if (out->counts[OZC_FAILED] > 0)
        (void)fprintf(stderr, "%8zu   - could not be checked\n", out->counts[OZC_FAILED]);
    if (out->valid_with_warnings > 0)
        (void)fprintf(stderr, "%8zu   - valid, with warnings\n", out->valid_with_warnings);
}

static void end(check_output *out)
{
    print_summary(out);
}

const output_format format_text = {"text", false, begin, add, end};
