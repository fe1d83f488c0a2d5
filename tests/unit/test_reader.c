/* reader.c: an entry's bytes, held to the digest that was verified. */
#include "report.h"
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "valid/ext.ozc"

struct fixture {
    struct bytes container;
    ozc_report *report;
};

static int make(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->container = read_testdata(FILE_NAME);
    f->report = check_testdata(FILE_NAME, "-");
    assert_verdict(f->report, NULL);
    *state = f;
    return 0;
}

static int forget(void **state)
{
    struct fixture *f = *state;
    ozc_report_free(f->report);
    free(f->container.data);
    free(f);
    return 0;
}

static const ozc_entry *entry_of(const ozc_report *report, const char *name)
{
    for (size_t i = 0; i < ozc_report_entry_count(report); i++)
        if (strcmp(ozc_report_entry(report, i)->name, name) == 0)
            return ozc_report_entry(report, i);
    fail_msg("no entry %s", name);
    return NULL;
}

/* Reads to the end in pieces of that size: OZC_VALID and how many bytes, or OZC_FAILED. */
static ozc_result drain(ozc_reader *reader, size_t piece, const uint8_t *expected, size_t *total)
{
    uint8_t buffer[4096];
    size_t got = 0;
    *total = 0;
    assert_true(piece <= sizeof buffer);
    for (;;) {
        ozc_result result = ozc_reader_read(reader, buffer, piece, &got);
        if (result != OZC_VALID || got == 0)
            return result;
        assert_true(got <= piece);
        if (expected != NULL)
            assert_memory_equal(expected + *total, buffer, got);
        *total += got;
    }
}

static void delivers_every_entry_in_pieces_of_any_size(void **state)
{
    struct fixture *f = *state;
    static const size_t pieces[] = {1, 2, 7, 98, 99, 100, 4096};
    for (size_t i = 0; i < ozc_report_entry_count(f->report); i++)
        for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
            const ozc_entry *entry = ozc_report_entry(f->report, i);
            ozc_reader *reader = NULL;
            size_t total = 0;
            assert_int_equal(
                OZC_VALID, ozc_reader_new_memory(f->report, entry->name, f->container.data, f->container.len, &reader));
            assert_int_equal(OZC_VALID, drain(reader, pieces[k], f->container.data + entry->offset, &total));
            assert_int_equal(entry->size, total);
            ozc_reader_free(reader);
        }
}

static void says_the_end_again_and_again(void **state)
{
    struct fixture *f = *state;
    ozc_reader *reader = NULL;
    size_t total = 0;
    assert_int_equal(OZC_VALID,
                     ozc_reader_new_memory(f->report, "ext/empty", f->container.data, f->container.len, &reader));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(OZC_VALID, drain(reader, 1, NULL, &total));
        assert_int_equal(0, total);
    }
    ozc_reader_free(reader);
}

static void notices_every_changed_byte_at_the_end_and_stays_failed(void **state)
{
    struct fixture *f = *state;
    const ozc_entry *entry = entry_of(f->report, "media/photo.png");
    for (size_t i = 0; i < entry->size; i++) {
        ozc_reader *reader = NULL;
        size_t got = 0;
        uint8_t byte = 0;
        f->container.data[entry->offset + i] ^= 1;
        assert_int_equal(OZC_VALID,
                         ozc_reader_new_memory(f->report, entry->name, f->container.data, f->container.len, &reader));
        for (size_t n = 0; n < entry->size; n++) {
            assert_int_equal(OZC_VALID, ozc_reader_read(reader, &byte, 1, &got));
            assert_int_equal(1, got);
        }
        for (int n = 0; n < 2; n++)
            assert_int_equal(OZC_FAILED, ozc_reader_read(reader, &byte, 1, &got));
        assert_int_equal(0, got);
        ozc_reader_free(reader);
        f->container.data[entry->offset + i] ^= 1;
    }
}

static void fails_where_bytes_are_gone_and_stays_failed(void **state)
{
    struct fixture *f = *state;
    const ozc_entry *entry = entry_of(f->report, "media/photo.png");
    ozc_reader *reader = NULL;
    size_t got = 7;
    uint8_t buffer[100];
    assert_int_equal(OZC_VALID, ozc_reader_new_memory(f->report, entry->name, f->container.data,
                                                      (size_t)(entry->offset + entry->size - 1), &reader));
    assert_int_equal(OZC_VALID, ozc_reader_read(reader, buffer, 50, &got));
    assert_int_equal(50, got);
    assert_int_equal(OZC_FAILED, ozc_reader_read(reader, buffer, 50, &got));
    assert_int_equal(0, got);
    assert_int_equal(OZC_FAILED, ozc_reader_read(reader, buffer, 1, &got));
    ozc_reader_free(reader);
}

