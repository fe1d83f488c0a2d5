/*
 * Everything that is asked of libzip: it unpacks the small parts of a container that the structure check has passed,
 * and writes new containers.
 *
 * Guarantees that libzip and our own entry table agree on every name, size and CRC-32, so that no two readers of the
 * same file differ here; and that libzip sees the bytes through a source in which only the true end record is in reach.
 * Assumes the structure check: after it, a libzip that fails is out of memory, could not read, or (CRC) found damaged
 * data. Media are not unpacked here. (libzip calls mktime for each entry, which reads TZ: its one look at the
 * environment.)
 */
#include "archive.h"
#include "zip_records.h"
#include "zip_write.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

/*
 * libzip looks for end records in the last 65 KiB and reads a directory for each it finds: stored media full of false
 * ones would cost it minutes. So it is shown the same bytes with an archive comment of 65,535 zero bytes behind them,
 * which the end record announces: then the true one alone is in reach.
 */
#define SHOWN_COMMENT 65535

struct guarded {
    const struct source *source;
    zip_uint64_t at;
    zip_error_t error;
    enum failure failure;
};

static zip_int64_t read_guarded(struct guarded *g, uint8_t *to, zip_uint64_t len)
{
    zip_uint64_t size = g->source->size;
    zip_uint64_t left = size + SHOWN_COMMENT - g->at;
    if (len > left)
        len = left;
    zip_uint64_t stored = g->at >= size ? 0 : size - g->at < len ? size - g->at : len;
    if (stored > 0) {
        const uint8_t *bytes = source_view(g->source, g->at, to, (size_t)stored, &g->failure);
        if (bytes == NULL) {
            zip_error_set(&g->error, ZIP_ER_READ, 0);
            return -1;
        }
        if (bytes != to)
            memcpy(to, bytes, (size_t)stored);
        for (zip_uint64_t comment_len = size - 2; comment_len < size; comment_len++)
            if (comment_len >= g->at && comment_len < g->at + stored)
                to[comment_len - g->at] = 0xFF;
    }
    memset(to + stored, 0, (size_t)(len - stored));
    g->at += len;
    return (zip_int64_t)len;
}

static zip_int64_t stat_guarded(const struct guarded *g, zip_stat_t *status)
{
    zip_stat_init(status);
    status->valid = ZIP_STAT_SIZE;
    status->size = g->source->size + SHOWN_COMMENT;
    return sizeof *status;
}

static zip_int64_t seek_guarded(struct guarded *g, void *data, zip_uint64_t len)
{
    zip_int64_t at = zip_source_seek_compute_offset(g->at, g->source->size + SHOWN_COMMENT, data, len, &g->error);
    if (at < 0)
        return -1;
    g->at = (zip_uint64_t)at;
    return 0;
}

