/*
 * ozcapsula check: judges containers. Guarantees that wrong usage and wrong settings are told before any container is
 * read, that every path that was asked for is answered, and an exit status of 0 only when all of them are valid. What
 * is done with the options is in settings.c, targets.c, check_run.c and check_output.c.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_output.h"
#include "check_run.h"
#include "command.h"
#include "files.h"
#include "settings.h"
#include "targets.h"
#include "text.h"
#include "times.h"

enum {
    OPT_AT = SETTING_COUNT + 1,
    OPT_WARNINGS_AS_ERRORS,
    OPT_HIDE_VALID,
    OPT_INCLUDE,
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_JOBS,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_COLOR
};

static const cli_option options[] = {
    SETTING_OPTIONS,
    {OPT_AT, 0, "at", "TIME",
     "the time to judge tokens at: RFC 3339 in UTC, seconds since 1970, or issued (each token's own iat, or exp - 1 "
     "where it has none: for fixtures). Default: now"},
    {OPT_WARNINGS_AS_ERRORS, 0, "warnings-as-errors", NULL,
     "a container with warnings counts as rejected for the exit status"},
    {OPT_HIDE_VALID, 0, "hide-valid", NULL,
     "print only the containers that do not count as valid; summaries count all of them"},
    {OPT_INCLUDE, 0, "include", "GLOB", "in folders take only files whose name fits; may be repeated"},
    {OPT_FORMAT, 0, "format", "FORMAT",
     "text (default), json (one document), ndjson (one line a container), sarif (for code scanning), junit (for test "
     "reports), github (annotations in a workflow), or the error body for one PATH: oz or extrahorizon"},
    {OPT_OUTPUT, 'o', NULL, "FILE", "write there instead of standard output, whole or not at all"},
    {OPT_JOBS, 'j', NULL, "N", "so many at once; default: the number of cores"},
    {OPT_QUIET, 'q', NULL, NULL, "print nothing: the exit status is the answer"},
    {OPT_VERBOSE, 'v', NULL, NULL, "in texts, every check with its time, and every finding with what to do about it"},
    {OPT_COLOR, 0, "color", "auto|always|never",
     "colour in texts; auto (default) follows the terminal, NO_COLOR and TERM=dumb"},
    {0, 0, NULL, NULL, NULL},
};

static const char about[] =
    "Checks containers. PATH is a file, a folder (every regular file below it that is not hidden nor in a hidden "
    "folder, in bytewise order of the paths), or - for standard input.\n"
    "\n"
    "Every check that is on needs its key: --trust-issuer for session_token, --trust-signer for signature where the "
    "token names no key itself.\n"
    "\n"
    "Exit status: 0 every container is valid, 1 at least one was rejected, 2 wrong usage or settings, 3 at least one "
    "could not be checked.";

typedef struct request {
    settings settings;
    text_list include;
    ozc_call call;
    const char *path; /* of the output */
    output to;
    int64_t jobs;
    colour_mode colour;
    check_output out;
} request;

/* Takes one option. false: its value is wrong, and told. */
static bool take_option(request *asked, int option, const char *value)
{
    enum { MOST_JOBS = 1024 };
    if (option <= SETTING_COUNT)
        return settings_take(&asked->settings, option, value);
    switch (option) {
    case OPT_AT:
        return parse_call_time("--at", value, &asked->call);
    case OPT_WARNINGS_AS_ERRORS:
        asked->out.are_warnings_errors = true;
        return true;
    case OPT_HIDE_VALID:
        asked->out.is_valid_hidden = true;
        return true;
    case OPT_INCLUDE:
        text_list_add(&asked->include, value);
        return true;
    case OPT_FORMAT:
        asked->out.format = output_format_by_name(value);
        return asked->out.format != NULL;
    case OPT_OUTPUT:
        asked->path = value;
        return true;
    case OPT_JOBS:
        return parse_number("-j", value, 1, MOST_JOBS, &asked->jobs);
    case OPT_QUIET:
        asked->out.is_quiet = true;
        return true;
    case OPT_VERBOSE:
        asked->out.is_verbose = true;
        return true;
    default:
        return colour_mode_by_name(value, &asked->colour);
    }
}