static void lives_longer_than_the_report(void **state)
{
    struct fixture *f = *state;
    ozc_report *report = check_testdata(FILE_NAME, "-");
    ozc_reader *reader = NULL;
    size_t total = 0;
    assert_int_equal(OZC_VALID,
                     ozc_reader_new_memory(report, "signature", f->container.data, f->container.len, &reader));
    ozc_report_free(report);
    assert_int_equal(OZC_VALID, drain(reader, 10, NULL, &total));
    ozc_reader_free(reader);
}

static void reads_files_and_descriptors(void **state)
{
    struct fixture *f = *state;
    const ozc_entry *entry = entry_of(f->report, "media/photo.png");
    ozc_reader *reader = NULL;
    size_t total = 0;
    assert_int_equal(OZC_VALID, ozc_reader_new_file(f->report, entry->name, TESTDATA "/" FILE_NAME, &reader));
    assert_int_equal(OZC_VALID, drain(reader, 10, f->container.data + entry->offset, &total));
    assert_int_equal(entry->size, total);
    ozc_reader_free(reader);
    int fd = open(TESTDATA "/" FILE_NAME, O_RDONLY);
    assert_int_equal(OZC_VALID, ozc_reader_new_fd(f->report, entry->name, fd, &reader));
    assert_int_equal(OZC_VALID, drain(reader, 10, f->container.data + entry->offset, &total));
    assert_int_equal(entry->size, total);
    ozc_reader_free(reader);
    assert_int_equal(0, lseek(fd, 0, SEEK_CUR));
    assert_int_equal(0, close(fd));
}

static void fails_on_another_container_than_was_verified(void **state)
{
    struct fixture *f = *state;
    ozc_reader *reader = NULL;
    size_t total = 0;
    assert_int_equal(OZC_VALID,
                     ozc_reader_new_file(f->report, "signature", TESTDATA "/valid/limit-of-entries.ozc", &reader));
    assert_int_equal(OZC_FAILED, drain(reader, 10, NULL, &total));
    ozc_reader_free(reader);
}

static void fails_where_the_file_can_not_be_opened(void **state)
{
    struct fixture *f = *state;
    static char place;
    ozc_reader *reader = (ozc_reader *)(void *)&place;
    assert_int_equal(OZC_FAILED, ozc_reader_new_file(f->report, "signature", TESTDATA "/missing", &reader));
    assert_null(reader);
    reader = (ozc_reader *)(void *)&place;
    assert_int_equal(OZC_FAILED, ozc_reader_new_file(f->report, "signature", TESTDATA, &reader));
    assert_null(reader);
    reader = (ozc_reader *)(void *)&place;
    assert_int_equal(OZC_FAILED, ozc_reader_new_fd(f->report, "signature", -1, &reader));
    assert_null(reader);
}

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct fixture *)user)->container.len;
    return 0;
}

static int say_no_size(void *user, uint64_t *size)
{
    (void)user;
    *size = 10;
    return -1;
}

static int64_t read_three(void *user, uint64_t offset, void *buffer, size_t len)
{
    const struct fixture *f = user;
    size_t count = len < 3 ? len : 3;
    memcpy(buffer, f->container.data + offset, count);
    return (int64_t)count;
}

static int64_t read_nothing(void *user, uint64_t offset, void *buffer, size_t len)
{
    (void)user, (void)offset, (void)buffer, (void)len;
    return -1;
}

static void reads_callbacks_that_give_little_or_nothing(void **state)
{
    struct fixture *f = *state;
    const ozc_entry *entry = entry_of(f->report, "hashes.sha256");
    const ozc_source little = {sizeof little, f, say_size, read_three};
    const ozc_source nothing = {sizeof nothing, f, say_size, read_nothing};
    const ozc_source unsized = {sizeof unsized, f, say_no_size, read_three};
    ozc_reader *reader = NULL;
    size_t total = 0;
    assert_int_equal(OZC_VALID, ozc_reader_new_source(f->report, entry->name, &little, &reader));
    assert_int_equal(OZC_VALID, drain(reader, 100, f->container.data + entry->offset, &total));
    assert_int_equal(entry->size, total);
    ozc_reader_free(reader);
    assert_int_equal(OZC_VALID, ozc_reader_new_source(f->report, entry->name, &nothing, &reader));
    assert_int_equal(OZC_FAILED, drain(reader, 100, NULL, &total));
    assert_int_equal(0, total);
    ozc_reader_free(reader);
    assert_int_equal(OZC_FAILED, ozc_reader_new_source(f->report, entry->name, &unsized, &reader));
    assert_null(reader);
}

