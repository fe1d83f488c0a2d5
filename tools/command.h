/*
 * command.h - the commands of the program, each one row of a table: main.c dispatches by it, cmd_help.c prints it.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <ozcapsula.h>

#include "options.h"

typedef struct command {
    const char *name;          /* "check", or two words: "token issue" */
    const char *operands;      /* how they are called in the usage line; "" for none */
    const char *summary;       /* one line */
    const char *about;         /* paragraphs, parted by an empty line; not wrapped */
    const cli_option *options; /* ends with a row of id 0 */
    /* Runs it on the arguments behind its name. What it returns is the exit status. */
    ozc_result (*run)(const struct command *self, int argc, char **argv);
} command;

extern const command command_check;
extern const command command_inspect;
extern const command command_pack;
extern const command command_payload_init;
extern const command command_token_issue;
extern const command command_token_show;
extern const command command_policy_show;
extern const command command_policy_check;
extern const command command_explain;
extern const command command_version;
extern const command command_help;

/* All commands, in the order in which help lists them; NULL behind the last. */
extern const command *const all_commands[];

/* How many words its name has. */
int command_words(const command *which);

/* How many words `argv` begins with the words of its name. */
int command_match(const command *which, int argc, char **argv);

/* What may have been meant by words that are no command, as suggest_text does. */
const char *suggest_command(int argc, char **argv);

/* Prints what one command does, with its options, to standard output. */
void help_command(const command *which);

/* Prints this for all commands whose name begins with the words. OZC_MISUSE: there is none, and told. */
ozc_result help_topic(int argc, char **argv);

#endif
