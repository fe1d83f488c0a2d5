/*
 * Inspecting the layout: regions by offset, with what stands between and behind them.
 *
 * Guarantees that, in the end, every byte of the file is in a region, and in no two unless the later one is said to
 * overlap; and that bytes are not called a gap where what they belong to may have been omitted.
 */
#include "inspect_layout.h"

#include <stdlib.h>

static int by_offset(const void *one, const void *other)
{
    const ozc_region *a = one;
    const ozc_region *b = other;
    return a->offset != b->offset ? (a->offset > b->offset) - (a->offset < b->offset)
           : a->kind != b->kind   ? (a->kind > b->kind) - (a->kind < b->kind)
                                  : (a->entry > b->entry) - (a->entry < b->entry);
}

static void sort(ozc_inspection *shown)
{
    if (shown->region_count > 0)
        qsort(shown->regions, shown->region_count, sizeof *shown->regions, by_offset);
}

struct gap *inspect_gaps(struct inspecting *in, size_t *count)
{
    ozc_inspection *shown = in->shown;
    uint64_t covered = 0;
    *count = 0;
    struct gap *gaps = calloc(shown->region_count + 1, sizeof *gaps);
    if (gaps == NULL) {
        inspect_fail(in, FAILURE_MEMORY);
        return NULL;
    }
    sort(shown);
    for (size_t i = 0; i < shown->region_count; i++) {
        ozc_region *region = &shown->regions[i];
        if (region->offset > covered)
            gaps[(*count)++] = (struct gap){covered, region->offset};
        region->overlaps = region->offset < covered;
        if (region->offset + region->length > covered)
            covered = region->offset + region->length;
    }
    if (shown->size > covered)
        gaps[(*count)++] = (struct gap){covered, shown->size};
    return gaps;
}

static ozc_region_kind kind_of(const struct inspecting *in, const struct gap *gap)
{
    const ozc_inspection *shown = in->shown;
    if (shown->entries_omitted > 0 || shown->regions_omitted > 0)
        return OZC_REGION_NOT_SHOWN;
    if (shown->entry_count == 0 && shown->region_count == 0)
        return OZC_REGION_OTHER_FILE;
    bool is_behind = in->has_end && gap->from > in->end_at && gap->to == shown->size;
    return is_behind ? OZC_REGION_TRAILING : OZC_REGION_GAP;
}

static void note_gap(struct inspecting *in, const ozc_region *gap)
{
    static const char *const words[] = {[OZC_REGION_GAP] = "belong to nothing",
                                        [OZC_REGION_TRAILING] = "stand behind the end record",
                                        [OZC_REGION_NOT_SHOWN] = "may belong to what is omitted here"};
    if (gap->kind != OZC_REGION_OTHER_FILE)
        inspect_note(in, OZC_NO_ENTRY, gap->offset, "%llu bytes %s%s%s", (unsigned long long)gap->length,
                     words[gap->kind], gap->looks_like == NULL ? "" : "; they look like ",
                     gap->looks_like == NULL ? "" : gap->looks_like);
}

static void note_overlap(struct inspecting *in, const ozc_region *region)
{
    if (region->overlaps)
        inspect_note(in, region->entry, region->offset, "%s of %llu bytes overlaps what stands before it",
                     ozc_region_kind_name(region->kind), (unsigned long long)region->length);
}

void inspect_layout(struct inspecting *in)
{
    ozc_inspection *shown = in->shown;
    size_t count = 0;
    struct gap *gaps = inspect_gaps(in, &count);
    ozc_region *all = gaps == NULL ? NULL : realloc(shown->regions, (shown->region_count + count + 1) * sizeof *all);
    if (all == NULL) {
        inspect_fail(in, FAILURE_MEMORY);
        free(gaps);
        return;
    }
    shown->regions = all;
    for (size_t i = 0; i < shown->region_count; i++)
        note_overlap(in, &all[i]);
    for (size_t i = 0; i < count; i++) {
        uint64_t length = gaps[i].to - gaps[i].from;
        ozc_region_kind kind = kind_of(in, &gaps[i]);
        ozc_region *region = &all[shown->region_count++];
        *region = (ozc_region){.offset = gaps[i].from,
                               .length = length,
                               .kind = kind,
                               .entry = OZC_NO_ENTRY,
                               .looks_like = inspect_look(in, gaps[i].from, length)};
        note_gap(in, region);
    }
    sort(shown);
    free(gaps);
}
