/*
 * content: is payload.json strict JSON, with members of the right types that fit the media? (docs/format.md, section 5)
 *
 * Guarantees, when it passes: rule 1 of the section for the whole text, rule 2 for the members that it names; others
 * are not looked at. Rule 3 gives warnings. Findings come in the order of the bytes, each with its JSON pointer (RFC
 * 6901). Assumes that media entries are known and, for their kinds, read.
 */
#include "archive.h"
#include "ascii.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* A media entry and whether the payload gives it tags. */
struct medium {
    const struct entry *entry;
    const char *key; /* the name behind media/ */
    bool is_tagged;
};

struct content {
    struct run *run;
    const struct entry *entry; /* payload.json */
    struct medium *media;      /* sorted by key */
    size_t media_count;
    enum outcome outcome;
};

/* A place in the tree: the way back to the root. */
struct pointer {
    const struct pointer *parent; /* NULL: the root */
    const char *name;             /* of a member; NULL: an element */
    size_t index;
};

/* As deep as the limit on nesting at most. NOLINTNEXTLINE(misc-no-recursion) */
static void write_pointer(struct text *to, const struct pointer *at)
{
    if (at->parent == NULL)
        return;
    write_pointer(to, at->parent);
    if (at->name == NULL) {
        text_print(to, "/%zu", at->index);
        return;
    }
    /* No more of a name than is shown: it may be as long as the payload, and there may be many findings below it. */
    struct text escaped = {0};
    for (const char *c = at->name; *c != '\0' && escaped.len <= SHOWN_BYTES; c++)
        text_add(&escaped, *c == '~' ? "~0" : *c == '/' ? "~1" : c, *c == '~' || *c == '/' ? 2 : 1);
    text_add(&escaped, "", 0);
    if (escaped.failed)
        text_abandon(to);
    else
        text_print(to, "/%s", SHOWN(escaped.data, escaped.len));
    text_free(&escaped);
}

/* Adds a finding about a place in the tree. */
static void find(struct content *c, enum rule_name rule, const struct pointer *at, const char *what)
{
    bool is_error = catalogue_rule(rule)->severity == OZC_ERROR;
    struct text pointer = {0};
    /* There may be one for every other byte of the payload: those that are only counted are not put into words. */
    if (!report_wants(c->run->report, catalogue_rule(rule))) {
        c->outcome = both(c->outcome, is_error ? CHECK_FAILED : CHECK_PASSED);
        return;
    }
    text_add(&pointer, "", 0);
    write_pointer(&pointer, at);
    if (pointer.failed) {
        c->outcome = broken(c->run, FAILURE_MEMORY);
        return;
    }
    struct place place = {.entry = c->entry->shown.name};
    const char *shown = pointer.len == 0 ? "the whole text" : pointer.data;
    enum outcome outcome =
        is_error ? reject(c->run, rule, place, "%s %s", shown, what) : warn(c->run, rule, place, "%s %s", shown, what);
    c->outcome = both(c->outcome, outcome);
    text_free(&pointer);
}

static bool is_done(const struct content *c)
{
    return is_over(c->run, c->outcome);
}

/* Is it of that type? If not, that is a finding. */
static bool has_type(struct content *c, const json_value *value, enum json_type type, const struct pointer *at)
{
    char what[64];
    if (json_type(value) == type)
        return true;
    char *end = stpcpy(stpcpy(what, "is "), json_type_in_words(json_type(value)));
    stpcpy(stpcpy(end, "; expected "), json_type_in_words(type));
    find(c, RULE_CONTENT_TYPE, at, what);
    return false;
}

static int compare_media(const void *one, const void *other)
{
    return strcmp(((const struct medium *)one)->key, ((const struct medium *)other)->key);
}

static struct medium *find_medium(const struct content *c, const char *key)
{
    struct medium wanted = {.key = key};
    return c->media_count == 0 ? NULL : bsearch(&wanted, c->media, c->media_count, sizeof wanted, compare_media);
}

/* Is the key that of a media entry? If not, that is a finding. */
static struct medium *known_medium(struct content *c, const char *key, const struct pointer *at)
{
    struct medium *medium = find_medium(c, key);
    if (medium == NULL) {
        char what[SHOWN_ROOM + 64];
        char shown[SHOWN_ROOM];
        stpcpy(stpcpy(stpcpy(what, "names the media key "), shown_in(shown, key, strlen(key))),
               ", and there is no such media entry");
        find(c, RULE_CONTENT_UNKNOWN_MEDIA, at, what);
    }
    return medium;
}

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ascii_equal(word, words[i]))
            return true;
    return false;
}

