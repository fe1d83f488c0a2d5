/*
 * The settings of one call (ozcapsula/validate.h).
 *
 * Guarantees that what is in force was checked, and that callers who were compiled when the structure was smaller are
 * understood. What is done with it is not known here.
 */
#include "call.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

/* The size of ozc_call before check_done: callers that were compiled with it pass no more. */
#define FIRST_CALL_SIZE offsetof(ozc_call, check_done)

bool call_take(const ozc_call *given, ozc_call *call)
{
    *call = (ozc_call)OZC_CALL_INIT;
    if (given == NULL)
        return true;
    bool is_first = given->struct_size == FIRST_CALL_SIZE;
    if (!is_first && given->struct_size < sizeof *given)
        return false;
    memcpy(call, given, is_first ? FIRST_CALL_SIZE : sizeof *call);
    return (unsigned)call->time <= OZC_TIME_ISSUED && (call->time != OZC_TIME_GIVEN || call->now >= 0);
}

bool call_time(const ozc_call *call, int64_t *now)
{
    struct timespec clock;
    *now = call->now;
    if (call->time != OZC_TIME_SYSTEM)
        return true;
    if (clock_gettime(CLOCK_REALTIME, &clock) != 0)
        return false;
    *now = clock.tv_sec;
    return true;
}
