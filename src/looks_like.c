/*
 * What bytes look like, in a word for people.
 *
 * Guarantees a static word and no look behind the bytes given. Asks media_kind.c first, so that both say the same of
 * media; what that does not know is told apart here by its signature, or by being text. A likeness and no more: nothing
 * is parsed, and nothing that is accepted or rejected depends on it.
 */
#include "looks_like.h"
#include "archive.h"
#include "utf8.h"

#include <stdbool.h>
#include <string.h>

static bool has(const uint8_t *bytes, size_t len, size_t at, const char *what, size_t size)
{
    return len >= at + size && memcmp(bytes + at, what, size) == 0;
}

struct signature {
    size_t at;
    size_t size;
    const char *bytes;
    const char *word;
};

#define SIGNATURE(at, bytes, word)                                                                                     \
    {                                                                                                                  \
        at, sizeof(bytes) - 1, bytes, word                                                                             \
    }

/* The longer of two that begin alike comes first. */
static const struct signature signatures[] = {
    SIGNATURE(0, "PK\1\2", "ZIP central record"),
    SIGNATURE(0, "PK\5\6", "ZIP end record"),
    SIGNATURE(0, "PK\7\10", "ZIP data descriptor, or a split ZIP"),
    SIGNATURE(0, "PK\6\6", "ZIP64 end record"),
    SIGNATURE(0, "PK\6\7", "ZIP64 locator"),
    SIGNATURE(0, "PK\5\5", "ZIP digital signature"),
    SIGNATURE(0, "PK\6\10", "ZIP extra data record"),
    SIGNATURE(4, "ftyphe", "HEIF image"),
    SIGNATURE(4, "ftypmif1", "HEIF image"),
    SIGNATURE(4, "ftypmsf1", "HEIF image"),
    SIGNATURE(4, "ftypavi", "AVIF image"),
    SIGNATURE(4, "ftypM4", "MPEG-4 audio"),
    SIGNATURE(4, "ftypcrx ", "Canon raw image"),
    SIGNATURE(0, "\x1A\x45\xDF\xA3", "Matroska"),
    SIGNATURE(0, "GIF8", "GIF"),
    SIGNATURE(8, "WEBPVP8", "WebP"),
    SIGNATURE(8, "WAVEfmt ", "WAV"),
    SIGNATURE(0, "II*\0", "TIFF"),
    SIGNATURE(0, "MM\0*", "TIFF"),
    SIGNATURE(0, "ID3", "MP3"),
    SIGNATURE(0, "fLaC", "FLAC"),
    SIGNATURE(0, "%PDF-", "PDF"),
    SIGNATURE(0, "\x1F\x8B", "gzip"),
    SIGNATURE(0, "BZh", "bzip2"),
    SIGNATURE(0, "\xFD\x37zXZ\0", "xz"),
    SIGNATURE(0, "\x28\xB5\x2F\xFD", "Zstandard"),
    SIGNATURE(0, "7z\xBC\xAF\x27\x1C", "7-Zip"),
    SIGNATURE(0, "Rar!\x1A\7", "RAR"),
    SIGNATURE(257, "ustar", "tar"),
    SIGNATURE(0,
              "\x7F"
              "ELF",
              "ELF program"),
    SIGNATURE(0, "SQLite format 3", "SQLite database"),
    SIGNATURE(0, "Salted__", "OpenSSL encrypted data"),
    SIGNATURE(0, "-----BEGIN PGP", "OpenPGP"),
    SIGNATURE(0, "-----BEGIN ", "PEM"),
    SIGNATURE(0, "<?xml", "XML"),
    SIGNATURE(0, "<!DOCTYPE html", "HTML"),
    SIGNATURE(0, "<html", "HTML"),
};

static bool is_filled_with(const uint8_t *bytes, size_t len, uint8_t byte)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != byte)
            return false;
    return true;
}

/* UTF-8 without control characters but for those of lines. What is cut within a character is text all the same. */
static bool is_text(const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t size = utf8_decode(bytes + at, len - at, &c);
        if (size == 0)
            return bytes[at] >= 0xC2 && len - at < 4;
        if (c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
            return false;
        at += size;
    }
    return true;
}

/* Three parts of base64url, as far as they are given; the header of a JWS is an object. */
static bool is_jws(const uint8_t *bytes, size_t len)
{
    return has(bytes, len, 0, "eyJ", 3) && memchr(bytes, '.', len) != NULL;
}

static const char *kind_of_text(const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && strchr(" \t\r\n", bytes[at]) != NULL)
        at++;
    if (at < len && (bytes[at] == '{' || bytes[at] == '['))
        return "JSON";
    return is_jws(bytes, len) ? "JWS" : "text";
}

static bool is_container(const uint8_t *bytes, size_t len)
{
    static const char start[] = NAME_MIMETYPE MIMETYPE;
    return has(bytes, len, 0, "PK\3\4", 4) && has(bytes, len, 30, start, sizeof start - 1);
}

const char *looks_like(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return NULL;
    if (is_container(bytes, len))
        return "OzCapsula container, profile 1";
    enum media_kind kind = media_kind_of_bytes(bytes, len);
    if (kind != MEDIA_UNKNOWN)
        return media_kind_in_words(kind);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (has(bytes, len, signatures[i].at, signatures[i].bytes, signatures[i].size))
            return signatures[i].word;
    if (is_filled_with(bytes, len, bytes[0]) && (bytes[0] == 0 || bytes[0] == 0xFF))
        return bytes[0] == 0 ? "zeros" : "bytes 0xff";
    if (is_text(bytes, len))
        return kind_of_text(bytes, len);
    /* Two letters, with which a text may begin too. */
    return has(bytes, len, 0, "MZ", 2) ? "Windows program" : has(bytes, len, 0, "BM", 2) ? "BMP" : NULL;
}
