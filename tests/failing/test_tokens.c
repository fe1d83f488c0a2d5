/*
 * Every point of the machine fails where tokens are issued and shown: there is a token that verifies, or none; and none
 * verifies that does not on a sound machine.
 */
#include "each_failure.h"
#include "machine.h"
#include "material.h"

#include <stdlib.h>
#include <string.h>

static struct bytes token;

static struct outcome issue_token(const void *with)
{
    const ozc_token_request *request = with;
    char *made = NULL;
    char *why = NULL;
    machine_begin();
    ozc_result result =
        ozc_token_issue(request, material.ed25519_private.data, material.ed25519_private.len, &made, &why);
    machine_end();
    struct outcome outcome = {result, made == NULL ? NULL : strdup(made)};
    ozc_free(made);
    ozc_free(why);
    return outcome;
}

static void issues_a_token(void **state)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    (void)state;
    request.kid = "kid";
    request.jti = "jti";
    request.iss = "iss";
    request.aud = "aud";
    request.cnf_pem = material.p384.data;
    request.cnf_len = material.p384.len;
    fails_well("issue a token for a P-384 key", OZC_VALID, issue_token, &request);
    request.cnf_pem = material.ed25519.data;
    request.cnf_len = material.ed25519.len;
    fails_well("issue a token for an Ed25519 key", OZC_VALID, issue_token, &request);
    request.cnf_pem = "none";
    request.cnf_len = 4;
    fails_well("issue a token for no key", OZC_MISUSE, issue_token, &request);
}

/* ECDSA and jti are random, so these tokens are compared by whether they verify. */
static struct outcome issue_random_token(const void *with)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    ozc_token *parsed = NULL;
    (void)with;
    machine_begin();
    struct outcome outcome = {
        ozc_token_issue(&request, material.p384_private.data, material.p384_private.len, &made, NULL), NULL};
    machine_end();
    if (outcome.result == OZC_VALID) {
        assert_int_equal(OZC_VALID, ozc_token_parse(made, strlen(made), &parsed, NULL));
        assert_int_equal(OZC_VALID, ozc_token_is_signed_by(parsed, material.p384.data, material.p384.len, NULL));
    }
    ozc_token_free(parsed);
    ozc_free(made);
    return outcome;
}

static void issues_a_random_token(void **state)
{
    (void)state;
    fails_well("issue a token by ECDSA", OZC_VALID, issue_random_token, NULL);
}

static struct outcome show_token(const void *with)
{
    const struct bytes *key = with;
    ozc_token *shown = NULL;
    char *why = NULL;
    char *why_not = NULL;
    struct outcome outcome = {OZC_FAILED, NULL};
    machine_begin();
    ozc_result parsed = ozc_token_parse(token.data, token.len, &shown, &why);
    outcome.result = parsed == OZC_VALID ? ozc_token_is_signed_by(shown, key->data, key->len, &why_not) : parsed;
    machine_end();
    if (outcome.result == OZC_VALID)
        outcome.says = strdup(ozc_token_claims(shown));
    ozc_token_free(shown);
    ozc_free(why);
    ozc_free(why_not);
    return outcome;
}

static void shows_a_token(void **state)
{
    static struct bytes nothing = {(unsigned char *)"", 0};
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *made = NULL;
    (void)state;
    assert_int_equal(OZC_VALID,
                     ozc_token_issue(&request, material.p384_private.data, material.p384_private.len, &made, NULL));
    token = (struct bytes){(unsigned char *)made, strlen(made)};
    fails_well("verify a token", OZC_VALID, show_token, &material.p384);
    fails_well("verify a token with another kind of key", OZC_REJECTED, show_token, &material.ed25519);
    fails_well("verify a token with no key", OZC_MISUSE, show_token, &nothing);
    struct bytes other = read_testdata("keys/TEST-issuer2-p384.pub");
    fails_well("verify a token with another key", OZC_REJECTED, show_token, &other);
    free(other.data);
    token.data[1] = '!';
    fails_well("show no token", OZC_REJECTED, show_token, &material.p384);
    free(token.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(issues_a_token),
        cmocka_unit_test(issues_a_random_token),
        cmocka_unit_test(shows_a_token),
    };
    setenv("TZ", "UTC0", 1); /* see test_validations.c */
    int failed = cmocka_run_group_tests(tests, load_material, free_material);
    print_points_tried();
    return failed;
}
