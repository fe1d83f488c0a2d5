/* check_archive.c: one file has one meaning, and no byte stands outside of it. */
#include "archive.h"
#include "support.h"
#include "zip_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Judges bytes in a block of memory of exactly their size. */
static ozc_report *judge(const struct settings *s, const unsigned char *bytes, size_t len)
{
    unsigned char *exactly = malloc(len == 0 ? 1 : len);
    ozc_report *report = NULL;
    memcpy(exactly, bytes, len);
    ozc_policy_set_mode(s->policy, OZC_FIRST_FAULT);
    (void)!ozc_validate_memory(s->policy, exactly, len, &s->call, &report);
    free(exactly);
    return report;
}

static void assert_judged(const struct settings *s, const unsigned char *bytes, size_t len, const char *rule)
{
    ozc_report *report = judge(s, bytes, len);
    assert_verdict(report, rule);
    ozc_report_free(report);
}

static struct end_record end_of(struct bytes container)
{
    struct end_record end;
    assert_true(zip_read_end(container.data + container.len - END_RECORD_SIZE, &end));
    return end;
}

static void rejects_a_container_that_is_cut_anywhere(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/default.ozc");
    for (size_t len = 4; len < container.len; len++)
        assert_judged(&s, container.data, len, "archive.truncated");
    assert_judged(&s, container.data, container.len, NULL);
    free(container.data);
    ozc_policy_free(s.policy);
}

static void tells_bytes_behind_the_end_as_far_as_it_looks_back(void **state)
{
    (void)state;
    static const struct {
        size_t more;
        const char *rule;
    } rows[] = {{1, "archive.trailing"},     {21, "archive.trailing"},    {22, "archive.trailing"},
                {1000, "archive.trailing"},  {65534, "archive.trailing"}, {65535, "archive.trailing"},
                {65536, "archive.truncated"}};
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/default.ozc");
    container.data = realloc(container.data, container.len + 65536);
    memset(container.data + container.len, 'P', 65536);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ozc_report *report = judge(&s, container.data, container.len + rows[i].more);
        assert_verdict(report, rows[i].rule);
        if (i < 6)
            assert_int_equal(container.len, ozc_report_finding(report, 0)->offset);
        ozc_report_free(report);
    }
    free(container.data);
    ozc_policy_free(s.policy);
}

static void tells_a_comment_from_bytes_behind_it_and_from_one_that_was_cut(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/default.ozc");
    container.data = realloc(container.data, container.len + 100);
    memset(container.data + container.len, 'c', 100);
    container.data[container.len - 2] = 50;
    assert_judged(&s, container.data, container.len, "archive.truncated");
    assert_judged(&s, container.data, container.len + 49, "archive.truncated");
    assert_judged(&s, container.data, container.len + 50, "archive.comment");
    assert_judged(&s, container.data, container.len + 51, "archive.trailing");
    free(container.data);
    ozc_policy_free(s.policy);
}

/* May this bit of the structure be another one? Section 2.6 of the format, by place in a central record. */
static int is_free(size_t in_central, unsigned bit)
{
    return in_central == 4                                           /* version of "made by" */
           || in_central == 36 || in_central == 37                   /* internal attributes */
           || (in_central == 38 && bit != 3 && bit != 4 && bit != 6) /* DOS attributes but volume, folder and device */
           || (in_central == 39 && bit != 2)                         /* and but reparse point */
           || in_central == 40                                       /* Unix permissions, first byte */
           || (in_central == 41 && bit < 1);                         /* and the ninth of their bits */
}

/* Bytes of the structure: for a central record the place in it, for the rest SIZE_MAX; false: a byte of content. */
static int is_structure(const ozc_report *before, size_t at, const struct bytes *container, size_t *in_central)
{
    struct end_record end = end_of(*container);
    *in_central = SIZE_MAX;
    if (at >= (size_t)end.directory_offset + end.directory_size)
        return 1;
    for (size_t record = end.directory_offset; record <= at && at >= end.directory_offset;) {
        struct central_record c;
        assert_true(zip_read_central(container->data + record, &c));
        size_t len = CENTRAL_RECORD_SIZE + (size_t)c.fields.name_len;
        if (at < record + len)
            *in_central = at - record;
        record += len;
    }
    for (size_t i = 0; i < ozc_report_entry_count(before); i++) {
        const ozc_entry *entry = ozc_report_entry(before, i);
        if (at >= entry->offset && at < entry->offset + entry->size)
            return 0;
    }
    return 1;
}

