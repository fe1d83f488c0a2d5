/*
 * Session tokens: header, signature, claims, each when it is its turn (docs/format.md, section 4).
 *
 * Guarantees that header and claims are strict JSON objects, `alg` a string and `kid` one where it is there. Verifies
 * with the key that it is given and by that key's own algorithm: `alg` decides nothing here. Never puts a byte of the
 * token into a text.
 */
#include "token.h"

static ozc_result read_object(const uint8_t *bytes, size_t len, size_t nesting, const char *name, json_value **tree,
                              struct text *why)
{
    struct json_fault fault = {0};
    switch (json_read(bytes, len, nesting, tree, &fault)) {
    case JSON_FAILED:
        return OZC_FAILED;
    case JSON_FAULTY:
        text_print(why, "its %s are no strict JSON: %s, at byte %zu of them", name, fault.what, fault.offset);
        return OZC_REJECTED;
    case JSON_STRICT:
        break;
    }
    if (json_type(*tree) == JSON_OBJECT)
        return OZC_VALID;
    text_print(why, "its %s are %s; expected an object", name, json_type_in_words(json_type(*tree)));
    return OZC_REJECTED;
}

ozc_result token_read(const void *text, size_t len, size_t nesting, struct token *token, struct text *why)
{
    const char *what = NULL;
    *token = (struct token){0};
    ozc_result result = jws_read(text, len, &token->jws, &what);
    if (result == OZC_REJECTED)
        text_print(why, "%s", what);
    if (result == OZC_VALID)
        result = read_object(token->jws.header, token->jws.header_len, nesting, "header fields", &token->header, why);
    if (result != OZC_VALID)
        return result;
    const json_value *alg = json_member(token->header, "alg");
    const json_value *kid = json_member(token->header, "kid");
    if (alg == NULL || json_type(alg) != JSON_TEXT) {
        text_print(why, alg == NULL ? "its header has no alg" : "alg in its header is no string");
        return OZC_REJECTED;
    }
    if (kid != NULL && json_type(kid) != JSON_TEXT) {
        text_print(why, "kid in its header is no string");
        return OZC_REJECTED;
    }
    token->alg = json_text(alg);
    token->kid = kid == NULL ? NULL : json_text(kid);
    return OZC_VALID;
}

ozc_result token_read_claims(struct token *token, size_t nesting, struct text *why)
{
    return read_object(token->jws.claims, token->jws.claims_len, nesting, "claims", &token->claims, why);
}

ozc_result token_verify(const struct token *token, const struct key *key)
{
    if (token->jws.signature_len != 2 * key_traits(key_kind(key))->half)
        return OZC_REJECTED;
    return key_verify(key, token->jws.signed_bytes, token->jws.signed_len, token->jws.signature);
}

void token_free(struct token *token)
{
    json_free(token->header);
    json_free(token->claims);
    jws_free(&token->jws);
    *token = (struct token){0};
}
