/*
 * Target: the structure check alone (format and archive: records, names, limits, the small parts by libzip), on raw
 * bytes and with small limits. It is fast, for it verifies nothing.
 *
 * What it passes has no byte that belongs to no record; libzip lists the same names, sizes and CRC-32; from memory and
 * from a source it comes to the same findings and tables.
 */
#include "archive.h"
#include "fuzz.h"
#include "odd_source.h"
#include "policy.h"
#include "zip_records.h"

#include <string.h>
#include <zip.h>

struct judged {
    enum outcome outcome;
    ozc_report *report;
};

static struct judged judge(const ozc_policy *policy, const struct source *source)
{
    static const ozc_call call = OZC_CALL_INIT;
    struct run run = {.policy = policy, .source = source, .call = &call, .report = report_new()};
    MUST(run.report != NULL, "no memory");
    enum outcome outcome = check_input(&run);
    if (outcome == CHECK_PASSED)
        outcome = check_format(&run);
    if (outcome == CHECK_PASSED)
        outcome = check_archive(&run);
    MUST(outcome != CHECK_BROKEN, "could not check: %s", failure_text(run.failure));
    MUST((outcome == CHECK_FAILED) == (run.report->finding_count > 0), "an outcome without its finding");
    for (int i = 0; i < PART_COUNT; i++)
        free(run.parts[i].bytes);
    return (struct judged){outcome, run.report};
}

/* The entries, their names and the three kinds of record are the whole file. */
static void must_fill_the_file(const ozc_report *report, size_t size)
{
    uint64_t at = 0;
    uint64_t directory = 0;
    for (size_t i = 0; i < report->entry_count; i++) {
        const struct entry *entry = &report->entries[i];
        MUST(entry->record == at, "the record of %s is not where the data before it end", entry->shown.name);
        MUST(entry->shown.offset == at + LOCAL_RECORD_SIZE + entry->name_len, "content that is not behind its record");
        at = entry->shown.offset + entry->shown.size;
        directory += CENTRAL_RECORD_SIZE + entry->name_len;
    }
    MUST(at + directory + END_RECORD_SIZE == size, "%llu of %zu bytes belong to a record",
         (unsigned long long)(at + directory + END_RECORD_SIZE), size);
}

static void must_be_listed_alike(const ozc_report *report, const uint8_t *bytes, size_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    MUST(archive != NULL, "libzip refuses what passed: %s", zip_error_strerror(&error));
    MUST(zip_get_num_entries(archive, 0) == (zip_int64_t)report->entry_count, "libzip counts other entries");
    for (size_t i = 0; i < report->entry_count; i++) {
        const struct entry *entry = &report->entries[i];
        zip_stat_t status;
        MUST(zip_stat_index(archive, i, ZIP_FL_ENC_RAW, &status) == 0, "libzip does not know entry %zu", i);
        MUST(strcmp(status.name, entry->shown.name) == 0 && status.size == entry->shown.size &&
                 status.comp_method == ZIP_CM_STORE && status.crc == entry->crc,
             "libzip shows entry %zu in another way", i);
    }
    zip_discard(archive);
    zip_error_fini(&error);
}

static void must_be_same(const ozc_report *a, const ozc_report *b)
{
    MUST(a->finding_count == b->finding_count && a->entry_count == b->entry_count, "memory and source differ");
    for (size_t i = 0; i < a->finding_count; i++)
        MUST(a->findings[i].rule == b->findings[i].rule && strcmp(a->findings[i].text, b->findings[i].text) == 0,
             "memory and source differ: %s, %s", a->findings[i].text, b->findings[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ozc_policy *policy;
    struct odd odd = {data, size, (uint32_t)size + 1};
    const ozc_source callbacks = odd_source(&odd);
    struct source source;
    const char *why = NULL;
    if (policy == NULL) {
        policy = fuzz_policy(OZC_ALL_FAULTS);
        policy->limits[OZC_LIMIT_ENTRIES] = 16;
        policy->limits[OZC_LIMIT_ENTRY] = 2048;
        policy->limits[OZC_LIMIT_PAYLOAD] = 512;
        policy->limits[OZC_LIMIT_SESSION_TOKEN] = 1024;
        policy->limits[OZC_LIMIT_CONTAINER] = 8192;
    }
    source_open_memory(&source, size == 0 ? (const uint8_t *)"" : data, size);
    struct judged memory = judge(policy, &source);
    MUST(source_open_callbacks(&source, &callbacks, &why), "%s", why);
    struct judged odd_one = judge(policy, &source);
    MUST(memory.outcome == odd_one.outcome, "memory and source differ");
    must_be_same(memory.report, odd_one.report);
    if (memory.outcome == CHECK_PASSED) {
        must_fill_the_file(memory.report, size);
        must_be_listed_alike(memory.report, data, size);
    }
    ozc_report_free(memory.report);
    ozc_report_free(odd_one.report);
    return 0;
}
