/*
 * Times for texts: RFC 3339 in UTC, by the proleptic Gregorian calendar, without the C library's zones and locales.
 */
#include "utc.h"

#include <stdio.h>

const char *utc_in(char to[UTC_ROOM], int64_t seconds)
{
    if (seconds < 0 || seconds >= INT64_C(253402300800)) {
        (void)snprintf(to, UTC_ROOM, "%lld s after 1970", (long long)seconds);
        return to;
    }
    /* Years begin with March here, so that a leap day is the last one: day 0 is 0000-03-01. */
    int64_t day = seconds / 86400 + 719468;
    int64_t era = day / 146097;
    int64_t of_era = day % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int rest = (int)(seconds % 86400);
    (void)snprintf(to, UTC_ROOM, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)(era * 400 + year + (month >= 10)),
                   (int)(month < 10 ? month + 3 : month - 9), (int)(of_year - (153 * month + 2) / 5 + 1), rest / 3600,
                   rest / 60 % 60, rest % 60);
    return to;
}
