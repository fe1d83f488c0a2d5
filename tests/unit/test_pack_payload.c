/* pack_payload.c: payload.json judged by the checks that a receiver runs, without a container. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static ozc_packer *make_packer(const char *payload)
{
    ozc_packer *packer = ozc_packer_new();
    if (payload != NULL)
        assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", payload, strlen(payload)));
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/clip.mp4", TESTDATA "/media/clip.mp4"));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "ext/log", "a log", 5));
    return packer;
}

/* The payload comes to that verdict, with so many findings. */
static void assert_judged(ozc_packer *packer, const char *rule, size_t findings)
{
    ozc_report *report = NULL;
    assert_int_equal(rule == NULL ? OZC_VALID : OZC_REJECTED, ozc_packer_judge_payload(packer, &report));
    assert_verdict(report, rule);
    assert_int_equal(findings, ozc_report_finding_count(report));
    assert_int_equal(rule == NULL, ozc_packer_error(packer)[0] == '\0');
    assert_false(ozc_report_is_complete(report));
    assert_int_equal(0, ozc_report_entry_count(report));
    assert_null(ozc_report_session(report));
    assert_null(ozc_report_signer(report));
    assert_null(ozc_report_content_id(report));
    ozc_report_free(report);
    ozc_packer_free(packer);
}

static void judges_payload_media_and_content(void **state)
{
    (void)state;
    static const char good[] = "{\"media:tags\":{\"clip.mp4\":[\"video_selfie\"]},"
                               "\"analyses\":[{\"type\":\"quality\",\"source_media\":[\"clip.mp4\"]}]}";
    assert_judged(make_packer(good), NULL, 0);
    assert_judged(make_packer("{}"), NULL, 2); /* no analyses, no tags */
    assert_judged(make_packer("{]"), "content.json", 1);
    assert_judged(make_packer("{\"analyses\":[{\"type\":\"palmistry\"},{}]}"), "content.value", 3);
    assert_judged(make_packer("{\"media:tags\":{\"other.mp4\":[]}}"), "content.unknown_media", 3);
    assert_judged(make_packer(NULL), "payload.missing", 1);
    ozc_packer *packer = make_packer(good);
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/empty", "", 0));
    assert_judged(packer, "media.empty", 3);
    packer = ozc_packer_new();
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", "{}", 2));
    assert_judged(packer, "media.missing", 2);
}

static void knows_the_kinds_of_media(void **state)
{
    (void)state;
    static const char payload[] = "{\"media:tags\":{\"clip.mp4\":[\"video_selfie\"],\"a.png\":[\"photo_id\"]},"
                                  "\"analyses\":[{\"type\":\"quality\"}]}";
    ozc_packer *packer = make_packer(payload);
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/a.png", TESTDATA "/media/photo.jpg"));
    assert_judged(packer, NULL, 1); /* its name says another kind */
    packer = make_packer(payload);
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/a.png", "no kind", 7));
    assert_judged(packer, NULL, 1);
}

static void finds_a_payload_above_the_limit(void **state)
{
    (void)state;
    size_t len = 256 * 1024 + 1;
    char *large = malloc(len + 1);
    memset(large, ' ', len);
    memcpy(large, "{}", 2);
    large[len] = '\0';
    assert_judged(make_packer(large), "archive.limit", 1);
    large[len - 1] = '\0';
    assert_judged(make_packer(large), NULL, 2);
    free(large);
}

static void fails_without_the_files(void **state)
{
    (void)state;
    ozc_report *report = NULL;
    ozc_packer *packer = make_packer("{}");
    assert_int_equal(OZC_VALID, ozc_packer_add_file(packer, "media/a", "/nonexistent/file"));
    assert_int_equal(OZC_FAILED, ozc_packer_judge_payload(packer, &report));
    assert_null(report);
    assert_string_equal("/nonexistent/file: no such file", ozc_packer_error(packer));
    assert_int_equal(OZC_MISUSE, ozc_packer_judge_payload(packer, NULL));
    assert_int_equal(OZC_MISUSE, ozc_packer_judge_payload(NULL, &report));
    ozc_packer_free(packer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_payload_media_and_content),
        cmocka_unit_test(knows_the_kinds_of_media),
        cmocka_unit_test(finds_a_payload_above_the_limit),
        cmocka_unit_test(fails_without_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
