/* token_show.c: tokens taken apart to be shown, in ASCII whatever they hold. */
#include "jws.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define HEADER "{\"alg\":\"ES384\"}"

/* A token of that header and those claims, signed by nobody. */
static struct text make_token(const char *header, const char *claims)
{
    struct text text = {0};
    base64url_write(&text, header, strlen(header));
    text_add(&text, ".", 1);
    base64url_write(&text, claims, strlen(claims));
    text_add(&text, ".AQID", 5);
    return text;
}

static ozc_token *parse(const char *header, const char *claims)
{
    struct text text = make_token(header, claims);
    ozc_token *token = NULL;
    char *why = NULL;
    if (ozc_token_parse(text.data, text.len, &token, &why) != OZC_VALID)
        fail_msg("%s", why);
    assert_null(why);
    text_free(&text); /* the token holds a copy */
    return token;
}

/* Rejected with a reason that holds the words, in plain ASCII and without any byte of the token. */
static void assert_rejected(const char *text, size_t len, const char *words)
{
    char place = 0;
    ozc_token *token = (ozc_token *)(void *)&place; /* has to be set, whatever it was */
    char *why = NULL;
    if (ozc_token_parse(text, len, &token, &why) != OZC_REJECTED)
        fail_msg("%.80s: taken", text);
    assert_null(token);
    if (why == NULL || strstr(why, words) == NULL || strstr(why, "SECRET") != NULL)
        fail_msg("%.80s: %s", text, why == NULL ? "no reason" : why);
    ozc_free(why);
    assert_int_equal(OZC_REJECTED, ozc_token_parse(text, len, &token, NULL));
}

static void assert_parts_rejected(const char *header, const char *claims, const char *words)
{
    struct text text = make_token(header, claims);
    assert_rejected(text.data, text.len, words);
    text_free(&text);
}

static void shows_header_and_claims_as_they_are(void **state)
{
    ozc_token *token = parse("{\"typ\":\"JWT\",\"alg\":\"ES384\",\"x\":[1.0,2e5]}", "{\"b\": 1,\"a\":{}, \"exp\":5}");
    (void)state;
    assert_string_equal("{\"typ\":\"JWT\",\"alg\":\"ES384\",\"x\":[1.0,2e5]}", ozc_token_header(token));
    assert_string_equal("{\"b\": 1,\"a\":{}, \"exp\":5}", ozc_token_claims(token));
    ozc_token_free(token);
}

static void shows_hostile_unicode_in_ascii_on_one_line(void **state)
{
    static const char claims[] = "{\"\xE2\x80\xAE\":\"\xC2\x9B[2J\x7F\xEF\xBB\xBF\","
                                 "\r\n\t\"\xF0\x9F\x98\x80\\u001b\\n\":\"\xE2\x80\xA8\xF4\x8F\xBF\xBF\"}";
    ozc_token *token = parse("{\"alg\":\"\xE2\x80\x8F\",\n\"kid\":\"\xC3\xA9\"}", claims);
    (void)state;
    assert_string_equal("{\"alg\":\"\\u200f\", \"kid\":\"\\u00e9\"}", ozc_token_header(token));
    assert_string_equal(
        "{\"\\u202e\":\"\\u009b[2J\\u007f\\ufeff\",   \"\\ud83d\\ude00\\u001b\\n\":\"\\u2028\\udbff\\udfff\"}",
        ozc_token_claims(token));
    ozc_token_free(token);
}

static void shows_what_reads_back_as_the_same_claims(void **state)
{
    static const char claims[] =
        "{\"a\\\"\\\\\":\"\xC3\xA9\\u00e9\xF0\x9F\x98\x80\\\\u0041\\/\",\"n\":[null,true,-0.5e-3]}";
    ozc_token *token = parse(HEADER, claims);
    ozc_token *again = parse(HEADER, ozc_token_claims(token));
    (void)state;
    assert_string_equal("{\"a\\\"\\\\\":\"\\u00e9\\u00e9\\ud83d\\ude00\\\\u0041\\/\",\"n\":[null,true,-0.5e-3]}",
                        ozc_token_claims(token));
    assert_string_equal(ozc_token_claims(token), ozc_token_claims(again));
    ozc_token_free(token);
    ozc_token_free(again);
}

static void says_when_it_expires_where_that_is_an_integer(void **state)
{
    static const struct {
        const char *claims;
        int64_t seconds; /* -7: it does not say */
    } tokens[] = {{"{\"exp\":0}", 0},
                  {"{\"exp\":9007199254740991}", INT64_C(9007199254740991)},
                  {"{\"exp\":1.5e3}", 1500},
                  {"{\"exp\":-1}", -7},
                  {"{\"exp\":9007199254740992}", -7},
                  {"{\"exp\":1.5}", -7},
                  {"{\"exp\":\"5\"}", -7},
                  {"{\"exp\":null}", -7},
                  {"{\"Exp\":5}", -7},
                  {"{}", -7}};
    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        ozc_token *token = parse(HEADER, tokens[i].claims);
        int64_t seconds = -7;
        assert_int_equal(tokens[i].seconds != -7, ozc_token_expires_at(token, &seconds));
        assert_int_equal(tokens[i].seconds, seconds);
        ozc_token_free(token);
    }
}

