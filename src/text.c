/*
 * Growing texts, JSON strings, and the escaping of hostile bytes.
 *
 * Guarantees that what leaves text_json, text_json_ascii and shown_in is printable ASCII: no byte of a container moves
 * a cursor or ends a string. Assumes that formats print integers and strings only, so no locale has a say.
 */
#include "text.h"
#include "utf8.h"

#include <ozcapsula.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_abandon(struct text *text)
{
    text_free(text);
    text->failed = true;
}

/* Makes room for `more` bytes and the NUL. */
static bool text_grow(struct text *text, size_t more)
{
    if (text->failed)
        return false;
    if (more < text->room - text->len)
        return true;
    if (more > SIZE_MAX / 4 - text->len) {
        text_abandon(text);
        return false;
    }
    size_t room = (text->len + more + 1) * 2;
    char *data = realloc(text->data, room);
    if (data == NULL) {
        text_abandon(text);
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void text_add(struct text *text, const void *bytes, size_t len)
{
    if (!text_grow(text, len))
        return;
    if (len > 0)
        memcpy(text->data + text->len, bytes, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void text_print(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        text_abandon(text);
        return;
    }
    if (!text_grow(text, (size_t)len))
        return;
    va_start(args, format);
    (void)vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
    va_end(args);
    text->len += (size_t)len;
}

static void text_json_character(struct text *text, uint32_t c)
{
    static const char *const shorthand[] = {['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f",
                                            ['\r'] = "\\r", ['"'] = "\\\"", ['\\'] = "\\\\"};
    if (c < sizeof shorthand / sizeof *shorthand && shorthand[c] != NULL) {
        text_add(text, shorthand[c], 2);
    } else if (c >= 0x20 && c < 0x7F) {
        text_add(text, &(char){(char)c}, 1);
    } else if (c < 0x10000) {
        text_print(text, "\\u%04x", (unsigned)c);
    } else {
        c -= 0x10000;
        text_print(text, "\\u%04x\\u%04x", (unsigned)(0xD800 | c >> 10), (unsigned)(0xDC00 | (c & 0x3FF)));
    }
}

void text_json_bytes(struct text *text, const uint8_t *bytes, size_t len)
{
    text_add(text, "\"", 1);
    for (size_t at = 0; at < len;) {
        uint32_t c = 0xFFFD;
        size_t size = utf8_decode(bytes + at, len - at, &c);
        text_json_character(text, c);
        at += size == 0 ? 1 : size;
    }
    text_add(text, "\"", 1);
}

void text_json(struct text *text, const char *string)
{
    if (string == NULL)
        text_add(text, "null", 4);
    else
        text_json_bytes(text, (const uint8_t *)string, strlen(string));
}

void text_json_ascii(struct text *text, const uint8_t *json, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t c = 0xFFFD;
        size_t size = utf8_decode(json + at, len - at, &c);
        if (c == '\n' || c == '\r' || c == '\t')
            text_add(text, " ", 1); /* between tokens only: strings hold no raw control character */
        else if (c == '"' || c == '\\')
            text_add(text, json + at, 1);
        else
            text_json_character(text, c);
        at += size == 0 ? 1 : size;
    }
}

void text_hex(struct text *text, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        text_print(text, "%02x", bytes[i]);
}

char *text_take(struct text *text)
{
    text_add(text, "", 0);
    char *data = text->data;
    *text = (struct text){0};
    return data;
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

/* Writes one byte for people at `to`; returns how many characters that took: 1 to 4. */
static size_t show_byte(char *to, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    if (byte == '\\') {
        memcpy(to, "\\\\", 2);
        return 2;
    }
    if (byte >= 0x20 && byte < 0x7F) {
        *to = (char)byte;
        return 1;
    }
    memcpy(to, (char[]){'\\', 'x', digits[byte >> 4], digits[byte & 15]}, 4);
    return 4;
}

const char *shown_in(char to[SHOWN_ROOM], const void *bytes, size_t len)
{
    const unsigned char *from = bytes;
    size_t at = 0;
    for (size_t i = 0; i < len && i < SHOWN_BYTES; i++)
        at += show_byte(to + at, from[i]);
    if (len > SHOWN_BYTES) {
        memcpy(to + at, "...", 3);
        at += 3;
    }
    to[at] = '\0';
    return to;
}

char *copy_bytes(const void *bytes, size_t len)
{
    char *copy = len < SIZE_MAX ? malloc(len + 1) : NULL;
    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

bool is_word(const char *word)
{
    size_t len = strnlen(word, WORD_MOST + 1);
    if (len == 0 || len > WORD_MOST)
        return false;
    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t size = utf8_decode((const uint8_t *)word + at, len - at, &c);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

char *ozc_json_string(const char *string)
{
    struct text text = {0};
    text_json(&text, string);
    return text_take(&text);
}

char *ozc_plain_text(const char *string)
{
    struct text text = {0};
    for (size_t i = 0; string != NULL && string[i] != '\0'; i++) {
        char shown[4];
        text_add(&text, shown, show_byte(shown, (unsigned char)string[i]));
    }
    return text_take(&text);
}

void ozc_free(void *text)
{
    free(text);
}
