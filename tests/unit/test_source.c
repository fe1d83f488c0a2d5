/* source.c: bytes by position, whole or not at all. */
#include "source.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 1000

static char folder[] = "/tmp/ozcapsula-source-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static uint8_t byte_at(uint64_t i)
{
    return (uint8_t)(i * 7 + 3);
}

static void write_file(const char *path, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < len; i++)
        fputc(byte_at(i), file);
    fclose(file);
}

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    write_file(path_of("file"), SIZE);
    return mkfifo(path_of("fifo"), 0600);
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"file", "fifo", "shrinks", "empty", "link"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

/* A source by callbacks that behaves as it is told. */
struct told {
    uint64_t says; /* its size */
    int size_fails;
    size_t chunk;   /* gives at most so many bytes at once */
    uint64_t has;   /* so many bytes are there in truth */
    int64_t answer; /* if not 0, what read_at answers once `has` is reached */
    size_t reads;
};

static int say_size(void *user, uint64_t *size)
{
    const struct told *told = user;
    *size = told->says;
    return told->size_fails;
}

static int64_t read_told(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct told *told = user;
    told->reads++;
    assert_true(len > 0 && offset + len <= told->says);
    if (offset >= told->has)
        return told->answer;
    size_t count = len < told->chunk ? len : told->chunk;
    if (count > told->has - offset)
        count = (size_t)(told->has - offset);
    for (size_t i = 0; i < count; i++)
        ((uint8_t *)buffer)[i] = byte_at(offset + i);
    return (int64_t)count;
}

static bool open_told(struct source *source, struct told *told)
{
    const char *why = NULL;
    const ozc_source callbacks = {sizeof callbacks, told, say_size, read_told};
    bool opened = source_open_callbacks(source, &callbacks, &why);
    assert_true(opened || why != NULL);
    return opened;
}

/* Every view that begins and ends at one of the places, against byte_at. */
static void assert_reads_right(const struct source *source)
{
    static const uint64_t places[] = {0, 1, 2, 499, 500, 998, 999, 1000};
    enum failure failure = FAILURE_NONE;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t k = i; k < sizeof places / sizeof *places; k++) {
            uint8_t buffer[SIZE];
            size_t len = (size_t)(places[k] - places[i]);
            const uint8_t *bytes = source_view(source, places[i], buffer, len, &failure);
            assert_non_null(bytes);
            for (size_t n = 0; n < len; n++)
                assert_int_equal(byte_at(places[i] + n), bytes[n]);
        }
    assert_int_equal(FAILURE_NONE, failure);
}

static void assert_fails(const struct source *source, uint64_t at, size_t len, enum failure expected)
{
    uint8_t buffer[SIZE + 1];
    enum failure failure = FAILURE_NONE;
    assert_null(source_view(source, at, buffer, len, &failure));
    assert_int_equal(expected, failure);
}

static void assert_ends_at_its_size(const struct source *source)
{
    assert_fails(source, 0, SIZE + 1, FAILURE_SHORT);
    assert_fails(source, SIZE, 1, FAILURE_SHORT);
    assert_fails(source, SIZE + 1, 0, FAILURE_SHORT);
    assert_fails(source, UINT64_MAX, 1, FAILURE_SHORT);
    assert_fails(source, UINT64_MAX, SIZE + 1, FAILURE_SHORT);
    assert_fails(source, 1, SIZE_MAX, FAILURE_SHORT);
}

static void views_memory_in_place_and_nothing_behind_it(void **state)
{
    (void)state;
    uint8_t memory[SIZE];
    struct source source;
    enum failure failure = FAILURE_NONE;
    for (size_t i = 0; i < SIZE; i++)
        memory[i] = byte_at(i);
    source_open_memory(&source, memory, SIZE);
    assert_reads_right(&source);
    assert_ends_at_its_size(&source);
    assert_ptr_equal(memory + 10, source_view(&source, 10, NULL, 5, &failure));
    source_close(&source);
}

static void views_no_memory_at_all(void **state)
{
    (void)state;
    struct source source;
    source_open_memory(&source, NULL, 0);
    assert_int_equal(0, source.size);
    assert_fails(&source, 0, 1, FAILURE_SHORT);
}