static void rejects_what_is_no_token_without_showing_it(void **state)
{
    (void)state;
    assert_rejected("", 0, "three parts");
    assert_rejected(NULL, 0, "three parts");
    assert_rejected("SECRET", 6, "three parts");
    assert_rejected("SECRET.e30.AQID\n", 16, "header");
    assert_rejected("SECRET..AQID", 12, "empty");
    assert_parts_rejected("SECRET", "{}", "header");
    assert_parts_rejected("{\"SECRET\":1}", "{}", "alg");
    assert_parts_rejected("{\"alg\":\"a\",\"kid\":[\"SECRET\"]}", "{}", "kid");
    assert_parts_rejected(HEADER, "SECRET", "claims");
    assert_parts_rejected(HEADER, "[\"SECRET\"]", "claims are an array");
    assert_parts_rejected(HEADER, "{\"SECRET\":1,\"SECRET\":2}", "has already, at byte 12");
    assert_parts_rejected(HEADER, "{\"exp\":01}", "at byte 7");
}

static void rejects_a_token_that_is_too_long(void **state)
{
    size_t most = (size_t)1 << 20;
    char *text = malloc(most + 1);
    ozc_token *token = NULL;
    (void)state;
    assert_non_null(text);
    struct text start = make_token(HEADER, "{}");
    memset(text, 'A', most + 1);
    memcpy(text, start.data, start.len);
    assert_rejected(text, most + 1, "over 1048576 bytes");
    size_t fitting = most - (most - start.len) % 4; /* a signature of a length that base64url has */
    assert_int_equal(OZC_VALID, ozc_token_parse(text, fitting, &token, NULL));
    ozc_token_free(token);
    text_free(&start);
    free(text);
}

static void knows_the_key_that_signed_it_by_algorithm_and_signature(void **state)
{
    struct bytes key = read_testdata("keys/TEST-issuer-p384.key");
    struct bytes issuer = read_testdata("keys/TEST-issuer-p384.pub");
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    char *text = NULL;
    ozc_token *token = NULL;
    (void)state;
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, key.data, key.len, &text, NULL));
    assert_int_equal(OZC_VALID, ozc_token_parse(text, strlen(text), &token, NULL));
    assert_int_equal(OZC_VALID, ozc_token_is_signed_by(token, issuer.data, issuer.len, NULL)); /* expired long ago */
    ozc_token_free(token);
    text[strlen(text) - 3] = text[strlen(text) - 3] == 'A' ? 'B' : 'A';
    assert_int_equal(OZC_VALID, ozc_token_parse(text, strlen(text), &token, NULL));
    assert_int_equal(OZC_REJECTED, ozc_token_is_signed_by(token, issuer.data, issuer.len, NULL));
    ozc_token_free(token);
    ozc_free(text);
    token = parse("{\"alg\":\"none\"}", "{}");
    assert_int_equal(OZC_REJECTED, ozc_token_is_signed_by(token, issuer.data, issuer.len, NULL));
    ozc_token_free(token);
    free(key.data);
    free(issuer.data);
}

static void says_what_is_no_key(void **state)
{
    ozc_token *token = parse(HEADER, "{}");
    struct bytes key = read_testdata("keys/TEST-issuer-p384.key");
    char *why = NULL;
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_token_is_signed_by(token, key.data, key.len, &why));
    assert_non_null(strstr(why, "private key"));
    ozc_free(why);
    assert_int_equal(OZC_MISUSE, ozc_token_is_signed_by(token, NULL, 0, NULL));
    assert_int_equal(OZC_MISUSE, ozc_token_is_signed_by(token, "", 0, NULL));
    assert_int_equal(OZC_MISUSE, ozc_token_is_signed_by(NULL, key.data, key.len, NULL));
    free(key.data);
    ozc_token_free(token);
}

static void answers_for_a_token_that_is_not_there(void **state)
{
    ozc_token *token = NULL;
    int64_t seconds = 0;
    (void)state;
    assert_null(ozc_token_header(NULL));
    assert_null(ozc_token_claims(NULL));
    assert_int_equal(0, ozc_token_expires_at(NULL, &seconds));
    token = (ozc_token *)&token;
    assert_int_equal(OZC_MISUSE, ozc_token_parse(NULL, 5, &token, NULL));
    assert_null(token);
    assert_int_equal(OZC_MISUSE, ozc_token_parse("a.b.c", 5, NULL, NULL));
    ozc_token_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_header_and_claims_as_they_are),
        cmocka_unit_test(shows_hostile_unicode_in_ascii_on_one_line),
        cmocka_unit_test(shows_what_reads_back_as_the_same_claims),
        cmocka_unit_test(says_when_it_expires_where_that_is_an_integer),
        cmocka_unit_test(rejects_what_is_no_token_without_showing_it),
        cmocka_unit_test(rejects_a_token_that_is_too_long),
        cmocka_unit_test(knows_the_key_that_signed_it_by_algorithm_and_signature),
        cmocka_unit_test(says_what_is_no_key),
        cmocka_unit_test(answers_for_a_token_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
