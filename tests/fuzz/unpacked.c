/*
 * What is valid has one meaning: libzip, which is used here directly and knows nothing of the validator, unpacks the
 * very entries that the report shows and hashes.sha256 lists.
 */
#include "unpacked.h"
#include "odd_source.h"

#include <openssl/evp.h>
#include <string.h>
#include <zip.h>

/* The lines of hashes.sha256, as libzip unpacks it, and how many of them were met. */
struct list {
    char *text;
    size_t len;
    size_t met;
};

static char *unpack(zip_t *archive, zip_uint64_t index, size_t size)
{
    char *to = malloc(size + 1);
    MUST(to != NULL, "no memory");
    zip_file_t *file = zip_fopen_index(archive, index, 0);
    MUST(file != NULL, "libzip does not open entry %llu: %s", (unsigned long long)index, zip_strerror(archive));
    MUST(zip_fread(file, to, size + 1) == (zip_int64_t)size, "libzip unpacks entry %llu to another size",
         (unsigned long long)index);
    to[size] = '\0';
    zip_fclose(file);
    return to;
}

static void must_be_listed(struct list *list, const ozc_entry *entry)
{
    char line[64 + 2 + 255 + 2];
    size_t at = 0;
    for (size_t i = 0; i < 32; i++)
        at += (size_t)snprintf(line + at, sizeof line - at, "%02x", entry->sha256[i]);
    snprintf(line + at, sizeof line - at, "  %s\n", entry->name);
    const char *found = strstr(list->text, line);
    MUST(found != NULL && (found == list->text || found[-1] == '\n'), "hashes.sha256 has no line %s", line);
    list->met += strlen(line);
}

static bool is_listed(const char *name)
{
    return strcmp(name, "hashes.sha256") != 0 && strcmp(name, "signature") != 0;
}

static void compare(zip_t *archive, const ozc_report *report, struct list *list)
{
    size_t count = ozc_report_entry_count(report);
    MUST(zip_get_num_entries(archive, 0) == (zip_int64_t)count, "libzip counts %lld entries, the report %zu",
         (long long)zip_get_num_entries(archive, 0), count);
    zip_int64_t index = zip_name_locate(archive, "hashes.sha256", ZIP_FL_ENC_RAW);
    MUST(index >= 0 && (size_t)index < count, "libzip finds no hashes.sha256");
    list->len = (size_t)ozc_report_entry(report, (size_t)index)->size;
    list->text = unpack(archive, (zip_uint64_t)index, list->len);
    for (size_t i = 0; i < count; i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        const char *name = zip_get_name(archive, i, ZIP_FL_ENC_RAW);
        unsigned char sha256[EVP_MAX_MD_SIZE];
        MUST(name != NULL && strcmp(name, entry->name) == 0, "libzip names an entry %s, the report %s", name,
             entry->name);
        char *content = unpack(archive, i, (size_t)entry->size);
        MUST(EVP_Digest(content, (size_t)entry->size, sha256, NULL, EVP_sha256(), NULL) == 1, "no digest");
        MUST(entry->sha256 != NULL && memcmp(sha256, entry->sha256, 32) == 0, "libzip unpacks %s to another digest",
             entry->name);
        free(content);
        if (is_listed(name))
            must_be_listed(list, entry);
    }
    MUST(list->met == list->len, "hashes.sha256 has %zu bytes, and the lines of the entries %zu", list->len, list->met);
}

void must_unpack_alike(const ozc_report *report, const uint8_t *bytes, size_t len)
{
    zip_error_t error;
    struct list list = {NULL, 0, 0};
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    MUST(archive != NULL, "libzip does not open what is valid: %s", zip_error_strerror(&error));
    compare(archive, report, &list);
    zip_discard(archive);
    zip_error_fini(&error);
    free(list.text);
}

void must_read_alike(const ozc_report *report, const uint8_t *bytes, size_t len, uint32_t reads)
{
    for (size_t i = 0; i < ozc_report_entry_count(report); i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        struct odd odd = {bytes, len, reads};
        ozc_source source = odd_source(&odd);
        ozc_reader *reader = NULL;
        uint8_t piece[1000];
        size_t got = 1;
        size_t all = 0;
        MUST(ozc_reader_new_source(report, entry->name, &source, &reader) == OZC_VALID, "no reader of %s", entry->name);
        while (got > 0) {
            MUST(ozc_reader_read(reader, piece, sizeof piece, &got) == OZC_VALID, "the reader refuses %s", entry->name);
            MUST(memcmp(piece, bytes + entry->offset + all, got) == 0, "the reader delivers other bytes");
            all += got;
        }
        MUST(all == entry->size, "the reader delivers %zu bytes of %s", all, entry->name);
        ozc_reader_free(reader);
    }
}
