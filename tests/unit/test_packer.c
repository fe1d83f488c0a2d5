/* packer.c: entries by name, each one that a container has a place for, once. */
#include "packer.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void add(ozc_packer *packer, const char *name, const char *data)
{
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, name, data, strlen(data)));
    assert_string_equal("", ozc_packer_error(packer));
}

static void refuses_names_that_are_not_the_callers_to_add(void **state)
{
    (void)state;
    static const char *const names[] = {"mimetype",  "hashes.sha256", "signature", "other", "media",
                                        "media/a/b", "ext/../a",      "ext/con",   "",      "media/\xC3\xA4"};
    ozc_packer *packer = ozc_packer_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(OZC_MISUSE, ozc_packer_add_data(packer, names[i], "a", 1));
        assert_true(strlen(ozc_packer_error(packer)) > 0);
        assert_int_equal(OZC_MISUSE, ozc_packer_add_file(packer, names[i], TESTDATA "/media/photo.png"));
    }
    add(packer, "media/a", "a");
    assert_int_equal(OZC_MISUSE, ozc_packer_add_data(packer, "media/a", "b", 1));
    assert_int_equal(OZC_MISUSE, ozc_packer_add_file(packer, "media/a", TESTDATA "/media/photo.png"));
    ozc_packer_free(packer);
    ozc_packer_free(NULL);
}

static void finds_items_and_opens_them(void **state)
{
    (void)state;
    ozc_packer *packer = ozc_packer_new();
    struct source source;
    add(packer, "media/a", "abc");
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/b", TESTDATA "/media/photo.png"));
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "ext/c", "/nonexistent/file"));
    assert_null(packer_find(packer, "media/c"));
    struct item *item = packer_find(packer, "media/a");
    assert_int_equal(OZC_VALID, packer_open(packer, item, &source));
    assert_int_equal(3, item->size);
    source_close(&source);
    struct bytes photo = read_testdata("media/photo.png");
    item = packer_find(packer, "media/b");
    assert_int_equal(OZC_VALID, packer_open(packer, item, &source));
    assert_int_equal(photo.len, item->size);
    source_close(&source);
    assert_int_equal(OZC_FAILED, packer_open(packer, packer_find(packer, "ext/c"), &source));
    assert_string_equal("/nonexistent/file: no such file", ozc_packer_error(packer));
    free(photo.data);
    ozc_packer_free(packer);
}

static void without_a_packer_nothing_happens(void **state)
{
    (void)state;
    assert_int_equal(OZC_MISUSE, ozc_packer_add_data(NULL, "media/a", "a", 1));
    assert_int_equal(OZC_MISUSE, ozc_packer_add_file(NULL, "media/a", "a"));
    assert_string_equal("there is no packer", ozc_packer_error(NULL));
    ozc_packer_set_progress(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_names_that_are_not_the_callers_to_add),
        cmocka_unit_test(finds_items_and_opens_them),
        cmocka_unit_test(without_a_packer_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
