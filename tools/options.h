/*
 * options.h - the command line: options from a table, operands, and the values of both.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One option. A table ends with a row of id 0. */
typedef struct cli_option {
    int id;            /* 1 or more */
    char letter;       /* 'o' for -o; 0: none */
    const char *name;  /* "format" for --format; NULL: none */
    const char *value; /* what its value is called in help; NULL: it takes none */
    const char *text;  /* what it does */
} cli_option;

/* The table of a command that takes none. */
extern const cli_option no_options[];

enum { ARG_END = 0, ARG_WRONG = -1, ARG_HELP = -2 };

/* The arguments on their way through the parser. Operands gather at the front of `argv`. */
typedef struct cli_args {
    const char *command; /* named in messages */
    const cli_option *options;
    int argc;
    char **argv;
    int operands;        /* how many of them so far */
    const char *value;   /* of the option that cli_next returned */
    int next;            /* the argument to look at */
    const char *letters; /* what is left of a group of short options */
    bool only_operands;  /* behind "--" */
} cli_args;

cli_args cli_begin(const char *command, const cli_option *options, int argc, char **argv);

/* The id of the next option, with its value in args->value; ARG_HELP for --help and -h; ARG_END when all is read: then
   argv[0] to argv[operands - 1] are the operands; ARG_WRONG when the line is wrong, which it has told already. */
int cli_next(cli_args *args);

/* Texts in order; borrowed. */
typedef struct text_list {
    const char **at;
    size_t count;
} text_list;

void text_list_add(text_list *list, const char *text);
void text_list_free(text_list *list);

/* A decimal number from `least` to `most`, digits only. false: told, with the option's name. */
bool parse_number(const char *option, const char *text, int64_t least, int64_t most, int64_t *number);

/* "text" or "json", of --format. false: neither, and told, with what may be meant. */
bool parse_text_or_json(const char *text, bool *is_json);

/* Takes [NAME=]FILE apart at the first '=', unless a character of `unless` is before it. *name, freed by the caller, is
   NULL where there is none. Returns the file; NULL: an empty name or file, and told. */
const char *split_named_file(const char *text, const char *unless, char **name);

#endif
