/*
 * What the fuzz targets share: test keys, policies that trust them, and what a rendered text has to be.
 */
#include "fuzz.h"
#include "fuzz_keys.h"
#include "json.h"

#include <cjson/cJSON.h>
#include <string.h>

const char *fuzz_input;
void (*fuzz_accepted)(const uint8_t *bytes, size_t len);

const char *fuzz_key(const char *name)
{
    for (size_t i = 0; i < sizeof fuzz_keys / sizeof *fuzz_keys; i++)
        if (strcmp(fuzz_keys[i].name, name) == 0)
            return fuzz_keys[i].pem;
    MUST(0, "there is no test key %s", name);
    return NULL;
}

ozc_policy *fuzz_policy(ozc_mode mode)
{
    ozc_policy *policy = ozc_policy_new();
    MUST(policy != NULL, "no policy");
    ozc_policy_set_mode(policy, mode);
    return policy;
}

void fuzz_trust_issuers(ozc_policy *policy, bool with_p384)
{
    static const char *const names[] = {"issuer-p256.pub", "issuer-ed25519.pub", "issuer-p384.pub"};
    for (size_t i = 0; i < (with_p384 ? 3 : 2); i++) {
        const char *pem = fuzz_key(names[i]);
        MUST(ozc_policy_trust_issuer(policy, NULL, pem, strlen(pem)) == OZC_VALID, "%s", ozc_policy_error(policy));
    }
}

void fuzz_trust_signers(ozc_policy *policy, bool with_p384)
{
    static const char *const names[] = {"signer-p256.pub", "signer-ed25519.pub", "signer-p384.pub"};
    for (size_t i = 0; i < (with_p384 ? 3 : 2); i++) {
        const char *pem = fuzz_key(names[i]);
        MUST(ozc_policy_trust_signer(policy, pem, strlen(pem)) == OZC_VALID, "%s", ozc_policy_error(policy));
    }
}

void must_be_plain(const char *text, const char *what)
{
    for (const char *at = text; *at != '\0'; at++)
        MUST((*at >= 0x20 && *at < 0x7F) || *at == '\n', "%s has the byte 0x%02x at %td", what, (unsigned char)*at,
             at - text);
}

void must_be_json(const char *text, const char *what)
{
    struct json_fault fault = {0};
    const char *end = NULL;
    size_t len = strlen(text);
    must_be_plain(text, what);
    MUST(strchr(text, '\n') == NULL, "%s has a line feed", what);
    MUST(json_scan((const uint8_t *)text, len, JSON_NESTING_MOST, &fault) == JSON_STRICT,
         "%s is no JSON for the scan: %s at %zu", what, fault.what, fault.offset);
    cJSON *tree = cJSON_ParseWithLengthOpts(text, len + 1, &end, 1);
    MUST(tree != NULL && end == text + len, "%s is no JSON for cJSON", what);
    cJSON_Delete(tree);
}
