/*
 * The command line. Guarantees that every option is one of the command's table, written in full, with a value exactly
 * where it takes one; options and operands may stand in any order, and "--" ends the options. Values are borrowed from
 * the arguments. What a value means is left to the commands, but for numbers and NAME=FILE, which several share.
 */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "suggest.h"
#include "text.h"

const cli_option no_options[] = {{0, 0, NULL, NULL, NULL}};

cli_args cli_begin(const char *command, const cli_option *options, int argc, char **argv)
{
    return (cli_args){.command = command, .options = options, .argc = argc, .argv = argv};
}

static const cli_option *find_long(const cli_option *options, const char *name, size_t len)
{
    for (; options->id != 0; options++)
        if (options->name && strlen(options->name) == len && memcmp(options->name, name, len) == 0)
            return options;
    return NULL;
}

static const cli_option *find_letter(const cli_option *options, char letter)
{
    for (; options->id != 0; options++)
        if (options->letter == letter)
            return options;
    return NULL;
}

/* What may have been meant by a long option of `len` characters. */
static const char *suggest_option(const cli_args *args, const char *name, size_t len)
{
    char *written = required(strndup(name, len));
    suggestion meant = suggest_for(written);
    for (const cli_option *option = args->options; option->id != 0; option++)
        suggest_offer(&meant, option->name);
    suggest_offer(&meant, "help");
    const char *text = suggest_text(&meant, "--");
    free(written);
    return text;
}

static int wrong(const cli_args *args, const char *what, const char *option)
{
    complain("%s %s; see ozcapsula help %s", what, option, args->command);
    return ARG_WRONG;
}

/* The value that stands in an argument of its own. */
static int take_next(cli_args *args, const cli_option *option, const char *as_written)
{
    if (args->next == args->argc)
        return wrong(args, "a value is missing behind", as_written);
    args->value = args->argv[args->next++];
    return option->id;
}

static int next_long(cli_args *args, const char *argument)
{
    const char *name = argument + 2;
    size_t len = strcspn(name, "=");
    const cli_option *option = find_long(args->options, name, len);
    if (!option && strcmp(name, "help") == 0)
        return ARG_HELP;
    if (!option) {
        complain("unknown option %s%s; see ozcapsula help %s", argument, suggest_option(args, name, len),
                 args->command);
        return ARG_WRONG;
    }
    if (!option->value)
        return name[len] == '=' ? wrong(args, "no value belongs to", argument) : option->id;
    if (name[len] == '=') {
        args->value = name + len + 1;
        return option->id;
    }
    return take_next(args, option, argument);
}

static int next_letter(cli_args *args)
{
    const char as_written[] = {'-', args->letters[0], '\0'};
    const cli_option *option = find_letter(args->options, args->letters[0]);
    args->letters = args->letters[1] != '\0' ? args->letters + 1 : NULL;
    if (!option)
        return as_written[1] == 'h' ? ARG_HELP : wrong(args, "unknown option", as_written);
    if (!option->value)
        return option->id;
    if (!args->letters)
        return take_next(args, option, as_written);
    args->value = args->letters;
    args->letters = NULL;
    return option->id;
}

int cli_next(cli_args *args)
{
    args->value = NULL;
    if (args->letters)
        return next_letter(args);
    while (args->next < args->argc) {
        char *argument = args->argv[args->next++];
        if (args->only_operands || argument[0] != '-' || argument[1] == '\0') {
            args->argv[args->operands++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            args->only_operands = true;
        } else if (argument[1] == '-') {
            return next_long(args, argument);
        } else {
            args->letters = argument + 1;
            return next_letter(args);
        }
    }
    return ARG_END;
}

void text_list_add(text_list *list, const char *text)
{
    list->at = required(realloc(list->at, (list->count + 1) * sizeof(*list->at)));
    list->at[list->count++] = text;
}

void text_list_free(text_list *list)
{
    free(list->at);
    *list = (text_list){NULL, 0};
}

bool parse_number(const char *option, const char *text, int64_t least, int64_t most, int64_t *number)
{
    int64_t value = 0;
    size_t digits = strspn(text, "0123456789");
    bool fits = digits > 0 && text[digits] == '\0';
    for (size_t i = 0; fits && i < digits; i++) {
        fits = value < INT64_MAX / 10;
        value = fits ? value * 10 + (text[i] - '0') : 0;
    }
    if (!fits || value < least || value > most) {
        complain("%s takes a whole number from %lld to %lld, not \"%s\"", option, (long long)least, (long long)most,
                 text);
        return false;
    }
    *number = value;
    return true;
}

bool parse_text_or_json(const char *text, bool *is_json)
{
    *is_json = strcmp(text, "json") == 0;
    if (*is_json || strcmp(text, "text") == 0)
        return true;
    suggestion meant = suggest_for(text);
    suggest_offer(&meant, "text");
    suggest_offer(&meant, "json");
    complain("--format takes text or json, not \"%s\"%s", text, suggest_text(&meant, ""));
    return false;
}

const char *split_named_file(const char *text, const char *unless, char **name)
{
    *name = NULL;
    size_t len = strcspn(text, "=");
    bool is_named = text[len] == '=' && strcspn(text, unless) >= len;
    const char *file = is_named ? text + len + 1 : text;
    if (file[0] == '\0' || (is_named && len == 0)) {
        complain("\"%s\" is neither FILE nor NAME=FILE", text);
        return NULL;
    }
    if (is_named)
        *name = required(strndup(text, len));
    return file;
}
