/*
 * ozcapsula inspect: shows what is in a file. Guarantees that it gives no verdict, neither in words nor as an exit
 * status: 0 says that the file could be read, and no more. What is in it is the library's to say, tables are
 * inspect_text.c's.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "check_output.h"
#include "command.h"
#include "files.h"
#include "inspect_text.h"
#include "text.h"
#include "times.h"

enum { OPT_FORMAT = 1, OPT_AT, OPT_OUTPUT, OPT_COLOR };

static const cli_option options[] = {
    {OPT_FORMAT, 0, "format", "FORMAT", "text (default) or json"},
    {OPT_AT, 0, "at", "TIME",
     "the time at which the token's life is counted: RFC 3339 in UTC, seconds since 1970, or issued (the token's own "
     "iat, or exp - 1 where it has none). Default: now"},
    {OPT_OUTPUT, 'o', NULL, "FILE", "write there instead of standard output, whole or not at all"},
    {OPT_COLOR, 0, "color", "auto|always|never",
     "colour in texts; auto (default) follows the terminal, NO_COLOR and TERM=dumb"},
    {0, 0, NULL, NULL, NULL},
};

static const char about[] =
    "Shows what is in a file, valid or not: entries with sizes, digests and kinds, what the payload asks for, the "
    "session token's header and claims, the content id, and the layout of the file by offset. PATH is - for standard "
    "input.\n"
    "\n"
    "Nothing is verified and nothing is judged: ozcapsula check does that. A file that is cut off, has gaps, lists the "
    "wrong things or is no container at all is shown as far as it goes; what is compressed or encrypted is not "
    "unpacked.\n"
    "\n"
    "Exit status: 0 it was read and shown, which says nothing of its worth, 2 wrong usage, 3 it, or a part of it, "
    "could "
    "not be read.";

/* What standard input or a pipe may deliver: the default limit on containers. */
static const uint64_t stream_most = (uint64_t)1 << 30;

typedef struct request {
    bool is_json;
    ozc_call call;
    const char *output;
    colour_mode colour;
} request;

static bool take_option(request *asked, int option, const char *value)
{
    switch (option) {
    case OPT_FORMAT:
        return parse_text_or_json(value, &asked->is_json);
    case OPT_AT:
        return parse_call_time("--at", value, &asked->call);
    case OPT_OUTPUT:
        asked->output = value;
        return true;
    default:
        return colour_mode_by_name(value, &asked->colour);
    }
}

static ozc_inspection *inspect_stream(const char *path, const ozc_call *call)
{
    int fd = -1;
    const char *why = file_open_stream(path, stream_most, &fd);
    if (why)
        return ozc_inspection_new_failed(why);
    struct stat there;
    bool is_over = fstat(fd, &there) == 0 && (uint64_t)there.st_size > stream_most;
    ozc_inspection *inspection = is_over ? ozc_inspection_new_failed("it delivers more than 1 GiB: save it to a file")
                                         : ozc_inspect_fd(fd, call);
    (void)close(fd);
    return inspection;
}

static bool print(const request *asked, FILE *to, const char *path, const ozc_inspection *inspection)
{
    if (!asked->is_json)
        return inspect_text_print(to, path, inspection, is_to_be_coloured(asked->colour, to));
    char *json = ozc_render_inspection(inspection, path);
    if (json)
        (void)fprintf(to, "%s\n", json);
    else
        complain("out of memory");
    ozc_free(json);
    return json != NULL;
}

static ozc_result inspect(const request *asked, const char *path)
{
    output to;
    if (asked->output && file_is_input(asked->output, path)) {
        complain("-o %s would replace what is to be inspected", asked->output);
        return OZC_MISUSE;
    }
    if (!output_open(&to, asked->output))
        return OZC_FAILED;
    ozc_inspection *inspection =
        file_is_stream(path) ? inspect_stream(path, &asked->call) : ozc_inspect_file(path, &asked->call);
    bool is_read = ozc_inspection_failure(inspection) == NULL;
    bool good = print(asked, to.stream, path, inspection);
    ozc_inspection_free(inspection);
    return output_close(&to, good) && good && is_read ? OZC_VALID : OZC_FAILED;
}

static ozc_result run_inspect(const command *self, int argc, char **argv)
{
    request asked = {.call = OZC_CALL_INIT};
    cli_args args = cli_begin(self->name, options, argc, argv);
    bool good = true;
    int option = ARG_END;
    while (good && (option = cli_next(&args)) > 0)
        good = take_option(&asked, option, args.value);
    if (good && option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (good && option == ARG_END && args.operands != 1) {
        complain("inspect takes one PATH, or - for standard input; see ozcapsula help inspect");
        return OZC_MISUSE;
    }
    return good && option == ARG_END ? inspect(&asked, argv[0]) : OZC_MISUSE;
}

const command command_inspect = {"inspect", "PATH",  "show what is in a file, valid or not; nothing is verified",
                                 about,     options, run_inspect};
