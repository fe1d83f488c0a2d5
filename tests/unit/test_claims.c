/* claims.c: the claims of a session token by type and range, and the key in cnf. */
#include "claims.h"
#include "jws.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMES "\"exp\":1767225900"

static struct crypto *crypto;

static int set_up(void **state)
{
    (void)state;
    crypto = crypto_get();
    return crypto == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    return 0;
}

/* The tree that the claims borrow from is freed with them. */
struct reading {
    json_value *tree;
    struct claims claims;
    const char *what;
    ozc_result result;
};

static struct reading read_claims(const char *json)
{
    struct reading r = {0};
    struct json_fault fault = {0};
    assert_int_equal(JSON_STRICT, json_read((const uint8_t *)json, strlen(json), 64, &r.tree, &fault));
    r.result = claims_read(crypto, r.tree, &r.claims, &r.what);
    return r;
}

static void end(struct reading *r)
{
    key_free(r->claims.confirmation_key);
    json_free(r->tree);
}

static void assert_taken(const char *json)
{
    struct reading r = read_claims(json);
    if (r.result != OZC_VALID)
        fail_msg("%s: %s", json, r.what);
    end(&r);
}

/* Rejected, with a reason that begins with the claim's name. */
static void assert_rejected(const char *json, const char *words)
{
    struct reading r = read_claims(json);
    if (r.result != OZC_REJECTED || strstr(r.what, words) == NULL)
        fail_msg("%s: %d, %s", json, (int)r.result, r.what == NULL ? "no reason" : r.what);
    end(&r);
}

/* The claim with each of the values, beside a good exp. */
static void assert_all_rejected(const char *name, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char json[1024];
        snprintf(json, sizeof json, "{%s%s\"%s\":%s}", strcmp(name, "exp") == 0 ? "" : TIMES,
                 strcmp(name, "exp") == 0 ? "" : ",", name, values[i]);
        assert_rejected(json, name);
    }
}

static void hands_on_what_the_claims_say(void **state)
{
    (void)state;
    struct reading r = read_claims(
        "{\"iss\":\"who\",\"nbf\":5,\"iat\":4,\"exp\":9007199254740991,\"jti\":\"id\",\"aud\":\"a\",\"x\":0}");
    assert_int_equal(OZC_VALID, r.result);
    assert_int_equal(INT64_C(9007199254740991), r.claims.exp);
    assert_true(r.claims.has_iat && r.claims.has_nbf);
    assert_int_equal(4, r.claims.iat);
    assert_int_equal(5, r.claims.nbf);
    assert_string_equal("who", r.claims.iss);
    assert_string_equal("id", r.claims.jti);
    assert_null(r.claims.confirmation_key);
    end(&r);
}

static void needs_nothing_but_exp(void **state)
{
    (void)state;
    struct reading r = read_claims("{\"exp\":0}");
    assert_int_equal(OZC_VALID, r.result);
    assert_int_equal(0, r.claims.exp);
    assert_false(r.claims.has_iat || r.claims.has_nbf);
    assert_null(r.claims.iss);
    assert_null(r.claims.jti);
    assert_null(r.claims.aud);
    end(&r);
    assert_rejected("{}", "exp");
    assert_rejected("{\"Exp\":1}", "exp");
}

static void takes_times_that_are_integers_as_doubles_only(void **state)
{
    static const char *const wrong[] = {"\"1\"", "null", "true", "[1]", "{}", "-1", "1.5", "9007199254740992",
                                        "1e300", "-1e-9"};
    (void)state;
    assert_taken("{\"exp\":1767225900.0,\"iat\":1.7672256e9,\"nbf\":17672256e2}");
    assert_all_rejected("exp", wrong, sizeof wrong / sizeof *wrong);
    assert_all_rejected("iat", wrong, sizeof wrong / sizeof *wrong);
    assert_all_rejected("nbf", wrong, sizeof wrong / sizeof *wrong);
}

static void wants_exp_greater_than_iat_and_nbf(void **state)
{
    (void)state;
    assert_taken("{\"exp\":2,\"iat\":1,\"nbf\":1}");
    assert_rejected("{\"exp\":2,\"iat\":2}", "greater than iat");
    assert_rejected("{\"exp\":2,\"iat\":3}", "greater than iat");
    assert_rejected("{\"exp\":2,\"nbf\":2}", "greater than nbf");
    assert_rejected("{\"exp\":0,\"iat\":0}", "greater than iat");
    assert_taken("{\"exp\":3,\"iat\":2,\"nbf\":1}");
}

