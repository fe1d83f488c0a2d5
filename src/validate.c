/*
 * The validator: the checks, their order, and how they become a verdict (docs/rules.md, section 2).
 *
 * Guarantees that "valid" is said in one place only, when every check has either passed or been switched off by the
 * policy; that a failure of our own wins over any finding; and that the report never points into the input. No check
 * calls another.
 */
#include "archive.h"
#include "call.h"
#include "validation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum outcome (*const checks[OZC_CHECK_COUNT])(struct run *run) = {
    [OZC_CHECK_INPUT] = check_input,         [OZC_CHECK_FORMAT] = check_format,
    [OZC_CHECK_ARCHIVE] = check_archive,     [OZC_CHECK_PAYLOAD] = check_payload,
    [OZC_CHECK_MEDIA] = check_media,         [OZC_CHECK_SESSION_TOKEN] = check_session_token,
    [OZC_CHECK_SIGNATURE] = check_signature, [OZC_CHECK_INTEGRITY] = check_integrity,
    [OZC_CHECK_HASH] = check_hash,           [OZC_CHECK_CONTENT] = check_content,
};

enum outcome broken(struct run *run, enum failure failure)
{
    run->failure = failure;
    return CHECK_BROKEN;
}

/* The longest sentence: a JSON pointer of four shown names, and a shown value. */
#define SENTENCE_MOST (6 * SHOWN_ROOM)

