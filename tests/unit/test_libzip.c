/* libzip.c: libzip sees what we see, quickly, and writes archives of the profile. */
#include "archive.h"
#include "support.h"
#include "zip_records.h"
#include "zip_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/ozcapsula-libzip-XXXXXX";
static char archive_path[64];
static char input_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(archive_path, sizeof archive_path, "%s/archive", folder);
    snprintf(input_path, sizeof input_path, "%s/input", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(archive_path);
    unlink(input_path);
    return rmdir(folder);
}

/* A container by callbacks, which counts reads and can turn into other bytes meanwhile. */
struct turning {
    struct bytes bytes;
    size_t reads;
    size_t turn_at;  /* from this read on (counted from 1; 0: never) ... */
    uint64_t offset; /* ... the byte here is another one ... */
    int fails;       /* ... or nothing can be read, or nothing is there any more */
    int is_short;
    int has_lied;
    uint64_t total;
};

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct turning *)user)->bytes.len;
    return 0;
}

static int64_t read_turning(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct turning *t = user;
    int turned = ++t->reads >= t->turn_at && t->turn_at != 0;
    if (turned && (t->fails || t->is_short))
        return t->fails ? -1 : 0;
    memcpy(buffer, t->bytes.data + offset, len);
    t->total += len;
    if (turned && t->offset >= offset && t->offset - offset < len) {
        ((unsigned char *)buffer)[t->offset - offset] ^= 1;
        t->has_lied = 1;
    }
    return (int64_t)len;
}

static ozc_result judge(struct turning *t, const char *settings, ozc_report **report)
{
    struct settings s = make_settings(settings);
    const ozc_source source = {sizeof source, t, say_size, read_turning};
    t->reads = 0;
    t->has_lied = 0;
    t->total = 0;
    ozc_result result = ozc_validate_source(s.policy, &source, &s.call, report);
    ozc_policy_free(s.policy);
    return result;
}

static struct end_record end_of(struct bytes container)
{
    struct end_record end;
    assert_true(zip_read_end(container.data + container.len - END_RECORD_SIZE, &end));
    return end;
}

static void opens_thousands_of_false_end_records_by_few_reads(void **state)
{
    (void)state;
    struct turning plain = {.bytes = read_testdata("valid/default.ozc")};
    struct turning bomb = {.bytes = read_testdata("valid/false-end-records.ozc")};
    ozc_report *report = NULL;
    assert_int_equal(OZC_VALID, judge(&plain, "-", &report));
    ozc_report_free(report);
    assert_int_equal(OZC_VALID, judge(&bomb, "signer=keys/TEST-signer-ed25519.pub", &report));
    ozc_report_free(report);
    /* The bomb is larger, so there are some more pieces; a reader that looks at each false record makes thousands. */
    if (bomb.reads > plain.reads + 10)
        fail_msg("%zu reads; %zu without false records", bomb.reads, plain.reads);
    assert_true(bomb.total < 4 * bomb.bytes.len);
    free(plain.bytes.data);
    free(bomb.bytes.data);
}

static void comes_to_no_verdict_where_libzip_sees_other_entries(void **state)
{
    (void)state;
    struct turning t = {.bytes = read_testdata("valid/default.ozc")};
    uint64_t directory = end_of(t.bytes).directory_offset;
    /* Name, CRC-32 and size of the first central record; the count of entries: read by us first, then by libzip. */
    const uint64_t places[] = {directory + CENTRAL_RECORD_SIZE, directory + 16, directory + 24, t.bytes.len - 12};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        size_t failures = 0;
        ozc_report *report = NULL;
        t.offset = places[i];
        t.turn_at = 0;
        assert_int_equal(OZC_VALID, judge(&t, "-", &report));
        ozc_report_free(report);
        for (size_t reads = t.reads, turn = 2; turn <= reads; turn++) {
            t.turn_at = turn;
            ozc_result result = judge(&t, "-", &report);
            failures += result == OZC_FAILED;
            /* Whoever was shown the other byte has said so. */
            assert_int_equal(t.has_lied, result != OZC_VALID);
            assert_true(result != OZC_FAILED || ozc_report_rule(report) == NULL);
            ozc_report_free(report);
        }
        assert_true(failures > 0);
    }
    free(t.bytes.data);
}