static void views_a_file_and_nothing_behind_it(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    assert_true(source_open_file(&source, path_of("file"), &why, room));
    assert_int_equal(SIZE, source.size);
    assert_reads_right(&source);
    assert_ends_at_its_size(&source);
    int fd = source.fd;
    source_close(&source);
    assert_int_equal(-1, fcntl(fd, F_GETFD));
}

static void reads_a_descriptor_by_position_and_leaves_it_open(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    int fd = open(path_of("file"), O_RDONLY);
    assert_int_equal(123, lseek(fd, 123, SEEK_SET));
    assert_true(source_open_fd(&source, fd, &why, room));
    assert_reads_right(&source);
    source_close(&source);
    assert_int_equal(123, lseek(fd, 0, SEEK_CUR));
    assert_int_equal(0, close(fd));
}

static void reads_callbacks_whatever_the_size_of_their_chunks(void **state)
{
    (void)state;
    static const size_t chunks[] = {1, 2, 3, 7, 499, 999, SIZE};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        struct told told = {.says = SIZE, .chunk = chunks[i], .has = SIZE};
        struct source source;
        assert_true(open_told(&source, &told));
        assert_reads_right(&source);
        assert_ends_at_its_size(&source);
    }
}

static void asks_callbacks_for_no_bytes_never(void **state)
{
    (void)state;
    struct told told = {.says = SIZE, .chunk = SIZE, .has = SIZE};
    struct source source;
    enum failure failure = FAILURE_NONE;
    uint8_t buffer[1];
    assert_true(open_told(&source, &told));
    assert_non_null(source_view(&source, SIZE, buffer, 0, &failure));
    assert_int_equal(0, told.reads);
}

static void calls_fewer_bytes_than_were_said_short(void **state)
{
    (void)state;
    struct told told = {.says = SIZE, .chunk = 300, .has = SIZE - 1};
    struct source source;
    enum failure failure = FAILURE_NONE;
    uint8_t buffer[SIZE];
    assert_true(open_told(&source, &told));
    assert_non_null(source_view(&source, 0, buffer, SIZE - 1, &failure));
    assert_fails(&source, 0, SIZE, FAILURE_SHORT);
    assert_fails(&source, SIZE - 1, 1, FAILURE_SHORT);
}

static void calls_every_negative_answer_a_read_error(void **state)
{
    (void)state;
    static const int64_t answers[] = {-1, -2, INT64_MIN};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct told told = {.says = SIZE, .chunk = 300, .has = 600, .answer = answers[i]};
        struct source source;
        assert_true(open_told(&source, &told));
        assert_fails(&source, 0, SIZE, FAILURE_READ);
        assert_int_equal(3, told.reads);
    }
}

static void does_not_believe_a_callback_that_claims_more_than_was_asked(void **state)
{
    (void)state;
    static const int64_t answers[] = {3, SIZE, INT64_MAX};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct told told = {.says = SIZE, .chunk = SIZE, .has = SIZE - 2, .answer = answers[i]};
        struct source source;
        assert_true(open_told(&source, &told));
        assert_fails(&source, 0, SIZE, FAILURE_READ);
    }
}

static void refuses_callbacks_that_can_not_say_a_size(void **state)
{
    (void)state;
    struct source source;
    struct told fails = {.says = SIZE, .size_fails = 1};
    struct told below = {.says = SIZE, .size_fails = -1};
    struct told huge = {.says = UINT64_MAX};
    assert_false(open_told(&source, &fails));
    assert_false(open_told(&source, &below));
    assert_false(open_told(&source, &huge));
}

static void takes_a_file_that_shrinks_for_short(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    const char *path = path_of("shrinks");
    write_file(path, SIZE);
    assert_true(source_open_file(&source, path, &why, room));
    assert_int_equal(0, truncate(path, SIZE / 2));
    assert_fails(&source, 0, SIZE, FAILURE_SHORT);
    source_close(&source);
}