static void rejects_every_other_bit_of_the_structure_that_has_a_meaning(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/default.ozc");
    ozc_report *before = judge(&s, container.data, container.len);
    size_t in_central = 0;
    for (size_t at = 4; at < container.len; at++) {
        if (!is_structure(before, at, &container, &in_central))
            continue;
        for (unsigned bit = 0; bit < 8; bit++) {
            container.data[at] ^= (unsigned char)(1u << bit);
            ozc_report *report = judge(&s, container.data, container.len);
            const ozc_rule *rule = ozc_report_rule(report);
            /* A Unix type of 0 is none: the one bit of "regular file" may go. */
            int allowed = is_free(in_central, bit) || (in_central == 41 && bit == 7);
            if (allowed != (ozc_report_result(report) == OZC_VALID) ||
                (!allowed && (rule == NULL || rule->check != OZC_CHECK_ARCHIVE)))
                fail_msg("byte %zu (%zu of a central record), bit %u: %s", at, in_central, bit,
                         rule == NULL ? "no rule" : rule->id);
            ozc_report_free(report);
            container.data[at] ^= (unsigned char)(1u << bit);
        }
    }
    ozc_report_free(before);
    free(container.data);
    ozc_policy_free(s.policy);
}

/* A container by callbacks, some bytes at a time. */
struct chunks {
    struct bytes bytes;
    size_t most;
};

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct chunks *)user)->bytes.len;
    return 0;
}

static int64_t read_chunk(void *user, uint64_t offset, void *buffer, size_t len)
{
    const struct chunks *chunks = user;
    size_t count = len < chunks->most ? len : chunks->most;
    assert_true(offset + len <= chunks->bytes.len);
    memcpy(buffer, chunks->bytes.data + offset, count);
    return (int64_t)count;
}

static void assert_same_by_callbacks(const struct settings *s, struct bytes container)
{
    static const size_t sizes[] = {1, 29, 4096, SIZE_MAX};
    ozc_report *memory = judge(s, container.data, container.len);
    char *expected = ozc_render_json(memory, "c");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct chunks chunks = {container, sizes[i]};
        const ozc_source source = {sizeof source, &chunks, say_size, read_chunk};
        ozc_report *report = NULL;
        (void)!ozc_validate_source(s->policy, &source, &s->call, &report);
        char *text = ozc_render_json(report, "c");
        assert_string_equal(expected, text);
        ozc_free(text);
        ozc_report_free(report);
    }
    ozc_free(expected);
    ozc_report_free(memory);
}

static void says_the_same_of_memory_and_of_a_source_that_gives_little(void **state)
{
    (void)state;
    static const char *const files[] = {"valid/three-media.ozc",
                                        "valid/limit-of-entries.ozc",
                                        "invalid/archive.comment-largest.ozc",
                                        "invalid/archive.gap-before-directory.ozc",
                                        "invalid/archive.directory-prefix.ozc",
                                        "invalid/archive.extra_field-local-length-beyond-file.ozc",
                                        "invalid/archive.directory-name-length-beyond-its-end.ozc",
                                        "invalid/archive.directory-cut-last-record.ozc"};
    struct settings s = make_settings("-");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes container = read_testdata(files[i]);
        assert_same_by_callbacks(&s, container);
        free(container.data);
    }
    ozc_policy_free(s.policy);
}