static void comes_to_no_verdict_where_reading_fails_at_any_time(void **state)
{
    (void)state;
    for (int is_short = 0; is_short <= 1; is_short++) {
        struct turning t = {.bytes = read_testdata("valid/three-media.ozc"), .is_short = is_short, .fails = !is_short};
        ozc_report *report = NULL;
        assert_int_equal(OZC_VALID, judge(&t, "-", &report));
        ozc_report_free(report);
        for (size_t reads = t.reads, turn = 1; turn <= reads; turn++) {
            t.turn_at = turn;
            assert_int_equal(OZC_FAILED, judge(&t, "-", &report));
            assert_null(ozc_report_rule(report));
            assert_string_equal(failure_text(is_short ? FAILURE_SHORT : FAILURE_READ), ozc_report_failure(report));
            ozc_report_free(report);
        }
        free(t.bytes.data);
    }
}

/* unpack_parts over an archive in memory, with the report of another. */
static enum outcome unpack(const struct bytes *bytes, ozc_report *report, enum failure *failure)
{
    ozc_policy *policy = ozc_policy_new();
    struct source source;
    source_open_memory(&source, bytes->data, bytes->len);
    struct run run = {.policy = policy, .source = &source, .report = report};
    enum outcome outcome = unpack_parts(&run);
    *failure = run.failure;
    ozc_policy_free(policy);
    return outcome;
}

static void agrees_with_the_entry_table_of_the_same_bytes_alone(void **state)
{
    (void)state;
    struct bytes bytes = read_testdata("valid/default.ozc");
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    enum failure failure = FAILURE_NONE;
    assert_int_equal(CHECK_PASSED, unpack(&bytes, report, &failure));
    struct entry kept = report->entries[2];
    report->entries[2].crc++;
    assert_int_equal(CHECK_BROKEN, unpack(&bytes, report, &failure));
    assert_int_equal(FAILURE_LIBZIP, failure);
    report->entries[2] = kept;
    report->entries[2].shown.size--;
    assert_int_equal(CHECK_BROKEN, unpack(&bytes, report, &failure));
    report->entries[2] = kept;
    report->entries[2].shown.name = "media/photo.pnG";
    assert_int_equal(CHECK_BROKEN, unpack(&bytes, report, &failure));
    report->entries[2] = kept;
    report->entry_count--;
    assert_int_equal(CHECK_BROKEN, unpack(&bytes, report, &failure));
    report->entry_count++;
    assert_int_equal(CHECK_PASSED, unpack(&bytes, report, &failure));
    ozc_report_free(report);
    free(bytes.data);
}

/* Sets the CRC-32 of an entry in both records. */
static void set_crc_byte(struct bytes *container, const struct entry *entry, unsigned char byte)
{
    container->data[entry->record + 14] = byte;
    for (size_t at = 0; at + CENTRAL_RECORD_SIZE < container->len; at++) {
        struct central_record central;
        if (zip_read_central(container->data + at, &central) && central.offset == entry->record)
            container->data[at + 16] = byte;
    }
}

