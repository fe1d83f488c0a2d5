/*
 * ozcapsula version and help. Guarantees that help shows each command and each option that the parser knows, and no
 * other: both read the same tables.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "text.h"

static const char what_it_is[] =
    "Checks OzCapsula data containers and says, for each failure, the one API error that goes with it.\n"
    "\n"
    "A container is read here by an open profile, made of standards only (docs/format.md). The vendor of OzCapsula "
    "does "
    "not publish the inside of its own, encrypted containers: they are not readable here.";

static const char what_status_means[] =
    "Exit status: 0 all is well, 1 a container was rejected or a token does not verify, 2 wrong usage or settings, 3 "
    "it "
    "could not be done (a file is not there or cannot be read or written, out of memory). The API error code is in the "
    "output, never in the exit status.";

/* Writes "-o, --output FILE" into `label`. */
static int option_label(const cli_option *option, char *label, size_t room)
{
    char letter[] = {'-', option->letter, '\0'};
    return snprintf(label, room, "  %s%s%s%s%s%s", option->letter ? letter : "",
                    option->letter && option->name ? ", " : "", option->name ? "--" : "",
                    option->name ? option->name : "", option->value ? " " : "", option->value ? option->value : "");
}

static void print_options(const cli_option *options)
{
    char label[128];
    int widest = 0;
    for (const cli_option *option = options; option->id != 0; option++) {
        int width = option_label(option, label, sizeof(label));
        widest = width > widest ? width : widest;
    }
    for (const cli_option *option = options; option->id != 0; option++) {
        int width = option_label(option, label, sizeof(label));
        (void)fputs(label, stdout);
        print_wrapped(stdout, width, widest + 2, option->text);
    }
}

void help_command(const command *which)
{
    (void)printf("Usage: ozcapsula %s%s%s%s\n\n", which->name, which->options->id != 0 ? " [options]" : "",
                 which->operands[0] != '\0' ? " " : "", which->operands);
    print_wrapped(stdout, 0, 0, which->about);
    if (which->options->id != 0) {
        (void)fputs("\nOptions:\n", stdout);
        print_options(which->options);
    }
}

ozc_result help_topic(int argc, char **argv)
{
    int found = 0;
    for (size_t i = 0; all_commands[i]; i++) {
        if (command_match(all_commands[i], argc, argv) == argc) {
            (void)fputs(found > 0 ? "\n" : "", stdout);
            help_command(all_commands[i]);
            found++;
        }
    }
    if (found == 0)
        complain("there is no command %s%s%s%s; see ozcapsula help", argv[0], argc > 1 ? " " : "",
                 argc > 1 ? argv[1] : "", suggest_command(argc, argv));
    return found > 0 ? OZC_VALID : OZC_MISUSE;
}

static void print_overview(void)
{
    enum { SUMMARY_COLUMN = 30 };
    (void)fputs("Usage: ozcapsula COMMAND [options] ...\n\n", stdout);
    print_wrapped(stdout, 0, 0, what_it_is);
    (void)fputs("\nCommands:\n", stdout);
    for (size_t i = 0; all_commands[i]; i++) {
        const command *which = all_commands[i];
        int width = printf("  %s %s", which->name, which->operands);
        print_wrapped(stdout, width, SUMMARY_COLUMN, which->summary);
    }
    (void)fputs("\nozcapsula help COMMAND explains a command and its options.\n\n", stdout);
    print_wrapped(stdout, 0, 0, what_status_means);
}

static ozc_result run_help(const command *self, int argc, char **argv)
{
    cli_args args = cli_begin(self->name, self->options, argc, argv);
    int option = cli_next(&args);
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (option == ARG_WRONG)
        return OZC_MISUSE;
    if (args.operands > 0)
        return help_topic(args.operands, argv);
    print_overview();
    return OZC_VALID;
}

const command command_help = {"help",
                              "[COMMAND]",
                              "what the program, or one command, does",
                              "Explains the program, or one command with its options.",
                              no_options,
                              run_help};

static ozc_result run_version(const command *self, int argc, char **argv)
{
    cli_args args = cli_begin(self->name, self->options, argc, argv);
    int option = cli_next(&args);
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (option == ARG_WRONG)
        return OZC_MISUSE;
    if (args.operands > 0) {
        complain("version takes no operand");
        return OZC_MISUSE;
    }
    (void)printf("ozcapsula %s\n", ozc_version());
    return OZC_VALID;
}

const command command_version = {"version",  "",         "the version of the program", "Prints the version.",
                                 no_options, run_version};
