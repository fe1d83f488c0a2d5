/*
 * An inspection as tables for people. Guarantees that every line is printable ASCII (and, where asked for, colour),
 * whatever the file holds, and that columns are as wide as what stands in them. What is longer than a cell is cut; JSON
 * has it whole, but for what the library cuts itself.
 */
#include "inspect_text.h"

#include <stdarg.h>
#include <string.h>

#include "text.h"
#include "times.h"

enum { CELL = 160, MOST_COLUMNS = 10 };

typedef struct column {
    const char *heading;
    bool is_right;
} column;

typedef char cells[MOST_COLUMNS][CELL];

/* Fills the cells of one row. */
typedef void make_row(const ozc_inspection *inspection, size_t row, cells to);

typedef struct sheet {
    FILE *to;
    const ozc_inspection *inspection;
    bool is_coloured;
} sheet;

static void set(char cell[CELL], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void set(char cell[CELL], const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int len = vsnprintf(cell, CELL, format, values);
    va_end(values);
    if (len >= CELL)
        memcpy(cell + CELL - 4, "...", 4);
}

static void print_heading(const sheet *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print_heading(const sheet *out, const char *format, ...)
{
    va_list values;
    (void)fputs(out->is_coloured ? "\n\033[1m" : "\n", out->to);
    va_start(values, format);
    (void)vfprintf(out->to, format, values);
    va_end(values);
    (void)fputs(out->is_coloured ? "\033[0m\n" : "\n", out->to);
}

static void print_row(FILE *to, const column *columns, const int *widths, size_t count, cells row)
{
    size_t last = count;
    while (last > 1 && row[last - 1][0] == '\0')
        last--;
    for (size_t i = 0; i < last; i++) {
        int width = i + 1 == last && !columns[i].is_right ? 0 : widths[i];
        (void)fprintf(to, "  %*s", columns[i].is_right ? width : -width, row[i]);
    }
    (void)fputc('\n', to);
}

static void print_table(const sheet *out, const column *columns, size_t count, size_t rows, make_row *make)
{
    cells row;
    int widths[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < count; i++)
        widths[i] = (int)strlen(columns[i].heading);
    for (size_t at = 0; at < rows; at++) {
        make(out->inspection, at, row);
        for (size_t i = 0; i < count; i++)
            widths[i] = (int)strlen(row[i]) > widths[i] ? (int)strlen(row[i]) : widths[i];
    }
    for (size_t i = 0; i < count; i++)
        set(row[i], "%s", columns[i].heading);
    print_row(out->to, columns, widths, count, row);
    for (size_t at = 0; at < rows; at++) {
        make(out->inspection, at, row);
        print_row(out->to, columns, widths, count, row);
    }
}

/* An entry's name, as much of it as a table bears. */
static void set_name(char cell[CELL], const ozc_inspection *inspection, size_t entry)
{
    enum { MOST = 80 };
    const ozc_inspected_entry *which = ozc_inspection_entry(inspection, entry);
    const char *name = which ? which->name : "";
    set(cell, "%.*s%s", MOST, name, strlen(name) > MOST ? "..." : "");
}

static void set_count(char cell[CELL], bool is_there, uint64_t count)
{
    set(cell, is_there ? "%llu" : "?", (unsigned long long)count);
}

/* What hashes.sha256 has to do with it; itself and the signature are not to be in it. */
static const char *listing(const ozc_inspected_entry *entry)
{
    bool is_to_be_listed =
        !entry->role || (strcmp(entry->role, "hashes") != 0 && strcmp(entry->role, "signature") != 0);
    if (entry->is_listed)
        return entry->listed == OZC_SAME ? "same" : entry->listed == OZC_OTHER ? "OTHER" : "yes";
    return is_to_be_listed ? "no" : "-";
}

static const column entry_columns[] = {{"#", true},        {"offset", true},  {"size", true},
                                       {"packed", true},   {"method", false}, {"CRC-32", false},
                                       {"in list", false}, {"kind", false},   {"name", false}};

static void make_entry(const ozc_inspection *inspection, size_t row, cells to)
{
    const ozc_inspected_entry *entry = ozc_inspection_entry(inspection, row);
    set(to[0], "%zu", row + 1);
    set_count(to[1], entry->has_record, entry->offset);
    set_count(to[2], entry->has_sizes, entry->size);
    set_count(to[3], entry->has_sizes, entry->packed_size);
    if (entry->method_name)
        set(to[4], "%s%s", entry->method_name, entry->is_encrypted ? ", encrypted" : "");
    else
        set(to[4], "method %u%s", entry->method, entry->is_encrypted ? ", encrypted" : "");
    set(to[5], "%s", entry->crc == OZC_SAME ? "same" : entry->crc == OZC_OTHER ? "OTHER" : "-");
    set(to[6], "%s", listing(entry));
    set(to[7], "%s", entry->kind ? entry->kind : "-");
    set_name(to[8], inspection, row);
}

static void print_entries(const sheet *out)
{
    size_t count = ozc_inspection_entry_count(out->inspection);
    uint64_t omitted = ozc_inspection_entries_omitted(out->inspection);
    if (count == 0)
        return;
    print_heading(out, "Entries, found by: %s", ozc_found_name(ozc_inspection_found(out->inspection)));
    print_table(out, entry_columns, sizeof(entry_columns) / sizeof(entry_columns[0]), count, make_entry);
    if (omitted > 0)
        (void)fprintf(out->to, "  and %llu more, at least\n", (unsigned long long)omitted);
}

static void set_hex(char cell[CELL], const uint8_t *sha256)
{
    static const char digits[] = "0123456789abcdef";
    enum { LENGTH = 64 };
    for (size_t i = 0; i < LENGTH; i++)
        cell[i] = digits[sha256[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    cell[LENGTH] = '\0';
}

static const column digest_columns[] = {{"SHA-256 of the content", false}, {"name", false}};

static void make_digest(const ozc_inspection *inspection, size_t row, cells to)
{
    const ozc_inspected_entry *entry = ozc_inspection_entry(inspection, row);
    set(to[0], "-");
    if (entry->sha256)
        set_hex(to[0], entry->sha256);
    set_name(to[1], inspection, row);
}

/* Lines as sha256sum writes them, to be held against its own. */
static void print_digests(const sheet *out)
{
    size_t count = ozc_inspection_entry_count(out->inspection);
    if (count == 0)
        return;
    print_heading(out, "Digests");
    print_table(out, digest_columns, sizeof(digest_columns) / sizeof(digest_columns[0]), count, make_digest);
}

/* Texts of the payload, as many as a cell bears. */
static void set_words(char cell[CELL], const char *const *words, size_t count)
{
    size_t used = 0;
    cell[0] = '\0';
    for (size_t i = 0; i < count && used < CELL; i++) {
        char *plain = ozc_plain_text(words[i]);
        int len = snprintf(cell + used, CELL - used, "%s%s", i > 0 ? ", " : "", plain ? plain : "?");
        used += len > 0 ? (size_t)len : 0;
        ozc_free(plain);
    }
    if (used >= CELL)
        memcpy(cell + CELL - 4, "...", 4);
}

static const column media_columns[] = {{"media key", false}, {"entry", false}, {"meta data", false}, {"tags", false}};

static void make_medium(const ozc_inspection *inspection, size_t row, cells to)
{
    const ozc_payload_medium *medium = ozc_inspection_medium(inspection, row);
    set_words(to[0], &medium->key, 1);
    set(to[1], "%s", medium->is_entry ? "yes" : "NONE");
    set(to[2], "%s", medium->is_in_meta_data ? "yes" : "-");
    set_words(to[3], medium->tags, medium->tag_count);
    if (medium->tag_count == 0)
        set(to[3], "-");
}

static const column analysis_columns[] = {{"analysis", false}, {"source media", false}};

static void make_analysis(const ozc_inspection *inspection, size_t row, cells to)
{
    const ozc_payload_analysis *analysis = ozc_inspection_analysis(inspection, row);
    set_words(to[0], &analysis->type, analysis->type ? 1 : 0);
    if (!analysis->type)
        set(to[0], "-");
    set_words(to[1], analysis->source_media, analysis->source_media_count);
    if (!analysis->has_source_media)
        set(to[1], "all");
}

static void print_payload(const sheet *out)
{
    const ozc_inspection *inspection = out->inspection;
    size_t size = 0;
    if (!ozc_inspection_payload(inspection, &size))
        return;
    print_heading(out, "Payload, %zu bytes", size);
    const char *fault = ozc_inspection_payload_fault(inspection);
    if (fault) {
        (void)fprintf(out->to, "  %s\n", fault);
        return;
    }
    print_table(out, media_columns, sizeof(media_columns) / sizeof(media_columns[0]),
                ozc_inspection_medium_count(inspection), make_medium);
    (void)fputc('\n', out->to);
    print_table(out, analysis_columns, sizeof(analysis_columns) / sizeof(analysis_columns[0]),
                ozc_inspection_analysis_count(inspection), make_analysis);
}

static void print_life(const sheet *out)
{
    int64_t seconds = 0;
    char moment[TIME_TEXT_MAX];
    char span[TIME_TEXT_MAX];
    if (!ozc_inspection_token_life(out->inspection, &seconds)) {
        (void)fputs("  expires  not said\n", out->to);
        return;
    }
    format_time(ozc_inspection_time(out->inspection) + seconds, moment);
    format_span(seconds > 0 ? seconds : -seconds, span);
    (void)fprintf(out->to, seconds > 0 ? "  expires  %s (in %s)\n" : "  expires  %s (%s ago)\n", moment, span);
}

static void print_token(const sheet *out)
{
    const ozc_token *token = ozc_inspection_token(out->inspection);
    const char *fault = ozc_inspection_token_fault(out->inspection);
    const char *key = ozc_inspection_confirmation_key(out->inspection);
    if (!token && !fault)
        return;
    print_heading(out, "Session token, NOT verified");
    if (!token) {
        (void)fprintf(out->to, "  malformed: %s\n", fault);
        return;
    }
    (void)fprintf(out->to, "  header   %s\n  claims   %s\n", ozc_token_header(token), ozc_token_claims(token));
    print_life(out);
    if (key)
        (void)fprintf(out->to, "  cnf key  %s\n", key);
}

static const column region_columns[] = {
    {"offset", true}, {"length", true}, {"what", false}, {"entry", false}, {"", false}};

static void make_region(const ozc_inspection *inspection, size_t row, cells to)
{
    const ozc_region *region = ozc_inspection_region(inspection, row);
    set(to[0], "%llu", (unsigned long long)region->offset);
    set(to[1], "%llu", (unsigned long long)region->length);
    set(to[2], "%s", ozc_region_kind_name(region->kind));
    to[3][0] = '\0';
    if (region->entry != OZC_NO_ENTRY)
        set_name(to[3], inspection, region->entry);
    set(to[4], "%s%s%s%s", region->overlaps ? "OVERLAPS" : "", region->overlaps && region->looks_like ? ", " : "",
        region->looks_like ? "looks like " : "", region->looks_like ? region->looks_like : "");
}

static void print_layout(const sheet *out)
{
    size_t count = ozc_inspection_region_count(out->inspection);
    uint64_t omitted = ozc_inspection_regions_omitted(out->inspection);
    if (count == 0)
        return;
    print_heading(out, "Layout, every byte of the file");
    print_table(out, region_columns, sizeof(region_columns) / sizeof(region_columns[0]), count, make_region);
    if (omitted > 0)
        (void)fprintf(out->to, "  and %llu more, at least\n", (unsigned long long)omitted);
}

static void print_notes(const sheet *out)
{
    const ozc_inspection *inspection = out->inspection;
    uint64_t omitted = ozc_inspection_notes_omitted(inspection);
    const ozc_note *note = NULL;
    char name[CELL];
    if (ozc_inspection_note_count(inspection) == 0)
        return;
    print_heading(out, "Notes");
    for (size_t i = 0; (note = ozc_inspection_note(inspection, i)) != NULL; i++) {
        set_name(name, inspection, note->entry);
        (void)fprintf(out->to, "  %s%s%s", name, name[0] != '\0' ? ": " : "", note->text);
        if (note->has_offset)
            (void)fprintf(out->to, " (at byte %llu)", (unsigned long long)note->offset);
        (void)fputc('\n', out->to);
    }
    if (omitted > 0)
        (void)fprintf(out->to, "  and %llu more\n", (unsigned long long)omitted);
}

static void print_summary(const sheet *out, const char *path)
{
    const ozc_inspection *inspection = out->inspection;
    const char *look = ozc_inspection_looks_like(inspection);
    const char *failure = ozc_inspection_failure(inspection);
    const uint8_t *id = ozc_inspection_content_id(inspection);
    uint64_t size = 0;
    bool has_size = ozc_inspection_size(inspection, &size) == 1;
    (void)fprintf(out->to, "%s: ", path);
    if (has_size)
        (void)fprintf(out->to, "%llu bytes%s%s", (unsigned long long)size, look ? ", looks like " : "",
                      look ? look : "");
    if (failure)
        (void)fprintf(out->to, "%s%s: %s", has_size ? "; " : "",
                      has_size ? "not all of it could be read" : "could not be read", failure);
    (void)fprintf(
        out->to,
        "\n%sNothing here is verified.%s What is shown is what the bytes say of themselves; ozcapsula check judges.\n",
        out->is_coloured ? "\033[33m" : "", out->is_coloured ? "\033[0m" : "");
    if (id) {
        char hex[CELL];
        set_hex(hex, id);
        (void)fprintf(out->to, "content id %s\n", hex);
    }
}

bool inspect_text_print(FILE *to, const char *path, const ozc_inspection *inspection, bool is_coloured)
{
    const sheet out = {to, inspection, is_coloured};
    char *plain = ozc_plain_text(path);
    if (!plain) {
        complain("out of memory");
        return false;
    }
    print_summary(&out, plain);
    ozc_free(plain);
    print_entries(&out);
    print_digests(&out);
    print_payload(&out);
    print_token(&out);
    print_layout(&out);
    print_notes(&out);
    return true;
}
