/*
 * Inspecting the session token: its header and claims as they stand, and how long it still lives by them.
 *
 * Guarantees strict JSON, shown in ASCII. Nothing is verified and no claim is judged: whoever made the file may have
 * written all of it.
 */
#include "claims.h"
#include "inspection.h"

#include <stdlib.h>
#include <string.h>

/* The time at which the life is counted, where the caller asks for the token's own. */
static void be_issued(ozc_inspection *shown, const json_value *claims, int64_t exp)
{
    int64_t iat = 0;
    const json_value *issued = json_member(claims, "iat");
    shown->time = issued != NULL && json_integer(issued, &iat) ? iat : exp - 1;
}

static void read_confirmation(struct inspecting *in, const json_value *claims, size_t index)
{
    struct key *key = NULL;
    const char *what = NULL;
    struct crypto *crypto = crypto_get();
    ozc_result result = crypto == NULL ? OZC_FAILED : claims_read_confirmation(crypto, claims, &key, &what);
    if (result == OZC_VALID && key != NULL)
        memcpy(in->shown->confirmation_key, key_id(key), sizeof in->shown->confirmation_key);
    else if (result == OZC_REJECTED)
        inspect_note(in, index, in->shown->entries[index].shown.offset, "%s", what);
    else if (result == OZC_FAILED)
        inspect_fail(in, FAILURE_CRYPTO);
    key_free(key);
}

static void read_claims(struct inspecting *in, const json_value *claims, size_t index)
{
    ozc_inspection *shown = in->shown;
    int64_t exp = 0;
    shown->has_life = ozc_token_expires_at(shown->token, &exp) == 1;
    if (shown->has_life && in->call->time == OZC_TIME_ISSUED)
        be_issued(shown, claims, exp);
    if (shown->has_life)
        shown->life = exp - shown->time;
    read_confirmation(in, claims, index);
}

void inspect_token(struct inspecting *in)
{
    size_t index = OZC_NO_ENTRY;
    size_t len = 0;
    struct json_fault fault;
    json_value *claims = NULL;
    char *bytes = inspect_read_part(in, "session_token", TOKEN_READ, &index, &len);
    ozc_inspection *shown = in->shown;
    ozc_result result = bytes == NULL ? OZC_MISUSE : ozc_token_parse(bytes, len, &shown->token, &shown->token_fault);
    free(bytes);
    if (result == OZC_FAILED || (result == OZC_REJECTED && shown->token_fault == NULL))
        inspect_fail(in, FAILURE_MEMORY);
    if (result == OZC_REJECTED && shown->token_fault != NULL)
        inspect_note(in, index, shown->entries[index].shown.offset, "the session token is malformed: %s",
                     shown->token_fault);
    if (result != OZC_VALID)
        return;
    /* The text has passed the strict scan once. */
    const char *text = ozc_token_claims(shown->token);
    if (json_read((const uint8_t *)text, strlen(text), INSPECT_NESTING, &claims, &fault) == JSON_STRICT)
        read_claims(in, claims, index);
    else
        inspect_fail(in, FAILURE_JSON);
    json_free(claims);
}
