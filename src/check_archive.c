/*
 * archive: the raw structure of the ZIP file, before libzip sees a byte (docs/format.md, section 2).
 *
 * Guarantees an entry table in which every local record equals its central record, records and data follow each other
 * without gap or overlap from offset 0 to the end record, and all is stored. Names and what may stand where are then
 * judged by archive_names.c, and the small parts unpacked by libzip.c. Goes by the order of docs/rules.md, section 3;
 * stops at the first rule. No record is ever searched for, but to say why the end record is not where it has to be.
 */
#include "archive.h"
#include "window.h"
#include "zip_records.h"

#include <stdlib.h>
#include <string.h>

/* Signature, comment length and the longest comment: as far as one looks back to say why there is no end record. */
#define LOOK_BACK (END_RECORD_SIZE + 65535)

struct archive {
    struct run *run;
    struct window window;
    uint64_t size; /* of the file */
    struct end_record end;
    struct central_record *directory;
    struct entry *entries;
    size_t names_len;
};

/* Rule 2 when the last 22 bytes are no end record: a comment, bytes behind it, or a file that was cut? */
static enum outcome explain_missing_end(struct run *run, uint64_t size)
{
    size_t len = size < LOOK_BACK ? (size_t)size : LOOK_BACK;
    uint8_t *room = malloc(len);
    if (room == NULL)
        return broken(run, FAILURE_MEMORY);
    const uint8_t *tail = source_view(run->source, size - len, room, len, &run->failure);
    enum outcome outcome = CHECK_BROKEN;
    if (tail != NULL) {
        struct end_record end = {0};
        size_t at = len < END_RECORD_SIZE ? 0 : len - END_RECORD_SIZE + 1;
        bool found = false;
        while (!found && at > 0)
            found = zip_read_end(tail + --at, &end);
        uint64_t offset = size - len + at;
        uint64_t behind = len - at - END_RECORD_SIZE;
        if (!found)
            outcome = reject(run, RULE_ARCHIVE_TRUNCATED, at_offset(size),
                             "the file ends after %llu bytes without an end record", (unsigned long long)size);
        else if (end.comment_len == behind)
            outcome = reject(run, RULE_ARCHIVE_COMMENT, at_offset(offset + END_RECORD_SIZE),
                             "an archive comment of %u bytes; expected none", (unsigned)end.comment_len);
        else if (end.comment_len < behind)
            outcome = reject(run, RULE_ARCHIVE_TRAILING, at_offset(offset + END_RECORD_SIZE + end.comment_len),
                             "%llu bytes behind the end record; expected none",
                             (unsigned long long)(behind - end.comment_len));
        else
            outcome = reject(run, RULE_ARCHIVE_TRUNCATED, at_offset(size),
                             "the end record announces %u bytes of comment and %llu are there",
                             (unsigned)end.comment_len, (unsigned long long)behind);
    }
    free(room);
    return outcome;
}

/* Rule 2: the end record, read at size - 22 and nowhere else. */
static enum outcome judge_end(struct archive *a)
{
    struct run *run = a->run;
    const struct end_record *end = &a->end;
    uint8_t room[ZIP64_LOCATOR_SIZE + END_RECORD_SIZE];
    size_t before = a->size >= sizeof room ? ZIP64_LOCATOR_SIZE : 0;
    if (a->size < END_RECORD_SIZE)
        return explain_missing_end(run, a->size);
    uint64_t at = a->size - END_RECORD_SIZE;
    const uint8_t *bytes = source_view(run->source, at - before, room, before + END_RECORD_SIZE, &run->failure);
    if (bytes == NULL)
        return CHECK_BROKEN;
    if (!zip_read_end(bytes + before, &a->end))
        return explain_missing_end(run, a->size);
    if (end->comment_len != 0)
        return reject(run, RULE_ARCHIVE_TRUNCATED, at_offset(at),
                      "the end record announces a comment of %u bytes and the file ends before it",
                      (unsigned)end->comment_len);
    if (end->entries == 0xFFFF || end->entries_here == 0xFFFF || end->directory_size == 0xFFFFFFFF ||
        end->directory_offset == 0xFFFFFFFF)
        return reject(run, RULE_ARCHIVE_ZIP64, at_offset(at), "the end record refers to a ZIP64 one");
    if (before > 0 && zip_is_zip64_locator(bytes))
        return reject(run, RULE_ARCHIVE_ZIP64, at_offset(at - ZIP64_LOCATOR_SIZE),
                      "a ZIP64 locator stands before the end record");
    if (end->disk != 0 || end->directory_disk != 0)
        return reject(run, RULE_ARCHIVE_MULTI_DISK, at_offset(at),
                      "the end record names the disks %u and %u; expected 0", (unsigned)end->disk,
                      (unsigned)end->directory_disk);
    if (end->entries_here != end->entries)
        return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                      "the end record counts %u entries on this disk and %u in all", (unsigned)end->entries_here,
                      (unsigned)end->entries);
    uint64_t most = run->policy->limits[OZC_LIMIT_ENTRIES];
    if (end->entries > most)
        return reject(run, RULE_ARCHIVE_LIMIT, at_offset(at), "%u entries; the limit entries is %llu",
                      (unsigned)end->entries, (unsigned long long)most);
    if ((uint64_t)end->directory_offset + end->directory_size != at)
        return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                      "the end record puts the central directory at %lu with %lu bytes; it has to end at %llu",
                      (unsigned long)end->directory_offset, (unsigned long)end->directory_size, (unsigned long long)at);
    return CHECK_PASSED;
}

