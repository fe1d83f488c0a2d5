/*
 * Target: the whole validator on raw bytes, with every way to fail in reach that needs no signature made on the way
 * (that is target_built.c). Where token or signature do not hold, the same bytes are judged with both switched off, so
 * that what lies behind is reached too.
 */
#include "judge.h"

static ozc_policy *make(ozc_mode mode, bool is_signed)
{
    ozc_policy *policy = fuzz_policy(mode);
    fuzz_trust_issuers(policy, false);
    fuzz_trust_signers(policy, false);
    if (!is_signed)
        MUST(ozc_policy_skip(policy, OZC_CHECK_SESSION_TOKEN) == OZC_VALID &&
                 ozc_policy_skip(policy, OZC_CHECK_SIGNATURE) == OZC_VALID,
             "no check switched off");
    return policy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ozc_policy *policies[2][2];
    if (policies[0][0] == NULL)
        for (int mode = 0; mode < 2; mode++)
            for (int is_signed = 0; is_signed < 2; is_signed++)
                policies[is_signed][mode] = make((ozc_mode)mode, is_signed);
    struct judging judging = {policies[1][OZC_FIRST_FAULT],
                              policies[1][OZC_ALL_FAULTS],
                              OZC_CALL_INIT,
                              data,
                              size,
                              (uint32_t)size + 1,
                              NULL,
                              NULL};
    const ozc_rule *rule = NULL;
    judging.call.time = OZC_TIME_ISSUED;
    ozc_result result = judge_every_way(&judging, &rule);
    if (result == OZC_REJECTED && (rule->check == OZC_CHECK_SESSION_TOKEN || rule->check == OZC_CHECK_SIGNATURE)) {
        judging.first_fault = policies[0][OZC_FIRST_FAULT];
        judging.all_faults = policies[0][OZC_ALL_FAULTS];
        (void)judge_every_way(&judging, &rule);
    }
    return 0;
}