static void reads_no_byte_that_a_file_grew_by(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    const char *path = path_of("shrinks");
    write_file(path, SIZE);
    assert_true(source_open_file(&source, path, &why, room));
    write_file(path, SIZE + 1);
    assert_fails(&source, SIZE, 1, FAILURE_SHORT);
    source_close(&source);
}

static void opens_an_empty_file(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    write_file(path_of("empty"), 0);
    assert_true(source_open_file(&source, path_of("empty"), &why, room));
    assert_int_equal(0, source.size);
    source_close(&source);
}

static void assert_refused(const char *path, const char *expected)
{
    struct source source;
    const char *why = NULL;
    char room[24];
    assert_false(source_open_file(&source, path, &why, room));
    assert_string_equal(expected, why);
    source_close(&source);
}

static void refuses_what_is_no_regular_file_and_never_waits_for_it(void **state)
{
    (void)state;
    assert_refused(path_of("missing"), "no such file");
    assert_refused(folder, "is a folder");
    assert_refused(path_of("fifo"), "is no regular file");
    assert_refused("/dev/null", "is no regular file");
    assert_refused(path_of("file/below"), "a part of the path is no folder");
    assert_refused("", "no such file");
    assert_int_equal(0, symlink("link", path_of("link")));
    assert_refused(path_of("link"), "too many links");
}

static void refuses_descriptors_that_are_none_or_of_no_file(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    int ends[2];
    assert_false(source_open_fd(&source, -1, &why, room));
    assert_string_equal("not an open descriptor", why);
    assert_int_equal(0, pipe(ends));
    assert_false(source_open_fd(&source, ends[0], &why, room));
    assert_string_equal("is no regular file", why);
    source_close(&source);
    assert_int_equal(0, close(ends[0]) + close(ends[1]));
}

static void calls_a_descriptor_that_can_not_be_read_a_read_error(void **state)
{
    (void)state;
    struct source source;
    const char *why = NULL;
    char room[24];
    int fd = open(path_of("file"), O_WRONLY);
    assert_true(source_open_fd(&source, fd, &why, room));
    assert_fails(&source, 0, 1, FAILURE_READ);
    close(fd);
}

static void has_words_for_every_failure_and_every_errno(void **state)
{
    (void)state;
    char room[24];
    for (int i = FAILURE_NONE; i <= FAILURE_CLOCK; i++)
        for (int k = FAILURE_NONE; k < i; k++)
            assert_string_not_equal(failure_text((enum failure)i), failure_text((enum failure)k));
    assert_string_equal("permission denied", errno_text(EACCES, room));
    assert_string_equal("no space left", errno_text(ENOSPC, room));
    assert_string_equal("error 0", errno_text(0, room));
    assert_string_equal("error 123456", errno_text(123456, room));
    assert_string_equal("error 2147483647", errno_text(INT32_MAX, room));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_memory_in_place_and_nothing_behind_it),
        cmocka_unit_test(views_no_memory_at_all),
        cmocka_unit_test(views_a_file_and_nothing_behind_it),
        cmocka_unit_test(reads_a_descriptor_by_position_and_leaves_it_open),
        cmocka_unit_test(reads_callbacks_whatever_the_size_of_their_chunks),
        cmocka_unit_test(asks_callbacks_for_no_bytes_never),
        cmocka_unit_test(calls_fewer_bytes_than_were_said_short),
        cmocka_unit_test(calls_every_negative_answer_a_read_error),
        cmocka_unit_test(does_not_believe_a_callback_that_claims_more_than_was_asked),
        cmocka_unit_test(refuses_callbacks_that_can_not_say_a_size),
        cmocka_unit_test(takes_a_file_that_shrinks_for_short),
        cmocka_unit_test(reads_no_byte_that_a_file_grew_by),
        cmocka_unit_test(opens_an_empty_file),
        cmocka_unit_test(refuses_what_is_no_regular_file_and_never_waits_for_it),
        cmocka_unit_test(refuses_descriptors_that_are_none_or_of_no_file),
        cmocka_unit_test(calls_a_descriptor_that_can_not_be_read_a_read_error),
        cmocka_unit_test(has_words_for_every_failure_and_every_errno),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
