/* media_kind.c: kinds of media by first bytes and by extension. */
#include "media_kind.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *file;
    enum media_kind kind;
} files[] = {{"clip.mp4", MEDIA_MP4},  {"clip.mov", MEDIA_QUICKTIME}, {"clip.webm", MEDIA_WEBM},
             {"clip.mpg", MEDIA_MPEG}, {"clip.ogv", MEDIA_OGG},       {"clip.avi", MEDIA_AVI},
             {"clip.wmv", MEDIA_WMV},  {"photo.jpg", MEDIA_JPEG},     {"photo.png", MEDIA_PNG},
             {"shots.zip", MEDIA_ZIP}};

static struct bytes read_media(const char *file)
{
    char path[64];
    snprintf(path, sizeof path, "media/%s", file);
    return read_testdata(path);
}

static void knows_each_real_file_by_its_bytes_and_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes media = read_media(files[i].file);
        if (media_kind_of_bytes(media.data, media.len) != files[i].kind)
            fail_msg("%s", files[i].file);
        assert_int_equal(files[i].kind, media_kind_of_name(files[i].file));
        free(media.data);
    }
}

static void knows_each_real_file_by_its_first_192_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes media = read_media(files[i].file);
        assert_int_equal(files[i].kind, media_kind_of_bytes(media.data, 192));
        free(media.data);
    }
}

static void reads_no_byte_behind_a_short_file_and_never_takes_it_for_another_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes media = read_media(files[i].file);
        for (size_t len = 0; len < 192; len++) {
            uint8_t *cut = malloc(len == 0 ? 1 : len);
            memcpy(cut, media.data, len);
            enum media_kind kind = media_kind_of_bytes(cut, len);
            if (kind != MEDIA_UNKNOWN && kind != files[i].kind)
                fail_msg("%s, %zu bytes", files[i].file, len);
            if (len < 3)
                assert_int_equal(MEDIA_UNKNOWN, kind);
            free(cut);
        }
        free(media.data);
    }
}

/* A file that begins with a file type box of that brand. */
static enum media_kind kind_of_brand(const char *brand)
{
    uint8_t bytes[32] = {0, 0, 0, 20, 'f', 't', 'y', 'p'};
    memcpy(bytes + 8, brand, 4);
    return media_kind_of_bytes(bytes, sizeof bytes);
}

