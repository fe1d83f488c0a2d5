/*
 * text.h - words for people: messages on standard error, and paragraphs that keep within the line.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdio.h>

/* One message on standard error, as "ozcapsula: MESSAGE". Whatever bytes are in it, printable ASCII comes out. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void complain(const char *format, ...);

/* The memory that was asked for; where there is none, the program ends with OZC_FAILED. For the time before anything is
   under way: no output opened, no thread started. */
void *required(void *memory);

/* No line that is wrapped here is longer. */
#define TEXT_WIDTH 100

/* Prints `text` and a newline, broken at spaces and at its own newlines. The cursor stands at `column` (from 0); every
   line of the text begins at `indent`. */
void print_wrapped(FILE *to, int column, int indent, const char *text);

/* Is it a terminal that understands escapes? TERM=dumb says no. */
bool is_capable_terminal(int fd);

#endif
