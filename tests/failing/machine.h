/*
 * machine.h - a machine that can be told to fail: the heap (heap.c), or calls of libraries and the system (calls.c).
 *
 * A test program links one of the two. Both count what could fail, its points, and have one of them fail.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a point fails. Of the heap only REFUSES. */
enum manner {
    REFUSES,           /* NULL, 0, or -1 with EIO */
    REFUSES_OTHERWISE, /* where a call can say "no" in two ways: -1 in place of 0, and the end of a file */
    IS_INTERRUPTED,    /* a read by a signal; then nothing else may come of it than without */
    GIVES_LITTLE       /* a read gives one byte; the same */
};

/* How points are counted, from 0 on, and which fails. */
struct failing {
    long number;   /* of the point that fails; -1: none */
    bool for_good; /* and all behind it */
    enum manner manner;
    bool traced; /* keeps the way to each point, which takes time */
    /* NULL, or room for what tells one failure from another. Heap: the place of our own that has asked last, on whose
       behalf, and for which time in this run (up to the 4th); and what libraries have asked for since, by whom and how
       much. Calls: which one, for which time (up to the 8th), and the call before it. Odd: our own code has asked. */
    uint64_t *histories;
    long room;
};

struct machine {
    const char *points; /* "allocations", "calls" */
    enum manner last;   /* of the manners that it has */
    bool fails_for_good;
    long sample; /* of points that were tried, so many-th are tried again */
};
extern const struct machine machine;

/* Says how the next counting shall be. Blocks that were live after an earlier one are forgotten. */
void machine_plan(struct failing how);

/* From here to there it is counted. The end returns how many points there were. */
void machine_begin(void);
long machine_end(void);

/* Heap: how many blocks that were allocated while it was counted have not been freed up to now. Calls: how many threads
   were started and not waited for; LeakSanitizer looks after blocks. */
size_t machine_live(void);

/* After a traced counting: the first that is not a known leak of a library's own, in words; NULL: there is none. */
const char *machine_leak(void);

/* Prints what a machine has to say besides. */
void machine_print(void);

#endif
