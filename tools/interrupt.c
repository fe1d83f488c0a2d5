/*
 * The end by a signal. Guarantees that the program still ends by it, so that a shell sees what happened (status 130 for
 * Ctrl-C) and a loop around the program ends too; and that no temporary file and no line of progress is left. The
 * handler does all of it, for any thread may be waiting for a disk or a pipe: it calls only what POSIX allows there.
 */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static _Atomic(const char *) temporary;
static atomic_bool line_is_shown;

static void on_signal(int which)
{
    const char *path = temporary;
    if (path)
        (void)unlink(path);
    if (line_is_shown && write(STDERR_FILENO, "\r\033[K", 4) < 0)
        line_is_shown = false;
    (void)signal(which, SIG_DFL);
    (void)raise(which); /* comes once this handler returns */
}

void interrupt_begin(void)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
            action.sa_handler = on_signal;
            (void)sigaction(signals[i], &action, NULL);
        }
    }
}

int interrupt_mkstemp(char *path)
{
    sigset_t ours;
    sigset_t before;
    (void)sigemptyset(&ours);
    for (size_t i = 0; i < SIGNALS; i++)
        (void)sigaddset(&ours, signals[i]);
    (void)pthread_sigmask(SIG_BLOCK, &ours, &before);
    int fd = mkstemp(path);
    if (fd >= 0)
        temporary = path;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return fd;
}

void interrupt_keep(void)
{
    temporary = NULL;
}

void interrupt_line(bool is_shown)
{
    line_is_shown = is_shown;
}
