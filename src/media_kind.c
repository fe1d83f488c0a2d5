/*
 * Kinds of media by their first bytes and by their names.
 *
 * Good enough for a warning, and for no more: nothing is parsed beyond the signature that each format begins with.
 */
#include "media_kind.h"
#include "ascii.h"

#include <ozcapsula.h>

#include <string.h>

static bool has(const uint8_t *bytes, size_t len, size_t at, const char *what, size_t size)
{
    return len >= at + size && memcmp(bytes + at, what, size) == 0;
}

/* ISO/IEC 14496-12: a file type box names the brand. Still images and audio carry one too. */
static enum media_kind kind_of_brand(const uint8_t *brand)
{
    static const char *const others[] = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1",
                                         "msf1", "avif", "avis", "crx ", "M4A ", "M4B "};
    if (memcmp(brand, "qt  ", 4) == 0)
        return MEDIA_QUICKTIME;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (memcmp(brand, others[i], 4) == 0)
            return MEDIA_UNKNOWN;
    return MEDIA_MP4;
}

/* Older QuickTime files begin with any of these atoms. */
static bool is_old_quicktime(const uint8_t *bytes, size_t len)
{
    static const char *const atoms[] = {"moov", "mdat", "wide", "free", "skip", "pnot"};
    for (size_t i = 0; i < sizeof atoms / sizeof *atoms; i++)
        if (has(bytes, len, 4, atoms[i], 4))
            return true;
    return false;
}

/* An EBML header whose document type is webm, not matroska. */
static bool is_webm(const uint8_t *bytes, size_t len)
{
    if (!has(bytes, len, 0, "\x1A\x45\xDF\xA3", 4))
        return false;
    for (size_t at = 4; at < 64; at++)
        if (has(bytes, len, at, "\x42\x82\x84webm", 7))
            return true;
    return false;
}

/* A program stream, an elementary stream, or two packets of a transport stream. */
static bool is_mpeg(const uint8_t *bytes, size_t len)
{
    return has(bytes, len, 0, "\0\0\1\xBA", 4) || has(bytes, len, 0, "\0\0\1\xB3", 4) ||
           (has(bytes, len, 0, "G", 1) && has(bytes, len, 188, "G", 1));
}

enum media_kind media_kind_of_bytes(const uint8_t *bytes, size_t len)
{
    if (has(bytes, len, 4, "ftyp", 4) && len >= 12)
        return kind_of_brand(bytes + 8);
    if (has(bytes, len, 0, "\xFF\xD8\xFF", 3))
        return MEDIA_JPEG;
    if (has(bytes, len, 0, "\x89PNG\r\n\x1A\n", 8))
        return MEDIA_PNG;
    if (is_webm(bytes, len))
        return MEDIA_WEBM;
    if (has(bytes, len, 0, "OggS", 4))
        return MEDIA_OGG;
    if (has(bytes, len, 0, "RIFF", 4) && has(bytes, len, 8, "AVI ", 4))
        return MEDIA_AVI;
    if (has(bytes, len, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", 16))
        return MEDIA_WMV;
    if (has(bytes, len, 0, "PK\3\4", 4))
        return MEDIA_ZIP;
    if (is_mpeg(bytes, len))
        return MEDIA_MPEG;
    return is_old_quicktime(bytes, len) ? MEDIA_QUICKTIME : MEDIA_UNKNOWN;
}

enum media_kind media_kind_of_name(const char *name)
{
    static const struct {
        const char *extension;
        enum media_kind kind;
    } known[] = {{"mp4", MEDIA_MP4},   {"m4v", MEDIA_MP4},  {"mov", MEDIA_QUICKTIME}, {"qt", MEDIA_QUICKTIME},
                 {"webm", MEDIA_WEBM}, {"mpg", MEDIA_MPEG}, {"mpeg", MEDIA_MPEG},     {"ts", MEDIA_MPEG},
                 {"ogg", MEDIA_OGG},   {"ogv", MEDIA_OGG},  {"avi", MEDIA_AVI},       {"wmv", MEDIA_WMV},
                 {"asf", MEDIA_WMV},   {"jpg", MEDIA_JPEG}, {"jpeg", MEDIA_JPEG},     {"png", MEDIA_PNG},
                 {"zip", MEDIA_ZIP}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof *known; i++)
        if (ascii_equal(dot + 1, known[i].extension))
            return known[i].kind;
    return MEDIA_UNKNOWN;
}

const char *media_kind_in_words(enum media_kind kind)
{
    static const char *const words[] = {
        "no accepted kind", "MP4", "QuickTime", "WebM", "MPEG", "Ogg", "AVI", "WMV", "JPEG", "PNG", "ZIP"};
    return words[kind];
}

const char *ozc_media_kind(const void *bytes, size_t len)
{
    enum media_kind kind = bytes == NULL ? MEDIA_UNKNOWN : media_kind_of_bytes(bytes, len);
    return kind == MEDIA_UNKNOWN ? NULL : media_kind_in_words(kind);
}
