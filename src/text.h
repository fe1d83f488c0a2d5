/* text.h - texts that grow, and what makes hostile bytes safe to show. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing text. Starts as {0}. The first failed allocation empties it and sets `failed`; adding to it is then
   without effect, so callers look once, at the end. */
struct text {
    char *data; /* NUL terminated once anything was added */
    size_t len;
    size_t room;
    bool failed;
};

void text_add(struct text *text, const void *bytes, size_t len);
void text_print(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One JSON string in ASCII, quotes included; what is no UTF-8 becomes U+FFFD. NULL is written as null. */
void text_json(struct text *text, const char *string);
void text_json_bytes(struct text *text, const uint8_t *bytes, size_t len);

/* JSON text that a strict scan has passed, on one line and with all but printable ASCII as \u escapes. */
void text_json_ascii(struct text *text, const uint8_t *json, size_t len);

/* 2 * len lower-case hex digits. */
void text_hex(struct text *text, const uint8_t *bytes, size_t len);

/* The finished text, the caller's to free; NULL when memory ran out. The text is empty afterwards. */
char *text_take(struct text *text);

void text_free(struct text *text);

/* Empties it and has it fail, as if memory had run out: for what goes wrong beside it. */
void text_abandon(struct text *text);

/* Bytes for people: printable ASCII as it is, `\` doubled, the rest as \xNN; cut after SHOWN_BYTES bytes. Returns `to`.
 */
#define SHOWN_BYTES 80
#define SHOWN_ROOM (SHOWN_BYTES * 4 + 4)
const char *shown_in(char to[SHOWN_ROOM], const void *bytes, size_t len);

/* The same in a buffer that lives until the end of the caller's block. */
#define SHOWN(bytes, len) shown_in((char[SHOWN_ROOM]){0}, bytes, len)

/* Is it a word for a claim, a key id or a type: 1 to WORD_MOST bytes of UTF-8? */
#define WORD_MOST 255
bool is_word(const char *word);

/* A copy of len bytes with a NUL behind them; NULL when memory ran out. */
char *copy_bytes(const void *bytes, size_t len);

#endif