enum { DOS_VOLUME = 0x08, DOS_FOLDER = 0x10, DOS_DEVICE = 0x40, DOS_REPARSE_POINT = 0x400 };

/* Section 2.6 of the format. What is wrong with the kind of file; NULL: nothing. */
static const char *wrong_file_type(const struct central_record *c)
{
    unsigned host = c->version_made_by >> 8;
    unsigned mode = c->external_attributes >> 16;
    if (host != 0 && host != 3)
        return "it was made on another host than MS-DOS (0) or Unix (3)";
    if ((mode & 0170000) != 0 && (mode & 0170000) != 0100000)
        return "its Unix mode says that it is no regular file";
    if ((mode & 07000) != 0)
        return "its Unix mode has setuid, setgid or sticky";
    if ((c->external_attributes & (DOS_VOLUME | DOS_FOLDER | DOS_DEVICE | DOS_REPARSE_POINT)) != 0)
        return "its DOS attributes say volume, folder, device or reparse point (link)";
    return NULL;
}

/* Rule 3 for one central record, its 46 bytes, name, extra field and comment being there. */
static enum outcome judge_central(struct run *run, const struct central_record *c, struct place place)
{
    const struct zip_fields *f = &c->fields;
    const char *type = wrong_file_type(c);
    if (f->compressed_size == 0xFFFFFFFF || f->size == 0xFFFFFFFF || c->offset == 0xFFFFFFFF || c->disk == 0xFFFF)
        return reject(run, RULE_ARCHIVE_ZIP64, place, "its central record refers to a ZIP64 field");
    if (c->disk != 0)
        return reject(run, RULE_ARCHIVE_MULTI_DISK, place, "its central record names disk %u; expected 0",
                      (unsigned)c->disk);
    if (c->comment_len != 0)
        return reject(run, RULE_ARCHIVE_COMMENT, place, "a comment of %u bytes; expected none",
                      (unsigned)c->comment_len);
    if (f->extra_len != 0)
        return reject(run, RULE_ARCHIVE_EXTRA_FIELD, place,
                      "an extra field of %u bytes in its central record; expected none", (unsigned)f->extra_len);
    if ((f->flags & FLAGS_ENCRYPTED) != 0)
        return reject(run, RULE_ARCHIVE_ENCRYPTED, place, "its flags (0x%04x) say that it is encrypted",
                      (unsigned)f->flags);
    if ((f->flags & FLAG_DATA_DESCRIPTOR) != 0)
        return reject(run, RULE_ARCHIVE_DATA_DESCRIPTOR, place, "its flags (0x%04x) announce a data descriptor",
                      (unsigned)f->flags);
    if (f->method != 0)
        return reject(run, RULE_ARCHIVE_METHOD, place, "compression method %u; expected 0 (stored)",
                      (unsigned)f->method);
    if (f->version_needed > 20)
        return reject(run, RULE_ARCHIVE_METHOD, place, "it needs version %u to unpack; expected 20 at most",
                      (unsigned)f->version_needed);
    if ((f->flags & ~FLAG_UTF8_NAMES) != 0)
        return reject(run, RULE_ARCHIVE_FLAGS, place, "its flags are 0x%04x; expected none but 0x0800",
                      (unsigned)f->flags);
    if (f->compressed_size != f->size)
        return reject(run, RULE_ARCHIVE_SIZE, place, "it is stored, and its sizes are %lu and %lu bytes",
                      (unsigned long)f->compressed_size, (unsigned long)f->size);
    if (type != NULL)
        return reject(run, RULE_ARCHIVE_FILE_TYPE, place, "%s", type);
    return CHECK_PASSED;
}

