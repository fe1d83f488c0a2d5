/*
 * Inspecting what no directory leads to: a file that is cut off, entries that the directory does not list, a second ZIP
 * file behind or before the first.
 *
 * Guarantees that every byte that nothing else has claimed is walked once, forwards: record by record where one stands
 * right behind the other, else by looking for the next signature, which is then said, for it may be chance.
 */
#include "inspect_layout.h"
#include "inspect_local.h"

#include <stdlib.h>
#include <string.h>

/* A stretch that is walked. */
struct walk {
    struct inspecting *in;
    uint64_t to;
    ozc_found found; /* OZC_FOUND_BY_SEARCH once anything had to be looked for */
    size_t first;    /* the first entry of this stretch */
    size_t listed;   /* the entry whose central record is expected next */
};

static bool fits(const struct walk *w, uint64_t at, uint64_t len)
{
    return at <= w->in->shown->size && w->in->shown->size - at >= len;
}

/* Might it be more than a chance likeness? */
static bool is_plausible(const struct walk *w, uint64_t at, const struct zip_fields *f)
{
    return (f->version_needed & 0xFF) <= 63 && f->name_len > 0 && f->name_len <= 4096 &&
           fits(w, at, (uint64_t)LOCAL_RECORD_SIZE + f->name_len + f->extra_len);
}

static uint64_t take_local(struct walk *w, uint64_t at)
{
    struct local_record record;
    const uint8_t *bytes = inspect_view(w->in, at, LOCAL_RECORD_SIZE);
    if (bytes == NULL)
        inspect_note(w->in, OZC_NO_ENTRY, at, "the file ends within a local record");
    if (bytes == NULL || !zip_read_local(bytes, &record))
        return at;
    if (w->found == OZC_FOUND_BY_SEARCH && !is_plausible(w, at, &record.fields))
        return at;
    size_t entry = inspect_add(w->in, &record.fields, at + LOCAL_RECORD_SIZE, w->found);
    return entry == OZC_NO_ENTRY ? at : inspect_local(w->in, entry, at, NULL, w->to);
}

/* Directories come in the order of the file, nearly always: so it is enough to know which entry is next. */
static size_t entry_of(struct walk *w, uint64_t local)
{
    const ozc_inspection *shown = w->in->shown;
    for (size_t tries = 0; tries < 2 && w->listed < shown->entry_count; tries++, w->listed = w->first)
        if (shown->entries[w->listed].shown.record == local)
            return w->listed++;
    return OZC_NO_ENTRY;
}

static uint64_t take_central(struct walk *w, uint64_t at)
{
    struct central_record c;
    const uint8_t *bytes = inspect_view(w->in, at, CENTRAL_RECORD_SIZE);
    if (bytes == NULL || !zip_read_central(bytes, &c))
        return at;
    uint64_t whole = (uint64_t)CENTRAL_RECORD_SIZE + c.fields.name_len + c.fields.extra_len + c.comment_len;
    if (!fits(w, at, whole))
        return at;
    inspect_claim(w->in, OZC_REGION_CENTRAL_RECORD, at, whole, entry_of(w, c.offset));
    return at + whole;
}

static uint64_t take_end(struct walk *w, uint64_t at)
{
    struct end_record end;
    const uint8_t *bytes = inspect_view(w->in, at, END_RECORD_SIZE);
    if (bytes == NULL || !zip_read_end(bytes, &end))
        return at;
    if (!w->in->has_end)
        w->in->end_at = at;
    w->in->has_end = true;
    inspect_claim(w->in, OZC_REGION_END_RECORD, at, END_RECORD_SIZE, OZC_NO_ENTRY);
    uint64_t comment = at + END_RECORD_SIZE;
    uint64_t len = fits(w, comment, end.comment_len) ? end.comment_len : 0;
    inspect_claim(w->in, OZC_REGION_ARCHIVE_COMMENT, comment, len, OZC_NO_ENTRY);
    return comment + len;
}

/* Records that are shown and not read: their length stands in them, or is fixed (APPNOTE 6.3.10, 4.3.11 to 4.3.15). */
static uint64_t take_other(struct walk *w, uint64_t at, uint8_t third, uint8_t fourth)
{
    static const struct {
        const char *name;
        uint8_t third, fourth;
        uint8_t fixed;  /* bytes before what is counted */
        uint8_t digits; /* bytes of the count, the last of the fixed ones */
    } known[] = {{"ZIP64 end record", 6, 6, 12, 8},
                 {"ZIP64 locator", 6, 7, ZIP64_LOCATOR_SIZE, 0},
                 {"digital signature", 5, 5, 6, 2},
                 {"record of extra data", 6, 8, 8, 4}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const uint8_t *bytes = inspect_view(w->in, at, known[i].fixed);
        if (bytes == NULL || known[i].third != third || known[i].fourth != fourth)
            continue;
        uint64_t len = 0;
        for (size_t digit = known[i].digits; digit > 0; digit--)
            len = len << 8 | bytes[known[i].fixed - known[i].digits + digit - 1];
        if (len > w->to || !fits(w, at, known[i].fixed + len))
            return at;
        inspect_claim(w->in, OZC_REGION_OTHER_RECORD, at, known[i].fixed + len, OZC_NO_ENTRY);
        inspect_note(w->in, OZC_NO_ENTRY, at, "a %s, which is not followed here; other readers may", known[i].name);
        return at + known[i].fixed + len;
    }
    return at;
}

/* The record at `at`. Returns where what follows begins: `at`, where there is none. */
static uint64_t take_record(struct walk *w, uint64_t at)
{
    const uint8_t *bytes = w->to - at < 4 ? NULL : inspect_view(w->in, at, 4);
    if (bytes == NULL || bytes[0] != 'P' || bytes[1] != 'K')
        return at;
    uint8_t third = bytes[2];
    uint8_t fourth = bytes[3];
    return third == 3 && fourth == 4   ? take_local(w, at)
           : third == 1 && fourth == 2 ? take_central(w, at)
           : third == 5 && fourth == 6 ? take_end(w, at)
                                       : take_other(w, at, third, fourth);
}

static bool is_full(const ozc_inspection *shown)
{
    return shown->entries_omitted > 0 || shown->regions_omitted > 0;
}

static void walk(struct inspecting *in, const struct gap *gap)
{
    struct walk w = {in, gap->to, OZC_FOUND_BY_CHAIN, in->shown->entry_count, in->shown->entry_count};
    for (uint64_t at = gap->from; at < gap->to && !inspect_is_over(in) && !is_full(in->shown);) {
        uint64_t next = take_record(&w, at);
        if (next == at) {
            next = inspect_find_record(in, at + 1, gap->to, false);
            w.found = OZC_FOUND_BY_SEARCH;
        }
        at = next;
    }
}

void inspect_scan(struct inspecting *in)
{
    size_t count = 0;
    struct gap *gaps = inspect_gaps(in, &count);
    for (size_t i = 0; i < count && !is_full(in->shown); i++)
        walk(in, &gaps[i]);
    free(gaps);
}
