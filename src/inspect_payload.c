/*
 * Inspecting payload.json: which media it speaks of, with their tags, and which analyses it asks for.
 *
 * Guarantees strict JSON or a reason why it is none, and texts of UTF-8 without NUL. What has another type than the
 * format says is passed over: check_content.c judges. Keys meet entries by sorting, never pair by pair.
 */
#include "inspection.h"

#include <stdlib.h>
#include <string.h>

struct payload {
    ozc_inspection *shown;
    const json_value *tags;
    const json_value *meta_data;
    const json_value *analyses;
    size_t word_count;
};

static size_t count_values(const json_value *container)
{
    size_t count = 0;
    for (const json_value *v = container == NULL ? NULL : json_first(container); v != NULL; v = json_next(v))
        count++;
    return count;
}

static const json_value *first_of(const json_value *value, enum json_type type)
{
    return value != NULL && json_type(value) == type ? json_first(value) : NULL;
}

/* Room for all that the payload can hold. */
static bool make_room(const struct payload *p)
{
    ozc_inspection *shown = p->shown;
    size_t media = shown->entry_count + count_values(p->tags) + count_values(p->meta_data);
    size_t words = 0;
    for (const json_value *v = first_of(p->tags, JSON_OBJECT); v != NULL; v = json_next(v))
        words += count_values(v);
    for (const json_value *v = first_of(p->analyses, JSON_ARRAY); v != NULL; v = json_next(v))
        words += count_values(json_member(v, "source_media"));
    shown->media = calloc(media + 1, sizeof *shown->media);
    shown->analyses = calloc(count_values(p->analyses) + 1, sizeof *shown->analyses);
    shown->words = calloc(words + 1, sizeof *shown->words);
    return shown->media != NULL && shown->analyses != NULL && shown->words != NULL;
}

/* Takes the strings of an array. */
static const char **take_words(struct payload *p, const json_value *array, size_t *count)
{
    const char **words = p->shown->words + p->word_count;
    *count = 0;
    for (const json_value *v = first_of(array, JSON_ARRAY); v != NULL; v = json_next(v))
        if (json_type(v) == JSON_TEXT)
            words[(*count)++] = json_text(v);
    p->word_count += *count;
    return words;
}

static int by_key(const void *one, const void *other)
{
    return strcmp(((const ozc_payload_medium *)one)->key, ((const ozc_payload_medium *)other)->key);
}

/* What is said in several places of one key, in one. */
static void merge_media(ozc_inspection *shown)
{
    size_t kept = 0;
    qsort(shown->media, shown->medium_count, sizeof *shown->media, by_key);
    for (size_t i = 0; i < shown->medium_count; i++) {
        const ozc_payload_medium one = shown->media[i];
        ozc_payload_medium *last = kept == 0 ? NULL : &shown->media[kept - 1];
        if (last == NULL || strcmp(last->key, one.key) != 0) {
            shown->media[kept++] = one;
            continue;
        }
        last->is_entry |= one.is_entry;
        last->is_in_meta_data |= one.is_in_meta_data;
        if (one.is_in_tags) {
            last->is_in_tags = 1;
            last->tags = one.tags;
            last->tag_count = one.tag_count;
        }
    }
    shown->medium_count = kept;
}

static void take_media(struct payload *p)
{
    ozc_inspection *shown = p->shown;
    for (size_t i = 0; i < shown->entry_count; i++) {
        const struct inspected *entry = &shown->entries[i];
        if (entry->shown.role != NULL && strcmp(entry->shown.role, "media") == 0)
            shown->media[shown->medium_count++] =
                (ozc_payload_medium){.key = entry->raw + strlen(PREFIX_MEDIA), .is_entry = 1};
    }
    for (const json_value *v = first_of(p->meta_data, JSON_OBJECT); v != NULL; v = json_next(v))
        shown->media[shown->medium_count++] = (ozc_payload_medium){.key = json_name(v), .is_in_meta_data = 1};
    for (const json_value *v = first_of(p->tags, JSON_OBJECT); v != NULL; v = json_next(v)) {
        ozc_payload_medium *medium = &shown->media[shown->medium_count++];
        *medium = (ozc_payload_medium){.key = json_name(v), .is_in_tags = 1};
        medium->tags = take_words(p, v, &medium->tag_count);
    }
    merge_media(shown);
}

static void take_analyses(struct payload *p)
{
    for (const json_value *v = first_of(p->analyses, JSON_ARRAY); v != NULL; v = json_next(v)) {
        ozc_payload_analysis *analysis = &p->shown->analyses[p->shown->analysis_count++];
        const json_value *type = json_member(v, "type");
        const json_value *media = json_member(v, "source_media");
        analysis->type = type != NULL && json_type(type) == JSON_TEXT ? json_text(type) : NULL;
        analysis->has_source_media = media != NULL;
        analysis->source_media = take_words(p, media, &analysis->source_media_count);
    }
}

static void summarise(struct inspecting *in)
{
    const json_value *tree = in->shown->payload_tree;
    struct payload p = {in->shown, json_member(tree, "media:tags"), json_member(tree, "media:meta_data"),
                        json_member(tree, "analyses"), 0};
    if (make_room(&p)) {
        take_media(&p);
        take_analyses(&p);
    } else {
        inspect_fail(in, FAILURE_MEMORY);
    }
}

static void say_fault(struct inspecting *in, size_t index, struct text *why, size_t offset)
{
    ozc_inspection *shown = in->shown;
    shown->payload_fault = text_take(why);
    if (shown->payload_fault == NULL)
        inspect_fail(in, FAILURE_MEMORY);
    else
        inspect_note(in, index, shown->entries[index].shown.offset + offset, "%s", shown->payload_fault);
}

void inspect_payload(struct inspecting *in)
{
    size_t index = OZC_NO_ENTRY;
    struct json_fault fault = {0};
    struct text why = {0};
    ozc_inspection *shown = in->shown;
    shown->payload = inspect_read_part(in, "payload", PAYLOAD_READ, &index, &shown->payload_len);
    if (shown->payload == NULL)
        return;
    switch (
        json_read((const uint8_t *)shown->payload, shown->payload_len, INSPECT_NESTING, &shown->payload_tree, &fault)) {
    case JSON_FAILED:
        inspect_fail(in, FAILURE_JSON);
        return;
    case JSON_FAULTY:
        text_print(&why, "it is no strict JSON: %s, at byte %zu: line %zu, column %zu", fault.what, fault.offset,
                   fault.line, fault.column);
        break;
    case JSON_STRICT:
        if (json_type(shown->payload_tree) != JSON_OBJECT)
            text_print(&why, "it is %s; expected an object", json_type_in_words(json_type(shown->payload_tree)));
    }
    if (why.len > 0 || why.failed)
        say_fault(in, index, &why, fault.offset);
    else
        summarise(in);
}
