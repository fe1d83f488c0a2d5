/*
 * integrity: does every entry have its CRC-32?
 *
 * Guarantees that no entry was read twice (read_entries.c), and that those which have their CRC-32 have a digest; when
 * it passes, all do. In first-fault mode damaged small parts are told before a media byte is read: nothing that they
 * would have vouched for is worth reading.
 */
#include "read_entries.h"

static enum outcome reject_crc(struct run *run, const struct entry *entry)
{
    return reject(run, RULE_INTEGRITY_CRC, at_entry(entry), "its %llu bytes do not have the CRC-32 %08lx",
                  (unsigned long long)entry->shown.size, (unsigned long)entry->crc);
}

enum outcome check_integrity(struct run *run)
{
    ozc_report *report = run->report;
    for (size_t i = 0; run->policy->mode == OZC_FIRST_FAULT && i < report->entry_count; i++)
        if (report->entries[i].damaged)
            return reject_crc(run, &report->entries[i]);
    enum outcome outcome = read_entries(run);
    for (size_t i = 0; i < report->entry_count && !is_over(run, outcome); i++) {
        struct entry *entry = &report->entries[i];
        if (entry->damaged)
            outcome = both(outcome, reject_crc(run, entry));
        else if (entry->is_read)
            entry->shown.sha256 = entry->digest;
    }
    return outcome;
}
