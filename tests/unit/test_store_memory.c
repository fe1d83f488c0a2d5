/* store_memory.c: one winner, bounded, and never "new" where it can not say. */
#include "store.h"
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static ozc_claim claim(ozc_store *store, const char *iss, const char *jti, int64_t keep_until, int64_t now)
{
    return store->claim(store->user, iss, jti, keep_until, now);
}

static ozc_claim claim_number(ozc_store *store, int number, int64_t keep_until, int64_t now)
{
    char jti[32];
    snprintf(jti, sizeof jti, "token %d", number);
    return claim(store, "", jti, keep_until, now);
}

static void takes_a_token_once(void **state)
{
    ozc_store *store = ozc_store_new_memory(100);
    (void)state;
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "a", "1", 100, 10));
    assert_int_equal(OZC_CLAIM_USED, claim(store, "a", "1", 100, 10));
    assert_int_equal(OZC_CLAIM_USED, claim(store, "a", "1", 100, 99));
    ozc_store_free(store);
}

static void knows_a_token_by_issuer_and_id(void **state)
{
    static const char *const pairs[][2] = {{"a", "1"}, {"b", "1"}, {"", "1"},   {"a", "2"},
                                           {"a1", ""}, {"", "a1"}, {"a", "1 "}, {"A", "1"}};
    ozc_store *store = ozc_store_new_memory(100);
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(OZC_CLAIM_NEW, claim(store, pairs[i][0], pairs[i][1], 100, 10));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(OZC_CLAIM_USED, claim(store, pairs[i][0], pairs[i][1], 100, 10));
    ozc_store_free(store);
}

static void remembers_as_many_as_it_has_room_for(void **state)
{
    static const int capacities[] = {1, 2, 3, 4, 5, 7, 8, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
        ozc_store *store = ozc_store_new_memory((size_t)capacities[i]);
        for (int n = 0; n < capacities[i]; n++)
            assert_int_equal(OZC_CLAIM_NEW, claim_number(store, n, 100, 10));
        assert_int_equal(OZC_CLAIM_FAILED, claim_number(store, -1, 100, 10));
        for (int n = 0; n < capacities[i]; n++)
            assert_int_equal(OZC_CLAIM_USED, claim_number(store, n, 100, 99));
        assert_int_equal(OZC_CLAIM_FAILED, claim_number(store, -1, 200, 99));
        ozc_store_free(store);
    }
}

static void makes_room_when_tokens_expire(void **state)
{
    ozc_store *store = ozc_store_new_memory(4);
    (void)state;
    for (int n = 0; n < 4; n++)
        assert_int_equal(OZC_CLAIM_NEW, claim_number(store, n, 100 + n, 10));
    assert_int_equal(OZC_CLAIM_FAILED, claim_number(store, 4, 500, 99));
    assert_int_equal(OZC_CLAIM_NEW, claim_number(store, 4, 500, 100)); /* token 0 has gone */
    assert_int_equal(OZC_CLAIM_FAILED, claim_number(store, 5, 500, 100));
    assert_int_equal(OZC_CLAIM_USED, claim_number(store, 1, 101, 100));
    assert_int_equal(OZC_CLAIM_NEW, claim_number(store, 5, 500, 103));
    assert_int_equal(OZC_CLAIM_NEW, claim_number(store, 6, 500, 103));
    assert_int_equal(OZC_CLAIM_NEW, claim_number(store, 7, 500, 103));
    assert_int_equal(OZC_CLAIM_FAILED, claim_number(store, 8, 500, 103));
    assert_int_equal(OZC_CLAIM_USED, claim_number(store, 4, 500, 103));
    ozc_store_free(store);
}

static void lasts_through_many_generations(void **state)
{
    ozc_store *store = ozc_store_new_memory(50);
    (void)state;
    for (int generation = 0; generation < 100; generation++) {
        int64_t now = generation * 10;
        for (int n = 0; n < 50; n++)
            assert_int_equal(OZC_CLAIM_NEW, claim_number(store, generation * 50 + n, now + 10, now));
        for (int n = 0; n < 50; n++)
            assert_int_equal(OZC_CLAIM_USED, claim_number(store, generation * 50 + n, now + 10, now + 9));
    }
    ozc_store_free(store);
}

