/*
 * cancel.h - Ctrl-C while something is under way that the library has to clear away first.
 */
#ifndef CANCEL_H
#define CANCEL_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP are noted, unless they are ignored already, and nothing else comes of them. */
void cancel_begin(void);

/* Did one of them come? */
bool is_cancelled(void);

/* From now on they do what they did before; one that was noted does so here. */
void cancel_end(void);

#endif
