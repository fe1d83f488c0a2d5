/*
 * progress.h - how far a long run has come, on one line of a terminal.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct progress {
    bool is_on;
    bool is_shown;
    size_t total;
    int64_t next_at; /* milliseconds: not to be shown, or drawn anew, before */
} progress;

/* On where standard error is a terminal that can erase a line, unless the run is `quiet`. */
progress progress_begin(size_t total, bool quiet);

/* Shows the line, from one second after the beginning on; one that is shown is drawn anew a few times a second. */
void progress_show(progress *line, size_t done, uint64_t bytes);

/* Takes the line away, before other output and at the end. */
void progress_erase(progress *line);

#endif
