/*
 * Inspecting hashes.sha256: what it lists, held against the digests of the contents, and the content id.
 *
 * Guarantees that equal digests are said only of a line that is well formed. It does not look at the signature over the
 * list, so it says nothing of who wrote it.
 */
#include "hash_list.h"
#include "inspection.h"

#include <stdlib.h>
#include <string.h>

struct listed {
    struct hash_line line;
    bool is_met; /* an entry has that name */
};

struct list {
    struct listed *lines; /* the well formed ones, by name */
    size_t count;
};

static int compare_names(const struct hash_line *a, const struct hash_line *b)
{
    return hash_name_order(a->name, a->name_len, b->name, b->name_len);
}

static int by_name(const void *one, const void *other)
{
    const struct hash_line *a = &((const struct listed *)one)->line;
    const struct hash_line *b = &((const struct listed *)other)->line;
    int order = compare_names(a, b);
    return order != 0 ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

static int to_name(const void *entry, const void *listed)
{
    const struct inspected *a = entry;
    const struct hash_line *b = &((const struct listed *)listed)->line;
    return hash_name_order(a->raw, a->raw_len, b->name, b->name_len);
}

/* A well formed line takes at least 64 digits, two spaces, one byte of name and the line feed. */
enum { LINE_LEAST = 2 * SHA256_SIZE + 2 + 1 + 1 };

static bool read_list(struct inspecting *in, size_t index, const char *bytes, size_t len, struct list *list)
{
    uint64_t start = in->shown->entries[index].shown.offset;
    list->lines = calloc(len / LINE_LEAST + 1, sizeof *list->lines);
    if (list->lines == NULL)
        return false;
    for (size_t at = 0; at < len;) {
        struct hash_line line;
        const char *fault = hash_line_read((const uint8_t *)bytes, len, &at, &line);
        if (fault == NULL)
            list->lines[list->count++].line = line;
        else
            inspect_note(in, index, start + line.offset, "a line of it is malformed: %s", fault);
    }
    qsort(list->lines, list->count, sizeof *list->lines, by_name);
    return true;
}

static bool is_to_be_listed(const ozc_inspected_entry *entry)
{
    return entry->role == NULL || (strcmp(entry->role, "hashes") != 0 && strcmp(entry->role, "signature") != 0);
}

static void hold_against(struct inspecting *in, size_t index, const struct list *list)
{
    struct inspected *entry = &in->shown->entries[index];
    ozc_inspected_entry *shown = &entry->shown;
    struct listed *listed =
        list->count == 0 ? NULL : bsearch(entry, list->lines, list->count, sizeof *list->lines, to_name);
    if (listed == NULL) {
        if (is_to_be_listed(shown))
            inspect_note(in, index, inspect_content_at(shown), "hashes.sha256 does not list it");
        return;
    }
    listed->is_met = true;
    shown->is_listed = 1;
    if (shown->sha256 == NULL)
        return;
    shown->listed = digest_equal(listed->line.sha256, shown->sha256) ? OZC_SAME : OZC_OTHER;
    if (shown->listed == OZC_OTHER)
        inspect_note(in, index, shown->offset, "its content does not have the SHA-256 that hashes.sha256 lists");
}

static bool is_twin(const struct list *list, size_t i)
{
    const struct listed *lines = list->lines;
    return (i > 0 && compare_names(&lines[i - 1].line, &lines[i].line) == 0) ||
           (i + 1 < list->count && compare_names(&lines[i].line, &lines[i + 1].line) == 0);
}

static void note_strangers(struct inspecting *in, size_t index, const struct list *list)
{
    uint64_t start = in->shown->entries[index].shown.offset;
    for (size_t i = 0; i < list->count; i++) {
        const struct hash_line *line = &list->lines[i].line;
        if (!list->lines[i].is_met)
            inspect_note(in, index, start + line->offset,
                         is_twin(list, i) ? "it lists %s more than once" : "it lists %s, and there is no such entry",
                         SHOWN(line->name, line->name_len));
    }
}

void inspect_hashes(struct inspecting *in)
{
    struct list list = {0};
    size_t index = OZC_NO_ENTRY;
    size_t len = 0;
    ozc_inspection *shown = in->shown;
    char *bytes = inspect_read_part(in, "hashes", HASHES_READ, &index, &len);
    if (index != OZC_NO_ENTRY && shown->entries[index].shown.sha256 != NULL) {
        shown->has_content_id = true;
        memcpy(shown->content_id, shown->entries[index].digest, SHA256_SIZE);
    }
    if (bytes == NULL)
        return;
    if (read_list(in, index, bytes, len, &list)) {
        for (size_t i = 0; i < shown->entry_count; i++)
            hold_against(in, i, &list);
        note_strangers(in, index, &list);
    } else {
        inspect_fail(in, FAILURE_MEMORY);
    }
    free(list.lines);
    free(bytes);
}
