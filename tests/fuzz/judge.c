/*
 * The validator judged by its properties, for any bytes:
 *
 * - the same verdict and the same report twice, from memory and from a source in odd pieces; both modes agree;
 * - what is valid, libzip unpacks to the digests of hashes.sha256 and of the report (unpacked.c);
 * - every rendered body is JSON, every text plain;
 * - memory stays within the policy's bound (most_memory), and nothing is held afterwards;
 * - with a fault of the machine: that verdict, or none.
 */
#include "judge.h"
#include "odd_source.h"
#include "unpacked.h"

#include <string.h>

/* What one run came to. */
struct outcome {
    ozc_result result;
    const ozc_rule *rule;
    char *json;
};

static const char *words(const struct outcome *outcome)
{
    static const char *const results[] = {"valid", "rejected", "misuse", "failed"};
    return outcome->rule != NULL ? outcome->rule->id : results[outcome->result];
}

static size_t least(uint64_t a, uint64_t b)
{
    return (size_t)(a < b ? a : b);
}

/*
 * The bound on what our own code and cJSON hold at once (docs/limits.md, "Memory and time"), from the policy's limits;
 * what a limit allows and the container has no room for is not counted:
 *   64 for each byte of payload.json and session_token: a tree (40) or the keys of a scan, the bytes and their copies;
 *   16 for each byte of hashes.sha256 and signature: the bytes, the list of lines;
 *   640 for each entry that may be there: the tables; names;
 *   the findings; from a source the piece of 128 KiB; the look back; 16 KiB for all that is fixed.
 */
static size_t most_memory(const ozc_policy *policy, size_t size, const ozc_report *report, bool is_source)
{
    size_t json =
        least(size, ozc_policy_limit(policy, OZC_LIMIT_PAYLOAD) + ozc_policy_limit(policy, OZC_LIMIT_SESSION_TOKEN));
    size_t other =
        least(size, ozc_policy_limit(policy, OZC_LIMIT_HASHES) + ozc_policy_limit(policy, OZC_LIMIT_SIGNATURE));
    size_t entries = (size_t)ozc_policy_limit(policy, OZC_LIMIT_ENTRIES);
    size_t findings = 0;
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        const ozc_finding *finding = ozc_report_finding(report, i);
        findings += 2 * sizeof *finding + strlen(finding->text) + 32;
        findings += finding->entry == NULL ? 0 : strlen(finding->entry) + 32;
    }
    return 64 * json + 16 * other + 640 * entries + findings + (is_source ? 128 * 1024 : 0) + least(size, 65557) +
           16 * 1024;
}

/* Every rendering of a report; NULL: none, or no memory. */
struct bodies {
    char *json;
    char *oz[2];
    char *text[2];
    char *extrahorizon;
};

static struct bodies render(const ozc_report *report)
{
    static const char path[] = "a \"path\" \x1b[1m\xff";
    return (struct bodies){ozc_render_json(report, path),
                           {ozc_render_oz(report, 0), ozc_render_oz(report, 1)},
                           {ozc_render_text(report, path, 0), ozc_render_text(report, path, 1)},
                           ozc_render_extrahorizon(report)};
}

static void must_be_bodies(const struct bodies *bodies, ozc_result result, bool may_lack_memory)
{
    bool has_oz = result != OZC_VALID;
    bool has_extrahorizon = result == OZC_REJECTED;
    MUST(may_lack_memory || (bodies->json != NULL && bodies->text[0] != NULL && bodies->text[1] != NULL),
         "a report that does not render");
    MUST(has_oz ? may_lack_memory || (bodies->oz[0] != NULL && bodies->oz[1] != NULL)
                : bodies->oz[0] == NULL && bodies->oz[1] == NULL,
         "an Oz body where none belongs, or none where one does");
    MUST(has_extrahorizon ? may_lack_memory || bodies->extrahorizon != NULL : bodies->extrahorizon == NULL,
         "an Extra Horizon body where none belongs, or none where one does");
    if (bodies->json != NULL)
        must_be_json(bodies->json, "the JSON report");
    if (bodies->extrahorizon != NULL)
        must_be_json(bodies->extrahorizon, "the Extra Horizon body");
    for (int i = 0; i < 2; i++) {
        if (bodies->oz[i] != NULL)
            must_be_json(bodies->oz[i], "the Oz body");
        if (bodies->text[i] != NULL)
            must_be_plain(bodies->text[i], "the text");
    }
}

static void free_bodies(struct bodies *bodies)
{
    ozc_free(bodies->json);
    for (int i = 0; i < 2; i++) {
        ozc_free(bodies->oz[i]);
        ozc_free(bodies->text[i]);
    }
    ozc_free(bodies->extrahorizon);
}