static void judge_tag(struct content *c, const char *tag, const struct pointer *at)
{
    static const char *const known[] = {"video_selfie",         "video_selfie_left",
                                        "video_selfie_right",   "video_selfie_down",
                                        "video_selfie_high",    "video_selfie_smile",
                                        "video_selfie_eyes",    "video_selfie_scan",
                                        "video_selfie_blank",   "video_selfie_oneshot",
                                        "orientation_portrait", "orientation_landscape",
                                        "photo_selfie",         "photo_id",
                                        "photo_id_front",       "photo_id_back"};
    if (strcmp(tag, "video_selfie_oneshot") == 0) {
        find(c, RULE_CONTENT_TAG, at, "is video_selfie_oneshot, which is withdrawn on 2027-01-01");
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(tag, known[i]) == 0)
            return;
    char what[SHOWN_ROOM + 32];
    char shown[SHOWN_ROOM];
    stpcpy(stpcpy(stpcpy(what, "is "), shown_in(shown, tag, strlen(tag))), ", which is no known tag");
    find(c, RULE_CONTENT_TAG, at, what);
}

/* media:meta_data: media key to object. */
static void judge_media_meta_data(struct content *c, const json_value *object, const struct pointer *at)
{
    for (const json_value *m = json_first(object); m != NULL && !is_done(c); m = json_next(m)) {
        struct pointer here = {at, json_name(m), 0};
        (void)known_medium(c, json_name(m), &here);
        if (!is_done(c))
            (void)has_type(c, m, JSON_OBJECT, &here);
    }
}

/* media:tags: media key to array of strings. */
static void judge_media_tags(struct content *c, const json_value *object, const struct pointer *at)
{
    for (const json_value *m = json_first(object); m != NULL && !is_done(c); m = json_next(m)) {
        struct pointer here = {at, json_name(m), 0};
        struct medium *medium = known_medium(c, json_name(m), &here);
        if (is_done(c) || !has_type(c, m, JSON_ARRAY, &here))
            continue;
        if (medium != NULL)
            medium->is_tagged = json_first(m) != NULL;
        size_t index = 0;
        for (const json_value *tag = json_first(m); tag != NULL && !is_done(c); tag = json_next(tag)) {
            struct pointer element = {&here, NULL, index++};
            if (has_type(c, tag, JSON_TEXT, &element))
                judge_tag(c, json_text(tag), &element);
        }
    }
}

static void judge_analysis_type(struct content *c, const json_value *type, const struct pointer *at)
{
    static const char *const known[] = {"quality", "biometry", "documents", "collection"};
    const ozc_policy *policy = c->run->policy;
    if (!has_type(c, type, JSON_TEXT, at))
        return;
    const char *word = json_text(type);
    if (is_among(word, known, sizeof known / sizeof *known) ||
        is_among(word, (const char *const *)policy->analyses, policy->analysis_count))
        return;
    char what[SHOWN_ROOM + 64];
    char shown[SHOWN_ROOM];
    stpcpy(stpcpy(stpcpy(what, "is "), shown_in(shown, word, strlen(word))), ", which is no known type of analysis");
    find(c, RULE_CONTENT_VALUE, at, what);
}

static void judge_source_media(struct content *c, const json_value *list, const struct pointer *at)
{
    size_t index = 0;
    if (!has_type(c, list, JSON_ARRAY, at))
        return;
    for (const json_value *m = json_first(list); m != NULL && !is_done(c); m = json_next(m)) {
        struct pointer element = {at, NULL, index++};
        if (has_type(c, m, JSON_TEXT, &element))
            (void)known_medium(c, json_text(m), &element);
    }
}

static void judge_analysis(struct content *c, const json_value *analysis, const struct pointer *at)
{
    if (!has_type(c, analysis, JSON_OBJECT, at))
        return;
    for (const json_value *m = json_first(analysis); m != NULL && !is_done(c); m = json_next(m)) {
        const char *name = json_name(m);
        struct pointer here = {at, name, 0};
        if (strcmp(name, "type") == 0)
            judge_analysis_type(c, m, &here);
        else if (strcmp(name, "source_media") == 0)
            judge_source_media(c, m, &here);
        else if (strcmp(name, "params") == 0 || strcmp(name, "meta_data") == 0)
            (void)has_type(c, m, JSON_OBJECT, &here);
    }
    if (!is_done(c) && json_member(analysis, "type") == NULL)
        find(c, RULE_CONTENT_STRUCTURE, at, "has no member type");
}

static void judge_analyses(struct content *c, const json_value *list, const struct pointer *at)
{
    size_t index = 0;
    if (json_first(list) == NULL)
        find(c, RULE_CONTENT_ANALYSES, at, "is empty: no analysis is asked for");
    for (const json_value *analysis = json_first(list); analysis != NULL && !is_done(c);
         analysis = json_next(analysis)) {
        struct pointer element = {at, NULL, index++};
        judge_analysis(c, analysis, &element);
    }
}

