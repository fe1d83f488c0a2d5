/* check_integrity.c: every entry has its CRC-32, and its digest is of the bytes whose CRC-32 was compared. */
#include "report.h"
#include "support.h"
#include "zip_records.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A container in memory, and what the library said of it before it was damaged. */
struct damaged {
    struct bytes container;
    ozc_report *before;
};

static struct damaged open_valid(const char *name)
{
    struct damaged d = {read_testdata(name), check_testdata(name, "-")};
    assert_verdict(d.before, NULL);
    return d;
}

static void forget(struct damaged *d)
{
    free(d->container.data);
    ozc_report_free(d->before);
}

static const struct entry *entry_of(const struct damaged *d, const char *name)
{
    for (size_t i = 0; i < d->before->entry_count; i++)
        if (strcmp(d->before->entries[i].shown.name, name) == 0)
            return &d->before->entries[i];
    fail_msg("no entry %s", name);
    return NULL;
}

static void damage(struct damaged *d, const char *name)
{
    const ozc_entry *entry = &entry_of(d, name)->shown;
    assert_true(entry->size > 0);
    d->container.data[entry->offset + entry->size - 1] ^= 1;
}

static ozc_report *judge(const struct damaged *d, ozc_mode mode)
{
    struct settings s = make_settings("-");
    ozc_report *report = NULL;
    ozc_policy_set_mode(s.policy, mode);
    (void)!ozc_validate_memory(s.policy, d->container.data, d->container.len, &s.call, &report);
    ozc_policy_free(s.policy);
    return report;
}

static void takes_the_sha256_of_each_entry(void **state)
{
    (void)state;
    struct damaged d = open_valid("valid/every-kind-of-media.ozc");
    for (size_t i = 0; i < ozc_report_entry_count(d.before); i++) {
        const ozc_entry *entry = ozc_report_entry(d.before, i);
        unsigned char expected[32];
        SHA256(d.container.data + entry->offset, (size_t)entry->size, expected);
        assert_memory_equal(expected, entry->sha256, 32);
    }
    forget(&d);
}

static void tells_damage_in_any_entry_by_name_and_gives_it_no_digest(void **state)
{
    (void)state;
    static const char *const names[] = {"payload.json",  "media/photo.png", "ext/log",  "ext/payload.json",
                                        "session_token", "hashes.sha256",   "signature"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int mode = OZC_FIRST_FAULT; mode <= OZC_ALL_FAULTS; mode++) {
            struct damaged d = open_valid("valid/ext.ozc");
            damage(&d, names[i]);
            ozc_report *report = judge(&d, (ozc_mode)mode);
            assert_verdict(report, "integrity.crc");
            const ozc_finding *finding = ozc_report_finding(report, 0);
            assert_string_equal(names[i], finding->entry);
            assert_int_equal(entry_of(&d, names[i])->shown.offset, finding->offset);
            for (size_t k = 0; k < ozc_report_entry_count(report); k++)
                if (strcmp(ozc_report_entry(report, k)->name, names[i]) == 0)
                    assert_null(ozc_report_entry(report, k)->sha256);
            ozc_report_free(report);
            forget(&d);
        }
}

static void lists_all_damaged_entries_in_file_order(void **state)
{
    (void)state;
    static const char *const names[] = {"signature", "hashes.sha256", "session_token", "media/photo.png",
                                        "payload.json"};
    struct damaged d = open_valid("valid/other-order.ozc");
    for (size_t i = 0; i < 5; i++)
        damage(&d, names[i]);
    ozc_report *report = judge(&d, OZC_ALL_FAULTS);
    assert_verdict(report, "integrity.crc");
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal("integrity.crc", ozc_report_finding(report, i)->rule->id);
        assert_string_equal(names[i], ozc_report_finding(report, i)->entry);
    }
    ozc_report_free(report);
    forget(&d);
}

static void tells_the_first_damaged_part_in_file_order_in_first_fault_mode(void **state)
{
    (void)state;
    struct damaged d = open_valid("valid/other-order.ozc");
    damage(&d, "signature");
    damage(&d, "payload.json");
    ozc_report *report = judge(&d, OZC_FIRST_FAULT);
    assert_verdict(report, "integrity.crc");
    assert_string_equal("signature", ozc_report_finding(report, 0)->entry);
    assert_int_equal(1, ozc_report_finding_count(report));
    ozc_report_free(report);
    forget(&d);
}