static void assert_refused(const struct fixture *f, const ozc_report *report, const char *entry)
{
    static char place;
    ozc_reader *reader = (ozc_reader *)(void *)&place;
    assert_int_equal(OZC_MISUSE, ozc_reader_new_memory(report, entry, f->container.data, f->container.len, &reader));
    assert_null(reader);
}

static void refuses_entries_that_are_not_there(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, f->report, "media/other.png");
    assert_refused(f, f->report, "Media/photo.png");
    assert_refused(f, f->report, "media/photo.pn");
    assert_refused(f, f->report, "");
    assert_refused(f, f->report, NULL);
}

static void refuses_reports_that_are_not_valid(void **state)
{
    struct fixture *f = *state;
    ozc_report *rejected = check_testdata(FILE_NAME, "at=0");
    ozc_report *failed = check_testdata(FILE_NAME, "-");
    assert_int_equal(OZC_REJECTED, ozc_report_result(rejected));
    report_fail(failed, "cancelled");
    assert_refused(f, NULL, "signature");
    assert_refused(f, rejected, "signature");
    assert_refused(f, failed, "signature");
    ozc_report_free(rejected);
    ozc_report_free(failed);
}

static void refuses_a_report_whose_token_was_used_before(void **state)
{
    struct fixture *f = *state;
    ozc_store *store = ozc_store_new_memory(4);
    ozc_report *report = check_testdata(FILE_NAME, "-");
    assert_int_equal(OZC_VALID, ozc_report_claim(report, store));
    assert_int_equal(OZC_REJECTED, ozc_report_claim(report, store));
    assert_refused(f, report, "signature");
    ozc_report_free(report);
    ozc_store_free(store);
}

static void refuses_wrong_arguments(void **state)
{
    struct fixture *f = *state;
    const ozc_source whole = {sizeof whole, f, say_size, read_three};
    ozc_source broken[] = {whole, whole, whole};
    ozc_reader *reader = NULL;
    broken[0].struct_size--;
    broken[1].size = NULL;
    broken[2].read_at = NULL;
    assert_int_equal(OZC_MISUSE, ozc_reader_new_memory(f->report, "signature", f->container.data, 1, NULL));
    assert_int_equal(OZC_MISUSE, ozc_reader_new_memory(f->report, "signature", NULL, 1, &reader));
    assert_null(reader);
    assert_int_equal(OZC_MISUSE, ozc_reader_new_fd(f->report, "none", 0, &reader));
    assert_null(reader);
    assert_int_equal(OZC_MISUSE, ozc_reader_new_file(f->report, "signature", NULL, &reader));
    assert_null(reader);
    assert_int_equal(OZC_MISUSE, ozc_reader_new_source(f->report, "signature", NULL, &reader));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(OZC_MISUSE, ozc_reader_new_source(f->report, "signature", &broken[i], &reader));
        assert_null(reader);
    }
}

static void refuses_reading_into_nothing(void **state)
{
    struct fixture *f = *state;
    ozc_reader *reader = NULL;
    uint8_t buffer[4];
    size_t got = 0;
    size_t total = 0;
    assert_int_equal(OZC_VALID,
                     ozc_reader_new_memory(f->report, "signature", f->container.data, f->container.len, &reader));
    assert_int_equal(OZC_MISUSE, ozc_reader_read(NULL, buffer, 4, &got));
    assert_int_equal(OZC_MISUSE, ozc_reader_read(reader, NULL, 4, &got));
    assert_int_equal(OZC_MISUSE, ozc_reader_read(reader, buffer, 0, &got));
    assert_int_equal(OZC_MISUSE, ozc_reader_read(reader, buffer, 4, NULL));
    assert_int_equal(OZC_VALID, drain(reader, 4, NULL, &total));
    assert_int_equal(entry_of(f->report, "signature")->size, total);
    ozc_reader_free(reader);
    ozc_reader_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivers_every_entry_in_pieces_of_any_size),
        cmocka_unit_test(says_the_end_again_and_again),
        cmocka_unit_test(notices_every_changed_byte_at_the_end_and_stays_failed),
        cmocka_unit_test(fails_where_bytes_are_gone_and_stays_failed),
        cmocka_unit_test(lives_longer_than_the_report),
        cmocka_unit_test(reads_files_and_descriptors),
        cmocka_unit_test(fails_on_another_container_than_was_verified),
        cmocka_unit_test(fails_where_the_file_can_not_be_opened),
        cmocka_unit_test(reads_callbacks_that_give_little_or_nothing),
        cmocka_unit_test(refuses_entries_that_are_not_there),
        cmocka_unit_test(refuses_reports_that_are_not_valid),
        cmocka_unit_test(refuses_a_report_whose_token_was_used_before),
        cmocka_unit_test(refuses_wrong_arguments),
        cmocka_unit_test(refuses_reading_into_nothing),
    };
    return cmocka_run_group_tests(tests, make, forget);
}
