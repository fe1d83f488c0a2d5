/*
 * Makes session tokens (docs/format.md, section 4): the issuer's side.
 *
 * Guarantees a token that the session_token check takes, as far as its request goes: the key's own algorithm, times in
 * order, texts in UTF-8, a random `jti` unless one is given.
 */
#include "crypto.h"
#include "jws.h"

#include <string.h>

#define INTEGER_MOST INT64_C(9007199254740991) /* 2^53-1 */
#define LIFETIME_MOST (INT64_C(1) << 31)
#define RANDOM_SIZE 16

/* What is wrong with the request; NULL: nothing. */
static const char *request_fault(const ozc_token_request *r)
{
    if (r == NULL || r->struct_size < sizeof *r)
        return "there is no request, or one of another version";
    if (r->issued_at < 0 || r->issued_at > INTEGER_MOST - LIFETIME_MOST)
        return "the time of issue is out of range";
    if (r->lifetime < 1 || r->lifetime > LIFETIME_MOST)
        return "the lifetime has to be from 1 to 2147483648 seconds";
    if ((r->kid != NULL && !is_word(r->kid)) || (r->jti != NULL && !is_word(r->jti)) ||
        (r->iss != NULL && !is_word(r->iss)) || (r->aud != NULL && !is_word(r->aud)))
        return "kid, jti, iss and aud have to have 1 to 255 bytes of UTF-8";
    return NULL;
}

static void add_text(struct text *to, const char *name, const char *value)
{
    if (value == NULL)
        return;
    text_print(to, ",\"%s\":", name);
    text_json(to, value);
}

static bool add_jti(struct crypto *crypto, struct text *to, const char *jti)
{
    uint8_t random[RANDOM_SIZE];
    if (jti != NULL) {
        add_text(to, "jti", jti);
        return true;
    }
    if (!crypto_random(crypto, random, sizeof random))
        return false;
    text_print(to, ",\"jti\":\"");
    text_hex(to, random, sizeof random);
    text_print(to, "\"");
    return true;
}

/* The confirmation key as a JWK with no more than it needs (RFC 7800, 3.2). */
static void add_confirmation(struct text *to, const struct key *key)
{
    const struct key_traits *traits = key_traits(key_kind(key));
    uint8_t x[KEY_HALF_MOST];
    uint8_t y[KEY_HALF_MOST];
    key_coordinates(key, x, y);
    text_print(to, ",\"cnf\":{\"jwk\":{\"kty\":\"%s\",\"crv\":\"%s\",\"x\":\"", traits->jwk_type, traits->jwk_curve);
    base64url_write(to, x, traits->half);
    if (traits->is_ecdsa) {
        text_print(to, "\",\"y\":\"");
        base64url_write(to, y, traits->half);
    }
    text_print(to, "\"}}");
}

static bool write_claims(struct crypto *crypto, const ozc_token_request *r, const struct key *confirmation,
                         struct text *to)
{
    int64_t expires_at = r->issued_at + r->lifetime;
    text_print(to, "{\"iat\":%lld,\"exp\":%lld", (long long)r->issued_at, (long long)expires_at);
    if (!add_jti(crypto, to, r->jti))
        return false;
    add_text(to, "iss", r->iss);
    add_text(to, "aud", r->aud);
    if (confirmation != NULL)
        add_confirmation(to, confirmation);
    text_print(to, "}");
    return !to->failed;
}

static ozc_result sign(struct crypto *crypto, const ozc_token_request *r, const struct key *key,
                       const struct key *confirmation, char **token)
{
    const struct key_traits *traits = key_traits(key_kind(key));
    struct text header = {0};
    struct text claims = {0};
    struct text jws = {0};
    text_print(&header, "{\"alg\":\"%s\",\"typ\":\"JWT\"", traits->algorithm);
    add_text(&header, "kid", r->kid);
    text_print(&header, "}");
    if (write_claims(crypto, r, confirmation, &claims) && !header.failed) {
        base64url_write(&jws, header.data, header.len);
        text_print(&jws, ".");
        base64url_write(&jws, claims.data, claims.len);
        uint8_t raw[KEY_SIGNATURE_MOST];
        if (!jws.failed && key_sign(key, jws.data, jws.len, raw) == OZC_VALID) {
            text_print(&jws, ".");
            base64url_write(&jws, raw, 2 * traits->half);
            *token = text_take(&jws);
        }
    }
    text_free(&header);
    text_free(&claims);
    text_free(&jws);
    return *token == NULL ? OZC_FAILED : OZC_VALID;
}

static ozc_result issue(struct crypto *crypto, const ozc_token_request *r, const void *pem, size_t len, char **token,
                        struct text *why)
{
    struct key *key = NULL;
    struct key *confirmation = NULL;
    const char *fault = request_fault(r);
    if (fault != NULL || pem == NULL) {
        text_print(why, "%s", fault != NULL ? fault : "no key was given");
        return OZC_MISUSE;
    }
    ozc_result result = key_read_private(crypto, pem, len, &key, why);
    if (result == OZC_VALID && r->cnf_pem != NULL) {
        result = key_read_public(crypto, r->cnf_pem, r->cnf_len, &confirmation, why);
        if (result == OZC_MISUSE)
            text_print(why, " (the key for cnf)");
    }
    if (result == OZC_VALID)
        result = sign(crypto, r, key, confirmation, token);
    key_free(key);
    key_free(confirmation);
    return result;
}

ozc_result ozc_token_issue(const ozc_token_request *request, const void *pem, size_t len, char **token, char **why)
{
    struct text reason = {0};
    if (why != NULL)
        *why = NULL;
    if (token == NULL)
        return OZC_MISUSE;
    *token = NULL;
    struct crypto *crypto = crypto_get();
    ozc_result result = crypto == NULL ? OZC_FAILED : issue(crypto, request, pem, len, token, &reason);
    if (why != NULL && result == OZC_MISUSE)
        *why = text_take(&reason);
    text_free(&reason);
    return result;
}