static void keeps_32_damaged_entries_and_counts_the_rest(void **state)
{
    (void)state;
    struct damaged d = open_valid("valid/limit-of-entries.ozc");
    size_t changed = 0;
    /* The CRC-32 in both records: these entries are empty. */
    for (size_t at = 0; at + CENTRAL_RECORD_SIZE < d.container.len && changed < 2 * 40; at++) {
        struct local_record local;
        struct central_record central;
        if (zip_read_local(d.container.data + at, &local) && local.fields.size == 0)
            d.container.data[at + 14] = 1;
        else if (zip_read_central(d.container.data + at, &central) && central.fields.size == 0)
            d.container.data[at + 16] = 1;
        else
            continue;
        changed++;
        if (changed == 40) /* all local records come before all central ones */
            at = (size_t)d.container.data[d.container.len - 6] + ((size_t)d.container.data[d.container.len - 5] << 8) -
                 1;
    }
    assert_int_equal(80, changed);
    ozc_report *report = judge(&d, OZC_ALL_FAULTS);
    assert_verdict(report, "integrity.crc");
    assert_int_equal(8, ozc_report_findings_omitted(report));
    assert_int_equal(OZC_NOT_PASSED, ozc_report_state(report, OZC_CHECK_HASH));
    for (size_t i = 0; i < ozc_report_finding_count(report); i++)
        assert_int_not_equal(OZC_CHECK_HASH, ozc_report_finding(report, i)->rule->check);
    ozc_report_free(report);
    forget(&d);
}

static void skips_what_needs_a_damaged_entry(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        ozc_state states[5]; /* session_token, signature, integrity, hash, content */
    } rows[] = {
        {"session_token", {OZC_SKIPPED, OZC_SKIPPED, OZC_NOT_PASSED, OZC_NOT_PASSED, OZC_PASSED}},
        {"hashes.sha256", {OZC_PASSED, OZC_SKIPPED, OZC_NOT_PASSED, OZC_SKIPPED, OZC_PASSED}},
        {"signature", {OZC_PASSED, OZC_SKIPPED, OZC_NOT_PASSED, OZC_NOT_PASSED, OZC_PASSED}},
        {"payload.json", {OZC_PASSED, OZC_PASSED, OZC_NOT_PASSED, OZC_NOT_PASSED, OZC_SKIPPED}},
        {"media/photo.png", {OZC_PASSED, OZC_PASSED, OZC_NOT_PASSED, OZC_NOT_PASSED, OZC_PASSED}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct damaged d = open_valid("valid/default.ozc");
        damage(&d, rows[i].name);
        ozc_report *report = judge(&d, OZC_ALL_FAULTS);
        for (int check = 0; check < 5; check++)
            if (ozc_report_state(report, (ozc_check)(OZC_CHECK_SESSION_TOKEN + check)) != rows[i].states[check])
                fail_msg("%s: %s", rows[i].name, ozc_check_name((ozc_check)(OZC_CHECK_SESSION_TOKEN + check)));
        assert_null(ozc_report_content_id(report));
        ozc_report_free(report);
        forget(&d);
    }
}

/* A valid container with one media file of that many bytes, made by the packer beside nothing else. */
static struct bytes pack(const char *path, size_t size)
{
    struct damaged d = open_valid("valid/default.ozc");
    struct bytes key = read_testdata("keys/TEST-signer-p384.key");
    const ozc_entry *token = &entry_of(&d, "session_token")->shown;
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    char *media = malloc(size);
    for (size_t i = 0; i < size; i++)
        media[i] = (char)(i * 31 + (i >> 9));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", "{}", 2));
    assert_int_equal(
        OZC_VALID, ozc_packer_add_data(packer, "session_token", d.container.data + token->offset, (size_t)token->size));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/a", media, size));
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, key.data, key.len, path, &report));
    free(media);
    free(key.data);
    forget(&d);
    ozc_report_free(report);
    ozc_packer_free(packer);
    return read_file(path);
}

static int sum_up(void *user, uint64_t done, uint64_t total)
{
    uint64_t *last = user;
    assert_true(done > *last && done <= total);
    *last = done;
    return 0;
}

static void reads_media_of_any_size_to_their_last_byte(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 131071, 131072, 131073, 262144, 300001};
    char folder[] = "/tmp/ozcapsula-integrity-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/c.ozc", folder);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes container = pack(path, sizes[i]);
        struct settings s = make_settings("-");
        uint64_t read = 0;
        ozc_report *report = NULL;
        s.call.progress = sum_up;
        s.call.user = &read;
        assert_int_equal(OZC_VALID, ozc_validate_file(s.policy, path, &s.call, &report));
        assert_int_equal(sizes[i], read);
        const ozc_entry *media = ozc_report_entry(report, 3);
        assert_string_equal("media/a", media->name);
        container.data[media->offset + sizes[i] - 1] ^= 0x80;
        ozc_report_free(report);
        read = 0;
        assert_int_equal(OZC_REJECTED, ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report));
        assert_verdict(report, "integrity.crc");
        ozc_report_free(report);
        ozc_policy_free(s.policy);
        free(container.data);
    }
    assert_int_equal(0, unlink(path) + rmdir(folder));
}

