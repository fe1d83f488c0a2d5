/*
 * Signals that ask to stop. Guarantees that a program which was interrupted ends by that very signal, as its caller
 * expects, but only after it has cleared away what it had begun.
 */
#include "cancel.h"

#include <signal.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static struct sigaction before[SIGNALS];
static volatile sig_atomic_t noted; /* 0: none */

static void note(int number)
{
    noted = number;
}

void cancel_begin(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    noted = 0;
    for (size_t i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &action, NULL);
}

bool is_cancelled(void)
{
    return noted != 0;
}

void cancel_end(void)
{
    for (size_t i = 0; i < SIGNALS; i++)
        (void)sigaction(signals[i], &before[i], NULL);
    if (noted != 0)
        (void)raise(noted);
}