/* Takes the entry's name into the report, which owns the names. */
static void keep_name(struct archive *a, struct entry *entry, const uint8_t *name, size_t len)
{
    char *to = a->run->report->names + a->names_len;
    memcpy(to, name, len);
    to[len] = '\0';
    entry->shown.name = to;
    entry->name_len = len;
    a->names_len += len + 1;
}

/* Rule 3: the central directory, in file order, to its last byte. */
static enum outcome read_directory(struct archive *a)
{
    struct run *run = a->run;
    uint64_t at = a->end.directory_offset;
    uint64_t end = at + a->end.directory_size;
    for (size_t i = 0; i < a->end.entries; i++) {
        struct central_record *c = &a->directory[i];
        if (end - at < CENTRAL_RECORD_SIZE)
            return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                          "the central directory ends within record %zu of %u", i + 1, (unsigned)a->end.entries);
        const uint8_t *bytes = window_view(&a->window, at, CENTRAL_RECORD_SIZE, end, &run->failure);
        if (bytes == NULL)
            return CHECK_BROKEN;
        if (!zip_read_central(bytes, c))
            return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                          "no central record stands where record %zu of %u has to be", i + 1, (unsigned)a->end.entries);
        uint64_t whole = (uint64_t)CENTRAL_RECORD_SIZE + c->fields.name_len + c->fields.extra_len + c->comment_len;
        if (end - at < whole)
            return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                          "central record %zu of %u reaches beyond the directory", i + 1, (unsigned)a->end.entries);
        if (c->fields.name_len == 0 || c->fields.name_len > NAME_MOST)
            return reject(run, RULE_ARCHIVE_NAME, at_offset(at), "a name of %u bytes; expected 1 to %d",
                          (unsigned)c->fields.name_len, NAME_MOST);
        const uint8_t *name = window_view(&a->window, at + CENTRAL_RECORD_SIZE, c->fields.name_len, end, &run->failure);
        if (name == NULL)
            return CHECK_BROKEN;
        keep_name(a, &a->entries[i], name, c->fields.name_len);
        enum outcome outcome = judge_central(run, c, at_name(&a->entries[i], at));
        if (outcome != CHECK_PASSED)
            return outcome;
        at += whole;
    }
    if (at != end)
        return reject(run, RULE_ARCHIVE_DIRECTORY, at_offset(at),
                      "%llu bytes of the central directory are left over behind its %u records",
                      (unsigned long long)(end - at), (unsigned)a->end.entries);
    return CHECK_PASSED;
}

/* Section 2.2 of the format: the first field in which the two records differ; NULL: none. */
static const char *differing_field(const struct zip_fields *l, const struct zip_fields *c)
{
    return l->version_needed != c->version_needed     ? "version needed"
           : l->flags != c->flags                     ? "flags"
           : l->method != c->method                   ? "method"
           : l->time != c->time                       ? "time"
           : l->date != c->date                       ? "date"
           : l->crc != c->crc                         ? "CRC-32"
           : l->compressed_size != c->compressed_size ? "compressed size"
           : l->size != c->size                       ? "size"
           : l->name_len != c->name_len               ? "name length"
                                                      : NULL;
}

