/* check_hash.c: the list names every entry, and no other, with the SHA-256 that it has. */
#include "report.h"
#include "support.h"
#include "zip_records.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <libdeflate.h>

#define LINE_OF(name) (64 + 2 + sizeof(name))

/* A valid container in memory whose hash list is changed in place; CRC-32 and the two checks before are no matter. */
struct listed {
    struct bytes container;
    ozc_report *before;
    char *list;
    size_t len;
};

static const struct entry *entry_of(const ozc_report *report, const char *name)
{
    for (size_t i = 0; i < report->entry_count; i++)
        if (strcmp(report->entries[i].shown.name, name) == 0)
            return &report->entries[i];
    fail_msg("no entry %s", name);
    return NULL;
}

static struct listed open_list(const char *name)
{
    struct listed l = {.container = read_testdata(name), .before = check_testdata(name, "-")};
    assert_verdict(l.before, NULL);
    const ozc_entry *list = &entry_of(l.before, "hashes.sha256")->shown;
    l.list = (char *)l.container.data + list->offset;
    l.len = (size_t)list->size;
    return l;
}

static void forget(struct listed *l)
{
    free(l->container.data);
    ozc_report_free(l->before);
}

/* Where the line of that name begins in the list. */
static char *line_of(const struct listed *l, const char *name)
{
    size_t len = strlen(name);
    for (char *at = l->list; at < l->list + l->len; at = (char *)memchr(at, '\n', l->len) + 1)
        if (memcmp(at + 66, name, len) == 0 && at[66 + len] == '\n')
            return at;
    fail_msg("no line of %s", name);
    return NULL;
}

static void put32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

/* Puts the CRC-32 of an entry right in both records. */
static void fix_crc(struct listed *l, const char *name)
{
    const struct entry *entry = entry_of(l->before, name);
    uint32_t crc = libdeflate_crc32(0, l->container.data + entry->shown.offset, (size_t)entry->shown.size);
    put32(l->container.data + entry->record + 14, crc);
    for (size_t at = 0; at + CENTRAL_RECORD_SIZE < l->container.len; at++) {
        struct central_record central;
        if (zip_read_central(l->container.data + at, &central) && central.offset == entry->record)
            put32(l->container.data + at + 16, crc);
    }
}

static ozc_report *judge(struct listed *l, ozc_mode mode)
{
    struct settings s = make_settings("skip=session_token;skip=signature");
    ozc_report *report = NULL;
    fix_crc(l, "hashes.sha256");
    ozc_policy_set_mode(s.policy, mode);
    (void)!ozc_validate_memory(s.policy, l->container.data, l->container.len, &s.call, &report);
    ozc_policy_free(s.policy);
    return report;
}

static void assert_found(const ozc_report *report, size_t index, const char *rule, const char *entry, uint64_t offset)
{
    const ozc_finding *finding = ozc_report_finding(report, index);
    assert_non_null(finding);
    assert_string_equal(rule, finding->rule->id);
    assert_string_equal(entry, finding->entry);
    assert_int_equal(1, finding->has_offset);
    assert_int_equal(offset, finding->offset);
}

static uint64_t place_of(const struct listed *l, const char *at)
{
    return (uint64_t)((const unsigned char *)at - l->container.data);
}

static void names_the_content_by_the_digest_of_the_list(void **state)
{
    (void)state;
    struct listed l = open_list("valid/three-media.ozc");
    unsigned char expected[32];
    SHA256((const unsigned char *)l.list, l.len, expected);
    assert_memory_equal(expected, ozc_report_content_id(l.before), 32);
    forget(&l);
}

static void tells_each_digit_that_is_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < 64; i++) {
        struct listed l = open_list("valid/default.ozc");
        char *digit = line_of(&l, "media/photo.png") + i;
        *digit = *digit == '0' ? '1' : '0';
        ozc_report *report = judge(&l, OZC_ALL_FAULTS);
        assert_verdict(report, "hash.mismatch");
        assert_found(report, 0, "hash.mismatch", "media/photo.png",
                     entry_of(l.before, "media/photo.png")->shown.offset);
        assert_null(ozc_report_content_id(report));
        ozc_report_free(report);
        forget(&l);
    }
}

static void tells_mismatches_in_file_order_not_in_that_of_the_list(void **state)
{
    (void)state;
    static const char *const names[] = {"mimetype", "session_token", "media/photo.png", "payload.json"};
    struct listed l = open_list("valid/other-order.ozc");
    for (size_t i = 0; i < 4; i++) {
        char *digit = line_of(&l, names[i]);
        *digit = *digit == 'a' ? 'b' : 'a';
    }
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    for (size_t i = 0; i < 4; i++)
        assert_found(report, i, "hash.mismatch", names[i], entry_of(l.before, names[i])->shown.offset);
    ozc_report_free(report);
    report = judge(&l, OZC_FIRST_FAULT);
    assert_int_equal(1, ozc_report_finding_count(report));
    assert_found(report, 0, "hash.mismatch", "mimetype", entry_of(l.before, "mimetype")->shown.offset);
    ozc_report_free(report);
    forget(&l);
}