/* Takes the content of an entry out of a container: 0 bytes, records and offsets put right. */
static void make_empty(struct bytes *container, const struct entry *entry)
{
    unsigned char *bytes = container->data;
    size_t from = (size_t)entry->shown.offset;
    size_t cut = (size_t)entry->shown.size;
    size_t directory = end_of(*container).directory_offset;
    memset(bytes + entry->record + 14, 0, 12);
    for (size_t at = directory; at < container->len - END_RECORD_SIZE;) {
        struct central_record central;
        assert_true(zip_read_central(bytes + at, &central));
        if (central.offset == entry->record)
            memset(bytes + at + 16, 0, 12);
        size_t offset = central.offset > entry->record ? central.offset - cut : central.offset;
        for (size_t i = 0; i < 4; i++)
            bytes[at + 42 + i] = (unsigned char)(offset >> 8 * i);
        at += CENTRAL_RECORD_SIZE + central.fields.name_len;
    }
    for (size_t i = 0; i < 4; i++)
        bytes[container->len - 6 + i] = (unsigned char)((directory - cut) >> 8 * i);
    memmove(bytes + from, bytes + from + cut, container->len - from - cut);
    container->len -= cut;
}

static void calls_empty_parts_with_another_crc_damaged(void **state)
{
    (void)state;
    static const char *const rules[] = {"mimetype",     "hash.mismatch",    "media.empty", "session_token.empty",
                                        "hash.missing", "signature.missing"};
    ozc_report *before = check_testdata("valid/default.ozc", "-");
    for (size_t i = 1; i < 6; i++) {
        const struct entry *entry = &before->entries[i];
        struct turning t = {.bytes = read_testdata("valid/default.ozc")};
        ozc_report *report = NULL;
        make_empty(&t.bytes, entry);
        assert_int_equal(OZC_REJECTED, judge(&t, "-", &report));
        assert_verdict(report, rules[i]);
        ozc_report_free(report);
        set_crc_byte(&t.bytes, entry, 1);
        assert_int_equal(OZC_REJECTED, judge(&t, "-", &report));
        if (entry->kind == ENTRY_PART && strcmp(ozc_report_rule(report)->id, "integrity.crc") != 0)
            fail_msg("%s of 0 bytes with a CRC-32 other than 0: %s", entry->shown.name, ozc_report_rule(report)->id);
        ozc_report_free(report);
        free(t.bytes.data);
    }
    ozc_report_free(before);
}

static void breaks_on_bytes_that_are_no_archive(void **state)
{
    (void)state;
    struct bytes bytes = read_testdata("valid/default.ozc");
    ozc_report *report = check_testdata("valid/default.ozc", "-");
    for (size_t len = 0; len < bytes.len; len += 97) {
        const struct bytes cut = {bytes.data, len};
        enum failure failure = FAILURE_NONE;
        assert_int_equal(CHECK_BROKEN, unpack(&cut, report, &failure));
        assert_int_not_equal(FAILURE_NONE, failure);
    }
    ozc_report_free(report);
    free(bytes.data);
}

static void writes_the_subset_of_the_format_and_the_same_bytes_again(void **state)
{
    (void)state;
    const struct zip_item items[] = {{"mimetype", NULL, MIMETYPE, strlen(MIMETYPE)}, {"ext/empty", NULL, "", 0}};
    struct bytes written[2];
    int error = 0;
    for (int i = 0; i < 2; i++) {
        assert_true(zip_write(archive_path, items, 2, NULL, NULL, &error));
        written[i] = read_file(archive_path);
    }
    assert_int_equal(written[0].len, written[1].len);
    assert_memory_equal(written[0].data, written[1].data, written[0].len);
    struct local_record local;
    struct central_record central;
    struct end_record end = end_of(written[0]);
    assert_true(zip_read_local(written[0].data, &local));
    assert_int_equal(0, local.fields.flags & ~FLAG_UTF8_NAMES);
    assert_int_equal(0, local.fields.method | local.fields.extra_len | local.fields.time);
    assert_int_equal(1 << 5 | 1, local.fields.date); /* the first of January 1980 */
    assert_int_equal(strlen(MIMETYPE), local.fields.size);
    assert_memory_equal("mimetype" MIMETYPE, written[0].data + LOCAL_RECORD_SIZE, 8 + strlen(MIMETYPE));
    assert_true(zip_read_central(written[0].data + end.directory_offset, &central));
    assert_int_equal(3, central.version_made_by >> 8);
    assert_int_equal(0100644u << 16, central.external_attributes & 0xFFFF0000u);
    assert_int_equal(2, end.entries);
    assert_int_equal(0, end.comment_len);
    free(written[0].data);
    free(written[1].data);
}