static void judge_member(struct content *c, const json_value *member, const struct pointer *root)
{
    static void (*const judges[])(struct content *, const json_value *, const struct pointer *) = {
        NULL, judge_media_meta_data, judge_media_tags, judge_analyses};
    static const struct {
        const char *name;
        enum json_type type;
    } known[] = {{"folder:meta_data", JSON_OBJECT},
                 {"media:meta_data", JSON_OBJECT},
                 {"media:tags", JSON_OBJECT},
                 {"analyses", JSON_ARRAY}};
    struct pointer here = {root, json_name(member), 0};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(json_name(member), known[i].name) == 0 && has_type(c, member, known[i].type, &here) &&
            judges[i] != NULL)
            judges[i](c, member, &here);
}

static void judge_kind(struct content *c, const struct entry *entry)
{
    enum media_kind by_name = media_kind_of_name(entry->shown.name);
    if (entry->shown.sha256 == NULL)
        return; /* damaged: its bytes say nothing */
    if (entry->media_kind == MEDIA_UNKNOWN)
        c->outcome = both(c->outcome, warn(c->run, RULE_CONTENT_MEDIA_KIND, at_entry(entry),
                                           "its first bytes are of no accepted kind of media"));
    else if (by_name != MEDIA_UNKNOWN && by_name != entry->media_kind)
        c->outcome = both(c->outcome, warn(c->run, RULE_CONTENT_MEDIA_KIND, at_entry(entry),
                                           "its name says %s, its first bytes say %s", media_kind_in_words(by_name),
                                           media_kind_in_words(entry->media_kind)));
}

/* What is to be said of each media file, in file order. */
static void judge_media(struct content *c)
{
    const ozc_report *report = c->run->report;
    for (size_t i = 0; i < report->entry_count && !is_done(c); i++) {
        const struct entry *entry = &report->entries[i];
        if (entry->kind != ENTRY_MEDIA)
            continue;
        if (!find_medium(c, entry->shown.name + strlen(PREFIX_MEDIA))->is_tagged)
            c->outcome =
                both(c->outcome, warn(c->run, RULE_CONTENT_UNTAGGED, at_entry(entry), "media:tags gives it no tag"));
        judge_kind(c, entry);
    }
}

static void judge_tree(struct content *c, const json_value *tree)
{
    struct pointer root = {0};
    if (!has_type(c, tree, JSON_OBJECT, &root))
        return;
    for (const json_value *m = json_first(tree); m != NULL && !is_done(c); m = json_next(m))
        judge_member(c, m, &root);
    if (!is_done(c) && json_member(tree, "analyses") == NULL)
        find(c, RULE_CONTENT_ANALYSES, &root, "has no member analyses: no analysis is asked for");
    judge_media(c);
}

static bool list_media(struct content *c)
{
    const ozc_report *report = c->run->report;
    c->media = malloc((report->entry_count + 1) * sizeof *c->media);
    if (c->media == NULL)
        return false;
    for (size_t i = 0; i < report->entry_count; i++)
        if (report->entries[i].kind == ENTRY_MEDIA)
            c->media[c->media_count++] =
                (struct medium){&report->entries[i], report->entries[i].shown.name + strlen(PREFIX_MEDIA), false};
    qsort(c->media, c->media_count, sizeof *c->media, compare_media);
    return true;
}

static enum outcome judge_json(struct run *run, const struct part *part)
{
    struct content content = {.run = run, .entry = part->entry, .outcome = CHECK_PASSED};
    struct json_fault fault = {0};
    json_value *tree = NULL;
    switch (json_read(part->bytes, (size_t)part->entry->shown.size, (size_t)run->policy->limits[OZC_LIMIT_NESTING],
                      &tree, &fault)) {
    case JSON_FAILED:
        return broken(run, FAILURE_JSON);
    case JSON_FAULTY:
        return reject(run, RULE_CONTENT_JSON, at_byte(part->entry, fault.offset),
                      "%s, at byte %zu: line %zu, column %zu", fault.what, fault.offset, fault.line, fault.column);
    case JSON_STRICT:
        break;
    }
    if (list_media(&content))
        judge_tree(&content, tree);
    else
        content.outcome = broken(run, FAILURE_MEMORY);
    free(content.media);
    json_free(tree);
    return content.outcome;
}

enum outcome check_content(struct run *run)
{
    const struct part *part = &run->parts[PART_PAYLOAD];
    return part_is_whole(run, PART_PAYLOAD) ? judge_json(run, part) : CHECK_SKIPPED;
}
