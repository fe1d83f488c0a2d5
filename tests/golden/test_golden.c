/*
 * The renderings against golden files: every format of a report, whole, byte for byte.
 *
 * Each case is a container of testdata whose bytes are the same whenever it is made (Ed25519), as it is, damaged, or
 * judged by other settings. UPDATE_GOLDEN=1 in the environment writes the files anew:
 * read the diff.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ED25519 "issuer=keys/TEST-issuer-ed25519.pub;signer=keys/TEST-signer-ed25519.pub"

/* What is done to the container before it is judged. */
enum damage { NONE, CUT_IN_HALF, FLIP_A_MEDIA_BIT, ESCAPE_IN_A_NAME, EMPTY };

struct golden {
    const char *name;
    const char *container;
    const char *settings;
    enum damage damage;
};

static const struct golden cases[] = {
    {"valid", "valid/keys-ed25519.ozc", ED25519, NONE},
    {"valid-signature-and-content-not-checked", "valid/keys-ed25519.ozc", ED25519 ";skip=signature;skip=content", NONE},
    {"rejected-expired", "valid/keys-ed25519.ozc", ED25519 ";at=1767229200", NONE},
    {"rejected-damaged", "valid/keys-ed25519.ozc", ED25519, FLIP_A_MEDIA_BIT},
    {"rejected-cut", "valid/keys-ed25519.ozc", ED25519, CUT_IN_HALF},
    {"rejected-empty", "valid/keys-ed25519.ozc", ED25519, EMPTY},
    {"rejected-hostile-name", "valid/keys-ed25519.ozc", ED25519, ESCAPE_IN_A_NAME},
};

static void damage(struct bytes *container, enum damage damage)
{
    if (damage == EMPTY)
        container->len = 0;
    if (damage == CUT_IN_HALF)
        container->len /= 2;
    for (size_t i = 0; damage == ESCAPE_IN_A_NAME && i + 7 < container->len; i++)
        if (memcmp(container->data + i, "media/", 6) == 0)
            container->data[i + 6] = 0x1B; /* in both records */
    for (size_t i = 0; damage == FLIP_A_MEDIA_BIT && i + 6 < container->len; i++)
        if (memcmp(container->data + i, "media/", 6) == 0) {
            container->data[i + 40] ^= 1; /* the first one is in the local record, so this is content */
            return;
        }
}

/* One part of a golden file. Takes over the text. */
static void add(FILE *to, const char *title, char *text)
{
    fprintf(to, "== %s\n%s%s", title, text == NULL ? "(none)" : text,
            text == NULL || text[0] == '\0' || text[strlen(text) - 1] != '\n' ? "\n" : "");
    ozc_free(text);
}

static char *render(const ozc_report *report)
{
    char *all = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&all, &len);
    assert_non_null(to);
    add(to, "json", ozc_render_json(report, "inbox/a container.ozc"));
    add(to, "text", ozc_render_text(report, "inbox/a container.ozc", 0));
    add(to, "text, verbose", ozc_render_text(report, "inbox/a container.ozc", 1));
    add(to, "oz", ozc_render_oz(report, 0));
    add(to, "oz, details", ozc_render_oz(report, 1));
    add(to, "extrahorizon", ozc_render_extrahorizon(report));
    fprintf(to, "== http\n%d %d\n", ozc_report_http_status(report, OZC_API_OZ),
            ozc_report_http_status(report, OZC_API_EXTRAHORIZON));
    fclose(to);
    return all;
}

/* Takes over the report. */
static void compare(const char *name, ozc_report *report)
{
    char path[4096];
    char *found = render(report);
    snprintf(path, sizeof path, "%s/%s.txt", GOLDEN, name);
    ozc_report_free(report);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(found, file);
        assert_int_equal(0, fclose(file));
    }
    struct bytes expected = read_file(path);
    assert_string_equal((const char *)expected.data, found);
    free(expected.data);
    free(found);
}

static void renders_judged_containers_as_in_the_golden_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings s = make_settings(cases[i].settings);
        struct bytes container = read_testdata(cases[i].container);
        ozc_report *report = NULL;
        ozc_policy_set_mode(s.policy, OZC_ALL_FAULTS);
        damage(&container, cases[i].damage);
        ozc_result result = ozc_validate_memory(s.policy, container.data, container.len, &s.call, &report);
        assert_int_equal(strncmp(cases[i].name, "valid", 5) == 0 ? OZC_VALID : OZC_REJECTED, result);
        compare(cases[i].name, report);
        ozc_policy_free(s.policy);
        free(container.data);
    }
}

static void renders_a_failure_as_in_the_golden_file(void **state)
{
    (void)state;
    compare("failed", ozc_report_new_failed("permission denied"));
}

static void renders_no_report_as_a_failure(void **state)
{
    (void)state;
    compare("no-report", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_judged_containers_as_in_the_golden_files),
        cmocka_unit_test(renders_a_failure_as_in_the_golden_file),
        cmocka_unit_test(renders_no_report_as_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
