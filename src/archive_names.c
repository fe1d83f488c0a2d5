/*
 * archive, second half: which entries are there, and what they are called (docs/format.md, sections 1, 2.5 and 2.6).
 *
 * Guarantees names that every file system takes alike, no two of which meet; `mimetype` first with its exact content;
 * only entries that the format has a place for, each within its limit. Finds the parts. Assumes the entry table of
 * check_archive.c. Compares by sorting, never pair by pair: its time grows with the names, not with their square.
 */
#include "archive.h"
#include "ascii.h"

#include <stdlib.h>
#include <string.h>

/* Windows takes these for devices, up to the first dot, in any case. */
static bool is_device(const uint8_t *segment, size_t len)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "com", "lpt"};
    char stem[5] = "";
    size_t n = 0;
    while (n < len && segment[n] != '.')
        n++;
    if (n != 3 && n != 4)
        return false;
    for (size_t i = 0; i < n; i++)
        stem[i] = (char)ascii_lower(segment[i]);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (memcmp(stem, devices[i], 3) == 0)
            return n == 4 ? i >= 4 && ascii_is_digit((uint8_t)stem[3]) : i < 4;
    return false;
}

static const char *segment_fault(const uint8_t *segment, size_t len)
{
    if (len == 0)
        return "an empty segment (a / at the start, at the end or doubled)";
    if (!ascii_is_alnum(segment[0]))
        return "a segment that begins with neither a letter nor a digit";
    if (segment[len - 1] == '.')
        return "a segment that ends with a dot";
    if (is_device(segment, len))
        return "a segment that Windows takes for a device";
    return NULL;
}

const char *name_fault(const void *name, size_t len)
{
    const uint8_t *bytes = name;
    if (len == 0 || len > NAME_MOST)
        return "not 1 to 255 bytes";
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alnum(bytes[i]) && (bytes[i] == '\0' || strchr("._-/", bytes[i]) == NULL))
            return "a byte other than A-Z a-z 0-9 . _ - /";
    for (size_t start = 0; start <= len;) {
        const uint8_t *slash = memchr(bytes + start, '/', len - start);
        size_t end = slash == NULL ? len : (size_t)(slash - bytes);
        const char *fault = segment_fault(bytes + start, end - start);
        if (fault != NULL)
            return fault;
        start = end + 1;
    }
    return NULL;
}

bool name_is_known(const char *name, enum entry_kind *kind)
{
    static const char *const parts[] = {NAME_MIMETYPE, NAME_PAYLOAD, NAME_SESSION_TOKEN, NAME_HASHES, NAME_SIGNATURE};
    size_t media = strlen(PREFIX_MEDIA);
    if (strncmp(name, PREFIX_MEDIA, media) == 0) {
        *kind = ENTRY_MEDIA;
        return strchr(name + media, '/') == NULL;
    }
    if (strncmp(name, PREFIX_EXT, strlen(PREFIX_EXT)) == 0) {
        *kind = ENTRY_EXT;
        return true;
    }
    *kind = ENTRY_PART;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(name, parts[i]) == 0)
            return true;
    return false;
}

/* Case ignored, a slash before every other byte: so a folder's entries stand right behind its name. */
static int fold(char c)
{
    return c == '/' ? 1 : ascii_lower((uint8_t)c);
}

static int compare_folded(const char *a, const char *b)
{
    while (*a != '\0' && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return fold(*a) - fold(*b);
}

/* By name; equal names by place in the file. */
static int compare_entries(const void *one, const void *other)
{
    const struct entry *a = *(const struct entry *const *)one;
    const struct entry *b = *(const struct entry *const *)other;
    int order = compare_folded(a->shown.name, b->shown.name);
    return order != 0 ? order : (a > b) - (a < b);
}

enum meeting { MEETING_NONE, MEETING_NAME, MEETING_FOLDER_OF, MEETING_CASE };

/* How two names that stand side by side in that order meet. */
static enum meeting meeting_of(const char *a, const char *b)
{
    size_t same = 0;
    bool differs_in_case = false;
    enum meeting meeting = MEETING_NONE;
    while (a[same] != '\0' && fold(a[same]) == fold(b[same])) {
        differs_in_case = differs_in_case || a[same] != b[same];
        if (a[same] == '/' && differs_in_case)
            meeting = MEETING_CASE;
        same++;
    }
    if (a[same] != '\0')
        return meeting;
    return b[same] == '\0' ? MEETING_NAME : b[same] == '/' ? MEETING_FOLDER_OF : meeting;
}

/* Two entries that meet; `later` is the one to name. */
struct clash {
    const struct entry *later;
    const struct entry *earlier;
    enum meeting meeting;
};

static void keep_first(struct clash *clash, const struct entry *a, const struct entry *b, enum meeting meeting)
{
    const struct entry *later = a > b ? a : b;
    if (clash->later == NULL || later < clash->later)
        *clash = (struct clash){later, a > b ? b : a, meeting};
}

/* Finds the first equal names in file order, and folders that meet: of several, some two that are neighbours by name.
   False: out of memory. */
static bool find_clashes(const ozc_report *report, struct clash *names, struct clash *folders)
{
    const struct entry **sorted = malloc((report->entry_count + 1) * sizeof *sorted);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < report->entry_count; i++)
        sorted[i] = &report->entries[i];
    qsort(sorted, report->entry_count, sizeof *sorted, compare_entries);
    for (size_t i = 1; i < report->entry_count; i++) {
        enum meeting meeting = meeting_of(sorted[i - 1]->shown.name, sorted[i]->shown.name);
        if (meeting == MEETING_NAME)
            keep_first(names, sorted[i - 1], sorted[i], meeting);
        else if (meeting != MEETING_NONE)
            keep_first(folders, sorted[i - 1], sorted[i], meeting);
    }
    free(sorted);
    return true;
}

