/* token_issue.c: tokens that the library's own reader and PyJWT take, and requests that are refused. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const kinds[] = {"p384", "p256", "ed25519"};
static const char *const algorithms[] = {"ES384", "ES256", "EdDSA"};

static struct bytes read_half(const char *role, size_t kind, const char *suffix)
{
    char name[64];
    snprintf(name, sizeof name, "keys/TEST-%s-%s.%s", role, kinds[kind], suffix);
    return read_testdata(name);
}

static ozc_token_request request_at(int64_t issued_at)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    request.issued_at = issued_at;
    return request;
}

/* Signed by the test issuer's key of that kind; the caller frees it. */
static char *issue(const ozc_token_request *request, size_t kind)
{
    struct bytes pem = read_half("issuer", kind, "key");
    char *token = NULL;
    char *why = NULL;
    if (ozc_token_issue(request, pem.data, pem.len, &token, &why) != OZC_VALID)
        fail_msg("%s", why);
    assert_null(why);
    free(pem.data);
    return token;
}

static ozc_token *parse(const char *text)
{
    ozc_token *token = NULL;
    char *why = NULL;
    if (ozc_token_parse(text, strlen(text), &token, &why) != OZC_VALID)
        fail_msg("%s", why);
    return token;
}

static void writes_header_and_claims_as_requested(void **state)
{
    ozc_token_request request = request_at(1000);
    (void)state;
    request.lifetime = 60;
    request.kid = "k \"1\"";
    request.jti = "id";
    request.iss = "\xC3\xA9";
    request.aud = "us";
    for (size_t kind = 0; kind < 3; kind++) {
        char expected[128];
        char *text = issue(&request, kind);
        ozc_token *token = parse(text);
        snprintf(expected, sizeof expected, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"k \\\"1\\\"\"}",
                 algorithms[kind]);
        assert_string_equal(expected, ozc_token_header(token));
        assert_string_equal("{\"iat\":1000,\"exp\":1060,\"jti\":\"id\",\"iss\":\"\\u00e9\",\"aud\":\"us\"}",
                            ozc_token_claims(token));
        ozc_token_free(token);
        ozc_free(text);
    }
}

static void leaves_out_what_is_not_requested_but_for_a_random_jti(void **state)
{
    ozc_token_request request = request_at(0);
    char *first = issue(&request, 1);
    char *second = issue(&request, 1);
    ozc_token *one = parse(first);
    ozc_token *other = parse(second);
    static const char start[] = "{\"iat\":0,\"exp\":300,\"jti\":\"";
    (void)state;
    assert_string_equal("{\"alg\":\"ES256\",\"typ\":\"JWT\"}", ozc_token_header(one));
    assert_memory_equal(start, ozc_token_claims(one), sizeof start - 1);
    const char *jti = ozc_token_claims(one) + sizeof start - 1;
    assert_int_equal(32, strspn(jti, "0123456789abcdef"));
    assert_string_equal("\"}", jti + 32);
    assert_string_not_equal(ozc_token_claims(one), ozc_token_claims(other));
    ozc_token_free(one);
    ozc_token_free(other);
    ozc_free(first);
    ozc_free(second);
}

static void signs_with_the_key_of_each_kind(void **state)
{
    ozc_token_request request = request_at(CORPUS_TIME);
    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        char *text = issue(&request, kind);
        ozc_token *token = parse(text);
        for (size_t other = 0; other < 3; other++) {
            struct bytes issuer = read_half("issuer", other, "pub");
            struct bytes signer = read_half("signer", other, "pub");
            assert_int_equal(other == kind ? OZC_VALID : OZC_REJECTED,
                             ozc_token_is_signed_by(token, issuer.data, issuer.len, NULL));
            assert_int_equal(OZC_REJECTED, ozc_token_is_signed_by(token, signer.data, signer.len, NULL));
            free(issuer.data);
            free(signer.data);
        }
        ozc_token_free(token);
        ozc_free(text);
    }
}

