/*
 * allocations.h - the heap of the whole process, which can be told to fail.
 */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How allocations are counted, from 0 on, and which of them fails. */
struct counting {
    long fail;     /* this one fails; -1: none */
    bool for_good; /* and all behind it */
    bool traced;   /* keeps the way to each, which takes time */
    /* NULL, or room for what tells one failure from another: the place of our own that has asked last, and for which
       time in this run (up to the 8th); and what libraries have asked for since, by whom and how much. Odd: our own. */
    uint64_t *histories;
    long room;
};

/* Says how the next counting shall be. What an earlier one still knew to be live is forgotten. */
void allocations_plan(struct counting how);

/* From here to there it is counted. The end returns how many there were. */
void allocations_begin(void);
long allocations_end(void);

/* How many blocks that were allocated while it was counted have not been freed up to now. */
size_t allocations_live(void);

/* The way to an allocation. */
struct trace {
    const void *caller; /* of malloc */
    int count;
    void *frames[40]; /* from the innermost one on */
};

/* After a traced counting: the way to the allocation that failed, and to a live block. */
const struct trace *allocations_failed(void);
const struct trace *allocations_live_block(size_t index, size_t *size);

/* Is the address one of this program's own code? */
bool is_of_this_program(const void *address);

#endif
