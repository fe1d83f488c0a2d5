/* call.c: what is taken over of the settings of a call. */
#include "call.h"
#include "support.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

static int go_on(void *user, uint64_t done, uint64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    return 0;
}

static void note_check(void *user, ozc_check check, ozc_state state)
{
    (void)user;
    (void)check;
    (void)state;
}

static int some_user;
static const ozc_call full = {sizeof full, OZC_TIME_GIVEN, 17, go_on, &some_user, note_check};

static void is_the_standard_one_where_there_is_none(void **state)
{
    (void)state;
    static const ozc_call standard = OZC_CALL_INIT;
    ozc_call call = full;
    assert_true(call_take(NULL, &call));
    assert_int_equal(sizeof call, call.struct_size);
    assert_int_equal(standard.time, call.time);
    assert_null(call.progress);
    assert_null(call.check_done);
}

static void takes_all_of_it(void **state)
{
    (void)state;
    ozc_call call;
    assert_true(call_take(&full, &call));
    assert_memory_equal(&full, &call, sizeof call);
}

/* What lies behind what the size says is not looked at. */
static void takes_one_from_before_check_done(void **state)
{
    (void)state;
    ozc_call before = full;
    ozc_call call;
    before.struct_size = offsetof(ozc_call, check_done);
    assert_true(call_take(&before, &call));
    assert_int_equal(17, call.now);
    assert_ptr_equal(&some_user, call.user);
    assert_null(call.check_done);
}

static void takes_a_larger_one_as_far_as_it_knows_it(void **state)
{
    (void)state;
    struct {
        ozc_call known;
        void *more;
    } later = {full, &later};
    ozc_call call;
    later.known.struct_size = sizeof later;
    assert_true(call_take(&later.known, &call));
    assert_ptr_equal(note_check, call.check_done);
}

static void refuses_what_is_wrong(void **state)
{
    (void)state;
    ozc_call wrong[] = {full, full, full, full};
    ozc_call call;
    wrong[0].struct_size--;
    wrong[1].struct_size = offsetof(ozc_call, check_done) - 1;
    wrong[2].now = -1;
    wrong[3].time = (ozc_time)(OZC_TIME_ISSUED + 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(call_take(&wrong[i], &call));
    wrong[2].time = OZC_TIME_SYSTEM; /* then `now` is not looked at */
    assert_true(call_take(&wrong[2], &call));
}

static void reads_the_clock_where_it_counts(void **state)
{
    (void)state;
    ozc_call call = OZC_CALL_INIT;
    int64_t now = -1;
    struct timespec before, after;
    assert_int_equal(0, clock_gettime(CLOCK_REALTIME, &before));
    assert_true(call_time(&call, &now));
    assert_int_equal(0, clock_gettime(CLOCK_REALTIME, &after));
    assert_true(now >= before.tv_sec && now <= after.tv_sec);
    assert_true(call_time(&full, &now));
    assert_int_equal(17, now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_standard_one_where_there_is_none),
        cmocka_unit_test(takes_all_of_it),
        cmocka_unit_test(takes_one_from_before_check_done),
        cmocka_unit_test(takes_a_larger_one_as_far_as_it_knows_it),
        cmocka_unit_test(refuses_what_is_wrong),
        cmocka_unit_test(reads_the_clock_where_it_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
