/* utc.h - seconds since 1970 as people read them. */
#ifndef UTC_H
#define UTC_H

#include <stdint.h>

#define UTC_ROOM 40

/* "2026-01-01T00:05:00Z"; beyond the year 9999 "253402300800 s after 1970". Returns `to`. */
const char *utc_in(char to[UTC_ROOM], int64_t seconds);
#define UTC(seconds) utc_in((char[UTC_ROOM]){0}, seconds)

#endif
