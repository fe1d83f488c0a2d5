/*
 * Target: the token reader: compact JWS, header, claims, and how a token is shown.
 *
 * An input that begins with `{` is header and claims in plain, parted by a NUL byte: it is put into base64url here, so
 * that mutations reach the claims. Anything else is a token as it stands.
 */
#include "claims.h"
#include "fuzz.h"
#include "token.h"
#include "wraps.h"

#include <string.h>

#define NESTING 64 /* what ozc_token_parse allows */

static void write_token(struct text *token, const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\0', size);
    size_t header_len = end == NULL ? size : (size_t)(end - data);
    size_t claims_at = end == NULL ? size : header_len + 1;
    base64url_write(token, data, header_len);
    text_print(token, ".");
    base64url_write(token, data + claims_at, size - claims_at);
    text_print(token, ".c2lnbmF0dXJl");
    MUST(!token->failed, "no memory");
}

/* One text for one content: what was taken apart is written to the same bytes. */
static void must_be_the_only_text(const struct jws *jws, const char *text, size_t len)
{
    struct text again = {0};
    base64url_write(&again, jws->header, jws->header_len);
    text_print(&again, ".");
    base64url_write(&again, jws->claims, jws->claims_len);
    text_print(&again, ".");
    base64url_write(&again, jws->signature, jws->signature_len);
    MUST(!again.failed && again.len == len && memcmp(again.data, text, len) == 0, "another text has the same content");
    text_free(&again);
}

static void read_claims(const struct token *token)
{
    struct claims claims = {0};
    const char *what = NULL;
    ozc_result result = claims_read(crypto_get(), token->claims, &claims, &what);
    MUST(result == OZC_VALID || result == OZC_REJECTED, "claims come to %d", (int)result);
    MUST(result != OZC_REJECTED || what != NULL, "claims are refused without a word");
    if (result == OZC_VALID) {
        MUST(claims.exp >= 0 && claims.exp < INT64_C(1) << 53, "exp out of range");
        MUST(!claims.has_iat || (claims.iat >= 0 && claims.iat < claims.exp), "iat out of range");
        MUST(!claims.has_nbf || (claims.nbf >= 0 && claims.nbf < claims.exp), "nbf out of range");
        MUST(claims.jti == NULL || (*claims.jti != '\0' && strlen(claims.jti) <= 255), "jti out of range");
        (void)claims_have_audience(&claims, "a");
    } else {
        must_be_plain(what, "what is wrong with the claims");
    }
    key_free(claims.confirmation_key);
}

/* From the inside. True: header and claims are strict JSON objects. */
static bool read(const char *text, size_t len)
{
    struct token token;
    struct text why = {0};
    ozc_result result = token_read(text, len, NESTING, &token, &why);
    if (result == OZC_VALID) {
        must_be_the_only_text(&token.jws, text, len);
        result = token_read_claims(&token, NESTING, &why);
    }
    MUST(result == OZC_VALID || result == OZC_REJECTED, "a token comes to %d", (int)result);
    MUST((result == OZC_REJECTED) == (why.data != NULL), "a token is refused without a word, or taken with one");
    if (result == OZC_VALID)
        read_claims(&token);
    else
        must_be_plain(why.data, "what is wrong with the token");
    token_free(&token);
    text_free(&why);
    return result == OZC_VALID;
}

/* From the outside. */
static void show(const char *text, size_t len, bool expected)
{
    ozc_token *token = NULL;
    char *why = NULL;
    int64_t seconds = -1;
    ozc_result result = ozc_token_parse(text, len, &token, &why);
    MUST(result == (expected ? OZC_VALID : OZC_REJECTED), "ozc_token_parse comes to %d: %s", (int)result, why);
    MUST((token != NULL) == expected && (why == NULL) == expected, "a token and a reason against it, or neither");
    if (expected) {
        const char *pem = fuzz_key("issuer-p256.pub");
        must_be_json(ozc_token_header(token), "the header");
        must_be_json(ozc_token_claims(token), "the claims");
        MUST(ozc_token_expires_at(token, &seconds) == 0 || (seconds >= 0 && seconds < INT64_C(1) << 53),
             "exp out of range");
        ozc_result verified = ozc_token_is_signed_by(token, pem, strlen(pem), NULL);
        MUST(verified == OZC_VALID || verified == OZC_REJECTED, "the signature comes to %d", (int)verified);
    }
    ozc_token_free(token);
    ozc_free(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text made = {0};
    const char *text = (const char *)data;
    size_t len = size;
    MUST(crypto_get() != NULL, "no OpenSSL");
    watch_start();
    if (size > 0 && *data == '{') {
        write_token(&made, data, size);
        text = made.data;
        len = made.len;
    }
    show(text, len, read(text, len));
    text_free(&made);
    int64_t left = watch_end();
    MUST(left == 0, "%lld bytes are held when all is freed", (long long)left);
    return 0;
}
