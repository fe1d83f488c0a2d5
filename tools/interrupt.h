/*
 * interrupt.h - what is cleaned up when somebody ends the program (Ctrl-C): a temporary file, a line of progress.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP clean up before they end the program; not where they are ignored. */
void interrupt_begin(void);

/* mkstemp, and the file is removed when the program is interrupted, until interrupt_keep. One at a time. The path is
   borrowed until then. */
int interrupt_mkstemp(char *path);
void interrupt_keep(void);

/* Is a line of progress on the terminal? */
void interrupt_line(bool is_shown);

#endif
