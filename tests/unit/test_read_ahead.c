/* read_ahead.c: the same bytes in the same order, whoever is faster; and ends whenever the caller wants. */
#include "read_ahead.h"
#include "support.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* No multiple of a piece, and more pieces than the ring holds. */
#define SIZE ((size_t)3 * 1024 * 1024 + 12345)
#define AT 777

static unsigned char *content;
static int fd;

static int make_content(void **state)
{
    char path[] = "/tmp/read-ahead.XXXXXX";
    (void)state;
    content = malloc(SIZE);
    assert_non_null(content);
    for (size_t i = 0; i < SIZE; i++)
        content[i] = (unsigned char)(i * 7 + i / 1009);
    fd = mkstemp(path);
    return fd < 0 || unlink(path) != 0 || write(fd, content, SIZE) != (ssize_t)SIZE;
}

static int drop_content(void **state)
{
    (void)state;
    free(content);
    return close(fd);
}

static struct source source_of(int is_file)
{
    struct source source;
    const char *why = NULL;
    char room[24];
    if (is_file)
        assert_true(source_open_fd(&source, fd, &why, room));
    else
        source_open_memory(&source, content, SIZE);
    return source;
}

/* A caller that is slower than the reader now and then. */
static void wait_a_little(size_t turn)
{
    const struct timespec little = {0, 2000000};
    if (turn % 3 == 0)
        nanosleep(&little, NULL);
}

static void gives_every_piece_once_and_in_order(void **state)
{
    (void)state;
    for (int is_file = 0; is_file < 2; is_file++) {
        struct source source = source_of(is_file);
        struct ahead *ahead = ahead_start(&source, AT, SIZE - AT);
        enum failure failure = FAILURE_NONE;
        size_t at = AT;
        size_t len = 1;
        assert_non_null(ahead);
        for (size_t turn = 0; len > 0; turn++) {
            const uint8_t *bytes = ahead_next(ahead, &len, &failure);
            assert_non_null(bytes);
            assert_true(len <= SIZE - at);
            wait_a_little(turn);
            assert_memory_equal(content + at, bytes, len);
            at += len;
        }
        assert_int_equal(SIZE, at);
        assert_non_null(ahead_next(ahead, &len, &failure)); /* the end stays the end */
        assert_int_equal(0, len);
        assert_int_equal(libdeflate_crc32(0, content + AT, SIZE - AT), ahead_end(ahead));
    }
}

static void ends_whenever_the_caller_wants(void **state)
{
    struct source source = source_of(1);
    (void)state;
    for (size_t pieces = 0; pieces < 6; pieces++) {
        struct ahead *ahead = ahead_start(&source, 0, SIZE);
        enum failure failure = FAILURE_NONE;
        size_t len = 0;
        assert_non_null(ahead);
        for (size_t i = 0; i < pieces; i++)
            assert_non_null(ahead_next(ahead, &len, &failure));
        (void)ahead_end(ahead);
    }
}

static void says_why_it_could_not_read_on(void **state)
{
    struct source source = source_of(1);
    struct ahead *ahead = NULL;
    enum failure failure = FAILURE_NONE;
    size_t len = 0;
    size_t pieces = 0;
    (void)state;
    source.size = 2 * SIZE; /* more than there is */
    ahead = ahead_start(&source, 0, 2 * SIZE);
    assert_non_null(ahead);
    while (ahead_next(ahead, &len, &failure) != NULL)
        pieces++;
    assert_true(pieces > 1);
    assert_int_equal(FAILURE_SHORT, failure);
    failure = FAILURE_NONE;
    assert_null(ahead_next(ahead, &len, &failure)); /* and stays so */
    assert_int_equal(FAILURE_SHORT, failure);
    (void)ahead_end(ahead);
}

static void reads_nothing_where_there_is_nothing(void **state)
{
    struct source source = source_of(0);
    struct ahead *ahead = ahead_start(&source, SIZE, 0);
    enum failure failure = FAILURE_NONE;
    size_t len = 1;
    (void)state;
    assert_non_null(ahead);
    assert_non_null(ahead_next(ahead, &len, &failure));
    assert_int_equal(0, len);
    assert_int_equal(0, ahead_end(ahead));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_piece_once_and_in_order),
        cmocka_unit_test(ends_whenever_the_caller_wants),
        cmocka_unit_test(says_why_it_could_not_read_on),
        cmocka_unit_test(reads_nothing_where_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, make_content, drop_content);
}
