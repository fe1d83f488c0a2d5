/*
 * The claims of a session token, by type and range (docs/format.md, section 4: claims, cnf).
 *
 * Guarantees that every claim it hands on has its type, also those that nobody needs; that times are integers in order;
 * and that `cnf` is a public key on its curve and nothing else. Assumes a strict JSON object whose signature held.
 */
#include "claims.h"
#include "jws.h"

#include <string.h>

#define JTI_MOST 255

/* *value is the claim's, *there says whether it has one. False: it has the wrong type. */
static bool read_time(const json_value *tree, const char *name, int64_t *value, bool *there)
{
    const json_value *claim = json_member(tree, name);
    *there = claim != NULL;
    return claim == NULL || json_integer(claim, value);
}

static bool read_text(const json_value *tree, const char *name, const char **value)
{
    const json_value *claim = json_member(tree, name);
    if (claim == NULL)
        return true;
    if (json_type(claim) != JSON_TEXT)
        return false;
    *value = json_text(claim);
    return true;
}

static bool is_audience(const json_value *aud)
{
    if (aud == NULL || json_type(aud) == JSON_TEXT)
        return true;
    if (json_type(aud) != JSON_ARRAY)
        return false;
    for (const json_value *one = json_first(aud); one != NULL; one = json_next(one))
        if (json_type(one) != JSON_TEXT)
            return false;
    return true;
}

/* One coordinate of a JWK, of exactly the curve's length (RFC 7518, 6.2.1.2). */
static bool read_coordinate(const json_value *jwk, const char *name, size_t half, uint8_t to[KEY_HALF_MOST])
{
    const json_value *member = json_member(jwk, name);
    size_t len = member != NULL && json_type(member) == JSON_TEXT ? strlen(json_text(member)) : 0;
    size_t size = 0;
    /* 4 digits for 3 bytes: a longer text is none of this length, and would not fit. */
    return len == (half * 4 + 2) / 3 && base64url_read(json_text(member), len, to, &size) && size == half;
}

static bool is_text(const json_value *value, const char *text)
{
    return value != NULL && json_type(value) == JSON_TEXT && strcmp(json_text(value), text) == 0;
}

ozc_result claims_read_confirmation(struct crypto *crypto, const json_value *tree, struct key **key, const char **what)
{
    uint8_t x[KEY_HALF_MOST + 3];
    uint8_t y[KEY_HALF_MOST + 3];
    const json_value *cnf = json_member(tree, "cnf");
    const json_value *jwk = json_member(cnf, "jwk");
    *key = NULL;
    if (cnf == NULL)
        return OZC_VALID;
    *what = "cnf is no object with the one member jwk, an object";
    if (json_type(cnf) != JSON_OBJECT || jwk == NULL || json_type(jwk) != JSON_OBJECT ||
        json_next(json_first(cnf)) != NULL)
        return OZC_REJECTED;
    *what = "the key in cnf has a private member (d)";
    if (json_member(jwk, "d") != NULL)
        return OZC_REJECTED;
    for (int kind = 0; kind < KEY_KINDS; kind++) {
        const struct key_traits *traits = key_traits((enum key_kind)kind);
        if (!is_text(json_member(jwk, "kty"), traits->jwk_type) || !is_text(json_member(jwk, "crv"), traits->jwk_curve))
            continue;
        *what = "the key in cnf does not have its coordinates in full length";
        if (!read_coordinate(jwk, "x", traits->half, x) ||
            (traits->is_ecdsa && !read_coordinate(jwk, "y", traits->half, y)))
            return OZC_REJECTED;
        *what = "the key in cnf is no point of its curve";
        return key_from_coordinates(crypto, (enum key_kind)kind, x, y, key);
    }
    *what = "the key in cnf is none of EC P-384, EC P-256 and OKP Ed25519";
    return OZC_REJECTED;
}

ozc_result claims_read(struct crypto *crypto, const json_value *tree, struct claims *claims, const char **what)
{
    bool has_exp = false;
    *claims = (struct claims){0};
    *what = "exp is missing, or no integer from 0 to 2^53-1";
    if (!read_time(tree, "exp", &claims->exp, &has_exp) || !has_exp)
        return OZC_REJECTED;
    *what = "iat is no integer from 0 to 2^53-1";
    if (!read_time(tree, "iat", &claims->iat, &claims->has_iat))
        return OZC_REJECTED;
    *what = "nbf is no integer from 0 to 2^53-1";
    if (!read_time(tree, "nbf", &claims->nbf, &claims->has_nbf))
        return OZC_REJECTED;
    *what = "exp is not greater than iat";
    if (claims->has_iat && claims->exp <= claims->iat)
        return OZC_REJECTED;
    *what = "exp is not greater than nbf";
    if (claims->has_nbf && claims->exp <= claims->nbf)
        return OZC_REJECTED;
    *what = "iss is no string";
    if (!read_text(tree, "iss", &claims->iss))
        return OZC_REJECTED;
    *what = "aud is neither a string nor an array of strings";
    claims->aud = json_member(tree, "aud");
    if (!is_audience(claims->aud))
        return OZC_REJECTED;
    *what = "jti is no string of 1 to 255 bytes";
    if (!read_text(tree, "jti", &claims->jti) ||
        (claims->jti != NULL && (*claims->jti == '\0' || strlen(claims->jti) > JTI_MOST)))
        return OZC_REJECTED;
    return claims_read_confirmation(crypto, tree, &claims->confirmation_key, what);
}

bool claims_have_audience(const struct claims *claims, const char *audience)
{
    if (is_text(claims->aud, audience))
        return true;
    for (const json_value *one = claims->aud == NULL ? NULL : json_first(claims->aud); one != NULL;
         one = json_next(one))
        if (is_text(one, audience))
            return true;
    return false;
}