/* What a report says of itself. */
static void must_be_coherent(const ozc_report *report, ozc_result result)
{
    MUST(ozc_report_result(report) == result, "the report's result is %d, the call's %d",
         (int)ozc_report_result(report), (int)result);
    MUST((ozc_report_rule(report) != NULL) == (result == OZC_REJECTED), "a rule without a rejection, or the other way");
    MUST((ozc_report_failure(report) != NULL) == (result == OZC_FAILED), "a failure that none is, or the other way");
    for (int i = 0; result == OZC_VALID && i < OZC_CHECK_COUNT; i++)
        MUST(ozc_report_state(report, (ozc_check)i) == OZC_PASSED || ozc_report_is_switched_off(report, (ozc_check)i),
             "valid, and the check %s did not pass", ozc_check_name((ozc_check)i));
    for (size_t i = 0; i < ozc_report_finding_count(report); i++) {
        const ozc_finding *finding = ozc_report_finding(report, i);
        must_be_plain(finding->text, "a finding's text");
        must_be_plain(finding->entry == NULL ? "" : finding->entry, "a finding's entry");
        MUST(finding->rule->severity == OZC_WARNING || result != OZC_VALID, "valid, with the error %s",
             finding->rule->id);
    }
}

/* How closely a run is looked at: AGAIN is compared with another one, so what it renders is known. */
enum care { AGAIN, RENDERED, INSPECTED };

/* One run, watched. `source`: NULL for memory. */
static struct outcome run(const struct judging *j, const ozc_policy *policy, const ozc_source *source,
                          const struct fault *fault, enum care care)
{
    struct outcome outcome = {OZC_FAILED, NULL, NULL};
    ozc_report *report = NULL;
    watch_start();
    if (fault != NULL)
        fault_arm(fault);
    outcome.result = source != NULL ? ozc_validate_source(policy, source, &j->call, &report)
                                    : ozc_validate_memory(policy, j->bytes, j->len, &j->call, &report);
    MUST(outcome.result != OZC_MISUSE, "misuse");
    size_t most = most_memory(policy, j->len, report, source != NULL);
    MUST(watch_peak() <= most, "%zu bytes were held for a container of %zu; the bound is %zu", watch_peak(), j->len,
         most);
    outcome.rule = ozc_report_rule(report);
    must_be_coherent(report, outcome.result);
    struct bodies bodies = render(report);
    fault_disarm();
    if (care != AGAIN)
        must_be_bodies(&bodies, outcome.result, fault != NULL);
    watch_pause();
    outcome.json = bodies.json == NULL ? NULL : strdup(bodies.json);
    if (care == INSPECTED && outcome.result == OZC_VALID)
        must_unpack_alike(report, j->bytes, j->len);
    watch_resume();
    if (care == INSPECTED && outcome.result == OZC_VALID)
        must_read_alike(report, j->bytes, j->len, j->reads);
    if (care == INSPECTED && j->inspect != NULL)
        j->inspect(report, j->user);
    free_bodies(&bodies);
    ozc_report_free(report);
    int64_t left = watch_end();
    MUST(left == 0, "%lld bytes are held when all is freed", (long long)left);
    return outcome;
}

static struct outcome run_source(const struct judging *j, const ozc_policy *policy, const struct fault *fault)
{
    struct odd odd = {j->bytes, j->len, j->reads};
    ozc_source source = odd_source(&odd);
    return run(j, policy, &source, fault, fault != NULL ? RENDERED : AGAIN);
}

static void must_be_alike(const struct outcome *one, const struct outcome *other, const char *what)
{
    MUST(strcmp(one->json, other->json) == 0, "%s: %s, then %s\n%s\n%s", what, words(one), words(other), one->json,
         other->json);
}

ozc_result judge_every_way(const struct judging *j, const ozc_rule **rule)
{
    struct outcome first = run(j, j->first_fault, NULL, NULL, RENDERED);
    struct outcome all = run(j, j->all_faults, NULL, NULL, INSPECTED);
    struct outcome again = run(j, j->all_faults, NULL, NULL, AGAIN);
    bool is_all = j->reads % 2 == 0;
    struct outcome odd = run_source(j, is_all ? j->all_faults : j->first_fault, NULL);
    MUST(all.result != OZC_FAILED, "could not check: %s", all.json);
    MUST(first.result == all.result && first.rule == all.rule, "first-fault says %s, all-faults %s", words(&first),
         words(&all));
    must_be_alike(&all, &again, "judged twice");
    must_be_alike(is_all ? &all : &first, &odd, "from memory, and from a source in odd pieces");
    if (all.result == OZC_VALID && fuzz_accepted != NULL)
        fuzz_accepted(j->bytes, j->len);
    *rule = all.rule;
    free(first.json);
    free(all.json);
    free(again.json);
    free(odd.json);
    return all.result;
}

void judge_with_fault(const struct judging *j, const struct fault *fault, ozc_result result, const ozc_rule *rule)
{
    struct fault armed = *fault;
    if (armed.kind == FAULT_CRYPTO_SILENT)
        armed.lasting = 0;
    const ozc_policy *policy = j->reads % 2 == 0 ? j->all_faults : j->first_fault;
    struct outcome outcome =
        fault->kind >= FAULT_READ ? run_source(j, policy, &armed) : run(j, policy, NULL, &armed, RENDERED);
    MUST(outcome.result == OZC_FAILED || (outcome.result == result && outcome.rule == rule),
         "with fault %u at call %u it says %s; without %s", (unsigned)fault->kind, (unsigned)fault->nth,
         words(&outcome), rule == NULL ? "valid" : rule->id);
    free(outcome.json);
}
