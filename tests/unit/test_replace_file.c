/* replace_file.c: a new file in the place of an old one, or the old one as it was. */
#include "replace_file.h"
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/ozcapsula-replace-XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_holds(const char *path, const char *text)
{
    struct bytes bytes = read_file(path);
    assert_string_equal(text, (char *)bytes.data);
    free(bytes.data);
}

static int count_files(const char *path)
{
    int count = -2;
    DIR *dir = opendir(path);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(0, stat(path, &status));
    return status.st_mode & 07777;
}

static void puts_a_new_file_with_the_rights_of_the_umask(void **state)
{
    (void)state;
    struct replacement r;
    mode_t before = umask(027);
    assert_true(replacement_begin(crypto_get(), "new", &r));
    umask(before);
    assert_int_equal(0, access(r.temporary, F_OK));
    assert_int_equal('.', r.temporary[0]);
    assert_int_equal(-1, access("new", F_OK));
    put(r.temporary, "new");
    assert_true(replacement_commit(&r));
    assert_holds("new", "new");
    assert_int_equal(0640, mode_of("new"));
    assert_int_equal(1, count_files("."));
    unlink("new");
}

static void replaces_a_file_and_keeps_its_rights(void **state)
{
    (void)state;
    struct replacement r;
    put("old", "old");
    chmod("old", 0604);
    assert_true(replacement_begin(crypto_get(), "./old", &r));
    put(r.temporary, "new");
    assert_holds("old", "old");
    assert_true(replacement_commit(&r));
    assert_holds("old", "new");
    assert_int_equal(0604, mode_of("old"));
    assert_int_equal(1, count_files("."));
    unlink("old");
}

static void replaces_what_a_link_leads_to(void **state)
{
    (void)state;
    struct replacement r;
    struct stat status;
    mkdir("there", 0700);
    put("there/old", "old");
    assert_int_equal(0, symlink("there/old", "link"));
    assert_true(replacement_begin(crypto_get(), "link", &r));
    put(r.temporary, "new");
    assert_int_equal(2, count_files("there"));
    assert_true(replacement_commit(&r));
    assert_holds("there/old", "new");
    assert_int_equal(0, lstat("link", &status));
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(1, count_files("there"));
    unlink("link");
    unlink("there/old");
    rmdir("there");
}

static void abandoned_leaves_the_old_one(void **state)
{
    (void)state;
    struct replacement r;
    put("old", "old");
    assert_true(replacement_begin(crypto_get(), "old", &r));
    put(r.temporary, "new");
    replacement_abandon(&r);
    assert_holds("old", "old");
    assert_int_equal(1, count_files("."));
    unlink("old");
}

static void says_why_it_could_not(void **state)
{
    (void)state;
    struct replacement r;
    static const struct {
        const char *path;
        int reason;
    } cases[] = {{".", EISDIR},         {"missing/new", ENOENT}, {"old/new", ENOTDIR},
                 {"/dev/null", EEXIST}, {"dangling", ENOENT},    {"loop", ELOOP}};
    put("old", "old");
    assert_int_equal(0, symlink("nowhere", "dangling"));
    assert_int_equal(0, symlink("loop", "loop"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        errno = 0;
        assert_false(replacement_begin(crypto_get(), cases[i].path, &r));
        assert_int_equal(cases[i].reason, errno);
        assert_null(r.path);
        assert_null(r.temporary);
    }
    assert_int_equal(3, count_files("."));
    unlink("old");
    unlink("dangling");
    unlink("loop");
}

static void leaves_nothing_behind_where_the_name_is_taken_meanwhile(void **state)
{
    (void)state;
    struct replacement r;
    assert_true(replacement_begin(crypto_get(), "new", &r));
    mkdir("new", 0700);
    assert_false(replacement_commit(&r));
    assert_int_equal(EISDIR, errno);
    assert_int_equal(1, count_files("."));
    rmdir("new");
    assert_true(replacement_begin(crypto_get(), "new", &r));
    unlink(r.temporary);
    assert_false(replacement_commit(&r));
    assert_int_equal(ENOENT, errno);
}

static void a_name_may_be_as_long_as_a_name_can_be(void **state)
{
    (void)state;
    struct replacement r;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    assert_true(replacement_begin(crypto_get(), name, &r));
    assert_true(replacement_commit(&r));
    assert_int_equal(0, unlink(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_a_new_file_with_the_rights_of_the_umask),
        cmocka_unit_test(replaces_a_file_and_keeps_its_rights),
        cmocka_unit_test(replaces_what_a_link_leads_to),
        cmocka_unit_test(abandoned_leaves_the_old_one),
        cmocka_unit_test(says_why_it_could_not),
        cmocka_unit_test(leaves_nothing_behind_where_the_name_is_taken_meanwhile),
        cmocka_unit_test(a_name_may_be_as_long_as_a_name_can_be),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