static void tells_what_is_unlisted_then_strangers_then_mismatches(void **state)
{
    (void)state;
    struct listed l = open_list("valid/three-media.ozc");
    char *first = line_of(&l, "media/clip.mp4");
    char *second = line_of(&l, "media/photo.jpg");
    char *third = line_of(&l, "mimetype");
    first[66 + strlen("media/clip.mp")] = '5';
    second[66 + strlen("media/photo.jp")] = 'i';
    third[0] = third[0] == '0' ? '1' : '0';
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    assert_int_equal(5, ozc_report_finding_count(report));
    assert_found(report, 0, "hash.unlisted", "media/clip.mp4", entry_of(l.before, "media/clip.mp4")->shown.offset);
    assert_found(report, 1, "hash.unlisted", "media/photo.jpg", entry_of(l.before, "media/photo.jpg")->shown.offset);
    assert_found(report, 2, "hash.no_such_entry", "hashes.sha256", place_of(&l, first));
    assert_found(report, 3, "hash.no_such_entry", "hashes.sha256", place_of(&l, second));
    assert_found(report, 4, "hash.mismatch", "mimetype", entry_of(l.before, "mimetype")->shown.offset);
    ozc_report_free(report);
    forget(&l);
}

static void looks_no_further_than_a_malformed_list(void **state)
{
    (void)state;
    struct listed l = open_list("valid/three-media.ozc");
    char *first = line_of(&l, "media/photo.jpg");
    char *second = line_of(&l, "payload.json");
    char *wrong = line_of(&l, "mimetype");
    first[10] = 'A';
    second[64] = '\t';
    wrong[0] = wrong[0] == '0' ? '1' : '0';
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    assert_verdict(report, "hash.malformed");
    assert_int_equal(2, ozc_report_finding_count(report));
    assert_found(report, 0, "hash.malformed", "hashes.sha256", place_of(&l, first));
    assert_found(report, 1, "hash.malformed", "hashes.sha256", place_of(&l, second));
    ozc_report_free(report);
    report = judge(&l, OZC_FIRST_FAULT);
    assert_int_equal(1, ozc_report_finding_count(report));
    ozc_report_free(report);
    forget(&l);
}

static void refuses_lines_that_changed_places(void **state)
{
    (void)state;
    struct listed l = open_list("valid/default.ozc");
    char *first = l.list;
    size_t len = LINE_OF("media/photo.png");
    char kept[LINE_OF("media/photo.png")];
    char *second = first + len;
    size_t second_len = (size_t)((char *)memchr(second, '\n', l.len - len) + 1 - second);
    memcpy(kept, first, len);
    memmove(first, second, second_len);
    memcpy(first + second_len, kept, len);
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    assert_verdict(report, "hash.malformed");
    assert_found(report, 0, "hash.malformed", "hashes.sha256", place_of(&l, first + second_len));
    ozc_report_free(report);
    forget(&l);
}

static void refuses_a_list_whose_last_line_feed_is_another_byte(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        struct listed l = open_list("valid/default.ozc");
        if (c != '\n') {
            l.list[l.len - 1] = (char)c;
            ozc_report *report = judge(&l, OZC_FIRST_FAULT);
            assert_verdict(report, "hash.malformed");
            ozc_report_free(report);
        }
        forget(&l);
    }
}

static void keeps_32_mismatches_and_counts_the_rest(void **state)
{
    (void)state;
    struct listed l = open_list("valid/limit-of-entries.ozc");
    size_t changed = 0;
    for (char *at = l.list; changed < 40; at = (char *)memchr(at, '\n', l.len) + 1) {
        *at = *at == '0' ? '1' : '0';
        changed++;
    }
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    assert_verdict(report, "hash.mismatch");
    assert_int_equal(8, ozc_report_findings_omitted(report));
    ozc_report_free(report);
    forget(&l);
}

static void compares_all_that_is_not_damaged_and_fails_silently_for_what_is(void **state)
{
    (void)state;
    struct listed l = open_list("valid/three-media.ozc");
    const ozc_entry *jpg = &entry_of(l.before, "media/photo.jpg")->shown;
    l.container.data[jpg->offset] ^= 1;
    ozc_report *report = judge(&l, OZC_ALL_FAULTS);
    assert_verdict(report, "integrity.crc");
    assert_int_equal(OZC_NOT_PASSED, ozc_report_state(report, OZC_CHECK_HASH));
    assert_int_equal(OZC_CHECK_INTEGRITY, ozc_report_finding(report, 0)->rule->check);
    for (size_t i = 1; i < ozc_report_finding_count(report); i++)
        assert_int_not_equal(OZC_CHECK_HASH, ozc_report_finding(report, i)->rule->check);
    ozc_report_free(report);
    const ozc_entry *mp4 = &entry_of(l.before, "media/clip.mp4")->shown;
    l.container.data[mp4->offset] ^= 1;
    fix_crc(&l, "media/clip.mp4");
    report = judge(&l, OZC_ALL_FAULTS);
    assert_verdict(report, "integrity.crc");
    assert_found(report, 1, "hash.mismatch", "media/clip.mp4", mp4->offset);
    ozc_report_free(report);
    forget(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_content_by_the_digest_of_the_list),
        cmocka_unit_test(tells_each_digit_that_is_another),
        cmocka_unit_test(tells_mismatches_in_file_order_not_in_that_of_the_list),
        cmocka_unit_test(tells_what_is_unlisted_then_strangers_then_mismatches),
        cmocka_unit_test(looks_no_further_than_a_malformed_list),
        cmocka_unit_test(refuses_lines_that_changed_places),
        cmocka_unit_test(refuses_a_list_whose_last_line_feed_is_another_byte),
        cmocka_unit_test(keeps_32_mismatches_and_counts_the_rest),
        cmocka_unit_test(compares_all_that_is_not_damaged_and_fails_silently_for_what_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
