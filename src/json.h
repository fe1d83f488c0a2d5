/* json.h - strict JSON (RFC 8259; docs/format.md, section 5, rule 1), and the tree of a text that is. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where and why a text is no strict JSON. Line and column count from 1, the column in characters. */
struct json_fault {
    size_t offset;
    size_t line;
    size_t column;
    const char *what;
};

enum json_outcome {
    JSON_STRICT, /* the whole text is one value by the rule */
    JSON_FAULTY, /* the fault says where */
    JSON_FAILED  /* out of memory, or cJSON refused what the scan has passed: no verdict */
};

/* At most this many objects and arrays open at one time, whatever the caller allows. */
#define JSON_NESTING_MOST 1000

/* Judges the bytes. Memory: up to ten times len at worst, for the keys of objects that are still open. */
enum json_outcome json_scan(const uint8_t *text, size_t len, size_t nesting, struct json_fault *fault);

/* A value of the tree; only json_tree.c knows that it is cJSON's. */
typedef struct cJSON json_value;

/* Scans, then makes the tree, which the caller frees. *tree is NULL unless JSON_STRICT. */
enum json_outcome json_read(const uint8_t *text, size_t len, size_t nesting, json_value **tree,
                            struct json_fault *fault);
void json_free(json_value *tree);

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

enum json_type json_type(const json_value *value);

/* "an object", "a number": the type in a sentence. */
const char *json_type_in_words(enum json_type type);

/* Where a value of the tree that json_read has made of the text stands, or with `at_name` the name of that member:
   offset, line and column. */
void json_place(const uint8_t *text, size_t len, const json_value *tree, const json_value *value, bool at_name,
                struct json_fault *place);

/* Line and column of the byte at `offset`. */
void json_count_lines(const uint8_t *text, size_t offset, struct json_fault *place);

/* The member of that exact name, NULL where there is none (or no object). */
const json_value *json_member(const json_value *object, const char *name);

/* Members and elements in the order of the bytes. */
const json_value *json_first(const json_value *container);
const json_value *json_next(const json_value *value);

/* The name of a member, the text of a JSON_TEXT: NUL terminated, and no NUL within. */
const char *json_name(const json_value *member);
const char *json_text(const json_value *value);

/* Is it a number whose value, as a double, is an integer from 0 to 2^53-1? */
bool json_integer(const json_value *value, int64_t *integer);

#endif