/* Of a token whose time has passed it may have been dropped already. */
static void can_not_say_of_a_token_whose_time_has_passed(void **state)
{
    ozc_store *store = ozc_store_new_memory(4);
    (void)state;
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "", "1", 100, 99));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "2", 100, 100));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "1", 100, 100));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "3", -5, 0));
    ozc_store_free(store);
}

static void is_not_fooled_by_a_clock_that_goes_back(void **state)
{
    ozc_store *store = ozc_store_new_memory(1);
    (void)state;
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "", "1", 100, 50));
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "", "2", 300, 150)); /* drops the first */
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "1", 100, 50));
    assert_int_equal(OZC_CLAIM_USED, claim(store, "", "2", 300, 50));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "3", 400, 50));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "4", 149, 0));
    ozc_store_free(store);
}

static void takes_times_at_the_ends_of_their_range(void **state)
{
    ozc_store *store = ozc_store_new_memory(3);
    (void)state;
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "", "1", 0, -1));
    assert_int_equal(OZC_CLAIM_NEW, claim(store, "", "2", INT64_MAX, 0));
    assert_int_equal(OZC_CLAIM_USED, claim(store, "", "2", INT64_MAX, INT64_MAX - 1));
    assert_int_equal(OZC_CLAIM_FAILED, claim(store, "", "3", INT64_MAX, INT64_MAX));
    ozc_store_free(store);
}

static void holds_its_capacity_to_its_bounds(void **state)
{
    (void)state;
    assert_null(ozc_store_new_memory(0));
    assert_null(ozc_store_new_memory(((size_t)1 << 24) + 1));
    assert_null(ozc_store_new_memory(SIZE_MAX));
    ozc_store *store = ozc_store_new_memory(1);
    assert_non_null(store);
    ozc_store_free(store);
    ozc_store_free(NULL);
}

#define THREADS 8
#define TOKENS 500

struct runner {
    ozc_store *store;
    int wins[TOKENS];
    int losses;
};

static void *claim_all(void *user)
{
    struct runner *runner = user;
    for (int n = 0; n < TOKENS; n++) {
        ozc_claim result = claim_number(runner->store, n, 100, 10);
        runner->wins[n] = result == OZC_CLAIM_NEW;
        runner->losses += result == OZC_CLAIM_USED;
    }
    return NULL;
}

static void lets_one_of_eight_threads_win_each_token(void **state)
{
    static struct runner runners[THREADS];
    pthread_t threads[THREADS];
    ozc_store *store = ozc_store_new_memory(TOKENS);
    int losses = 0;
    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        runners[i] = (struct runner){.store = store};
        assert_int_equal(0, pthread_create(&threads[i], NULL, claim_all, &runners[i]));
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        losses += runners[i].losses;
    }
    for (int n = 0; n < TOKENS; n++) {
        int wins = 0;
        for (size_t i = 0; i < THREADS; i++)
            wins += runners[i].wins[n];
        assert_int_equal(1, wins);
    }
    assert_int_equal(TOKENS * (THREADS - 1), losses);
    ozc_store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_token_once),
        cmocka_unit_test(knows_a_token_by_issuer_and_id),
        cmocka_unit_test(remembers_as_many_as_it_has_room_for),
        cmocka_unit_test(makes_room_when_tokens_expire),
        cmocka_unit_test(lasts_through_many_generations),
        cmocka_unit_test(can_not_say_of_a_token_whose_time_has_passed),
        cmocka_unit_test(is_not_fooled_by_a_clock_that_goes_back),
        cmocka_unit_test(takes_times_at_the_ends_of_their_range),
        cmocka_unit_test(holds_its_capacity_to_its_bounds),
        cmocka_unit_test(lets_one_of_eight_threads_win_each_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
