/*
 * Inspecting names: what is wrong with each, which are there twice, and which parts are not there.
 *
 * Guarantees that names are compared by sorting, never pair by pair. Notes only: archive_names.c judges.
 */
#include "hash_list.h"
#include "inspection.h"

#include <stdlib.h>
#include <string.h>

static int compare(const struct inspected *a, const struct inspected *b)
{
    return hash_name_order(a->raw, a->raw_len, b->raw, b->raw_len);
}

/* By name; equal ones in their order. */
static int by_name(const void *one, const void *other)
{
    const struct inspected *a = *(const struct inspected *const *)one;
    const struct inspected *b = *(const struct inspected *const *)other;
    int order = compare(a, b);
    return order != 0 ? order : (a > b) - (a < b);
}

static void note_duplicates(struct inspecting *in)
{
    ozc_inspection *shown = in->shown;
    const struct inspected **sorted = malloc((shown->entry_count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        inspect_fail(in, FAILURE_MEMORY);
        return;
    }
    for (size_t i = 0; i < shown->entry_count; i++)
        sorted[i] = &shown->entries[i];
    qsort(sorted, shown->entry_count, sizeof *sorted, by_name);
    for (size_t i = 1; i < shown->entry_count; i++)
        if (compare(sorted[i - 1], sorted[i]) == 0 && sorted[i]->shown.name_len == sorted[i]->raw_len)
            inspect_note(in, (size_t)(sorted[i] - shown->entries), inspect_record_at(&sorted[i]->shown),
                         "another entry has the same name: the one at byte %llu",
                         (unsigned long long)sorted[i - 1]->shown.record);
    free(sorted);
}

static void note_name(struct inspecting *in, size_t index)
{
    const struct inspected *entry = &in->shown->entries[index];
    bool is_cut = entry->raw_len < entry->shown.name_len && entry->shown.name_len <= NAME_MOST;
    const char *fault = name_fault(entry->raw, entry->shown.name_len <= NAME_MOST ? entry->raw_len : SIZE_MAX);
    if (is_cut)
        inspect_note(in, index, inspect_record_at(&entry->shown), "its name is cut off: %zu of its %zu bytes are there",
                     entry->raw_len, entry->shown.name_len);
    else if (fault != NULL)
        inspect_note(in, index, inspect_record_at(&entry->shown), "its name is none that the format allows: %s", fault);
    else if (entry->shown.role == NULL)
        inspect_note(in, index, inspect_record_at(&entry->shown), "the format has no place for an entry of that name");
    if (entry->shown.found != OZC_FOUND_BY_DIRECTORY && in->shown->entries[0].shown.found == OZC_FOUND_BY_DIRECTORY)
        inspect_note(in, index, inspect_record_at(&entry->shown), "the directory does not list it; found by %s",
                     ozc_found_name(entry->shown.found));
}

static void note_missing(struct inspecting *in)
{
    static const char *const needed[][2] = {{"mimetype", NAME_MIMETYPE}, {"payload", NAME_PAYLOAD},
                                            {"media", "media/KEY"},      {"session_token", NAME_SESSION_TOKEN},
                                            {"hashes", NAME_HASHES},     {"signature", NAME_SIGNATURE}};
    const ozc_inspection *shown = in->shown;
    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
        bool is_there = false;
        for (size_t i = 0; i < shown->entry_count && !is_there; i++)
            is_there = shown->entries[i].shown.role != NULL && strcmp(shown->entries[i].shown.role, needed[n][0]) == 0;
        if (!is_there)
            inspect_note(in, OZC_NO_ENTRY, NO_OFFSET, "there is no entry %s", needed[n][1]);
    }
}

void inspect_names(struct inspecting *in)
{
    if (in->shown->entry_count == 0 && in->has_end)
        inspect_note(in, OZC_NO_ENTRY, in->end_at, "a ZIP file without any entry");
    if (in->shown->entry_count == 0 || inspect_is_over(in))
        return;
    for (size_t i = 0; i < in->shown->entry_count; i++)
        note_name(in, i);
    note_duplicates(in);
    note_missing(in);
}
