/* inspect.c: any bytes get an answer, none of them a verdict. */
#include "zip_bytes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The document of an inspection; what of it does not hang on the bytes is the same every time. */
static char *document(const ozc_inspection *inspection)
{
    char *json = ozc_render_inspection(inspection, "c.ozc");
    assert_non_null(json);
    for (const char *c = json; *c != '\0'; c++)
        assert_true(*c >= ' ' && *c <= '~');
    assert_non_null(strstr(json, "\"verified\":false"));
    return json;
}

static void assert_answered(struct bytes bytes)
{
    ozc_inspection *inspection = inspect_copy(bytes);
    ozc_free(document(inspection));
    ozc_inspection_free(inspection);
}

static void answers_a_container_that_is_cut_anywhere(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/three-media.ozc");
    for (size_t len = 0; len <= container.len; len += len < 1000 ? 1 : 7)
        assert_answered((struct bytes){container.data, len});
    free(container.data);
}

static void answers_a_container_with_any_bit_flipped(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/default.ozc");
    for (size_t bit = 0; bit < container.len * 8; bit += 3) {
        container.data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_answered(container);
        container.data[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    free(container.data);
}

/* Every field of every record set to the numbers that readers trip over. */
static void answers_records_with_hostile_numbers(void **state)
{
    (void)state;
    static const unsigned char values[][4] = {
        {0xFF, 0xFF, 0xFF, 0xFF}, {0, 0, 0, 0}, {0xFE, 0xFF, 0xFF, 0x7F}, {0, 0, 0, 0x80}};
    struct bytes container = read_testdata("valid/default.ozc");
    for (size_t at = 0; at + 4 <= container.len; at++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            unsigned char before[4];
            memcpy(before, container.data + at, 4);
            memcpy(container.data + at, values[v], 4);
            assert_answered(container);
            memcpy(container.data + at, before, 4);
        }
    free(container.data);
}

static void answers_noise(void **state)
{
    (void)state;
    uint32_t seed = 1;
    unsigned char noise[600];
    for (size_t round = 0; round < 500; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1664525 + 1013904223;
            noise[i] = (unsigned char)(seed >> 24) % 8; /* few values, so that signatures meet */
        }
        for (size_t i = 0; i + 4 < sizeof noise; i += 1 + noise[i] * 9u)
            memcpy(noise + i, "PK", 2);
        memcpy(noise, "PK\3\4", 4);
        assert_answered((struct bytes){noise, sizeof noise});
    }
}

static char input_path[] = "/tmp/ozcapsula-inspect-XXXXXX";

static int64_t read_memory(void *user, uint64_t offset, void *buffer, size_t len)
{
    const struct bytes *bytes = user;
    size_t got = len < 100 ? len : 100;
    if (got > bytes->len - offset)
        got = bytes->len - (size_t)offset;
    memcpy(buffer, bytes->data + offset, got);
    return (int64_t)got;
}

static int size_of_memory(void *user, uint64_t *size)
{
    *size = ((const struct bytes *)user)->len;
    return 0;
}

static void says_the_same_of_memory_file_descriptor_and_callbacks(void **state)
{
    (void)state;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_GIVEN;
    call.now = CORPUS_TIME;
    struct bytes container = read_testdata("invalid/archive.gap-hidden-entry.ozc");
    int fd = mkstemp(input_path);
    assert_true(fd >= 0 && write(fd, container.data, container.len) == (ssize_t)container.len);
    ozc_source source = {sizeof source, &container, size_of_memory, read_memory};
    ozc_inspection *all[] = {ozc_inspect_memory(container.data, container.len, &call),
                             ozc_inspect_file(input_path, &call), ozc_inspect_fd(fd, &call),
                             ozc_inspect_source(&source, &call)};
    close(fd);
    unlink(input_path);
    char *first = document(all[0]);
    for (size_t i = 0; i < 4; i++) {
        char *other = document(all[i]);
        assert_string_equal(first, other);
        ozc_free(other);
        ozc_inspection_free(all[i]);
    }
    ozc_free(first);
    free(container.data);
}

static int64_t read_until_500(void *user, uint64_t offset, void *buffer, size_t len)
{
    const struct bytes *bytes = user;
    if (offset < 800 && offset + len > 500)
        return -1;
    memcpy(buffer, bytes->data + offset, len);
    return (int64_t)len;
}

static void shows_what_it_could_read_and_says_that_it_was_not_all(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/three-media.ozc");
    ozc_source source = {sizeof source, &container, size_of_memory, read_until_500};
    ozc_inspection *inspection = ozc_inspect_source(&source, NULL);
    assert_string_equal("the container could not be read", ozc_inspection_failure(inspection));
    assert_int_equal(OZC_FOUND_BY_DIRECTORY, ozc_inspection_found(inspection));
    assert_int_equal(1, ozc_inspection_entry(inspection, 7)->sha256 != NULL);
    char *json = document(inspection);
    assert_non_null(strstr(json, "\"failure\":\"the container could not be read\""));
    ozc_free(json);
    ozc_inspection_free(inspection);
    free(container.data);
}

/* All but the content of the medium, which stands at byte 324. */
static int64_t read_all_but_the_medium(void *user, uint64_t offset, void *buffer, size_t len)
{
    return offset == 324 && len == 99 ? -1 : read_memory(user, offset, buffer, len);
}

static void shows_the_rest_where_a_content_can_not_be_read(void **state)
{
    (void)state;
    struct bytes container = read_testdata("valid/default.ozc");
    ozc_source source = {sizeof source, &container, size_of_memory, read_all_but_the_medium};
    ozc_inspection *inspection = ozc_inspect_source(&source, NULL);
    assert_string_equal("the container could not be read", ozc_inspection_failure(inspection));
    assert_int_equal(6, ozc_inspection_entry_count(inspection));
    assert_non_null(ozc_inspection_entry(inspection, 1)->sha256);
    assert_null(ozc_inspection_entry(inspection, 2)->sha256);
    assert_int_equal(OZC_NOT_COMPARED, ozc_inspection_entry(inspection, 2)->crc);
    ozc_inspection_free(inspection);
    free(container.data);
}

static int cancel(void *user, uint64_t done, uint64_t total)
{
    size_t *calls = user;
    assert_true(done <= 2 * total);
    return ++*calls == 3;
}

static void can_be_cancelled(void **state)
{
    (void)state;
    size_t calls = 0;
    ozc_call call = OZC_CALL_INIT;
    call.progress = cancel;
    call.user = &calls;
    struct bytes container = read_testdata("valid/default.ozc");
    ozc_inspection *inspection = ozc_inspect_memory(container.data, container.len, &call);
    assert_string_equal("cancelled by the caller", ozc_inspection_failure(inspection));
    assert_int_equal(3, calls);
    assert_null(ozc_inspection_token(inspection));
    ozc_inspection_free(inspection);
    free(container.data);
}

static int cancel_at_once(void *user, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    ++*(size_t *)user;
    return 1;
}

static void can_be_cancelled_after_a_read_error_too(void **state)
{
    (void)state;
    size_t calls = 0;
    ozc_call call = OZC_CALL_INIT;
    call.progress = cancel_at_once;
    call.user = &calls;
    struct bytes container = read_testdata("valid/three-media.ozc");
    ozc_source source = {sizeof source, &container, size_of_memory, read_until_500};
    ozc_inspection *inspection = ozc_inspect_source(&source, &call);
    assert_string_equal("cancelled by the caller", ozc_inspection_failure(inspection));
    assert_int_equal(1, calls);
    ozc_inspection_free(inspection);
    free(container.data);
}

static void says_why_a_file_could_not_be_opened(void **state)
{
    (void)state;
    ozc_inspection *inspection = ozc_inspect_file("/no/such/file", NULL);
    uint64_t size = 7;
    assert_string_equal("no such file", ozc_inspection_failure(inspection));
    assert_int_equal(0, ozc_inspection_size(inspection, &size));
    assert_int_equal(7, size);
    ozc_free(document(inspection));
    ozc_inspection_free(inspection);
    inspection = ozc_inspect_file("/tmp", NULL);
    assert_string_equal("is a folder", ozc_inspection_failure(inspection));
    ozc_inspection_free(inspection);
    inspection = ozc_inspect_fd(-1, NULL);
    assert_string_equal("not an open descriptor", ozc_inspection_failure(inspection));
    ozc_inspection_free(inspection);
    inspection = ozc_inspection_new_failed("\x1B[31m");
    assert_string_equal("\\x1b[31m", ozc_inspection_failure(inspection));
    ozc_inspection_free(inspection);
}

static void refuses_wrong_arguments(void **state)
{
    (void)state;
    ozc_call call = OZC_CALL_INIT;
    ozc_source source = {sizeof source, NULL, size_of_memory, NULL};
    assert_null(ozc_inspect_memory(NULL, 1, NULL));
    assert_null(ozc_inspect_file(NULL, NULL));
    assert_null(ozc_inspect_source(NULL, NULL));
    assert_null(ozc_inspect_source(&source, NULL));
    call.struct_size--;
    assert_null(ozc_inspect_memory("", 0, &call));
    assert_null(ozc_inspect_fd(0, &call));
    call = (ozc_call)OZC_CALL_INIT;
    call.time = OZC_TIME_GIVEN;
    call.now = -1;
    assert_null(ozc_inspect_memory("", 0, &call));
    call.time = (ozc_time)9;
    assert_null(ozc_inspect_memory("", 0, &call));
}

static void says_what_a_file_that_is_no_zip_looks_like(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        const char *look;
    } rows[] = {{"invalid/format.unrecognized-mp4.ozc", "MP4"},
                {"invalid/format.unrecognized-jpeg.ozc", "JPEG"},
                {"keys/TEST-issuer-p384.pub", "PEM"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ozc_inspection *inspection = inspect_bytes(read_testdata(rows[i].file));
        assert_string_equal(rows[i].look, ozc_inspection_looks_like(inspection));
        assert_int_equal(OZC_FOUND_NOT, ozc_inspection_found(inspection));
        assert_int_equal(1, ozc_inspection_region_count(inspection));
        assert_int_equal(OZC_REGION_OTHER_FILE, ozc_inspection_region(inspection, 0)->kind);
        assert_int_equal(1, notes_with(inspection, "not readable here either"));
        ozc_inspection_free(inspection);
    }
    ozc_inspection *empty = ozc_inspect_memory(NULL, 0, NULL);
    assert_null(ozc_inspection_looks_like(empty));
    assert_int_equal(1, notes_with(empty, "the file is empty"));
    assert_int_equal(0, ozc_inspection_region_count(empty));
    ozc_inspection_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_a_container_that_is_cut_anywhere),
        cmocka_unit_test(answers_a_container_with_any_bit_flipped),
        cmocka_unit_test(answers_records_with_hostile_numbers),
        cmocka_unit_test(answers_noise),
        cmocka_unit_test(says_the_same_of_memory_file_descriptor_and_callbacks),
        cmocka_unit_test(shows_what_it_could_read_and_says_that_it_was_not_all),
        cmocka_unit_test(shows_the_rest_where_a_content_can_not_be_read),
        cmocka_unit_test(can_be_cancelled),
        cmocka_unit_test(can_be_cancelled_after_a_read_error_too),
        cmocka_unit_test(says_why_a_file_could_not_be_opened),
        cmocka_unit_test(refuses_wrong_arguments),
        cmocka_unit_test(says_what_a_file_that_is_no_zip_looks_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
