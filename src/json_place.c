/*
 * Where a value of the tree stands in the text, for messages about settings that people write.
 *
 * Assumes the text and the tree of json_read, whose values come in the same order, and a nesting that json_read has
 * bounded: it goes down the tree by recursion. Takes the time of one pass over both.
 */
#include "json.h"

#include <string.h>

/* Counts the values before `wanted`, it and what is in it not counted. false: it is not in this part of the tree.
   As deep as json_read allows at most. NOLINTNEXTLINE(misc-no-recursion) */
static bool count_before(const json_value *tree, const json_value *wanted, size_t *count)
{
    if (tree == wanted)
        return true;
    (*count)++;
    for (const json_value *child = json_first(tree); child != NULL; child = json_next(child))
        if (count_before(child, wanted, count))
            return true;
    return false;
}

static size_t skip_string(const uint8_t *text, size_t len, size_t at)
{
    for (at++; at < len && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at + 1;
}

static size_t skip(const uint8_t *text, size_t len, size_t at, const char *bytes)
{
    while (at < len && text[at] != '\0' && strchr(bytes, text[at]) != NULL)
        at++;
    return at;
}

static size_t skip_token(const uint8_t *text, size_t len, size_t at)
{
    if (text[at] == '"')
        return skip_string(text, len, at);
    if (text[at] == '{' || text[at] == '[')
        return at + 1;
    while (at < len && strchr(" \t\r\n,]}", text[at]) == NULL)
        at++;
    return at;
}

void json_place(const uint8_t *text, size_t len, const json_value *tree, const json_value *value, bool at_name,
                struct json_fault *place)
{
    size_t values = 0;
    size_t name = 0;
    size_t found = 0;
    (void)count_before(tree, value, &values);
    for (size_t at = skip(text, len, 0, " \t\r\n"); at < len; at = skip(text, len, at, " \t\r\n,:]}")) {
        size_t end = skip_token(text, len, at);
        size_t behind = skip(text, len, end, " \t\r\n");
        bool is_name = text[at] == '"' && behind < len && text[behind] == ':';
        if (is_name)
            name = at;
        found = at;
        if (!is_name && values-- == 0)
            break;
        at = end;
    }
    json_count_lines(text, at_name ? name : found, place);
}