static void tells_videos_of_iso_media_from_quicktime_stills_and_audio(void **state)
{
    (void)state;
    static const char *const videos[] = {"isom", "iso2", "mp41", "mp42", "avc1", "M4V ", "3gp5", "dash"};
    static const char *const others[] = {"heic", "heix", "mif1", "avif", "M4A ", "M4B "};
    for (size_t i = 0; i < sizeof videos / sizeof *videos; i++)
        assert_int_equal(MEDIA_MP4, kind_of_brand(videos[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(MEDIA_UNKNOWN, kind_of_brand(others[i]));
    assert_int_equal(MEDIA_QUICKTIME, kind_of_brand("qt  "));
}

static void knows_older_quicktime_by_its_first_atom(void **state)
{
    (void)state;
    static const char *const atoms[] = {"moov", "mdat", "wide", "free", "skip", "pnot"};
    for (size_t i = 0; i < sizeof atoms / sizeof *atoms; i++) {
        uint8_t bytes[16] = {0, 0, 0, 16};
        memcpy(bytes + 4, atoms[i], 4);
        assert_int_equal(MEDIA_QUICKTIME, media_kind_of_bytes(bytes, sizeof bytes));
    }
}

static enum media_kind kind_of_ebml(const char *type, size_t at)
{
    uint8_t bytes[128] = {0x1A, 0x45, 0xDF, 0xA3};
    bytes[at] = 0x42; /* the element DocType */
    bytes[at + 1] = 0x82;
    bytes[at + 2] = (uint8_t)(0x80 | strlen(type));
    memcpy(bytes + at + 3, type, strlen(type));
    return media_kind_of_bytes(bytes, sizeof bytes);
}

static void tells_webm_from_matroska(void **state)
{
    (void)state;
    assert_int_equal(MEDIA_WEBM, kind_of_ebml("webm", 4));
    assert_int_equal(MEDIA_WEBM, kind_of_ebml("webm", 24));
    assert_int_equal(MEDIA_UNKNOWN, kind_of_ebml("matroska", 24));
}

static void knows_streams_of_mpeg(void **state)
{
    (void)state;
    uint8_t packets[192] = {0};
    static const uint8_t program[4] = {0, 0, 1, 0xBA};
    static const uint8_t elementary[4] = {0, 0, 1, 0xB3};
    packets[0] = packets[188] = 'G';
    assert_int_equal(MEDIA_MPEG, media_kind_of_bytes(packets, sizeof packets));
    assert_int_equal(MEDIA_UNKNOWN, media_kind_of_bytes(packets, 188));
    packets[188] = 0;
    assert_int_equal(MEDIA_UNKNOWN, media_kind_of_bytes(packets, sizeof packets));
    assert_int_equal(MEDIA_MPEG, media_kind_of_bytes(program, sizeof program));
    assert_int_equal(MEDIA_MPEG, media_kind_of_bytes(elementary, sizeof elementary));
}

static void knows_no_other_kind(void **state)
{
    (void)state;
    static const char *const others[] = {"GIF89a, a picture",    "RIFF....WAVEfmt ",     "RIFF....WEBPVP8 ",
                                         "%PDF-1.7 and on",      "BM, a bitmap file",    "ID3 or other audio",
                                         "PK\5\6, an empty ZIP", "<?xml version='1.0'?>"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (media_kind_of_bytes((const uint8_t *)others[i], strlen(others[i])) != MEDIA_UNKNOWN)
            fail_msg("%s", others[i]);
    assert_int_equal(MEDIA_UNKNOWN, media_kind_of_bytes(NULL, 0));
}

static void knows_each_extension_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum media_kind kind;
    } names[] = {{"media/a.mp4", MEDIA_MP4},      {"media/a.m4v", MEDIA_MP4},   {"media/a.mov", MEDIA_QUICKTIME},
                 {"media/a.qt", MEDIA_QUICKTIME}, {"media/a.webm", MEDIA_WEBM}, {"media/a.mpg", MEDIA_MPEG},
                 {"media/a.mpeg", MEDIA_MPEG},    {"media/a.ts", MEDIA_MPEG},   {"media/a.ogg", MEDIA_OGG},
                 {"media/a.ogv", MEDIA_OGG},      {"media/a.avi", MEDIA_AVI},   {"media/a.wmv", MEDIA_WMV},
                 {"media/a.asf", MEDIA_WMV},      {"media/a.jpg", MEDIA_JPEG},  {"media/a.jpeg", MEDIA_JPEG},
                 {"media/a.png", MEDIA_PNG},      {"media/a.zip", MEDIA_ZIP},   {"media/A.PNG", MEDIA_PNG},
                 {"media/a.JpEg", MEDIA_JPEG},    {"media/a.b.mp4", MEDIA_MP4}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (media_kind_of_name(names[i].name) != names[i].kind)
            fail_msg("%s", names[i].name);
}

static void says_nothing_of_other_extensions(void **state)
{
    (void)state;
    static const char *const names[] = {"media/a",     "media/mp4", "media/a.mp4.bak", "media/a.mp", "media/a.mp44",
                                        "media/a.gif", "media/png", "media/a-mp4",     "",           "ext/a.mp4/b",
                                        "media/a.mkv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (media_kind_of_name(names[i]) != MEDIA_UNKNOWN)
            fail_msg("%s", names[i]);
}

static void has_other_words_for_each_kind(void **state)
{
    (void)state;
    for (int i = MEDIA_UNKNOWN; i <= MEDIA_ZIP; i++)
        for (int k = MEDIA_UNKNOWN; k < i; k++)
            assert_string_not_equal(media_kind_in_words((enum media_kind)i), media_kind_in_words((enum media_kind)k));
    assert_string_equal("MP4", media_kind_in_words(MEDIA_MP4));
    assert_string_equal("WMV", media_kind_in_words(MEDIA_WMV));
    assert_string_equal("ZIP", media_kind_in_words(MEDIA_ZIP));
}

static void tells_the_kind_in_words_or_nothing(void **state)
{
    (void)state;
    assert_string_equal("MP4", ozc_media_kind("\0\0\0\x18"
                                              "ftypmp42",
                                              12));
    assert_string_equal("ZIP", ozc_media_kind("PK\3\4", 4));
    assert_null(ozc_media_kind("no kind", 7));
    assert_null(ozc_media_kind("PK\3\4", 3));
    assert_null(ozc_media_kind(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_real_file_by_its_bytes_and_by_its_name),
        cmocka_unit_test(knows_each_real_file_by_its_first_192_bytes),
        cmocka_unit_test(reads_no_byte_behind_a_short_file_and_never_takes_it_for_another_kind),
        cmocka_unit_test(tells_videos_of_iso_media_from_quicktime_stills_and_audio),
        cmocka_unit_test(knows_older_quicktime_by_its_first_atom),
        cmocka_unit_test(tells_webm_from_matroska),
        cmocka_unit_test(knows_streams_of_mpeg),
        cmocka_unit_test(knows_no_other_kind),
        cmocka_unit_test(knows_each_extension_in_any_case),
        cmocka_unit_test(says_nothing_of_other_extensions),
        cmocka_unit_test(has_other_words_for_each_kind),
        cmocka_unit_test(tells_the_kind_in_words_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
