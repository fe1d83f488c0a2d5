/*
 * each_allocation.h - something that is done again and again, each time with another allocation that fails.
 */
#ifndef EACH_ALLOCATION_H
#define EACH_ALLOCATION_H

#include "outcome.h"

/* Calls the library, between allocations_begin() and allocations_end(), and tells what came of it. Leaves nothing else
   of what was allocated in between. */
typedef struct outcome job(const void *with);

/* Which allocations fail? What two runs have asked for may be alike up to one of them (allocations.h): it is the same
   failure. EACH_NEW tries it once, and every 64th of the others again, and of long runs a part; EACH_ALL tries all. */
enum each { EACH_NEW, EACH_ALL };

/* Does it, with one allocation after another failing, and with all from one on. Prints what is wrong: an outcome that
   is neither "failed" nor that of a sound machine, a leak, an error that is left in OpenSSL's queue. Returns how many
   things were. */
long fail_each_allocation(const char *name, job *job, const void *with, enum each each);

/* Prints how many were tried by all calls up to now. */
void print_allocations_tried(void);

#endif