/* Runs a program in Python with the token and two arguments; what it prints has to be `expected`. */
static void assert_python(const char *program, const char *token, const char *argument, const char *other,
                          const char *expected)
{
    char folder[] = "/tmp/ozc-test-token-XXXXXX";
    char script[sizeof folder + 16];
    char command[8192];
    char output[1024] = "";
    assert_non_null(mkdtemp(folder));
    snprintf(script, sizeof script, "%s/show.py", folder);
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    assert_true(fputs(program, file) >= 0);
    fclose(file);
    assert_true(snprintf(command, sizeof command, "/usr/bin/python3 %s '%s' '%s' '%s' 2>&1", script, token, argument,
                         other) < (int)sizeof command);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    pclose(pipe);
    unlink(script);
    rmdir(folder);
    assert_string_equal(expected, output);
}

static void need_pyjwt(void)
{
    if (system("/usr/bin/python3 -c 'import jwt, cryptography'") != 0)
        fail_msg("/usr/bin/python3 does not have jwt and cryptography (Debian: python3-jwt, python3-cryptography)");
}

static void makes_tokens_that_pyjwt_verifies(void **state)
{
    static const char program[] =
        "import jwt, sys\n"
        "token, alg, key = sys.argv[1:]\n"
        "no_times = {'verify_exp': False, 'verify_iat': False, 'verify_nbf': False}\n"
        "c = jwt.decode(token, open(key).read(), algorithms=[alg], audience='us', issuer='who', options=no_times)\n"
        "h = jwt.get_unverified_header(token)\n"
        "print(h['alg'], h['typ'], h['kid'], c['iat'], c['exp'], c['jti'], c['iss'], c['aud'])\n";
    ozc_token_request request = request_at(1000);
    (void)state;
    need_pyjwt();
    request.kid = "k1";
    request.jti = "id";
    request.iss = "who";
    request.aud = "us";
    for (size_t kind = 0; kind < 3; kind++) {
        char expected[128];
        char key[512];
        char *token = issue(&request, kind);
        snprintf(expected, sizeof expected, "%s JWT k1 1000 1300 id who us\n", algorithms[kind]);
        snprintf(key, sizeof key, "%s/keys/TEST-issuer-%s.pub", TESTDATA, kinds[kind]);
        assert_python(program, token, algorithms[kind], key, expected);
        ozc_free(token);
    }
}

static void names_a_confirmation_key_that_pyjwt_reads_as_the_device_s(void **state)
{
    static const char program[] =
        "import json, jwt, sys\n"
        "from jwt.algorithms import ECAlgorithm, OKPAlgorithm\n"
        "from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key\n"
        "token, kind, key = sys.argv[1:]\n"
        "cnf = jwt.decode(token, options={'verify_signature': False})['cnf']\n"
        "jwk = cnf['jwk']\n"
        "made = (OKPAlgorithm if jwk['kty'] == 'OKP' else ECAlgorithm).from_jwk(json.dumps(jwk))\n"
        "der = lambda k: k.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)\n"
        "print(list(cnf), list(jwk), der(made) == der(load_pem_public_key(open(key, 'rb').read())))\n";
    ozc_token_request request = request_at(1000);
    (void)state;
    need_pyjwt();
    for (size_t kind = 0; kind < 3; kind++) {
        char key[512];
        struct bytes device = read_half("device", kind, "pub");
        request.cnf_pem = device.data;
        request.cnf_len = device.len;
        char *token = issue(&request, 0);
        snprintf(key, sizeof key, "%s/keys/TEST-device-%s.pub", TESTDATA, kinds[kind]);
        assert_python(program, token, "", key,
                      kind < 2 ? "['jwk'] ['kty', 'crv', 'x', 'y'] True\n" : "['jwk'] ['kty', 'crv', 'x'] True\n");
        ozc_free(token);
        free(device.data);
    }
}

