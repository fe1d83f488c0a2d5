/* media_kind.h - what kind of media a file is, by its first bytes and by its name (docs/format.md, section 5, rule 3).
 */
#ifndef MEDIA_KIND_H
#define MEDIA_KIND_H

#include <stddef.h>
#include <stdint.h>

enum media_kind {
    MEDIA_UNKNOWN = 0,
    MEDIA_MP4,
    MEDIA_QUICKTIME,
    MEDIA_WEBM,
    MEDIA_MPEG,
    MEDIA_OGG,
    MEDIA_AVI,
    MEDIA_WMV,
    MEDIA_JPEG,
    MEDIA_PNG,
    MEDIA_ZIP
};

/* By the first bytes: 192 are enough for each kind. */
enum media_kind media_kind_of_bytes(const uint8_t *bytes, size_t len);

/* By the extension; MEDIA_UNKNOWN where it says nothing. */
enum media_kind media_kind_of_name(const char *name);

/* "MP4" */
const char *media_kind_in_words(enum media_kind kind);

#endif
