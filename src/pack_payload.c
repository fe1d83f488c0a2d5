/*
 * Judges payload.json before there is a container: for those who write one.
 *
 * Guarantees the findings that a receiver's checks payload, media and content would have, because they are these
 * checks, run on a table of entries that the packer makes up. Of a medium only the first bytes are read, which tell its
 * kind.
 */
#include "archive.h"
#include "packer.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_SIZE 192 /* what media_kind_of_bytes wants */

/* Reads the first bytes of an item, `most` of them. */
static ozc_result read_head(ozc_packer *packer, struct item *item, uint8_t *to, size_t most, size_t *len)
{
    struct source source;
    enum failure failure = FAILURE_NONE;
    ozc_result result = packer_open(packer, item, &source);
    if (result != OZC_VALID)
        return result;
    *len = source.size < most ? (size_t)source.size : most;
    const uint8_t *bytes = source_view(&source, 0, to, *len, &failure);
    if (bytes == NULL)
        result = packer_say(packer, OZC_FAILED, "%s: %s", SHOWN(item->name, strlen(item->name)), failure_text(failure));
    else if (bytes != to)
        memcpy(to, bytes, *len);
    source_close(&source);
    return result;
}

/* payload.json whole. One that is too large is a finding, as it is in a container. */
static ozc_result read_payload(struct run *run, ozc_packer *packer, struct item *item, struct entry *entry)
{
    uint64_t most = run->policy->limits[OZC_LIMIT_PAYLOAD];
    struct part *part = &run->parts[PART_PAYLOAD];
    size_t len = 0;
    part->bytes = malloc((size_t)most + 1);
    if (part->bytes == NULL)
        return packer_say(packer, OZC_FAILED, "out of memory");
    ozc_result result = read_head(packer, item, part->bytes, (size_t)most, &len);
    part->entry = entry;
    if (result == OZC_VALID && item->size > most &&
        reject(run, RULE_ARCHIVE_LIMIT, at_entry(entry), "%llu bytes; the limit %s is %llu",
               (unsigned long long)item->size, limit_name(OZC_LIMIT_PAYLOAD), (unsigned long long)most) == CHECK_BROKEN)
        result = packer_say(packer, OZC_FAILED, "out of memory");
    return result;
}

static ozc_result read_medium(ozc_packer *packer, struct item *item, struct entry *entry)
{
    uint8_t head[HEAD_SIZE];
    size_t len = 0;
    ozc_result result = read_head(packer, item, head, sizeof head, &len);
    entry->kind = ENTRY_MEDIA;
    entry->media_kind = media_kind_of_bytes(head, len);
    entry->shown.sha256 = entry->digest; /* its bytes say something */
    return result;
}

/* The table of entries: payload.json and the media. */
static ozc_result list_entries(struct run *run, ozc_packer *packer)
{
    ozc_report *report = run->report;
    ozc_result result = OZC_VALID;
    report->entries = calloc(packer->count + 1, sizeof *report->entries);
    report->names = malloc(packer->count * (NAME_MOST + 1) + 1);
    if (report->entries == NULL || report->names == NULL)
        return packer_say(packer, OZC_FAILED, "out of memory");
    char *names = report->names;
    for (size_t i = 0; result == OZC_VALID && i < packer->count; i++) {
        struct item *item = &packer->items[i];
        bool is_payload = strcmp(item->name, NAME_PAYLOAD) == 0;
        if (!is_payload && strncmp(item->name, PREFIX_MEDIA, strlen(PREFIX_MEDIA)) != 0)
            continue;
        struct entry *entry = &report->entries[report->entry_count++];
        entry->shown.name = names;
        entry->name_len = strlen(item->name);
        names = stpcpy(names, item->name) + 1;
        result = is_payload ? read_payload(run, packer, item, entry) : read_medium(packer, item, entry);
        entry->shown.size = item->size;
    }
    return result;
}

/* Nothing of the table is a place in a container, or was verified. */
static void forget_entries(ozc_report *report)
{
    free(report->entries);
    free(report->names);
    report->entries = NULL;
    report->names = NULL;
    report->entry_count = 0;
}

static ozc_result judge(ozc_packer *packer, const ozc_policy *policy, ozc_report *report)
{
    const ozc_call call = OZC_CALL_INIT;
    struct run run = {.policy = policy, .call = &call, .report = report};
    ozc_result result = list_entries(&run, packer);
    if (result == OZC_VALID) {
        if (report->finding_count > 0)
            report->result = OZC_REJECTED;
        else
            run_checks_and_conclude(&run);
        result = report->result;
        if (result == OZC_FAILED)
            (void)packer_say(packer, result, "%s", ozc_report_failure(report));
        if (result == OZC_REJECTED)
            (void)packer_say(packer, result, "a receiver would reject this payload");
    }
    free(run.parts[PART_PAYLOAD].bytes);
    forget_entries(report);
    return result;
}

ozc_result ozc_packer_judge_payload(ozc_packer *packer, ozc_report **report)
{
    static const bool wanted[OZC_CHECK_COUNT] = {
        [OZC_CHECK_PAYLOAD] = true, [OZC_CHECK_MEDIA] = true, [OZC_CHECK_CONTENT] = true};
    if (report != NULL)
        *report = NULL;
    if (packer == NULL)
        return OZC_MISUSE;
    if (report == NULL)
        return packer_say(packer, OZC_MISUSE, "an argument is missing");
    text_free(&packer->error);
    ozc_policy *policy = ozc_policy_new();
    ozc_report *made = report_new();
    ozc_result result = OZC_FAILED;
    if (policy != NULL && made != NULL) {
        for (int i = 0; i < OZC_CHECK_COUNT; i++)
            policy->switched_off[i] = made->switched_off[i] = !wanted[i];
        ozc_policy_set_mode(policy, OZC_ALL_FAULTS);
        result = judge(packer, policy, made);
    } else {
        (void)packer_say(packer, result, "out of memory");
    }
    ozc_policy_free(policy);
    if (result == OZC_VALID || result == OZC_REJECTED)
        *report = made;
    else
        ozc_report_free(made);
    return result;
}
