/* utc.c: seconds since 1970 as RFC 3339. */
#include "support.h"
#include "utc.h"

static void writes_the_epoch(void **state)
{
    (void)state;
    assert_string_equal("1970-01-01T00:00:00Z", UTC(0));
}

static void writes_leap_days_and_the_days_around_them(void **state)
{
    (void)state;
    assert_string_equal("2024-02-29T23:59:59Z", UTC(1709251199));
    assert_string_equal("2024-03-01T00:00:00Z", UTC(1709251200));
    assert_string_equal("2000-02-29T00:00:00Z", UTC(951782400));
    assert_string_equal("2100-02-28T23:59:59Z", UTC(4107542399));
    assert_string_equal("2100-03-01T00:00:00Z", UTC(4107542400));
}

static void writes_ends_of_years(void **state)
{
    (void)state;
    assert_string_equal("2025-12-31T23:59:59Z", UTC(1767225599));
    assert_string_equal("2026-01-01T00:00:00Z", UTC(1767225600));
    assert_string_equal("9999-12-31T23:59:59Z", UTC(253402300799));
}

static void writes_what_no_calendar_shows_as_seconds(void **state)
{
    (void)state;
    assert_string_equal("253402300800 s after 1970", UTC(253402300800));
    assert_string_equal("9007199254740991 s after 1970", UTC(9007199254740991));
    assert_string_equal("-1 s after 1970", UTC(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_epoch),
        cmocka_unit_test(writes_leap_days_and_the_days_around_them),
        cmocka_unit_test(writes_ends_of_years),
        cmocka_unit_test(writes_what_no_calendar_shows_as_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
