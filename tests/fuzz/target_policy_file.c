/*
 * Target: policies from JSON.
 *
 * A policy file is taken or refused with a reason in plain text, never anything else; the same twice; what is taken is
 * within the bounds of docs/limits.md, and a policy that is ready judges a container.
 */
#include "fuzz.h"
#include "wraps.h"

#include <string.h>

static void must_be_bounded(const ozc_policy *policy)
{
    static const uint64_t most[OZC_LIMIT_COUNT] = {
        [OZC_LIMIT_CONTAINER] = 4294967294u,  [OZC_LIMIT_ENTRIES] = 4096,
        [OZC_LIMIT_ENTRY] = 4294967294u,      [OZC_LIMIT_PAYLOAD] = 16u << 20,
        [OZC_LIMIT_SESSION_TOKEN] = 1u << 20, [OZC_LIMIT_HASHES] = 322 * 4096,
        [OZC_LIMIT_SIGNATURE] = 1u << 20,     [OZC_LIMIT_NESTING] = 1000};
    for (int i = 0; i < OZC_LIMIT_COUNT; i++) {
        uint64_t limit = ozc_policy_limit(policy, (ozc_limit)i);
        MUST(limit >= 1 && limit <= most[i], "limit %d is %llu", i, (unsigned long long)limit);
    }
}

static void judge(const ozc_policy *policy)
{
    static const char bytes[] = "PK\3\4 and no more";
    ozc_report *report = NULL;
    ozc_result result = ozc_validate_memory(policy, bytes, sizeof bytes - 1, NULL, &report);
    MUST(result == OZC_REJECTED, "a policy that is ready comes to %d", (int)result);
    ozc_report_free(report);
}

static ozc_result load(const uint8_t *data, size_t size, char reason[512])
{
    ozc_policy *policy = fuzz_policy(OZC_FIRST_FAULT);
    const char *why = NULL;
    ozc_result result = ozc_policy_load_json(policy, data, size, NULL);
    MUST(result == OZC_VALID || result == OZC_MISUSE, "a policy file comes to %d", (int)result);
    snprintf(reason, 512, "%s", ozc_policy_error(policy));
    must_be_plain(reason, "the reason");
    MUST((*reason == '\0') == (result == OZC_VALID), "a policy is refused without a reason, or taken with one: %s",
         reason);
    if (result == OZC_VALID) {
        must_be_bounded(policy);
        if (ozc_policy_ready(policy, &why) == OZC_VALID)
            judge(policy);
        else
            must_be_plain(why, "why it is not ready");
    }
    ozc_policy_free(policy);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char reasons[2][512];
    ozc_policy_free(fuzz_policy(OZC_FIRST_FAULT)); /* the first one makes what the process keeps */
    watch_start();
    ozc_result first = load(data, size, reasons[0]);
    MUST(watch_peak() <= 64 * size + 32 * 1024, "%zu bytes were held for a policy of %zu", watch_peak(), size);
    ozc_result second = load(data, size, reasons[1]);
    int64_t left = watch_end();
    MUST(first == second && strcmp(reasons[0], reasons[1]) == 0, "%s, then %s", reasons[0], reasons[1]);
    MUST(left == 0, "%lld bytes are held when all is freed", (long long)left);
    return 0;
}
