/*
 * times.h - points in time, in seconds since 1970-01-01T00:00:00Z, to and from text.
 */
#ifndef TIMES_H
#define TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ozcapsula.h>

/* RFC 3339 in UTC ("2026-01-01T00:00:00Z", a fraction is cut off), or seconds since 1970. Not before 1970.
   false: told, with the option's name. */
bool parse_time(const char *option, const char *text, int64_t *seconds);

/* The time of a call: such a time, or "issued", each token's own. */
bool parse_call_time(const char *option, const char *text, ozc_call *call);

/* A span: seconds ("90", "90s"), minutes ("5m"), hours ("1h") or days ("1d"), at most 2^31 seconds. false: told, with
   the option's name. */
bool parse_duration(const char *option, const char *text, int64_t *seconds);

/* Room for any time or span as text. */
#define TIME_TEXT_MAX 64

/* "2026-01-01T00:00:00Z". */
void format_time(int64_t seconds, char text[TIME_TEXT_MAX]);

/* A span of 0 or more seconds in its two largest units: "4 min 12 s". */
void format_span(int64_t seconds, char text[TIME_TEXT_MAX]);

/* A clock for spans: it never goes back, and where it begins means nothing. */
int64_t monotonic_nanoseconds(void);

#endif
