/*
 * hash: does hashes.sha256 name every entry, and no other, with the SHA-256 that it has? (docs/format.md, section 3)
 *
 * Guarantees, when it passes: the list is the one list that these entries can have, so its own digest, the content id,
 * names the content. Assumes that integrity has taken the digests. Whether the list is anybody's word is the
 * signature's business.
 */
#include "archive.h"
#include "hash_list.h"

#include <stdlib.h>
#include <string.h>

/* A line of the list, and whether some entry has that name. */
struct listed {
    struct hash_line line;
    bool is_entry;
};

struct comparison {
    struct run *run;
    const struct entry *list; /* hashes.sha256 */
    struct listed *lines;     /* in the list's order, which is that of the names */
    size_t count;
};

/* Keeps the lines that have the list's form and order; each other one is a finding. */
static enum outcome read_lines(struct comparison *c, const uint8_t *bytes, size_t len)
{
    enum outcome outcome = CHECK_PASSED;
    const struct hash_line *last = NULL;
    size_t number = 0;
    for (size_t at = 0; at < len && !is_over(c->run, outcome);) {
        struct hash_line line;
        const char *fault = hash_line_read(bytes, len, &at, &line);
        number++;
        if (fault == NULL && last != NULL) {
            int order = hash_name_order(last->name, last->name_len, line.name, line.name_len);
            fault = order == 0  ? "its name stands in the line before already"
                    : order > 0 ? "its name does not come behind the one before, bytewise"
                                : NULL;
        }
        if (fault != NULL) {
            outcome = both(outcome, reject(c->run, RULE_HASH_MALFORMED, at_byte(c->list, line.offset), "line %zu: %s",
                                           number, fault));
            continue;
        }
        c->lines[c->count].line = line;
        last = &c->lines[c->count++].line;
    }
    return outcome;
}

static bool is_listed(const struct entry *entry)
{
    return strcmp(entry->shown.name, NAME_HASHES) != 0 && strcmp(entry->shown.name, NAME_SIGNATURE) != 0;
}

static struct listed *find_line(const struct comparison *c, const struct entry *entry)
{
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hash_line *line = &c->lines[middle].line;
        int order = hash_name_order(entry->shown.name, entry->name_len, line->name, line->name_len);
        if (order == 0)
            return &c->lines[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static enum outcome find_unlisted(struct comparison *c)
{
    ozc_report *report = c->run->report;
    enum outcome outcome = CHECK_PASSED;
    for (size_t i = 0; i < report->entry_count && !is_over(c->run, outcome); i++) {
        const struct entry *entry = &report->entries[i];
        struct listed *found = is_listed(entry) ? find_line(c, entry) : NULL;
        if (found != NULL)
            found->is_entry = true;
        else if (is_listed(entry))
            outcome = both(outcome, reject(c->run, RULE_HASH_UNLISTED, at_entry(entry),
                                           "hashes.sha256 has no line for this entry"));
    }
    return outcome;
}

static enum outcome find_strangers(struct comparison *c)
{
    enum outcome outcome = CHECK_PASSED;
    for (size_t i = 0; i < c->count && !is_over(c->run, outcome); i++) {
        const struct hash_line *line = &c->lines[i].line;
        if (!c->lines[i].is_entry)
            outcome = both(outcome, reject(c->run, RULE_HASH_NO_SUCH_ENTRY, at_byte(c->list, line->offset),
                                           "the list names %s, which is no entry that it lists",
                                           SHOWN(line->name, line->name_len)));
    }
    return outcome;
}

/* A damaged entry has no digest worth comparing: integrity has told it, and the check fails without a finding. */
static enum outcome compare_digests(struct comparison *c)
{
    ozc_report *report = c->run->report;
    enum outcome outcome = CHECK_PASSED;
    for (size_t i = 0; i < report->entry_count && !is_over(c->run, outcome); i++) {
        const struct entry *entry = &report->entries[i];
        const struct listed *found = is_listed(entry) ? find_line(c, entry) : NULL;
        if (entry->shown.sha256 == NULL)
            outcome = both(outcome, CHECK_FAILED);
        else if (found != NULL && !digest_equal(entry->digest, found->line.sha256))
            outcome = both(outcome, reject(c->run, RULE_HASH_MISMATCH, at_entry(entry),
                                           "its %llu bytes do not have the SHA-256 in hashes.sha256",
                                           (unsigned long long)entry->shown.size));
    }
    return outcome;
}

static enum outcome compare(struct comparison *c, const struct part *part)
{
    enum outcome outcome = read_lines(c, part->bytes, (size_t)part->entry->shown.size);
    if (outcome != CHECK_PASSED)
        return outcome;
    outcome = find_unlisted(c);
    if (!is_over(c->run, outcome))
        outcome = both(outcome, find_strangers(c));
    if (!is_over(c->run, outcome))
        outcome = both(outcome, compare_digests(c));
    return outcome;
}

enum outcome check_hash(struct run *run)
{
    const struct part *part = &run->parts[PART_HASHES];
    if (part->entry == NULL)
        return reject(run, RULE_HASH_MISSING, nowhere(), "there is no entry hashes.sha256");
    if (part->entry->damaged)
        return CHECK_SKIPPED;
    if (part->entry->shown.size == 0)
        return reject(run, RULE_HASH_MISSING, at_entry(part->entry), "it has 0 bytes");
    /* No well-formed line is shorter than its hash, so this bounds their number by the list's own size. */
    size_t most = (size_t)part->entry->shown.size / (2 * SHA256_SIZE) + 1;
    struct comparison comparison = {.run = run, .list = part->entry, .lines = calloc(most, sizeof(struct listed))};
    enum outcome outcome = comparison.lines == NULL ? broken(run, FAILURE_MEMORY) : compare(&comparison, part);
    free(comparison.lines);
    if (outcome == CHECK_PASSED)
        memcpy(run->report->content_id, part->entry->digest, SHA256_SIZE);
    return outcome;
}
