/*
 * Target: containers built from typed fields, hashed and signed anew for each input, so that mutations reach behind the
 * signature; judged by policies of several kinds; then once more with something that fails on the way.
 *
 * What is valid was signed by whom the policy trusts, and nothing that is signed was changed since.
 */
#include "built.h"
#include "judge.h"

#include <string.h>

static struct built built;
static struct built_container container;

/* The kinds of policy: plain; all that can be asked of a token, and small limits; without signers; a check off. */
static ozc_policy *make_policy(uint32_t kind, ozc_mode mode)
{
    static const ozc_check off[] = {OZC_CHECK_SESSION_TOKEN, OZC_CHECK_SIGNATURE, OZC_CHECK_CONTENT};
    ozc_policy *policy = fuzz_policy(mode);
    bool made = true;
    fuzz_trust_issuers(policy, kind == 5);
    if (kind != 2)
        fuzz_trust_signers(policy, kind == 5);
    if (kind == 1)
        made = ozc_policy_set_iss(policy, "i") == OZC_VALID && ozc_policy_set_aud(policy, "a") == OZC_VALID &&
               ozc_policy_set_limit(policy, OZC_LIMIT_ENTRIES, 9) == OZC_VALID &&
               ozc_policy_set_limit(policy, OZC_LIMIT_PAYLOAD, 512) == OZC_VALID &&
               ozc_policy_set_limit(policy, OZC_LIMIT_ENTRY, 700) == OZC_VALID &&
               ozc_policy_set_limit(policy, OZC_LIMIT_NESTING, 4) == OZC_VALID &&
               ozc_policy_add_analysis(policy, "Other") == OZC_VALID;
    if (kind >= 3 && kind < 6)
        made = ozc_policy_skip(policy, off[kind - 3]) == OZC_VALID;
    if (kind == 6)
        made = ozc_policy_skip(policy, off[0]) == OZC_VALID && ozc_policy_skip(policy, off[1]) == OZC_VALID;
    MUST(made, "no policy: %s", ozc_policy_error(policy));
    return policy;
}

static void must_be_what_was_built(const ozc_report *report, const void *user)
{
    const struct built_container *c = user;
    if (ozc_report_result(report) != OZC_VALID)
        return;
    MUST(ozc_report_is_switched_off(report, OZC_CHECK_SESSION_TOKEN) || c->token_is_sound,
         "valid, with a token that no trusted issuer has signed");
    MUST(ozc_report_is_switched_off(report, OZC_CHECK_SIGNATURE) || c->signature_is_sound,
         "valid, with a signature that no trusted signer has made");
    MUST(c->list_is_sound && memcmp(ozc_report_content_id(report), c->list_sha256, 32) == 0,
         "valid, with another list of hashes");
    const ozc_signer *signer = ozc_report_signer(report);
    MUST(signer == NULL || signer->is_from_token == is_device((enum role)built.signer),
         "signed by a device without being named, or the other way");
}

/* Packing and unpacking lose nothing. */
static void must_pack(void)
{
    static struct built again;
    static uint8_t bytes[2][sizeof built];
    size_t len = built_pack(&built, bytes[0], sizeof bytes[0]);
    built_unpack(&again, bytes[0], len);
    MUST(len > 0 && built_pack(&again, bytes[1], sizeof bytes[1]) == len && memcmp(bytes[0], bytes[1], len) == 0,
         "the fields do not survive packing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ozc_policy *policies[POLICIES][2];
    const ozc_rule *rule = NULL;
    built_unpack(&built, data, size);
    must_pack();
    built_make(&built, &container);
    ozc_policy **policy = policies[built.policy];
    for (int mode = 0; mode < 2; mode++)
        if (policy[mode] == NULL)
            policy[mode] = make_policy(built.policy, (ozc_mode)mode);
    uint8_t *bytes = malloc(container.len + 1); /* of their own, so that a sanitizer sees a read beyond */
    MUST(bytes != NULL, "no memory");
    memcpy(bytes + 1, container.bytes, container.len);
    struct judging judging = {policy[OZC_FIRST_FAULT], policy[OZC_ALL_FAULTS],
                              OZC_CALL_INIT,           bytes + 1,
                              container.len,           built.reads,
                              must_be_what_was_built,  &container};
    judging.call.time = OZC_TIME_GIVEN;
    judging.call.now = JUDGED_AT + (int16_t)built.now;
    ozc_result result = judge_every_way(&judging, &rule);
    if (built.fault.kind != FAULT_NONE)
        judge_with_fault(&judging, &built.fault, result, rule);
    free(bytes);
    return 0;
}
