/*
 * each_failure.h - something that is done again and again, each time with another point of the machine failing.
 */
#ifndef EACH_FAILURE_H
#define EACH_FAILURE_H

#include "outcome.h"

/* Calls the library, between machine_begin() and machine_end(), and tells what came of it. Leaves nothing else
   of what was allocated in between. */
typedef struct outcome job(const void *with);

/* Which points fail? Two of them may be one and the same failure, in other runs (machine.h): EACH_NEW tries it once,
   and some of the others again, and of long runs a part; EACH_ALL tries all. */
enum each { EACH_NEW, EACH_ALL };

/* Does it, with one point after another failing, and with all from one on. Prints what is wrong: an outcome that is
   neither "failed" nor that of a sound machine, a leak, an error that is left in OpenSSL's queue. Returns how many
   things were. The test fails where a sound machine does not come to `expected`. */
long fail_each_point(const char *name, ozc_result expected, job *job, const void *with, enum each each);

/* The same of something that asks for little, calls each, allocations as EACH_NEW; the test fails where something is
   wrong, too. */
void fails_well(const char *name, ozc_result expected, job *job, const void *with);

/* Prints how many were tried by all calls up to now. */
void print_points_tried(void);

#endif
