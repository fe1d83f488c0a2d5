/*
 * The strict scan: is a text one JSON value by RFC 8259 and docs/format.md, section 5, rule 1?
 *
 * Guarantees, for what it passes: UTF-8, well formed, no BOM, no key twice in an object (compared after decoding), no
 * \u0000, no half surrogate pair, no number whose nearest double is infinite, nesting within the limit. So cJSON, which
 * accepts much more, makes the right tree of it. Goes over the bytes once, without recursion and without the locale.
 * Leaves out what the values mean.
 */
#include "json.h"
#include "ascii.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* The name of a member of an object that is still open. */
struct key {
    const uint8_t *at; /* behind the opening quote */
    const uint8_t *end;
};

struct scan {
    const uint8_t *text;
    size_t len;
    size_t at;
    const char *what; /* the fault; it is at `at` */
    bool out_of_memory;
    size_t nesting; /* allowed */
    size_t depth;
    size_t first_key[JSON_NESTING_MOST]; /* of each open object, in keys; of an array NO_KEYS */
    struct key *keys;                    /* those of the innermost open object are the last */
    size_t key_count;
    size_t key_room;
};

#define NO_KEYS SIZE_MAX

static bool fault(struct scan *s, size_t at, const char *what)
{
    s->at = at;
    s->what = what;
    return false;
}

/* The byte at hand; 0, which no token begins with, at the end. */
static uint8_t peek(const struct scan *s)
{
    return s->at < s->len ? s->text[s->at] : 0;
}

static void skip_white_space(struct scan *s)
{
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
        s->at++;
}