/* Rule 4 for one local record, which has to stand at *at; moves *at behind its data. */
static enum outcome judge_local(struct archive *a, size_t i, uint64_t *at)
{
    struct run *run = a->run;
    const struct central_record *c = &a->directory[i];
    struct entry *entry = &a->entries[i];
    struct local_record local;
    uint64_t end = a->end.directory_offset;
    struct place place = at_name(entry, *at);
    if (c->offset > *at)
        return reject(run, RULE_ARCHIVE_GAP, place,
                      "its local record stands at byte %lu; expected %llu, so %llu bytes belong to no entry",
                      (unsigned long)c->offset, (unsigned long long)*at, (unsigned long long)(c->offset - *at));
    if (c->offset < *at)
        return reject(run, RULE_ARCHIVE_OVERLAP, at_name(entry, c->offset),
                      "its local record stands at byte %lu, before the end of what comes before it (%llu)",
                      (unsigned long)c->offset, (unsigned long long)*at);
    if (*at > end || end - *at < LOCAL_RECORD_SIZE)
        return reject(run, RULE_ARCHIVE_TRUNCATED, place, "no room for its local record before the central directory");
    /* No further than its name: media are not read before token and signature have held. */
    uint64_t near = *at + LOCAL_RECORD_SIZE + entry->name_len;
    const uint8_t *bytes = window_view(&a->window, *at, LOCAL_RECORD_SIZE, near, &run->failure);
    if (bytes == NULL)
        return CHECK_BROKEN;
    if (!zip_read_local(bytes, &local))
        return reject(run, RULE_ARCHIVE_LOCAL, place, "no local record stands there");
    if ((local.fields.flags & FLAG_DATA_DESCRIPTOR) != 0)
        return reject(run, RULE_ARCHIVE_DATA_DESCRIPTOR, place, "its local flags (0x%04x) announce a data descriptor",
                      (unsigned)local.fields.flags);
    if (local.fields.extra_len != 0)
        return reject(run, RULE_ARCHIVE_EXTRA_FIELD, place,
                      "an extra field of %u bytes in its local record; expected none",
                      (unsigned)local.fields.extra_len);
    const char *field = differing_field(&local.fields, &c->fields);
    if (field != NULL)
        return reject(run, RULE_ARCHIVE_MISMATCH, place, "local and central record differ in the %s", field);
    /* The name is as long as the central record's, which is there: so it is within the file, wherever it reaches. */
    const uint8_t *name = window_view(&a->window, *at + LOCAL_RECORD_SIZE, entry->name_len, near, &run->failure);
    if (name == NULL)
        return CHECK_BROKEN;
    if (memcmp(name, entry->shown.name, entry->name_len) != 0)
        return reject(run, RULE_ARCHIVE_MISMATCH, place, "local and central record differ in the name");
    uint64_t content = *at + LOCAL_RECORD_SIZE + entry->name_len;
    if (content > end || end - content < c->fields.size)
        return reject(run, RULE_ARCHIVE_OVERLAP, place, "its data (%lu bytes) reach into the central directory",
                      (unsigned long)c->fields.size);
    entry->record = *at;
    entry->crc = c->fields.crc;
    entry->shown.size = c->fields.size;
    entry->shown.offset = content;
    *at = content + c->fields.size;
    return CHECK_PASSED;
}

/* Rule 4: local records and data, from offset 0 to the directory. */
static enum outcome read_locals(struct archive *a)
{
    uint64_t at = 0;
    for (size_t i = 0; i < a->end.entries; i++) {
        enum outcome outcome = judge_local(a, i, &at);
        if (outcome != CHECK_PASSED)
            return outcome;
    }
    if (at != a->end.directory_offset)
        return reject(a->run, RULE_ARCHIVE_GAP, at_offset(at),
                      "%llu bytes between the last entry and the central directory belong to no entry",
                      (unsigned long long)(a->end.directory_offset - at));
    return CHECK_PASSED;
}

static enum outcome judge(struct archive *a)
{
    struct run *run = a->run;
    uint64_t most = run->policy->limits[OZC_LIMIT_CONTAINER];
    if (a->size > most)
        return reject(run, RULE_ARCHIVE_LIMIT, nowhere(), "%llu bytes; the limit container is %llu",
                      (unsigned long long)a->size, (unsigned long long)most);
    enum outcome outcome = judge_end(a);
    if (outcome != CHECK_PASSED)
        return outcome;
    /* Bounded by the limit on entries. */
    size_t count = a->end.entries;
    ozc_report *report = run->report;
    a->directory = calloc(count + 1, sizeof *a->directory);
    report->entries = a->entries = calloc(count + 1, sizeof *a->entries);
    report->names = malloc(count * (NAME_MOST + 1) + 1);
    report->entry_count = count;
    if (a->directory == NULL || a->entries == NULL || report->names == NULL)
        return broken(run, FAILURE_MEMORY);
    outcome = read_directory(a);
    if (outcome == CHECK_PASSED)
        outcome = read_locals(a);
    return outcome != CHECK_PASSED ? outcome : judge_names(run);
}

enum outcome check_archive(struct run *run)
{
    struct archive a = {.run = run, .size = run->source->size};
    a.window.source = run->source;
    enum outcome outcome = judge(&a);
    free(a.directory);
    return outcome == CHECK_PASSED ? unpack_parts(run) : outcome;
}