static enum outcome reject_clash(struct run *run, const struct clash *clash)
{
    static const char *const words[] = {
        [MEETING_NAME] = "the same name (case ignored) as that of the entry",
        [MEETING_FOLDER_OF] = "a file and a folder of the same name: see the entry",
        [MEETING_CASE] = "its folder differs only in case from that of the entry",
    };
    return reject(run, RULE_ARCHIVE_DUPLICATE, at_name(clash->later, clash->later->record), "%s %s",
                  words[clash->meeting], SHOWN(clash->earlier->shown.name, clash->earlier->name_len));
}

/* The first entry is `mimetype`, and says what it has to. */
static enum outcome judge_mimetype(struct run *run)
{
    const struct entry *first = run->report->entries;
    size_t len = strlen(MIMETYPE);
    uint8_t room[sizeof MIMETYPE];
    if (run->report->entry_count == 0)
        return reject(run, RULE_ARCHIVE_MIMETYPE, nowhere(), "there is no entry; expected mimetype first");
    if (strcmp(first->shown.name, NAME_MIMETYPE) != 0)
        return reject(run, RULE_ARCHIVE_MIMETYPE, at_entry(first), "the first entry is %s; expected mimetype",
                      SHOWN(first->shown.name, first->name_len));
    if (first->shown.size != len)
        return reject(run, RULE_ARCHIVE_MIMETYPE, at_entry(first), "%llu bytes; expected the %zu of " MIMETYPE,
                      (unsigned long long)first->shown.size, len);
    const uint8_t *content = source_view(run->source, first->shown.offset, room, len, &run->failure);
    if (content == NULL)
        return CHECK_BROKEN;
    if (memcmp(content, MIMETYPE, len) != 0)
        return reject(run, RULE_ARCHIVE_MIMETYPE, at_entry(first), "it says %s; expected " MIMETYPE,
                      SHOWN(content, len));
    return CHECK_PASSED;
}

static enum outcome judge_entry(struct run *run, struct entry *entry)
{
    static const struct {
        const char *name;
        enum part_name part;
        ozc_limit limit;
    } parts[] = {{NAME_MIMETYPE, PART_MIMETYPE, OZC_LIMIT_ENTRY},
                 {NAME_PAYLOAD, PART_PAYLOAD, OZC_LIMIT_PAYLOAD},
                 {NAME_SESSION_TOKEN, PART_SESSION_TOKEN, OZC_LIMIT_SESSION_TOKEN},
                 {NAME_HASHES, PART_HASHES, OZC_LIMIT_HASHES},
                 {NAME_SIGNATURE, PART_SIGNATURE, OZC_LIMIT_SIGNATURE}};
    const uint64_t *limits = run->policy->limits;
    ozc_limit limit = OZC_LIMIT_ENTRY;
    if (!name_is_known(entry->shown.name, &entry->kind))
        return reject(run, RULE_ARCHIVE_UNKNOWN_ENTRY, at_entry(entry), "the format has no place for this entry");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(entry->shown.name, parts[i].name) == 0) {
            run->parts[parts[i].part].entry = entry;
            limit = parts[i].limit;
        }
    if (entry->shown.size > limits[OZC_LIMIT_ENTRY])
        limit = OZC_LIMIT_ENTRY;
    if (entry->shown.size > limits[limit])
        return reject(run, RULE_ARCHIVE_LIMIT, at_entry(entry), "%llu bytes; the limit %s is %llu",
                      (unsigned long long)entry->shown.size, limit_name(limit), (unsigned long long)limits[limit]);
    return CHECK_PASSED;
}

enum outcome judge_names(struct run *run)
{
    const ozc_report *report = run->report;
    struct clash names = {0};
    struct clash folders = {0};
    if (!find_clashes(report, &names, &folders))
        return broken(run, FAILURE_MEMORY);
    for (size_t i = 0; i < report->entry_count; i++) {
        const struct entry *entry = &report->entries[i];
        const char *fault = name_fault(entry->shown.name, entry->name_len);
        if (fault != NULL)
            return reject(run, RULE_ARCHIVE_NAME, at_name(entry, entry->record), "the name has %s", fault);
        if (names.later == entry)
            return reject_clash(run, &names);
    }
    if (folders.later != NULL)
        return reject_clash(run, &folders);
    enum outcome outcome = judge_mimetype(run);
    for (size_t i = 0; outcome == CHECK_PASSED && i < report->entry_count; i++)
        outcome = judge_entry(run, &report->entries[i]);
    return outcome;
}
