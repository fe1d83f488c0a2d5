/*
 * Target: the strict JSON scan, against cJSON, which makes the tree of what the scan passes.
 *
 * What the scan passes cJSON takes (json_read never says JSON_FAILED here); no object has a key twice; and it means the
 * same when it is written in ASCII. What it refuses, it refuses at a place within the text. Memory is bounded by the
 * text's size.
 */
#include "fuzz.h"
#include "json.h"
#include "text.h"
#include "wraps.h"

#include <cjson/cJSON.h>
#include <string.h>

static void must_be_a_place(const struct json_fault *fault, const uint8_t *data, size_t size)
{
    size_t line = 1;
    MUST(fault->what != NULL && fault->offset <= size, "a fault at %zu of %zu", fault->offset, size);
    must_be_plain(fault->what, "a fault");
    for (size_t i = 0; i < fault->offset; i++)
        line += data[i] == '\n';
    MUST(fault->line == line && fault->column >= 1 && fault->column <= fault->offset + 1,
         "byte %zu is said to be in line %zu, column %zu", fault->offset, fault->line, fault->column);
}

static bool has_equal_names(const json_value *object)
{
    for (const json_value *a = json_first(object); a != NULL; a = json_next(a))
        for (const json_value *b = json_next(a); b != NULL; b = json_next(b))
            if (strcmp(json_name(a), json_name(b)) == 0)
                return true;
    return false;
}

/* No object within has a key twice. */
static void must_have_each_key_once(const json_value *value)
{
    MUST(json_type(value) != JSON_OBJECT || !has_equal_names(value), "an object with a key twice is passed");
    for (const json_value *child = json_first(value); child != NULL; child = json_next(child))
        must_have_each_key_once(child);
}

/* The same values under the same names in the same order? (cJSON_Compare takes time that doubles with each level.) */
static bool is_same(const json_value *a, const json_value *b)
{
    if (json_type(a) != json_type(b) || a->type != b->type || a->valuedouble != b->valuedouble ||
        (json_type(a) == JSON_TEXT && strcmp(json_text(a), json_text(b)) != 0))
        return false;
    const json_value *one = json_first(a);
    const json_value *other = json_first(b);
    while (one != NULL && other != NULL) {
        bool has_name = json_type(a) == JSON_OBJECT;
        if ((has_name && strcmp(json_name(one), json_name(other)) != 0) || !is_same(one, other))
            return false;
        one = json_next(one);
        other = json_next(other);
    }
    return one == other;
}

/* Written in ASCII on one line, as tokens are shown, it is the same value. */
static void must_mean_the_same_in_ascii(const json_value *tree, const uint8_t *data, size_t size)
{
    struct text ascii = {0};
    struct json_fault fault = {0};
    json_value *other = NULL;
    text_json_ascii(&ascii, data, size);
    MUST(!ascii.failed, "no memory");
    must_be_json(ascii.data, "JSON in ASCII");
    MUST(json_read((const uint8_t *)ascii.data, ascii.len, JSON_NESTING_MOST, &other, &fault) == JSON_STRICT,
         "JSON in ASCII is refused: %s", fault.what);
    MUST(is_same(tree, other), "JSON in ASCII means something else: %s", ascii.data);
    json_free(other);
    text_free(&ascii);
}

/* A limit on nesting that is higher changes nothing but that limit. */
static void must_not_hang_on_the_limit(enum json_outcome outcome, const uint8_t *data, size_t size)
{
    struct json_fault fault = {0};
    enum json_outcome low = json_scan(data, size, 3, &fault);
    MUST(low != JSON_STRICT || outcome == JSON_STRICT, "refused with a higher limit on nesting");
    MUST(low != JSON_FAULTY || outcome == JSON_FAULTY || strstr(fault.what, "within each other") != NULL,
         "passed with a higher limit on nesting, refused with a lower one: %s", fault.what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_fault fault = {0};
    json_value *tree = NULL;
    watch_start();
    enum json_outcome scanned = json_scan(data, size, JSON_NESTING_MOST, &fault);
    MUST(watch_peak() <= 16 * size + 4096, "%zu bytes were held to scan %zu", watch_peak(), size);
    enum json_outcome outcome = json_read(data, size, JSON_NESTING_MOST, &tree, &fault);
    MUST(watch_peak() <= 64 * size + 4096, "%zu bytes were held to read %zu", watch_peak(), size);
    MUST(outcome != JSON_FAILED, "cJSON refuses what the scan has passed");
    MUST(outcome == scanned, "scan and reading differ");
    MUST((tree != NULL) == (outcome == JSON_STRICT), "a tree of a text that is refused, or none");
    if (outcome == JSON_FAULTY)
        must_be_a_place(&fault, data, size);
    if (outcome == JSON_STRICT) {
        must_have_each_key_once(tree);
        must_mean_the_same_in_ascii(tree, data, size);
    }
    must_not_hang_on_the_limit(outcome, data, size);
    json_free(tree);
    int64_t left = watch_end();
    MUST(left == 0, "%lld bytes are held when all is freed", (long long)left);
    return 0;
}
