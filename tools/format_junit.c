/*
 * check --format junit: JUnit XML, for what shows test reports. A container is a test case: its failure is the verdict,
 * typed by the rule; one that could not be checked is an error. Guarantees well-formed XML in ASCII whatever is in a
 * container or a path: what XML does not allow comes as \xNN. The cases are held back, for their numbers stand before
 * them.
 */
#include <string.h>

#include "check_output.h"

/* Printable ASCII and newlines, as the value of an attribute or within an element. */
static void put_escaped(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            (void)fputs("&amp;", to);
            break;
        case '<':
            (void)fputs("&lt;", to);
            break;
        case '>':
            (void)fputs("&gt;", to);
            break;
        case '"':
            (void)fputs("&quot;", to);
            break;
        default:
            (void)fputc(*text, to);
        }
    }
}

/* A text of any bytes. */
static void put_xml(check_output *out, FILE *to, const char *text)
{
    char *plain = ozc_plain_text(text);
    if (plain)
        put_escaped(to, plain);
    else
        note_problem(out, "out of memory");
    ozc_free(plain);
}

static void begin(check_output *out)
{
    (void)out;
}

/* Nanoseconds as seconds, to the millisecond; without the locale's point. */
static void put_time(FILE *to, int64_t nanoseconds)
{
    int64_t milliseconds = nanoseconds / 1000000;
    (void)fprintf(to, " time=\"%lld.%03lld\"", (long long)(milliseconds / 1000), (long long)(milliseconds % 1000));
}

static void put_property(FILE *to, const char *name, const char *value)
{
    (void)fprintf(to, "\n   <property name=\"%s\" value=\"%s\"/>", name, value);
}

/* What programs may want to know of a container besides its verdict. */
static void put_properties(FILE *to, const ozc_report *report)
{
    static const char *const states[] = {"skipped", "passed", "failed"};
    uint64_t size = 0;
    const unsigned char *id = ozc_report_content_id(report);
    char text[2 * 32 + 1];
    (void)fputs("\n  <properties>", to);
    if (ozc_report_size(report, &size)) {
        (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
        put_property(to, "size", text);
    }
    for (size_t i = 0; id && i < 32; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", id[i]);
    if (id)
        put_property(to, "content_id", text);
    put_property(to, "complete", ozc_report_is_complete(report) ? "true" : "false");
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        put_property(to, ozc_check_name((ozc_check)i), states[ozc_report_state(report, (ozc_check)i)]);
    (void)fputs("\n  </properties>", to);
}

/* All lines about the container, as --format text -v has them. */
static void put_details(check_output *out, FILE *to, const checked *container)
{
    char *lines = ozc_render_text(container->report, container->path, 1);
    if (lines)
        put_escaped(to, lines);
    else
        note_problem(out, "out of memory");
    ozc_free(lines);
}

/* The line of the verdict, but for the path before it. */
static void put_verdict(check_output *out, FILE *to, const ozc_report *report)
{
    char *line = ozc_render_text(report, "", 0);
    if (line) {
        line[strcspn(line, "\n")] = '\0';
        put_escaped(to, line + strlen(": "));
    } else {
        note_problem(out, "out of memory");
    }
    ozc_free(line);
}

static void put_fault(check_output *out, FILE *to, const checked *container, const char *element, const char *type)
{
    (void)fprintf(to, "\n  <%s type=\"%s\" message=\"", element, type);
    put_verdict(out, to, container->report);
    (void)fputs("\">", to);
    put_details(out, to, container);
    (void)fprintf(to, "</%s>", element);
}

static void add(check_output *out, const checked *container)
{
    const ozc_report *report = container->report;
    const ozc_rule *rule = ozc_report_rule(report);
    FILE *held = hold(out, HELD_FIRST);
    if (!held)
        return;
    (void)fputs(" <testcase classname=\"ozcapsula.check\" name=\"", held);
    put_xml(out, held, container->path);
    (void)fputc('"', held);
    put_time(held, container->nanoseconds);
    (void)fputc('>', held);
    put_properties(held, report);
    if (rule) {
        put_fault(out, held, container, "failure", rule->id);
    } else if (ozc_report_result(report) != OZC_VALID) {
        put_fault(out, held, container, "error", "failed");
    } else if (ozc_report_finding_count(report) > 0) {
        (void)fputs("\n  <system-out>", held);
        put_details(out, held, container);
        (void)fputs("</system-out>", held);
    }
    (void)fputs("\n </testcase>\n", held);
}

static void put_totals(const check_output *out)
{
    (void)fprintf(out->to, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\"", out->printed,
                  out->counts[OZC_REJECTED], out->counts[OZC_FAILED]);
    put_time(out->to, out->nanoseconds);
    (void)fputs(">\n", out->to);
}

static void end(check_output *out)
{
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ozcapsula\"", out->to);
    put_totals(out);
    (void)fputs("<testsuite name=\"ozcapsula check\"", out->to);
    put_totals(out);
    (void)fputs(" <properties>", out->to);
    put_property(out->to, "ozcapsula.version", ozc_version());
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (out->is_switched_off[i])
            put_property(out->to, "not_checked", ozc_check_name((ozc_check)i));
    (void)fputs("\n </properties>\n", out->to);
    release(out, HELD_FIRST);
    (void)fputs("</testsuite>\n</testsuites>\n", out->to);
}

const output_format format_junit = {"junit", false, begin, add, end};
