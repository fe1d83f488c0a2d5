/*
 * The program ozcapsula. Guarantees that no command ends by a signal for a reader that went away or a file size limit,
 * that output which could not be written gives exit status 3, and that descriptors 0 to 2 are open, so that no file
 * that a command opens is taken for standard output. What the commands do is in cmd_*.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "interrupt.h"
#include "suggest.h"
#include "text.h"

const command *const all_commands[] = {
    &command_check,       &command_inspect,    &command_pack,        &command_payload_init,
    &command_token_issue, &command_token_show, &command_policy_show, &command_policy_check,
    &command_explain,     &command_version,    &command_help,        NULL,
};

/* What is closed is opened the wrong way round: reading standard input, or writing the other two, stays an error. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int command_words(const command *which)
{
    int words = 1;
    for (const char *at = which->name; *at != '\0'; at++)
        words += *at == ' ' ? 1 : 0;
    return words;
}

int command_match(const command *which, int argc, char **argv)
{
    const char *name = which->name;
    int same = 0;
    while (same < argc && *name != '\0') {
        size_t len = strcspn(name, " ");
        if (strlen(argv[same]) != len || memcmp(argv[same], name, len) != 0)
            break;
        same++;
        name += len;
        name += strspn(name, " ");
    }
    return same;
}

static suggestion closest_command(const char *wrong)
{
    suggestion meant = suggest_for(wrong);
    for (size_t i = 0; all_commands[i]; i++)
        suggest_offer(&meant, all_commands[i]->name);
    return meant;
}

const char *suggest_command(int argc, char **argv)
{
    suggestion meant = closest_command(argv[0]);
    if (!meant.best && argc > 1) {
        char words[64];
        (void)snprintf(words, sizeof(words), "%s %s", argv[0], argv[1]);
        meant = closest_command(words);
    }
    return suggest_text(&meant, "");
}

static ozc_result dispatch(int argc, char **argv)
{
    if (argc == 0) {
        complain("a command is missing; see ozcapsula help");
        return OZC_MISUSE;
    }
    if (strcmp(argv[0], "--version") == 0)
        return command_version.run(&command_version, argc - 1, argv + 1);
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
        return command_help.run(&command_help, argc - 1, argv + 1);
    bool is_begun = false;
    for (size_t i = 0; all_commands[i]; i++) {
        int same = command_match(all_commands[i], argc, argv);
        if (same == command_words(all_commands[i]))
            return all_commands[i]->run(all_commands[i], argc - same, argv + same);
        is_begun = is_begun || same > 0;
    }
    if (is_begun && argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help_topic(1, argv);
    if (is_begun)
        complain("%s has to be followed by another word%s; see ozcapsula help %s", argv[0], suggest_command(argc, argv),
                 argv[0]);
    else
        complain("unknown command %s%s; see ozcapsula help", argv[0], suggest_command(argc, argv));
    return OZC_MISUSE;
}

/* All of standard output has to have reached its reader. */
static ozc_result close_standard_output(ozc_result result)
{
    if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
        complain("cannot write standard output: %s", strerror(errno != 0 ? errno : EIO));
        return OZC_FAILED;
    }
    return result;
}

int main(int argc, char **argv)
{
    open_standard_descriptors();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    interrupt_begin();
    return (int)close_standard_output(dispatch(argc - (argc > 0), argv + (argc > 0)));
}
