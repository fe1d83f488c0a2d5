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
    bool is_shared; /* the output goes to a terminal, too */
    bool is_shown;
    size_t total;
    int64_t next_at; /* milliseconds: not to be shown, or drawn anew, before */
} progress;

/* On where standard error is a terminal that can erase a line, unless the run is `quiet`. */
progress progress_begin(size_t total, bool quiet, bool is_shared);

/* Shows the line, from one second after the beginning on; one that is shown is drawn anew a few times a second. */
void progress_show(progress *line, size_t done, uint64_t bytes);

/* The same for one piece of work: what is being done ("packing"), and how much of it. */
void progress_show_part(progress *line, const char *doing, uint64_t done, uint64_t total);

/* Takes the line away before output, where that would meet it; it is shown again by the next call of progress_show. */
void progress_give_way(progress *line);

/* Takes the line away. */
void progress_end(progress *line);

#endif
