/* window.c: many small reads, few of the source. */
#include "support.h"
#include "window.h"

#include <string.h>

#define SIZE (3 * WINDOW_SIZE + 100)

/* Byte i of what is read. */
static uint8_t byte_at(uint64_t i)
{
    return (uint8_t)(i * 31 + (i >> 8));
}

/* A source of SIZE such bytes that remembers how it was read. */
struct counted {
    size_t reads;
    uint64_t highest; /* behind the last byte ever asked for */
    int is_broken;
};

static int say_size(void *user, uint64_t *size)
{
    (void)user;
    *size = SIZE;
    return 0;
}

static int64_t read_counted(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct counted *counted = user;
    counted->reads++;
    if (offset + len > counted->highest)
        counted->highest = offset + len;
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)buffer)[i] = byte_at(offset + i);
    return counted->is_broken ? -1 : (int64_t)len;
}

struct fixture {
    struct counted counted;
    struct source source;
    struct window window;
    enum failure failure;
};

static void open_fixture(struct fixture *f)
{
    const char *why = NULL;
    memset(f, 0, sizeof *f);
    const ozc_source callbacks = {sizeof callbacks, &f->counted, say_size, read_counted};
    assert_true(source_open_callbacks(&f->source, &callbacks, &why));
    f->window.source = &f->source;
}

static void assert_view(struct fixture *f, uint64_t at, size_t len, uint64_t end)
{
    const uint8_t *bytes = window_view(&f->window, at, len, end, &f->failure);
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(byte_at(at + i), bytes[i]);
}

static void reads_a_run_of_small_records_in_few_reads(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    for (uint64_t at = 0; at + 46 <= SIZE; at += 46)
        assert_view(&f, at, 46, SIZE);
    assert_true(f.counted.reads <= 5);
}

static void reads_right_at_any_step_and_length(void **state)
{
    (void)state;
    struct fixture f;
    static const size_t lens[] = {1, 2, 30, 255, 4099, WINDOW_SIZE - 1, WINDOW_SIZE};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        open_fixture(&f);
        for (uint64_t at = 0; at + lens[i] <= SIZE; at += 997)
            assert_view(&f, at, lens[i], SIZE);
    }
}

static void reads_backwards_right(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    for (uint64_t at = SIZE - 46; at >= 46; at -= 46)
        assert_view(&f, at, 46, SIZE);
    assert_view(&f, SIZE - 1, 1, SIZE);
    assert_view(&f, 0, 1, SIZE);
}

static void reads_the_last_bytes_and_nothing_behind_the_end(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_view(&f, 100, 30, 130);
    assert_int_equal(130, f.counted.highest);
    assert_view(&f, 129, 1, 130);
    assert_int_equal(1, f.counted.reads);
    assert_view(&f, SIZE - 10, 10, SIZE);
    assert_int_equal(SIZE, f.counted.highest);
}

static void reads_again_where_an_earlier_end_was_nearer(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_view(&f, 0, 30, 40);
    assert_view(&f, 30, 60, 200);
    assert_int_equal(2, f.counted.reads);
    assert_int_equal(200, f.counted.highest);
}

static void keeps_what_it_holds_at_its_very_edges(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_view(&f, 0, 1, SIZE);
    assert_view(&f, WINDOW_SIZE - 1, 1, SIZE);
    assert_int_equal(1, f.counted.reads);
    assert_view(&f, WINDOW_SIZE, 1, SIZE);
    assert_int_equal(2, f.counted.reads);
    assert_view(&f, WINDOW_SIZE - 1, 1, SIZE);
    assert_int_equal(3, f.counted.reads);
}

static void gives_no_bytes_where_none_are_wanted(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_non_null(window_view(&f.window, SIZE, 0, SIZE, &f.failure));
    assert_int_equal(FAILURE_NONE, f.failure);
}

static void fails_as_the_source_fails_and_forgets_what_it_held(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_view(&f, 0, 30, SIZE);
    f.counted.is_broken = 1;
    assert_null(window_view(&f.window, 2 * WINDOW_SIZE, 30, SIZE, &f.failure));
    assert_int_equal(FAILURE_READ, f.failure);
    assert_null(window_view(&f.window, 0, 30, SIZE, &f.failure));
    f.counted.is_broken = 0;
    assert_view(&f, 0, 30, SIZE);
}

static void gives_memory_in_place(void **state)
{
    (void)state;
    static const uint8_t memory[100] = {1, 2, 3};
    struct source source;
    enum failure failure = FAILURE_NONE;
    struct window window = {.source = &source};
    source_open_memory(&source, memory, sizeof memory);
    assert_ptr_equal(memory + 60, window_view(&window, 60, 40, 100, &failure));
    assert_null(window_view(&window, 60, 41, 101, &failure));
    assert_int_equal(FAILURE_SHORT, failure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_run_of_small_records_in_few_reads),
        cmocka_unit_test(reads_right_at_any_step_and_length),
        cmocka_unit_test(reads_backwards_right),
        cmocka_unit_test(reads_the_last_bytes_and_nothing_behind_the_end),
        cmocka_unit_test(reads_again_where_an_earlier_end_was_nearer),
        cmocka_unit_test(keeps_what_it_holds_at_its_very_edges),
        cmocka_unit_test(gives_no_bytes_where_none_are_wanted),
        cmocka_unit_test(fails_as_the_source_fails_and_forgets_what_it_held),
        cmocka_unit_test(gives_memory_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