/* As many entries with the longest names as the default allows: a directory of 38 KB, more than two windows. */
static struct bytes pack_long_names(void)
{
    char folder[] = "/tmp/ozcapsula-archive-XXXXXX";
    char path[64];
    struct bytes key = read_testdata("keys/TEST-signer-p384.key");
    struct bytes valid = read_testdata("valid/default.ozc");
    ozc_report *before = check_testdata("valid/default.ozc", "-");
    const ozc_entry *token = ozc_report_entry(before, 3);
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/c.ozc", folder);
    assert_string_equal("session_token", token->name);
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", "{}", 2));
    assert_int_equal(OZC_VALID,
                     ozc_packer_add_data(packer, token->name, valid.data + token->offset, (size_t)token->size));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/a", "a", 1));
    for (int i = 0; i < 128 - 6; i++) {
        char name[NAME_MOST + 1];
        snprintf(name, sizeof name, "ext/%0*d", NAME_MOST - 4, i);
        assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, name, name, (size_t)i));
    }
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, key.data, key.len, path, &report));
    struct bytes packed = read_file(path);
    assert_int_equal(0, unlink(path) + rmdir(folder));
    ozc_report_free(report);
    ozc_report_free(before);
    ozc_packer_free(packer);
    free(valid.data);
    free(key.data);
    return packed;
}

static void reads_a_directory_of_more_than_one_window(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = pack_long_names();
    assert_true(end_of(container).directory_size > 2 * 16384);
    assert_judged(&s, container.data, container.len, NULL);
    assert_same_by_callbacks(&s, container);
    container.data[container.len - END_RECORD_SIZE - 1] ^= 1; /* in the name of the last record */
    assert_judged(&s, container.data, container.len, "archive.mismatch");
    assert_same_by_callbacks(&s, container);
    free(container.data);
    ozc_policy_free(s.policy);
}

static void takes_limits_on_size_and_entries_as_inclusive(void **state)
{
    (void)state;
    struct settings s = make_settings("-");
    struct bytes container = read_testdata("valid/default.ozc");
    assert_int_equal(OZC_VALID, ozc_policy_set_limit(s.policy, OZC_LIMIT_CONTAINER, container.len));
    assert_int_equal(OZC_VALID, ozc_policy_set_limit(s.policy, OZC_LIMIT_ENTRIES, 6));
    assert_judged(&s, container.data, container.len, NULL);
    assert_int_equal(OZC_VALID, ozc_policy_set_limit(s.policy, OZC_LIMIT_ENTRIES, 5));
    assert_judged(&s, container.data, container.len, "archive.limit");
    assert_int_equal(OZC_VALID, ozc_policy_set_limit(s.policy, OZC_LIMIT_CONTAINER, container.len - 1));
    ozc_report *report = judge(&s, container.data, container.len);
    assert_verdict(report, "archive.limit");
    assert_null(ozc_report_finding(report, 0)->entry);
    assert_int_equal(0, ozc_report_finding(report, 0)->has_offset);
    ozc_report_free(report);
    free(container.data);
    ozc_policy_free(s.policy);
}

static int say_4_gib(void *user, uint64_t *size)
{
    *size = UINT64_C(1) << 32;
    return *(int *)user;
}

static int64_t read_start(void *user, uint64_t offset, void *buffer, size_t len)
{
    (void)user;
    assert_true(offset + len <= 4);
    memcpy(buffer, "PK\3\4", len);
    return (int64_t)len;
}

static void never_takes_4_gib_and_reads_nothing_more_of_them(void **state)
{
    (void)state;
    int zero = 0;
    struct settings s = make_settings("limit.container=4294967294");
    const ozc_source source = {sizeof source, &zero, say_4_gib, read_start};
    ozc_report *report = NULL;
    assert_int_equal(OZC_REJECTED, ozc_validate_source(s.policy, &source, &s.call, &report));
    assert_verdict(report, "archive.limit");
    ozc_report_free(report);
    ozc_policy_free(s.policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_a_container_that_is_cut_anywhere),
        cmocka_unit_test(tells_bytes_behind_the_end_as_far_as_it_looks_back),
        cmocka_unit_test(tells_a_comment_from_bytes_behind_it_and_from_one_that_was_cut),
        cmocka_unit_test(rejects_every_other_bit_of_the_structure_that_has_a_meaning),
        cmocka_unit_test(says_the_same_of_memory_and_of_a_source_that_gives_little),
        cmocka_unit_test(reads_a_directory_of_more_than_one_window),
        cmocka_unit_test(takes_limits_on_size_and_entries_as_inclusive),
        cmocka_unit_test(never_takes_4_gib_and_reads_nothing_more_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