static bool add_finding(struct run *run, enum rule_name name, struct place place, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

static bool add_finding(struct run *run, enum rule_name name, struct place place, const char *format, va_list args)
{
    const ozc_rule *rule = catalogue_rule(name);
    char sentence[SENTENCE_MOST];
    char shown[SHOWN_ROOM];
    if (!report_wants(run->report, rule))
        return true;
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    bool is_name = place.entry != NULL || (place.raw != NULL && name_fault(place.raw, place.raw_len) == NULL);
    const char *entry = place.entry != NULL ? place.entry
                        : is_name           ? place.raw
                        : place.raw != NULL ? shown_in(shown, place.raw, place.raw_len)
                                            : NULL;
    ozc_finding finding = {rule, entry, is_name, place.has_offset, place.offset, sentence, rule->hint};
    return report_add(run->report, &finding);
}

enum outcome reject(struct run *run, enum rule_name rule, struct place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool added = add_finding(run, rule, place, format, args);
    va_end(args);
    return added ? CHECK_FAILED : broken(run, FAILURE_MEMORY);
}

enum outcome warn(struct run *run, enum rule_name rule, struct place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool added = add_finding(run, rule, place, format, args);
    va_end(args);
    return added ? CHECK_PASSED : broken(run, FAILURE_MEMORY);
}

/* Runs the checks in order. Returns CHECK_PASSED only if each has passed or is switched off. */
static enum outcome run_checks(struct run *run)
{
    ozc_report *report = run->report;
    enum outcome verdict = CHECK_PASSED;
    memcpy(report->switched_off, run->policy->switched_off, sizeof report->switched_off);
    for (int i = 0; i < OZC_CHECK_COUNT; i++) {
        if (report->switched_off[i])
            continue;
        enum outcome outcome = checks[i](run);
        if (outcome == CHECK_BROKEN)
            return CHECK_BROKEN;
        report->states[i] = outcome == CHECK_PASSED   ? OZC_PASSED
                            : outcome == CHECK_FAILED ? OZC_NOT_PASSED
                                                      : OZC_SKIPPED;
        if (run->call->check_done != NULL)
            run->call->check_done(run->call->user, (ozc_check)i, report->states[i]);
        /* A check is skipped on its own account only because of a fault, which is another one's finding. */
        if (outcome != CHECK_PASSED)
            verdict = CHECK_FAILED;
        bool is_open = i > OZC_CHECK_ARCHIVE && run->policy->mode == OZC_ALL_FAULTS;
        if (outcome == CHECK_FAILED && !is_open)
            break;
    }
    return verdict;
}

/* The report takes over what a service uses after a valid verdict. */
static enum outcome keep_payload(struct run *run)
{
    const struct part *payload = &run->parts[PART_PAYLOAD];
    run->report->payload_len = (size_t)payload->entry->shown.size;
    run->report->payload = copy_bytes(payload->bytes, run->report->payload_len);
    return run->report->payload == NULL ? broken(run, FAILURE_MEMORY) : CHECK_PASSED;
}

static bool has_error(const ozc_report *report)
{
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (report->kept[i][OZC_ERROR] > 0)
            return true;
    return false;
}

/* A report starts as failed, and stays so unless this says otherwise. */
void run_checks_and_conclude(struct run *run)
{
    enum outcome verdict = run->failure == FAILURE_NONE ? run_checks(run) : CHECK_BROKEN;
    if (verdict == CHECK_PASSED)
        verdict = keep_payload(run);
    if (verdict == CHECK_BROKEN)
        report_fail(run->report, failure_text(run->failure));
    else if (verdict == CHECK_PASSED)
        run->report->result = OZC_VALID;
    else if (has_error(run->report))
        run->report->result = OZC_REJECTED;
}

static void judge(const ozc_policy *policy, const struct source *source, const ozc_call *call, ozc_report *report)
{
    struct run run = {.policy = policy, .source = source, .call = call, .report = report};
    report->size = source->size;
    report->has_size = true;
    if (!call_time(call, &run.now))
        run.failure = FAILURE_CLOCK;
    run_checks_and_conclude(&run);
    for (int i = 0; i < PART_COUNT; i++)
        free(run.parts[i].bytes);
    key_free(run.confirmation_key);
}

/* Is everything there that a validator needs? Makes the report. */
static ozc_result begin(bool has_input, const ozc_policy *policy, const ozc_call *given, ozc_call *call,
                        ozc_report **report)
{
    if (report == NULL)
        return OZC_MISUSE;
    *report = NULL;
    if (!has_input || ozc_policy_ready(policy, NULL) != OZC_VALID || !call_take(given, call))
        return OZC_MISUSE;
    *report = report_new();
    return *report == NULL ? OZC_FAILED : OZC_VALID;
}

ozc_result ozc_validate_memory(const ozc_policy *policy, const void *data, size_t len, const ozc_call *given,
                               ozc_report **report)
{
    struct source source;
    ozc_call call;
    ozc_result result = begin(data != NULL || len == 0, policy, given, &call, report);
    if (result != OZC_VALID)
        return result;
    source_open_memory(&source, data, len);
    judge(policy, &source, &call, *report);
    return (*report)->result;
}

ozc_result ozc_validate_file(const ozc_policy *policy, const char *path, const ozc_call *given, ozc_report **report)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    char room[24];
    ozc_result result = begin(path != NULL, policy, given, &call, report);
    if (result != OZC_VALID)
        return result;
    if (!source_open_file(&source, path, &why, room)) {
        report_fail(*report, why);
        return OZC_FAILED;
    }
    judge(policy, &source, &call, *report);
    source_close(&source);
    return (*report)->result;
}

ozc_result ozc_validate_fd(const ozc_policy *policy, int fd, const ozc_call *given, ozc_report **report)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    char room[24];
    ozc_result result = begin(true, policy, given, &call, report);
    if (result != OZC_VALID)
        return result;
    if (!source_open_fd(&source, fd, &why, room)) {
        report_fail(*report, why);
        return OZC_FAILED;
    }
    judge(policy, &source, &call, *report);
    return (*report)->result;
}

ozc_result ozc_validate_source(const ozc_policy *policy, const ozc_source *callbacks, const ozc_call *given,
                               ozc_report **report)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    bool is_whole = callbacks != NULL && callbacks->struct_size >= sizeof *callbacks && callbacks->size != NULL &&
                    callbacks->read_at != NULL;
    ozc_result result = begin(is_whole, policy, given, &call, report);
    if (result != OZC_VALID)
        return result;
    if (!source_open_callbacks(&source, callbacks, &why)) {
        report_fail(*report, why);
        return OZC_FAILED;
    }
    judge(policy, &source, &call, *report);
    return (*report)->result;
}
