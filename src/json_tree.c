/*
 * The tree of a text that the strict scan has passed: cJSON's, behind a small interface.
 *
 * Guarantees exact look-up of names and numbers by range. Assumes the scan: cJSON by itself accepts what RFC 8259 does
 * not, and cuts strings at \u0000. cJSON failing here is never the text's fault. Each parse writes a global error
 * pointer of cJSON's, which nobody here reads, so there is a lock; and it reads numbers by the thread's locale, so that
 * is the plain one meanwhile.
 */
#include "json.h"

#include <cjson/cJSON.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t parse_lock = PTHREAD_MUTEX_INITIALIZER;

enum json_outcome json_read(const uint8_t *text, size_t len, size_t nesting, json_value **tree,
                            struct json_fault *fault)
{
    *tree = NULL;
    enum json_outcome outcome = json_scan(text, len, nesting, fault);
    if (outcome != JSON_STRICT)
        return outcome;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0)
        return JSON_FAILED;
    locale_t before = uselocale(plain);
    pthread_mutex_lock(&parse_lock);
    *tree = cJSON_ParseWithLength((const char *)text, len);
    pthread_mutex_unlock(&parse_lock);
    uselocale(before);
    freelocale(plain);
    return *tree == NULL ? JSON_FAILED : JSON_STRICT;
}

void json_free(json_value *tree)
{
    cJSON_Delete(tree);
}

enum json_type json_type(const json_value *value)
{
    return cJSON_IsObject(value)   ? JSON_OBJECT
           : cJSON_IsArray(value)  ? JSON_ARRAY
           : cJSON_IsString(value) ? JSON_TEXT
           : cJSON_IsNumber(value) ? JSON_NUMBER
           : cJSON_IsBool(value)   ? JSON_BOOLEAN
                                   : JSON_NULL;
}

const char *json_type_in_words(enum json_type type)
{
    static const char *const words[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
    return words[type];
}

const json_value *json_member(const json_value *object, const char *name)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const json_value *json_first(const json_value *container)
{
    return cJSON_IsObject(container) || cJSON_IsArray(container) ? container->child : NULL;
}

const json_value *json_next(const json_value *value)
{
    return value->next;
}

const char *json_name(const json_value *member)
{
    return member->string;
}

const char *json_text(const json_value *value)
{
    return value->valuestring;
}

bool json_integer(const json_value *value, int64_t *integer)
{
    static const double most = 9007199254740991.0; /* 2^53-1 */
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble <= most))
        return false;
    int64_t whole = (int64_t)value->valuedouble;
    if ((double)whole < value->valuedouble)
        return false;
    *integer = whole;
    return true;
}
