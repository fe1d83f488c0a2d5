/* call.h - the settings of one call, as the library takes them over from the caller. */
#ifndef CALL_H
#define CALL_H

#include <ozcapsula.h>

#include <stdbool.h>

/* Takes the call over, what it does not have yet as OZC_CALL_INIT says; NULL is OZC_CALL_INIT. false: it is wrong. */
bool call_take(const ozc_call *given, ozc_call *call);

/* The time that counts; with OZC_TIME_ISSUED, which each token has of its own, the call's `now`. false: no clock. */
bool call_time(const ozc_call *call, int64_t *now);

#endif