static void takes_content_from_files_and_replaces_what_was_there(void **state)
{
    (void)state;
    const struct zip_item item = {"ext/input", input_path, NULL, 0};
    const struct zip_item other = {"ext/other", NULL, "other", 5};
    int error = 0;
    FILE *file = fopen(input_path, "wb");
    assert_int_equal(5, fwrite("input", 1, 5, file));
    fclose(file);
    assert_true(zip_write(archive_path, &other, 1, NULL, NULL, &error));
    assert_true(zip_write(archive_path, &item, 1, NULL, NULL, &error));
    struct bytes written = read_file(archive_path);
    assert_int_equal(1, end_of(written).entries);
    assert_memory_equal("ext/inputinput", written.data + LOCAL_RECORD_SIZE, 14);
    free(written.data);
}

static void can_not_write_what_is_missing_or_where_nothing_can_be(void **state)
{
    (void)state;
    char below[80];
    const struct zip_item missing = {"ext/a", "/nonexistent/input", NULL, 0};
    const struct zip_item twice[] = {{"ext/a", NULL, "a", 1}, {"ext/a", NULL, "b", 1}};
    int error = 0;
    unlink(archive_path);
    assert_false(zip_write(archive_path, &missing, 1, NULL, NULL, &error));
    assert_int_not_equal(0, error);
    assert_false(zip_write(archive_path, twice, 2, NULL, NULL, &error));
    assert_int_equal(-1, access(archive_path, F_OK));
    snprintf(below, sizeof below, "%s/missing/archive", folder);
    assert_false(zip_write(below, twice, 1, NULL, NULL, &error));
}

/* The stored mimetype is a wrong one, hashed and signed; the source shows the right one until it is read again. */
static void comes_to_no_verdict_where_mimetype_turns_into_another(void **state)
{
    struct turning t = {.bytes = read_testdata("invalid/archive.mimetype-one-byte-changed.ozc")};
    const size_t last = LOCAL_RECORD_SIZE + strlen(NAME_MIMETYPE) + strlen(MIMETYPE) - 1;
    size_t failed = 0;
    (void)state;
    assert_int_equal(MIMETYPE[strlen(MIMETYPE) - 1] ^ 1, t.bytes.data[last]);
    t.bytes.data[last] ^= 1;
    t.offset = last;
    for (t.turn_at = 1; t.turn_at < 64; t.turn_at++) {
        ozc_report *report = NULL;
        ozc_result result = judge(&t, "-", &report);
        assert_int_not_equal(OZC_VALID, result);
        failed += result == OZC_FAILED;
        ozc_report_free(report);
    }
    assert_true(failed > 0);
    free(t.bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_thousands_of_false_end_records_by_few_reads),
        cmocka_unit_test(comes_to_no_verdict_where_libzip_sees_other_entries),
        cmocka_unit_test(comes_to_no_verdict_where_reading_fails_at_any_time),
        cmocka_unit_test(agrees_with_the_entry_table_of_the_same_bytes_alone),
        cmocka_unit_test(calls_empty_parts_with_another_crc_damaged),
        cmocka_unit_test(breaks_on_bytes_that_are_no_archive),
        cmocka_unit_test(writes_the_subset_of_the_format_and_the_same_bytes_again),
        cmocka_unit_test(takes_content_from_files_and_replaces_what_was_there),
        cmocka_unit_test(comes_to_no_verdict_where_mimetype_turns_into_another),
        cmocka_unit_test(can_not_write_what_is_missing_or_where_nothing_can_be),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