/* A source that counts the bytes of media that are read. */
struct told {
    struct bytes bytes;
    const ozc_report *entries;
    uint64_t media_read;
};

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct told *)user)->bytes.len;
    return 0;
}

static int64_t read_told(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct told *told = user;
    memcpy(buffer, told->bytes.data + offset, len);
    for (size_t i = 0; i < ozc_report_entry_count(told->entries); i++) {
        const ozc_entry *entry = ozc_report_entry(told->entries, i);
        uint64_t first = offset > entry->offset ? offset : entry->offset;
        uint64_t last = offset + len < entry->offset + entry->size ? offset + len : entry->offset + entry->size;
        if (strncmp(entry->name, "media/", 6) == 0 && last > first)
            told->media_read += last - first;
    }
    return (int64_t)len;
}

/* How many bytes of media are read in that mode, with the last byte of the entry `damage` (NULL: none) another one. */
static uint64_t count_media_read(const char *settings, ozc_mode mode, const char *damage, const char *rule)
{
    struct settings s = make_settings(settings);
    ozc_report *before = check_testdata("valid/every-kind-of-media.ozc", "-");
    ozc_report *report = NULL;
    struct told told = {read_testdata("valid/every-kind-of-media.ozc"), before, 0};
    const ozc_source source = {sizeof source, &told, say_size, read_told};
    for (size_t i = 0; damage != NULL && i < ozc_report_entry_count(before); i++) {
        const ozc_entry *entry = ozc_report_entry(before, i);
        if (strcmp(entry->name, damage) == 0)
            told.bytes.data[entry->offset + entry->size - 1] ^= 1;
    }
    ozc_policy_set_mode(s.policy, mode);
    (void)!ozc_validate_source(s.policy, &source, &s.call, &report);
    assert_verdict(report, rule);
    ozc_report_free(report);
    ozc_report_free(before);
    ozc_policy_free(s.policy);
    free(told.bytes.data);
    return told.media_read;
}

static void reads_no_media_byte_before_token_and_signature_have_held(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        const char *damage;
        const char *rule;
    } rows[] = {{"at=0", NULL, "session_token.not_yet_valid"},
                {"at=9999999999", NULL, "session_token.expired"},
                {"issuer=keys/TEST-stranger-p384.pub", NULL, "session_token.signature"},
                {"signer=keys/TEST-stranger-p384.pub", NULL, "signature.invalid"},
                {"signer=none", NULL, "signature.no_key"},
                {"-", "session_token", "integrity.crc"},
                {"-", "signature", "integrity.crc"},
                {"-", "hashes.sha256", "integrity.crc"},
                {"-", "payload.json", "integrity.crc"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t read = count_media_read(rows[i].settings, OZC_FIRST_FAULT, rows[i].damage, rows[i].rule);
        if (read != 0)
            fail_msg("%s (%s): %llu bytes of media", rows[i].rule, rows[i].settings, (unsigned long long)read);
    }
}

static void reads_media_once_where_they_are_judged(void **state)
{
    (void)state;
    uint64_t size = 0;
    ozc_report *report = check_testdata("valid/every-kind-of-media.ozc", "-");
    for (size_t i = 0; i < ozc_report_entry_count(report); i++)
        if (strncmp(ozc_report_entry(report, i)->name, "media/", 6) == 0)
            size += ozc_report_entry(report, i)->size;
    ozc_report_free(report);
    assert_int_equal(size, count_media_read("-", OZC_FIRST_FAULT, NULL, NULL));
    assert_int_equal(size, count_media_read("at=0", OZC_ALL_FAULTS, NULL, "session_token.not_yet_valid"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_sha256_of_each_entry),
        cmocka_unit_test(tells_damage_in_any_entry_by_name_and_gives_it_no_digest),
        cmocka_unit_test(lists_all_damaged_entries_in_file_order),
        cmocka_unit_test(tells_the_first_damaged_part_in_file_order_in_first_fault_mode),
        cmocka_unit_test(keeps_32_damaged_entries_and_counts_the_rest),
        cmocka_unit_test(skips_what_needs_a_damaged_entry),
        cmocka_unit_test(reads_media_of_any_size_to_their_last_byte),
        cmocka_unit_test(reads_no_media_byte_before_token_and_signature_have_held),
        cmocka_unit_test(reads_media_once_where_they_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
