/* trace.h - the ways to allocations, between heap.c and leaks.c. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>

struct trace {
    const void *caller; /* of malloc */
    int count;
    void *frames[40]; /* from the innermost one on */
};

/* After a traced counting: the way to the allocation that failed, and to a live block. */
const struct trace *heap_failed(void);
const struct trace *heap_live_block(size_t index, size_t *size);

/* Is the address one of this program's own code? */
bool is_of_this_program(const void *address);

#endif
