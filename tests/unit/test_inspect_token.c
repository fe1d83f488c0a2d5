/* inspect_token.c: a token shown, its life counted, nothing of it believed. */
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static ozc_inspection *at_time(const char *file, ozc_time time, int64_t now)
{
    ozc_call call = OZC_CALL_INIT;
    call.time = time;
    call.now = now;
    struct bytes container = read_testdata(file);
    ozc_inspection *inspection = ozc_inspect_memory(container.data, container.len, &call);
    free(container.data);
    assert_non_null(inspection);
    return inspection;
}

/* The corpus' token lives from 1767225600 to 1767225900. */
static void counts_the_life_from_the_time_given(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        ozc_time time;
        int64_t now, counted_at, life;
    } rows[] = {{"valid/default.ozc", OZC_TIME_GIVEN, 1767225660, 1767225660, 240},
                {"valid/default.ozc", OZC_TIME_GIVEN, 1767225900, 1767225900, 0},
                {"valid/default.ozc", OZC_TIME_GIVEN, 1767226000, 1767226000, -100},
                {"valid/default.ozc", OZC_TIME_ISSUED, 0, 1767225600, 300},
                {"valid/token-without-iat.ozc", OZC_TIME_ISSUED, 0, 1767225899, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t life = -12345;
        ozc_inspection *inspection = at_time(rows[i].file, rows[i].time, rows[i].now);
        assert_int_equal(1, ozc_inspection_token_life(inspection, &life));
        assert_int_equal(rows[i].life, life);
        assert_int_equal(rows[i].counted_at, ozc_inspection_time(inspection));
        ozc_inspection_free(inspection);
    }
}

static void takes_the_system_s_clock_where_none_is_given(void **state)
{
    (void)state;
    int64_t life = 0;
    ozc_inspection *inspection = at_time("valid/default.ozc", OZC_TIME_SYSTEM, 0);
    assert_int_equal(1, ozc_inspection_token_life(inspection, &life));
    assert_true(ozc_inspection_time(inspection) > CORPUS_TIME && life < 0);
    ozc_inspection_free(inspection);
}

static void shows_header_and_claims_of_a_token_that_nobody_has_verified(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("valid/default.ozc"));
    const ozc_token *token = ozc_inspection_token(inspection);
    assert_string_equal("{\"alg\":\"ES384\",\"typ\":\"JWT\"}", ozc_token_header(token));
    assert_non_null(strstr(ozc_token_claims(token), "\"exp\":1767225900"));
    assert_null(ozc_inspection_confirmation_key(inspection));
    ozc_inspection_free(inspection);
}

static void names_the_key_that_the_token_is_bound_to(void **state)
{
    (void)state;
    ozc_inspection *inspection = inspect_bytes(read_testdata("valid/cnf-ed25519.ozc"));
    assert_int_equal(64, strlen(ozc_inspection_confirmation_key(inspection)));
    ozc_report *report = check_testdata("valid/cnf-ed25519.ozc", "-");
    assert_string_equal(ozc_report_signer(report)->key, ozc_inspection_confirmation_key(inspection));
    ozc_report_free(report);
    ozc_inspection_free(inspection);
}

static void says_why_a_token_cannot_be_taken_apart(void **state)
{
    (void)state;
    int64_t life = 5;
    struct zip_entry entry = zip_entry("session_token", "a.b");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_null(ozc_inspection_token(inspection));
    assert_string_equal("it does not have exactly three parts parted by dots", ozc_inspection_token_fault(inspection));
    assert_int_equal(1, notes_with(inspection, "the session token is malformed: it does not have exactly three parts"));
    assert_int_equal(0, ozc_inspection_token_life(inspection, &life));
    assert_int_equal(5, life);
    ozc_inspection_free(inspection);
}

static void says_that_a_token_is_too_large(void **state)
{
    (void)state;
    static char text[65538];
    memset(text, 'A', 65537);
    struct zip_entry entry = zip_entry("session_token", text);
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_null(ozc_inspection_token(inspection));
    assert_null(ozc_inspection_token_fault(inspection));
    assert_int_equal(1, notes_with(inspection, "too large to be taken apart here: 65537 bytes, at most 65536"));
    ozc_inspection_free(inspection);
}

/* {"alg":"none"} and {"exp":"soon","cnf":1}: types that a check would refuse. */
static void shows_claims_of_wrong_types(void **state)
{
    (void)state;
    int64_t life = 5;
    struct zip_entry entry = zip_entry("session_token", "eyJhbGciOiJub25lIn0.eyJleHAiOiJzb29uIiwiY25mIjoxfQ.AA");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_string_equal("{\"exp\":\"soon\",\"cnf\":1}", ozc_token_claims(ozc_inspection_token(inspection)));
    assert_int_equal(0, ozc_inspection_token_life(inspection, &life));
    assert_null(ozc_inspection_confirmation_key(inspection));
    assert_int_equal(1, notes_with(inspection, "cnf is no object"));
    ozc_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_life_from_the_time_given),
        cmocka_unit_test(takes_the_system_s_clock_where_none_is_given),
        cmocka_unit_test(shows_header_and_claims_of_a_token_that_nobody_has_verified),
        cmocka_unit_test(names_the_key_that_the_token_is_bound_to),
        cmocka_unit_test(says_why_a_token_cannot_be_taken_apart),
        cmocka_unit_test(says_that_a_token_is_too_large),
        cmocka_unit_test(shows_claims_of_wrong_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