static zip_int64_t guarded_callback(void *state, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct guarded *g = state;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    case ZIP_SOURCE_OPEN:
        g->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_guarded(g, data, len);
    case ZIP_SOURCE_SEEK:
        return seek_guarded(g, data, len);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)g->at;
    case ZIP_SOURCE_STAT:
        return stat_guarded(g, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&g->error, data, len);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    default:
        zip_error_set(&g->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

/* Does libzip see the entries that we see? */
static bool agrees(zip_t *archive, const ozc_report *report)
{
    if (zip_get_num_entries(archive, 0) != (zip_int64_t)report->entry_count)
        return false;
    for (size_t i = 0; i < report->entry_count; i++) {
        const struct entry *entry = &report->entries[i];
        const zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
        zip_stat_t status;
        const char *name = zip_get_name(archive, i, ZIP_FL_ENC_RAW);
        if (name == NULL || strcmp(name, entry->shown.name) != 0 || zip_stat_index(archive, i, 0, &status) != 0 ||
            (status.valid & wanted) != wanted || status.size != entry->shown.size ||
            status.comp_size != entry->shown.size || status.crc != entry->crc || status.comp_method != ZIP_CM_STORE)
            return false;
    }
    return true;
}

/* Reads an entry to its end, for only there libzip compares the CRC-32. Its word on that is held to our own: where the
   two differ, something failed. */
static enum outcome unpack(struct run *run, zip_t *archive, struct part *part)
{
    struct entry *entry = part->entry;
    size_t size = (size_t)entry->shown.size; /* bounded by its limit */
    size_t have = 0;
    part->bytes = malloc(size + 1);
    if (part->bytes == NULL)
        return broken(run, FAILURE_MEMORY);
    zip_file_t *file = zip_fopen_index(archive, (zip_uint64_t)(entry - run->report->entries), 0);
    if (file == NULL)
        return broken(run, FAILURE_LIBZIP);
    zip_int64_t got = 0;
    while ((got = zip_fread(file, part->bytes + have, size + 1 - have)) > 0 && have <= size)
        have += (size_t)got;
    bool has_wrong_crc = got < 0 && zip_error_code_zip(zip_file_get_error(file)) == ZIP_ER_CRC;
    zip_fclose(file);
    if (have != size || (got != 0 && !has_wrong_crc))
        return broken(run, FAILURE_LIBZIP);
    entry->damaged = libdeflate_crc32(0, part->bytes, size) != entry->crc;
    /* libzip compares nothing where there is nothing to read. */
    return size == 0 || has_wrong_crc == entry->damaged ? CHECK_PASSED : broken(run, FAILURE_LIBZIP);
}

/* The archive check has judged these bytes at another read: if they differ now, the source changed. */
static bool is_mimetype_still(const struct run *run)
{
    const struct part *part = &run->parts[PART_MIMETYPE];
    return part->entry == NULL || part->entry->damaged || memcmp(part->bytes, MIMETYPE, strlen(MIMETYPE)) == 0;
}

static enum outcome unpack_all(struct run *run, zip_t *archive)
{
    if (!agrees(archive, run->report))
        return broken(run, FAILURE_LIBZIP);
    for (int i = 0; i < PART_COUNT; i++) {
        enum outcome outcome = run->parts[i].entry == NULL ? CHECK_PASSED : unpack(run, archive, &run->parts[i]);
        if (outcome != CHECK_PASSED)
            return outcome;
    }
    return is_mimetype_still(run) ? CHECK_PASSED : broken(run, FAILURE_LIBZIP);
}

enum outcome unpack_parts(struct run *run)
{
    struct guarded guarded = {.source = run->source};
    zip_error_init(&guarded.error);
    enum outcome outcome = broken(run, FAILURE_LIBZIP);
    zip_source_t *source = zip_source_function_create(guarded_callback, &guarded, &guarded.error);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, NULL);
    if (archive != NULL) {
        outcome = unpack_all(run, archive);
        zip_discard(archive);
    } else {
        zip_source_free(source);
    }
    if (outcome == CHECK_BROKEN && guarded.failure != FAILURE_NONE)
        run->failure = guarded.failure;
    zip_error_fini(&guarded.error);
    return outcome;
}

static bool add_item(zip_t *archive, const struct zip_item *item)
{
    const zip_uint16_t first_of_january_1980 = 0x0021;
    const zip_uint32_t regular_file = 0100644u << 16;
    zip_source_t *source = item->path != NULL ? zip_source_file(archive, item->path, 0, -1)
                                              : zip_source_buffer(archive, item->data, item->len, 0);
    if (source == NULL)
        return false;
    zip_int64_t index = zip_file_add(archive, item->name, source, 0);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    return zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_dostime(archive, at, 0, first_of_january_1980, 0) == 0 &&
           zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, regular_file) == 0;
}

struct watch {
    bool (*go_on)(void *user, double part);
    void *user;
    bool is_over;
};

static void on_progress(zip_t *archive, double part, void *user)
{
    struct watch *watch = user;
    (void)archive;
    watch->is_over = watch->is_over || (watch->go_on != NULL && !watch->go_on(watch->user, part));
}

static int on_cancel(zip_t *archive, void *user)
{
    (void)archive;
    return ((const struct watch *)user)->is_over ? 1 : 0;
}

bool zip_write(const char *path, const struct zip_item *items, size_t count, bool (*go_on)(void *user, double part),
               void *user, int *error)
{
    const double each_thousandth = 0.001;
    struct watch watch = {go_on, user, false};
    *error = 0;
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (archive == NULL)
        return false;
    bool done = zip_register_progress_callback_with_state(archive, each_thousandth, on_progress, NULL, &watch) == 0 &&
                zip_register_cancel_callback_with_state(archive, on_cancel, NULL, &watch) == 0;
    for (size_t i = 0; done && i < count; i++)
        done = add_item(archive, &items[i]);
    done = done && zip_close(archive) == 0;
    if (!done) {
        *error = zip_error_code_system(zip_get_error(archive));
        zip_discard(archive);
    }
    return done;
}