/* Refused, with a reason that holds the words and nothing of the key. */
static void assert_refused(const ozc_token_request *request, const struct bytes *pem, const char *words)
{
    char *token = NULL;
    char *why = NULL;
    assert_int_equal(OZC_MISUSE, ozc_token_issue(request, pem->data, pem->len, &token, &why));
    assert_null(token);
    if (why == NULL || strstr(why, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why == NULL ? "" : why, words);
    ozc_free(why);
    assert_int_equal(OZC_MISUSE, ozc_token_issue(request, pem->data, pem->len, &token, NULL));
}

static void refuses_times_out_of_range(void **state)
{
    static const struct {
        int64_t issued_at;
        int64_t lifetime;
        const char *words;
    } wrong[] = {{-1, 300, "time of issue"},
                 {INT64_MIN, 300, "time of issue"},
                 {INT64_MAX, 300, "time of issue"},
                 {INT64_C(9007199254740991), 1, "time of issue"},
                 {0, 0, "lifetime"},
                 {0, -5, "lifetime"},
                 {0, INT64_C(2147483649), "lifetime"},
                 {0, INT64_MAX, "lifetime"}};
    struct bytes pem = read_half("issuer", 1, "key");
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ozc_token_request request = request_at(wrong[i].issued_at);
        request.lifetime = wrong[i].lifetime;
        assert_refused(&request, &pem, wrong[i].words);
    }
    ozc_token_request request = request_at(0);
    request.lifetime = INT64_C(2147483648);
    ozc_free(issue(&request, 1));
    free(pem.data);
}

static void refuses_texts_that_are_no_words(void **state)
{
    char long_word[257];
    const char *const wrong[] = {"", "\xFF", "a\xC3", long_word};
    struct bytes pem = read_half("issuer", 1, "key");
    (void)state;
    memset(long_word, 'a', 256);
    long_word[256] = '\0';
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (int member = 0; member < 4; member++) {
            ozc_token_request request = request_at(0);
            *(member == 0   ? &request.kid
              : member == 1 ? &request.jti
              : member == 2 ? &request.iss
                            : &request.aud) = wrong[i];
            assert_refused(&request, &pem, "1 to 255 bytes of UTF-8");
        }
    ozc_token_request request = request_at(0);
    request.jti = long_word + 1;
    ozc_free(issue(&request, 1));
    free(pem.data);
}

static void refuses_keys_that_are_the_wrong_half_or_none(void **state)
{
    struct bytes private_half = read_half("issuer", 0, "key");
    struct bytes public_half = read_half("issuer", 0, "pub");
    struct bytes sec1 = read_testdata("keys/bad/sec1.key");
    const struct bytes none = {NULL, 0};
    ozc_token_request request = request_at(0);
    (void)state;
    assert_refused(&request, &public_half, "public key, where a private one belongs");
    assert_refused(&request, &sec1, "SEC1");
    assert_refused(&request, &none, "no key");
    request.cnf_pem = private_half.data;
    request.cnf_len = private_half.len;
    assert_refused(&request, &private_half, "cnf");
    request.cnf_len = 0;
    assert_refused(&request, &private_half, "cnf");
    free(private_half.data);
    free(public_half.data);
    free(sec1.data);
}

static void refuses_a_request_that_is_not_there_or_too_short(void **state)
{
    struct bytes pem = read_half("issuer", 0, "key");
    ozc_token_request request = request_at(0);
    char *token = NULL;
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_token_issue(NULL, pem.data, pem.len, &token, NULL));
    assert_int_equal(OZC_MISUSE, ozc_token_issue(&request, pem.data, pem.len, NULL, NULL));
    request.struct_size--;
    assert_int_equal(OZC_MISUSE, ozc_token_issue(&request, pem.data, pem.len, &token, NULL));
    request.struct_size = 0;
    assert_int_equal(OZC_MISUSE, ozc_token_issue(&request, pem.data, pem.len, &token, NULL));
    assert_null(token);
    free(pem.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_header_and_claims_as_requested),
        cmocka_unit_test(leaves_out_what_is_not_requested_but_for_a_random_jti),
        cmocka_unit_test(signs_with_the_key_of_each_kind),
        cmocka_unit_test(makes_tokens_that_pyjwt_verifies),
        cmocka_unit_test(names_a_confirmation_key_that_pyjwt_reads_as_the_device_s),
        cmocka_unit_test(refuses_times_out_of_range),
        cmocka_unit_test(refuses_texts_that_are_no_words),
        cmocka_unit_test(refuses_keys_that_are_the_wrong_half_or_none),
        cmocka_unit_test(refuses_a_request_that_is_not_there_or_too_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
