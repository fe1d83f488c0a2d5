/*
 * Points in time as text. Guarantees the same answer whatever locale or time zone is set, by counting days itself in
 * the Gregorian calendar. Leaves out leap seconds, as the time since 1970 does, and offsets other than UTC.
 */
#include "times.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "options.h"
#include "text.h"

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* A date of 1970 or later as days since then. */
static int64_t days_from_date(int64_t year, int month, int day)
{
    static const int64_t from_year_1_to_1970 = 719162;
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - from_year_1_to_1970;
    for (int earlier = 1; earlier < month; earlier++)
        days += days_in_month(year, earlier);
    return days + day - 1;
}

/* Reads `len` digits. false: there are not so many. */
static bool digits(const char **text, int len, int *value)
{
    *value = 0;
    for (int i = 0; i < len; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return true;
}

static bool mark(const char **text, char wanted)
{
    return *(*text)++ == wanted;
}

/* RFC 3339, 5.6: T and Z may be lower case. */
static bool mark_of_case(const char **text, char wanted)
{
    char found = *(*text)++;
    return found == wanted || found == wanted - 'A' + 'a';
}

static bool parse_rfc3339(const char *text, int64_t *seconds)
{
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    bool has_form = digits(&text, 4, &year) && mark(&text, '-') && digits(&text, 2, &month) && mark(&text, '-') &&
                    digits(&text, 2, &day) && mark_of_case(&text, 'T') && digits(&text, 2, &hour) && mark(&text, ':') &&
                    digits(&text, 2, &minute) && mark(&text, ':') && digits(&text, 2, &second);
    if (!has_form)
        return false;
    if (*text == '.') {
        size_t fraction = strspn(text + 1, "0123456789");
        if (fraction == 0)
            return false;
        text += 1 + fraction;
    }
    if (strcmp(text, "Z") != 0 && strcmp(text, "z") != 0 && strcmp(text, "+00:00") != 0)
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    *seconds = ((days_from_date(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

/* `forms`: which other ones the option takes, for the message. */
static bool take_time(const char *option, const char *text, const char *forms, int64_t *seconds)
{
    if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0')
        return parse_number(option, text, 0, ((int64_t)1 << 53) - 1, seconds);
    if (!parse_rfc3339(text, seconds)) {
        complain("%s takes a time in UTC such as 2026-01-01T00:00:00Z%s, not \"%s\"", option, forms, text);
        return false;
    }
    return true;
}

bool parse_time(const char *option, const char *text, int64_t *seconds)
{
    return take_time(option, text, ", or seconds since 1970", seconds);
}

bool parse_call_time(const char *option, const char *text, ozc_call *call)
{
    call->time = strcmp(text, "issued") == 0 ? OZC_TIME_ISSUED : OZC_TIME_GIVEN;
    return call->time == OZC_TIME_ISSUED || take_time(option, text, ", seconds since 1970, or issued", &call->now);
}

bool parse_duration(const char *option, const char *text, int64_t *seconds)
{
    static const char units[] = "smhd";
    static const int64_t unit_seconds[] = {1, 60, 3600, 86400};
    const int64_t most = (int64_t)1 << 31;
    size_t len = strspn(text, "0123456789");
    const char *unit = text[len] != '\0' ? strchr(units, text[len]) : units;
    int64_t value = 0;
    bool fits = len > 0 && unit && (text[len] == '\0' || text[len + 1] == '\0');
    for (size_t i = 0; fits && i < len; i++) {
        value = value * 10 + (text[i] - '0');
        fits = value <= most;
    }
    if (!fits || value > most / unit_seconds[unit - units]) {
        complain("%s takes seconds, or a span such as 90s, 5m or 1h, of at most %lld seconds, not \"%s\"", option,
                 (long long)most, text);
        return false;
    }
    *seconds = value * unit_seconds[unit - units];
    return true;
}

void format_time(int64_t seconds, char text[TIME_TEXT_MAX])
{
    time_t moment = (time_t)seconds;
    struct tm utc;
    if (!gmtime_r(&moment, &utc)) {
        (void)snprintf(text, TIME_TEXT_MAX, "%lld", (long long)seconds);
        return;
    }
    (void)snprintf(text, TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                   utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

void format_span(int64_t seconds, char text[TIME_TEXT_MAX])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    size_t unit = 0;
    while (units[unit].seconds > 1 && seconds < units[unit].seconds)
        unit++;
    int used = snprintf(text, TIME_TEXT_MAX, "%lld %s", (long long)(seconds / units[unit].seconds), units[unit].name);
    int64_t rest = seconds % units[unit].seconds;
    if (rest > 0 && rest >= units[unit + 1].seconds) {
        (void)snprintf(text + used, TIME_TEXT_MAX - (size_t)used, " %lld %s",
                       (long long)(rest / units[unit + 1].seconds), units[unit + 1].name);
    }
}

int64_t monotonic_nanoseconds(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