static void refuses_wrong_types_of_claims_that_nobody_needs(void **state)
{
    static const char *const no_text[] = {"1", "null", "false", "[]", "[\"a\"]", "{}"};
    static const char *const no_audience[] = {"1",   "null",         "true",     "{}", "{\"a\":\"b\"}",
                                              "[1]", "[\"a\",null]", "[[\"a\"]]"};
    (void)state;
    assert_all_rejected("iss", no_text, sizeof no_text / sizeof *no_text);
    assert_all_rejected("jti", no_text, sizeof no_text / sizeof *no_text);
    assert_all_rejected("aud", no_audience, sizeof no_audience / sizeof *no_audience);
    assert_taken("{" TIMES ",\"iss\":\"\",\"aud\":\"\"}");
    assert_taken("{" TIMES ",\"aud\":[]}");
}

static void takes_a_jti_of_1_to_255_bytes(void **state)
{
    char json[600];
    (void)state;
    assert_rejected("{" TIMES ",\"jti\":\"\"}", "jti");
    for (int len = 1; len <= 257; len += 64) {
        snprintf(json, sizeof json, "{" TIMES ",\"jti\":\"%0*d\"}", len > 256 ? 256 : len == 193 ? 255 : len, 0);
        if (len > 256)
            assert_rejected(json, "jti");
        else
            assert_taken(json);
    }
    snprintf(json, sizeof json, "{" TIMES ",\"jti\":\"\\u00e9%0*d\"}", 254, 0); /* 256 bytes, 255 characters */
    assert_rejected(json, "jti");
}

static void finds_the_audience_by_its_whole_text(void **state)
{
    static const struct {
        const char *json;
        bool found;
    } tokens[] = {{"{" TIMES ",\"aud\":\"here\"}", true},
                  {"{" TIMES ",\"aud\":[\"here\"]}", true},
                  {"{" TIMES ",\"aud\":[\"there\",\"here\"]}", true},
                  {"{" TIMES ",\"aud\":\"Here\"}", false},
                  {"{" TIMES ",\"aud\":\"here \"}", false},
                  {"{" TIMES ",\"aud\":[\"her\",\"heres\",\"\"]}", false},
                  {"{" TIMES ",\"aud\":[]}", false},
                  {"{" TIMES "}", false}};
    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        struct reading r = read_claims(tokens[i].json);
        assert_int_equal(OZC_VALID, r.result);
        assert_int_equal(tokens[i].found, claims_have_audience(&r.claims, "here"));
        end(&r);
    }
}

/* A coordinate of the test device's key of that kind, in base64url. */
static void write_coordinates(enum key_kind kind, struct text *x, struct text *y, char id[65])
{
    static const char *const files[] = {"keys/TEST-device-p384.pub", "keys/TEST-device-p256.pub",
                                        "keys/TEST-device-ed25519.pub"};
    struct bytes pem = read_testdata(files[kind]);
    struct text why = {0};
    struct key *key = NULL;
    uint8_t px[KEY_HALF_MOST];
    uint8_t py[KEY_HALF_MOST] = {0};
    assert_int_equal(OZC_VALID, key_read_public(crypto, pem.data, pem.len, &key, &why));
    key_coordinates(key, px, py);
    base64url_write(x, px, key_traits(kind)->half);
    base64url_write(y, py, key_traits(kind)->half);
    memcpy(id, key_id(key), 65);
    key_free(key);
    free(pem.data);
}

static void reads_a_confirmation_key_of_each_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        const struct key_traits *traits = key_traits((enum key_kind)kind);
        struct text x = {0};
        struct text y = {0};
        char json[1024];
        char id[65];
        write_coordinates((enum key_kind)kind, &x, &y, id);
        snprintf(
            json, sizeof json,
            "{" TIMES
            ",\"cnf\":{\"jwk\":{\"use\":\"sig\",\"kid\":5,\"kty\":\"%s\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}}}",
            traits->jwk_type, traits->jwk_curve, x.data, y.data);
        struct reading r = read_claims(json);
        assert_int_equal(OZC_VALID, r.result);
        assert_string_equal(id, key_id(r.claims.confirmation_key));
        end(&r);
        text_free(&x);
        text_free(&y);
    }
}