/* What no option alone can tell to be wrong. */
static bool is_usable(const request *asked, int count, char **paths)
{
    int inputs = 0;
    for (int i = 0; i < count; i++)
        inputs += strcmp(paths[i], "-") == 0 ? 1 : 0;
    if (count == 0)
        complain("nothing to check: give a PATH; see ozcapsula help check");
    else if (inputs > 1)
        complain("standard input (-) can be checked once only");
    else if (asked->out.is_quiet && asked->out.is_verbose)
        complain("-q and -v exclude each other");
    else if (asked->out.format->is_single && (count > 1 || is_folder(paths[0])))
        complain("--format %s is the answer for one container: give one PATH, no folder", asked->out.format->name);
    else
        return true;
    return false;
}

/* Sends each container on at once: for readers that wait, and to notice when there are none any more. */
static bool take_report(void *user, const checked *container)
{
    request *asked = user;
    return check_output_add(&asked->out, container) && output_flush(&asked->to);
}

/* Checks the targets and prints what comes of it. */
static ozc_result check_targets(request *asked, const ozc_policy *policy, const target_list *targets)
{
    check_output *out = &asked->out;
    if (!output_open(&asked->to, asked->path))
        return OZC_FAILED;
    out->to = out->is_quiet && asked->to.stream == stdout ? NULL : asked->to.stream;
    out->is_coloured = is_to_be_coloured(asked->colour, asked->to.stream);
    check_run run = {
        .policy = policy,
        .call = asked->call,
        .targets = targets,
        .jobs = (size_t)asked->jobs < targets->count ? (size_t)asked->jobs : targets->count,
        .is_quiet = out->is_quiet,
        .is_output_on_terminal = isatty(fileno(asked->to.stream)) == 1,
        .take = take_report,
        .user = asked,
    };
    bool good = check_output_begin(out) && check_run_all(&run) && check_output_end(out);
    check_output_free(out);
    return output_close(&asked->to, good) && good ? check_output_result(out) : OZC_FAILED;
}

/* Is the output one of the files that were asked for, or below the folders, or one of the settings? */
static bool is_replaced(const request *asked, const target_list *targets)
{
    const char *path = asked->path;
    for (size_t i = 0; path && i < targets->count; i++)
        if (file_is_input(path, targets->at[i].path))
            return true;
    return path && settings_use(&asked->settings, path);
}

static ozc_result check_paths(request *asked, int count, char **paths)
{
    ozc_result result = OZC_MISUSE;
    ozc_policy *policy = settings_ready_policy(&asked->settings, &result);
    if (!policy)
        return result;
    target_list targets = {NULL, 0};
    for (int i = 0; i < count; i++)
        targets_add(&targets, paths[i], &asked->include);
    if (is_replaced(asked, &targets)) {
        complain("-o %s would replace what is to be checked, or a key or policy", asked->path);
        result = OZC_MISUSE;
    } else if (targets.count > 0) {
        result = check_targets(asked, policy, &targets);
    } else {
        complain("nothing to check: there is no file in %s", count == 1 ? paths[0] : "any of the folders");
        result = OZC_MISUSE;
    }
    targets_free(&targets);
    ozc_policy_free(policy);
    return result;
}

static int64_t count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? cores : 1;
}

static ozc_result run_check(const command *self, int argc, char **argv)
{
    request asked = {.call = OZC_CALL_INIT, .jobs = count_cores(), .out = {.format = &format_text}};
    cli_args args = cli_begin(self->name, options, argc, argv);
    bool good = true;
    int option = ARG_END;
    while (good && (option = cli_next(&args)) > 0)
        good = take_option(&asked, option, args.value);
    ozc_result result = OZC_MISUSE;
    if (good && option == ARG_HELP) {
        help_command(self);
        result = OZC_VALID;
    } else if (good && option == ARG_END && is_usable(&asked, args.operands, argv)) {
        result = check_paths(&asked, args.operands, argv);
    }
    text_list_free(&asked.include);
    settings_free(&asked.settings);
    return result;
}

const command command_check = {"check", "PATH...", "check containers: files, folders, - for standard input",
                               about,   options,   run_check};
