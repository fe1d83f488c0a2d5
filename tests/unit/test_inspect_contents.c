/* inspect_contents.c: digests of what is stored, and of nothing else. */
#include "zip_bytes.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char sha256_of_abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                                0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                                0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

static const ozc_inspected_entry *only(const ozc_inspection *inspection)
{
    assert_int_equal(1, ozc_inspection_entry_count(inspection));
    return ozc_inspection_entry(inspection, 0);
}

static void digests_stored_content(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "abc");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_memory_equal(sha256_of_abc, only(inspection)->sha256, 32);
    assert_int_equal(OZC_SAME, only(inspection)->crc);
    assert_string_equal("text", only(inspection)->kind);
    ozc_inspection_free(inspection);
}

static void digests_content_whose_crc_is_wrong(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "abc");
    entry.crc = 0x12345678;
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_memory_equal(sha256_of_abc, only(inspection)->sha256, 32);
    assert_int_equal(OZC_OTHER, only(inspection)->crc);
    assert_int_equal(1, notes_with(inspection, "has the CRC-32 352441c2; 12345678 is said"));
    ozc_inspection_free(inspection);
}

static void digests_empty_content(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "");
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_int_equal(0xe3, only(inspection)->sha256[0]);
    assert_int_equal(OZC_SAME, only(inspection)->crc);
    assert_null(only(inspection)->kind);
    ozc_inspection_free(inspection);
}

static void leaves_compressed_and_encrypted_content_alone(void **state)
{
    (void)state;
    static const struct {
        unsigned method, flags;
        const char *name;
        const char *note;
    } rows[] = {{8, 0, "deflated", "compressed (method 8, deflated)"},
                {77, 0, NULL, "compressed (method 77, unknown)"},
                {0, 1, "stored", "it is encrypted"},
                {99, 1, "AES", "it is encrypted"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zip_entry entry = zip_entry("media/a", "abc");
        entry.method = rows[i].method;
        entry.flags = rows[i].flags;
        ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
        const ozc_inspected_entry *shown = only(inspection);
        if (rows[i].name == NULL)
            assert_null(shown->method_name);
        else
            assert_string_equal(rows[i].name, shown->method_name);
        assert_int_equal(rows[i].flags, shown->is_encrypted);
        assert_null(shown->sha256);
        assert_null(shown->kind);
        assert_int_equal(OZC_NOT_COMPARED, shown->crc);
        assert_int_equal(1, notes_with(inspection, rows[i].note));
        ozc_inspection_free(inspection);
    }
}

static void notes_a_stored_entry_of_two_sizes(void **state)
{
    (void)state;
    struct zip_entry entry = zip_entry("media/a", "abc");
    entry.size = 4;
    ozc_inspection *inspection = inspect_bytes(zip_of(&entry, 1));
    assert_int_equal(1, notes_with(inspection, "it is stored, and its sizes are 3 and 4 bytes"));
    ozc_inspection_free(inspection);
}

struct counted {
    struct bytes zip;
    uint64_t read;
};

static int say_size(void *user, uint64_t *size)
{
    *size = ((struct counted *)user)->zip.len;
    return 0;
}

static int64_t count_read(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct counted *c = user;
    c->read += len;
    memcpy(buffer, c->zip.data + offset, len);
    return (int64_t)len;
}

/* A thousand entries of 1 MiB, all the same bytes. */
static void does_not_read_content_over_and_over(void **state)
{
    (void)state;
    struct counted c = {{0}, 0};
    char *content = malloc((1 << 20) + 1);
    memset(content, 'x', 1 << 20);
    content[1 << 20] = '\0';
    struct zip_entry entry = zip_entry("media/a", content);
    zip_local(&c.zip, &entry);
    size_t directory = c.zip.len;
    for (size_t i = 0; i < 1000; i++)
        zip_central(&c.zip, &entry);
    zip_end(&c.zip, 1000, directory, c.zip.len - directory);
    ozc_source source = {sizeof source, &c, say_size, count_read};
    ozc_inspection *inspection = ozc_inspect_source(&source, NULL);
    assert_int_equal(1000, ozc_inspection_entry_count(inspection));
    assert_non_null(ozc_inspection_entry(inspection, 0)->sha256);
    assert_null(ozc_inspection_entry(inspection, 999)->sha256);
    assert_true(notes_with(inspection, "was not read: entries overlap too much") > 0);
    assert_true(c.read < 8 * c.zip.len);
    ozc_inspection_free(inspection);
    free(c.zip.data);
    free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_stored_content),
        cmocka_unit_test(digests_content_whose_crc_is_wrong),
        cmocka_unit_test(digests_empty_content),
        cmocka_unit_test(leaves_compressed_and_encrypted_content_alone),
        cmocka_unit_test(notes_a_stored_entry_of_two_sizes),
        cmocka_unit_test(does_not_read_content_over_and_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
