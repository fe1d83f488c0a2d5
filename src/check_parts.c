/*
 * payload and media: are payload.json and media there? By the directory alone, before anything is read.
 *
 * Guarantees one payload.json, and at least one media entry, none of 0 bytes. Content is judged elsewhere.
 */
#include "validation.h"

enum outcome check_payload(struct run *run)
{
    if (run->parts[PART_PAYLOAD].entry == NULL)
        return reject(run, RULE_PAYLOAD_MISSING, nowhere(), "there is no entry payload.json; expected exactly one");
    return CHECK_PASSED;
}

enum outcome check_media(struct run *run)
{
    enum outcome outcome = CHECK_PASSED;
    size_t media = 0;
    for (size_t i = 0; i < run->report->entry_count && !is_over(run, outcome); i++) {
        const struct entry *entry = &run->report->entries[i];
        if (entry->kind != ENTRY_MEDIA)
            continue;
        media++;
        if (entry->shown.size == 0)
            outcome = both(outcome, reject(run, RULE_MEDIA_EMPTY, at_entry(entry), "it has 0 bytes"));
    }
    if (media == 0)
        return reject(run, RULE_MEDIA_MISSING, nowhere(), "there is no entry media/KEY; expected at least one");
    return outcome;
}
