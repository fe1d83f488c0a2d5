/*
 * cancel.h - Ctrl-C while something is under way that has to be cleared away first.
 */
#ifndef CANCEL_H
#define CANCEL_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP are noted, unless they are ignored already, and do not end the program. */
void cancel_begin(void);

/* Did one of them come? */
bool is_cancelled(void);

/* From now on they end the program again; one that came does so here. */
void cancel_end(void);

#endif