static void refuses_a_confirmation_that_is_not_the_one_jwk(void **state)
{
    static const char *const wrong[] = {"null",
                                        "1",
                                        "\"a\"",
                                        "[]",
                                        "{}",
                                        "{\"jwk\":1}",
                                        "{\"jwk\":null}",
                                        "{\"jwk\":[]}",
                                        "{\"jwk\":{}}",
                                        "{\"kid\":\"a\"}",
                                        "{\"jwk\":{},\"kid\":\"a\"}",
                                        "{\"kid\":\"a\",\"jwk\":{}}",
                                        "{\"JWK\":{}}",
                                        "{\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                                        "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}}",
                                        "{\"jwk\":{\"kty\":\"EC\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}}",
                                        "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"P-384\",\"x\":\"AAAA\",\"y\":\"AAAA\"}}",
                                        "{\"jwk\":{\"kty\":\"EC\",\"crv\":[\"P-384\"]}}",
                                        "{\"jwk\":{\"kty\":\"ec\",\"crv\":\"P-384\"}}"};
    (void)state;
    assert_all_rejected("cnf", wrong, sizeof wrong / sizeof *wrong);
}

/* One P-256 key, with its x and y changed as the format says. */
static void assert_p256_rejected(const char *format, const char *words)
{
    struct text x = {0};
    struct text y = {0};
    char json[1024];
    char member[512];
    char id[65];
    write_coordinates(KEY_P256, &x, &y, id);
    const char *hole = strstr(format, "XX");
    snprintf(member, sizeof member, "%.*s%s%s", (int)(hole - format), format, x.data, hole + 2);
    hole = strstr(member, "YY");
    snprintf(json, sizeof json, "{" TIMES ",\"cnf\":{\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",%.*s%s%s}}}",
             (int)(hole == NULL ? strlen(member) : (size_t)(hole - member)), member, hole == NULL ? "" : y.data,
             hole == NULL ? "" : hole + 2);
    assert_rejected(json, words);
    text_free(&x);
    text_free(&y);
}

static void wants_the_coordinates_whole_and_nothing_private(void **state)
{
    (void)state;
    assert_p256_rejected("\"x\":\"XX\",\"y\":\"YY\",\"d\":\"YY\"", "private");
    assert_p256_rejected("\"d\":null,\"x\":\"XX\",\"y\":\"YY\"", "private");
    assert_p256_rejected("\"x\":\"XX\"", "full length");
    assert_p256_rejected("\"x\":\"XX\",\"y\":1", "full length");
    assert_p256_rejected("\"x\":\"XX\",\"y\":\"YY=\"", "full length");
    assert_p256_rejected("\"x\":\"AXX\",\"y\":\"YY\"", "full length");
    assert_p256_rejected("\"x\":\"XXAAAA\",\"y\":\"YY\"", "full length");
    assert_p256_rejected("\"x\":\"\",\"y\":\"XX\"", "full length");
    assert_p256_rejected("\"y\":\"XX\",\"x\":\"YY\"", "no point");
    assert_p256_rejected("\"x\":\"XX\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", "no point");
    assert_p256_rejected("\"x\":\"XX\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"",
                         "full length"); /* unused bits */
}

static void shows_no_byte_of_the_claims(void **state)
{
    static const char *const claims[] = {"{\"exp\":\"SECRET\"}",
                                         "{" TIMES ",\"iss\":[\"SECRET\"]}",
                                         "{" TIMES ",\"jti\":{\"SECRET\":1}}",
                                         "{" TIMES ",\"aud\":[\"SECRET\",1]}",
                                         "{" TIMES ",\"cnf\":{\"SECRET\":1}}",
                                         "{" TIMES ",\"cnf\":{\"jwk\":{\"kty\":\"SECRET\",\"crv\":\"SECRET\"}}}"};
    (void)state;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        struct reading r = read_claims(claims[i]);
        assert_int_equal(OZC_REJECTED, r.result);
        assert_null(strstr(r.what, "SECRET"));
        end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_on_what_the_claims_say),
        cmocka_unit_test(needs_nothing_but_exp),
        cmocka_unit_test(takes_times_that_are_integers_as_doubles_only),
        cmocka_unit_test(wants_exp_greater_than_iat_and_nbf),
        cmocka_unit_test(refuses_wrong_types_of_claims_that_nobody_needs),
        cmocka_unit_test(takes_a_jti_of_1_to_255_bytes),
        cmocka_unit_test(finds_the_audience_by_its_whole_text),
        cmocka_unit_test(reads_a_confirmation_key_of_each_kind),
        cmocka_unit_test(refuses_a_confirmation_that_is_not_the_one_jwk),
        cmocka_unit_test(wants_the_coordinates_whole_and_nothing_private),
        cmocka_unit_test(shows_no_byte_of_the_claims),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
