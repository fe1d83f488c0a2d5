/*
 * Session tokens taken apart, to be shown (ozcapsula/produce.h).
 *
 * Guarantees strict JSON, shown in ASCII, and nothing else: no claim is judged, no signature unless asked for.
 */
#include "token.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_MOST ((size_t)1 << 20)
#define NESTING 64

struct ozc_token {
    char *text; /* the signed bytes stand in it */
    struct token token;
    char *header;
    char *claims;
};

static char *in_ascii(const uint8_t *json, size_t len)
{
    struct text text = {0};
    text_json_ascii(&text, json, len);
    return text_take(&text);
}

static ozc_result parse(ozc_token *shown, const void *text, size_t len, struct text *why)
{
    if (len > TOKEN_MOST) {
        text_print(why, "it is over %zu bytes", TOKEN_MOST);
        return OZC_REJECTED;
    }
    shown->text = copy_bytes(text, len);
    if (shown->text == NULL)
        return OZC_FAILED;
    ozc_result result = token_read(shown->text, len, NESTING, &shown->token, why);
    if (result == OZC_VALID)
        result = token_read_claims(&shown->token, NESTING, why);
    if (result != OZC_VALID)
        return result;
    shown->header = in_ascii(shown->token.jws.header, shown->token.jws.header_len);
    shown->claims = in_ascii(shown->token.jws.claims, shown->token.jws.claims_len);
    return shown->header == NULL || shown->claims == NULL ? OZC_FAILED : OZC_VALID;
}

ozc_result ozc_token_parse(const void *text, size_t len, ozc_token **token, char **why)
{
    struct text reason = {0};
    if (why != NULL)
        *why = NULL;
    if (token != NULL)
        *token = NULL;
    if (token == NULL || (text == NULL && len > 0))
        return OZC_MISUSE;
    *token = calloc(1, sizeof **token);
    ozc_result result = *token == NULL ? OZC_FAILED : parse(*token, len == 0 ? "" : text, len, &reason);
    if (result != OZC_VALID) {
        ozc_token_free(*token);
        *token = NULL;
    }
    if (why != NULL && result == OZC_REJECTED)
        *why = text_take(&reason);
    text_free(&reason);
    return result;
}

void ozc_token_free(ozc_token *token)
{
    if (token == NULL)
        return;
    token_free(&token->token);
    free(token->text);
    free(token->header);
    free(token->claims);
    free(token);
}

const char *ozc_token_header(const ozc_token *token)
{
    return token == NULL ? NULL : token->header;
}

const char *ozc_token_claims(const ozc_token *token)
{
    return token == NULL ? NULL : token->claims;
}

int ozc_token_expires_at(const ozc_token *token, int64_t *seconds)
{
    const json_value *exp = token == NULL ? NULL : json_member(token->token.claims, "exp");
    return exp != NULL && seconds != NULL && json_integer(exp, seconds);
}

static ozc_result verify(const ozc_token *token, struct crypto *crypto, const void *pem, size_t len, struct text *why)
{
    struct key *key = NULL;
    ozc_result result = key_read_public(crypto, pem, len, &key, why);
    if (result == OZC_VALID && strcmp(token->token.alg, key_traits(key_kind(key))->algorithm) != 0)
        result = OZC_REJECTED;
    if (result == OZC_VALID)
        result = token_verify(&token->token, key);
    key_free(key);
    return result;
}

ozc_result ozc_token_is_signed_by(const ozc_token *token, const void *pem, size_t len, char **why)
{
    struct text reason = {0};
    if (why != NULL)
        *why = NULL;
    if (token == NULL || pem == NULL)
        return OZC_MISUSE;
    struct crypto *crypto = crypto_get();
    ozc_result result = crypto == NULL ? OZC_FAILED : verify(token, crypto, pem, len, &reason);
    if (why != NULL && result == OZC_MISUSE)
        *why = text_take(&reason);
    text_free(&reason);
    return result;
}