static bool hex4(const uint8_t *at, size_t left, uint32_t *value)
{
    if (left < 4)
        return false;
    *value = 0;
    for (size_t i = 0; i < 4; i++) {
        uint8_t c = ascii_lower(at[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *value = *value << 4 | (uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* Decodes one character of a string, escaped or not. Returns its size in bytes; 0: a fault, said in *what. */
static size_t string_character(const uint8_t *at, size_t left, uint32_t *c, const char **what)
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    size_t size = utf8_decode(at, left, c);
    *what = size == 0 ? "invalid UTF-8" : *c < 0x20 ? "a control character in a string; it has to be escaped" : NULL;
    if (*what != NULL)
        return 0;
    if (*c != '\\')
        return size;
    *what = "an escape that JSON does not have";
    if (left < 2)
        return 0;
    const char *escape = at[1] != '\0' ? strchr(escapes, at[1]) : NULL;
    if (escape != NULL) {
        *c = (uint32_t)meanings[escape - escapes];
        return 2;
    }
    if (at[1] != 'u' || !hex4(at + 2, left - 2, c))
        return 0;
    if (*c == 0) {
        *what = "\\u0000 is not allowed";
        return 0;
    }
    if (*c < 0xD800 || *c > 0xDFFF)
        return 6;
    uint32_t low = 0;
    *what = "an escape that is half of a surrogate pair";
    if (*c > 0xDBFF || left < 12 || at[6] != '\\' || at[7] != 'u' || !hex4(at + 8, left - 8, &low) || low < 0xDC00 ||
        low > 0xDFFF)
        return 0;
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

/* ASCII that stands for itself: most of what there is, so it does not take the long way. */
static bool is_itself(uint8_t c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static bool scan_string(struct scan *s)
{
    size_t start = s->at++;
    while (peek(s) != '"') {
        uint32_t c = 0;
        const char *what = NULL;
        if (s->at == s->len)
            return fault(s, start, "a string that does not end");
        if (is_itself(peek(s))) {
            s->at++;
            continue;
        }
        size_t size = string_character(s->text + s->at, s->len - s->at, &c, &what);
        if (size == 0)
            return fault(s, s->at, what);
        s->at += size;
    }
    s->at++;
    return true;
}

/* Is the nearest double of digits * 10^exponent infinite? It is from the middle between the largest double and 2^1024
   on: 2^1024 - 2^970, an integer of 309 digits. `digits` begins with no zero; dots in it are passed over. */
static bool is_infinite(const uint8_t *digits, const uint8_t *end, int64_t integer_digits)
{
    static const char bound[] = "179769313486231580793728971405303415079934132710037826936173778980444968292764"
                                "750946649017977587207096330286416692887910946555547851940402630657488671505820"
                                "681908902000708383676273854845817711531764475730270069855571366959622842914819"
                                "860834936475292719074168444365510704342711559699508093042880177904174497792";
    int64_t bound_digits = (int64_t)(sizeof bound - 1);
    if (integer_digits != bound_digits)
        return integer_digits > bound_digits;
    for (size_t i = 0; bound[i] != '\0'; i++) {
        if (digits < end && *digits == '.')
            digits++;
        int digit = digits < end ? *digits++ : '0';
        if (digit != bound[i])
            return digit > bound[i];
    }
    return true;
}

static size_t skip_digits(struct scan *s)
{
    size_t start = s->at;
    while (ascii_is_digit(peek(s)))
        s->at++;
    return s->at - start;
}

/* Reads an exponent, its size bounded: from 10^8 on its exact value does not matter for a text below 2^26 bytes. */
static bool scan_exponent(struct scan *s, int64_t *exponent)
{
    s->at++;
    bool negative = peek(s) == '-';
    if (negative || peek(s) == '+')
        s->at++;
    size_t start = s->at;
    if (skip_digits(s) == 0)
        return fault(s, s->at, "a number without digits in its exponent");
    for (size_t i = start; i < s->at && *exponent < 100000000; i++)
        *exponent = *exponent * 10 + (s->text[i] - '0');
    if (negative)
        *exponent = -*exponent;
    return true;
}

static bool scan_number(struct scan *s)
{
    size_t start = s->at;
    if (peek(s) == '-')
        s->at++;
    size_t integer = s->at;
    size_t integer_len = skip_digits(s);
    if (integer_len == 0)
        return fault(s, start, "a number without digits");
    if (integer_len > 1 && s->text[integer] == '0')
        return fault(s, start, "a number with a leading zero");
    if (peek(s) == '.') {
        s->at++;
        if (skip_digits(s) == 0)
            return fault(s, s->at, "a number without digits behind its point");
    }
    size_t end = s->at;
    int64_t exponent = 0;
    if ((peek(s) | 0x20) == 'e' && !scan_exponent(s, &exponent))
        return false;
    size_t first = integer;
    while (first < end && (s->text[first] == '0' || s->text[first] == '.'))
        first++;
    /* How many digits the value has before its point, from its first one that is not 0. */
    int64_t digits = first < integer + integer_len ? (int64_t)(integer + integer_len - first)
                                                   : (int64_t)(integer + integer_len + 1) - (int64_t)first;
    if (first < end && is_infinite(s->text + first, s->text + end, digits + exponent))
        return fault(s, start, "a number that is too large for a double");
    return true;
}

static bool scan_literal(struct scan *s, const char *literal)
{
    size_t len = strlen(literal);
    if (s->len - s->at < len || memcmp(s->text + s->at, literal, len) != 0)
        return fault(s, s->at, "something that is no JSON value");
    s->at += len;
    return true;
}

static bool scan_scalar(struct scan *s)
{
    uint8_t c = peek(s);
    if (s->at == s->len)
        return fault(s, s->at, "the end, where a value is expected");
    if (c == '"')
        return scan_string(s);
    if (c == '-' || ascii_is_digit(c))
        return scan_number(s);
    return scan_literal(s, c == 't' ? "true" : c == 'f' ? "false" : "null");
}

static int compare_decoded(const struct key *a, const struct key *b)
{
    const uint8_t *p = a->at;
    const uint8_t *q = b->at;
    while (p < a->end && q < b->end) {
        uint32_t c = 0;
        uint32_t d = 0;
        const char *what = NULL;
        if (*p == *q && is_itself(*p)) {
            p++;
            q++;
            continue;
        }
        p += string_character(p, (size_t)(a->end - p), &c, &what);
        q += string_character(q, (size_t)(b->end - q), &d, &what);
        if (c != d)
            return c < d ? -1 : 1;
    }
    return (p < a->end) - (q < b->end);
}

/* Equal keys stand in the order of the text, so that which one comes again does not hang on the sort. */
static int compare_keys(const void *one, const void *other)
{
    const struct key *a = one;
    const struct key *b = other;
    int order = compare_decoded(a, b);
    return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* No key of the innermost object twice? Sorted, so that many keys are not compared pair by pair. */
static bool keys_are_unique(struct scan *s)
{
    size_t count = s->key_count - s->first_key[s->depth - 1];
    if (count < 2) {
        s->key_count -= count;
        return true;
    }
    struct key *keys = s->keys + s->first_key[s->depth - 1];
    const uint8_t *again = NULL;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (compare_decoded(&keys[i - 1], &keys[i]) == 0 && (again == NULL || keys[i].at < again))
            again = keys[i].at;
    s->key_count -= count;
    return again == NULL || fault(s, (size_t)(again - s->text) - 1, "a key that the object has already");
}

static bool add_key(struct scan *s, size_t start, size_t end)
{
    if (s->key_count == s->key_room) {
        size_t room = s->key_room == 0 ? 64 : s->key_room * 2;
        struct key *keys = realloc(s->keys, room * sizeof *keys);
        if (keys == NULL) {
            s->out_of_memory = true;
            return fault(s, start, "out of memory");
        }
        s->keys = keys;
        s->key_room = room;
    }
    s->keys[s->key_count++] = (struct key){s->text + start, s->text + end};
    return true;
}

/* A member's name and the colon. */
static bool scan_key(struct scan *s)
{
    skip_white_space(s);
    if (peek(s) != '"')
        return fault(s, s->at, "no key, where an object needs one");
    size_t start = s->at + 1;
    if (!scan_string(s) || !add_key(s, start, s->at - 1))
        return false;
    skip_white_space(s);
    if (peek(s) != ':')
        return fault(s, s->at, "no colon behind a key");
    s->at++;
    return true;
}

/* Opens an object or array. */
static bool scan_open(struct scan *s)
{
    if (s->depth == s->nesting)
        return fault(s, s->at, "more objects and arrays within each other than are allowed");
    s->first_key[s->depth++] = s->text[s->at++] == '{' ? s->key_count : NO_KEYS;
    return true;
}

static bool in_object(const struct scan *s)
{
    return s->first_key[s->depth - 1] != NO_KEYS;
}

/* Is the innermost object or array at its end? Then it is closed. */
static bool scan_close(struct scan *s)
{
    if (peek(s) != (in_object(s) ? '}' : ']') || (in_object(s) && !keys_are_unique(s)))
        return false;
    s->at++;
    s->depth--;
    return true;
}

/* Behind a value: closes what ends there, and goes to where the next value begins, if there is one. */
static bool scan_behind_value(struct scan *s)
{
    while (s->depth > 0) {
        skip_white_space(s);
        if (scan_close(s))
            continue;
        if (s->what != NULL)
            return false;
        if (peek(s) != ',')
            return fault(s, s->at,
                         in_object(s) ? "neither a comma nor the object's end" : "neither a comma nor the array's end");
        s->at++;
        return !in_object(s) || scan_key(s);
    }
    return true;
}

static bool scan_text(struct scan *s)
{
    do {
        skip_white_space(s);
        if (peek(s) == '{' || peek(s) == '[') {
            if (!scan_open(s))
                return false;
            skip_white_space(s);
            if (!scan_close(s)) {
                if (s->what != NULL || (in_object(s) && !scan_key(s)))
                    return false;
                continue;
            }
        } else if (!scan_scalar(s)) {
            return false;
        }
        if (!scan_behind_value(s))
            return false;
    } while (s->depth > 0);
    skip_white_space(s);
    return s->at == s->len || fault(s, s->at, "something behind the value");
}

void json_count_lines(const uint8_t *text, size_t offset, struct json_fault *place)
{
    *place = (struct json_fault){offset, 1, 1, NULL};
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            place->line++;
            place->column = 1;
        } else if ((text[i] & 0xC0) != 0x80) {
            place->column++;
        }
    }
}

enum json_outcome json_scan(const uint8_t *text, size_t len, size_t nesting, struct json_fault *fault_found)
{
    struct scan s = {.text = text, .len = len, .nesting = nesting < JSON_NESTING_MOST ? nesting : JSON_NESTING_MOST};
    bool strict = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? fault(&s, 0, "a byte order mark") : scan_text(&s);
    free(s.keys);
    if (s.out_of_memory)
        return JSON_FAILED;
    if (strict)
        return JSON_STRICT;
    json_count_lines(text, s.at, fault_found);
    fault_found->what = s.what;
    return JSON_FAULTY;
}
