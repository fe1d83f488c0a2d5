/*
 * check --format github: workflow commands that GitHub shows as annotations, one for each finding. Guarantees that no
 * byte of a container, nor of a path, begins another command: texts are printable ASCII on one line, and in them what
 * has a meaning in a command is escaped, as the runner takes it back.
 */
#include <string.h>

#include "check_output.h"

static void begin(check_output *out)
{
    (void)out;
}

/* A message, or with `is_property` the value of a property, which ends at a comma or a colon. */
static void put_escaped(check_output *out, const char *text, bool is_property)
{
    char *plain = ozc_plain_text(text);
    for (const char *at = plain ? plain : ""; *at != '\0'; at++) {
        if (*at == '%' || (is_property && (*at == ':' || *at == ',')))
            (void)fprintf(out->to, "%%%02X", (unsigned)(unsigned char)*at);
        else
            (void)fputc(*at, out->to);
    }
    if (!plain)
        note_problem(out, "out of memory");
    ozc_free(plain);
}

static void begin_command(check_output *out, const char *command, const char *path, const char *title)
{
    (void)fprintf(out->to, "::%s file=", command);
    put_escaped(out, path, true);
    (void)fputs(",title=", out->to);
    put_escaped(out, title, true);
    (void)fputs("::", out->to);
}

static void put_finding(check_output *out, const char *path, const ozc_finding *finding)
{
    begin_command(out, finding->rule->severity == OZC_ERROR ? "error" : "warning", path, finding->rule->id);
    if (finding->rule->oz)
        (void)fprintf(out->to, "%d %s: ", finding->rule->oz->code, finding->rule->oz->message);
    if (finding->entry) {
        put_escaped(out, finding->entry, false);
        (void)fputs(": ", out->to);
    }
    put_escaped(out, finding->text, false);
    if (finding->has_offset)
        (void)fprintf(out->to, " (at byte %llu)", (unsigned long long)finding->offset);
    (void)fputs(". ", out->to);
    put_escaped(out, finding->hint, false);
    (void)fputc('\n', out->to);
}

static void add(check_output *out, const checked *container)
{
    const ozc_finding *finding = NULL;
    const char *failure = ozc_report_failure(container->report);
    uint64_t omitted = ozc_report_findings_omitted(container->report);
    for (size_t i = 0; (finding = ozc_report_finding(container->report, i)) != NULL; i++)
        put_finding(out, container->path, finding);
    if (omitted > 0) {
        begin_command(out, "notice", container->path, "left out");
        (void)fprintf(out->to, "%llu findings more\n", (unsigned long long)omitted);
    }
    if (failure) {
        begin_command(out, "error", container->path, "could not be checked");
        put_escaped(out, failure, false);
        (void)fputc('\n', out->to);
    }
}

static void end(check_output *out)
{
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (out->is_switched_off[i])
            (void)fprintf(out->to, "::notice title=not checked::%s was switched off\n", ozc_check_name((ozc_check)i));
    print_summary(out);
}

const output_format format_github = {"github", false, begin, add, end};
