/*
 * An inspection as one JSON document (docs/inspect.schema.json).
 *
 * A pure function of the inspection. Guarantees valid JSON in ASCII on one line, `verified` false on every outcome, and
 * that no byte of the file gets out unescaped. Header and claims are objects of the token's own, which have passed the
 * strict scan.
 */
#include "inspection.h"

static const char *const comma = ",";

static void add_string(struct text *out, const char *member, const char *value, const char *behind)
{
    text_print(out, "\"%s\":", member);
    text_json(out, value);
    text_print(out, "%s", behind);
}

static void add_number(struct text *out, const char *member, bool there, uint64_t value, const char *behind)
{
    if (there)
        text_print(out, "\"%s\":%llu%s", member, (unsigned long long)value, behind);
    else
        text_print(out, "\"%s\":null%s", member, behind);
}

static void add_bool(struct text *out, const char *member, bool value, const char *behind)
{
    text_print(out, "\"%s\":%s%s", member, value ? "true" : "false", behind);
}

static void add_likeness(struct text *out, const char *member, ozc_likeness likeness, const char *behind)
{
    if (likeness == OZC_NOT_COMPARED)
        text_print(out, "\"%s\":null%s", member, behind);
    else
        add_bool(out, member, likeness == OZC_SAME, behind);
}

static void add_sha256(struct text *out, const char *member, const uint8_t *sha256, const char *behind)
{
    text_print(out, sha256 == NULL ? "\"%s\":null" : "\"%s\":\"", member);
    if (sha256 != NULL) {
        text_hex(out, sha256, SHA256_SIZE);
        text_print(out, "\"");
    }
    text_print(out, "%s", behind);
}

static void add_entry(struct text *out, const ozc_inspected_entry *entry)
{
    text_print(out, "{");
    add_string(out, "name", entry->name, comma);
    add_number(out, "name_length", true, entry->name_len, comma);
    add_bool(out, "name_is_proper", entry->name_is_proper, comma);
    add_string(out, "role", entry->role, comma);
    add_string(out, "found_by", ozc_found_name(entry->found), comma);
    add_number(out, "method", true, entry->method, comma);
    add_string(out, "method_name", entry->method_name, comma);
    add_bool(out, "encrypted", entry->is_encrypted, comma);
    add_number(out, "size", entry->has_sizes, entry->size, comma);
    add_number(out, "packed_size", entry->has_sizes, entry->packed_size, comma);
    add_number(out, "record", entry->has_record, entry->record, comma);
    add_number(out, "offset", entry->has_record, entry->offset, comma);
    add_number(out, "length", entry->has_record, entry->length, comma);
    text_print(out, "\"crc32\":\"%08lx\",", (unsigned long)entry->crc32);
    add_likeness(out, "crc32_matches", entry->crc, comma);
    add_sha256(out, "sha256", entry->sha256, comma);
    add_bool(out, "listed", entry->is_listed, comma);
    add_likeness(out, "listed_matches", entry->listed, comma);
    add_string(out, "kind", entry->kind, "}");
}

static void add_entries(struct text *out, const ozc_inspection *shown)
{
    text_print(out, "\"entries\":[");
    for (size_t i = 0; i < ozc_inspection_entry_count(shown); i++) {
        text_print(out, i == 0 ? "" : ",");
        add_entry(out, ozc_inspection_entry(shown, i));
    }
    text_print(out, "],");
    add_number(out, "entries_omitted", true, ozc_inspection_entries_omitted(shown), comma);
}

static void add_words(struct text *out, const char *member, bool there, const char *const *words, size_t count)
{
    text_print(out, there ? "\"%s\":[" : "\"%s\":null", member);
    for (size_t i = 0; there && i < count; i++) {
        text_print(out, i == 0 ? "" : ",");
        text_json(out, words[i]);
    }
    text_print(out, there ? "]" : "");
}

static void add_payload(struct text *out, const ozc_inspection *shown)
{
    size_t len = 0;
    if (ozc_inspection_payload(shown, &len) == NULL) {
        text_print(out, "\"payload\":null,");
        return;
    }
    text_print(out, "\"payload\":{");
    add_number(out, "size", true, len, comma);
    add_string(out, "fault", ozc_inspection_payload_fault(shown), comma);
    text_print(out, "\"media\":[");
    for (size_t i = 0; i < ozc_inspection_medium_count(shown); i++) {
        const ozc_payload_medium *medium = ozc_inspection_medium(shown, i);
        text_print(out, i == 0 ? "{" : ",{");
        add_string(out, "key", medium->key, comma);
        add_bool(out, "entry", medium->is_entry, comma);
        add_bool(out, "meta_data", medium->is_in_meta_data, comma);
        add_words(out, "tags", medium->is_in_tags, medium->tags, medium->tag_count);
        text_print(out, "}");
    }
    text_print(out, "],\"analyses\":[");
    for (size_t i = 0; i < ozc_inspection_analysis_count(shown); i++) {
        const ozc_payload_analysis *analysis = ozc_inspection_analysis(shown, i);
        text_print(out, i == 0 ? "{" : ",{");
        add_string(out, "type", analysis->type, comma);
        add_words(out, "source_media", analysis->has_source_media, analysis->source_media,
                  analysis->source_media_count);
        text_print(out, "}");
    }
    text_print(out, "]},");
}

static void add_token(struct text *out, const ozc_inspection *shown)
{
    const ozc_token *token = ozc_inspection_token(shown);
    const char *fault = ozc_inspection_token_fault(shown);
    int64_t seconds = 0;
    bool has_life = ozc_inspection_token_life(shown, &seconds) == 1;
    if (token == NULL && fault == NULL) {
        text_print(out, "\"session_token\":null,");
        return;
    }
    text_print(out, "\"session_token\":{");
    add_string(out, "fault", fault, comma);
    text_print(out, "\"header\":%s,\"claims\":%s,", token == NULL ? "null" : ozc_token_header(token),
               token == NULL ? "null" : ozc_token_claims(token));
    if (has_life)
        text_print(out, "\"expires_at\":%lld,\"expires_in\":%lld,\"at\":%lld,",
                   (long long)ozc_inspection_time(shown) + (long long)seconds, (long long)seconds,
                   (long long)ozc_inspection_time(shown));
    else
        text_print(out, "\"expires_at\":null,\"expires_in\":null,\"at\":%lld,", (long long)ozc_inspection_time(shown));
    add_string(out, "confirmation_key", ozc_inspection_confirmation_key(shown), "},");
}

static void add_layout(struct text *out, const ozc_inspection *shown)
{
    text_print(out, "\"layout\":[");
    for (size_t i = 0; i < ozc_inspection_region_count(shown); i++) {
        const ozc_region *region = ozc_inspection_region(shown, i);
        text_print(out, i == 0 ? "{" : ",{");
        add_number(out, "offset", true, region->offset, comma);
        add_number(out, "length", true, region->length, comma);
        add_string(out, "what", ozc_region_kind_name(region->kind), comma);
        add_number(out, "entry", region->entry != OZC_NO_ENTRY, region->entry, comma);
        add_bool(out, "overlaps", region->overlaps, comma);
        add_string(out, "looks_like", region->looks_like, "}");
    }
    text_print(out, "],");
    add_number(out, "layout_omitted", true, ozc_inspection_regions_omitted(shown), comma);
}

static void add_notes(struct text *out, const ozc_inspection *shown)
{
    text_print(out, "\"notes\":[");
    for (size_t i = 0; i < ozc_inspection_note_count(shown); i++) {
        const ozc_note *note = ozc_inspection_note(shown, i);
        text_print(out, i == 0 ? "{" : ",{");
        add_number(out, "entry", note->entry != OZC_NO_ENTRY, note->entry, comma);
        add_number(out, "offset", note->has_offset, note->offset, comma);
        add_string(out, "text", note->text, "}");
    }
    text_print(out, "],");
    add_number(out, "notes_omitted", true, ozc_inspection_notes_omitted(shown), comma);
}

char *ozc_render_inspection(const ozc_inspection *inspection, const char *path)
{
    struct text out = {0};
    uint64_t size = 0;
    bool has_size = ozc_inspection_size(inspection, &size) == 1;
    text_print(&out, "{\"schema\":\"ozcapsula-inspection/1\",\"tool\":{\"name\":\"ozcapsula\",\"version\":\"%s\"},",
               ozc_version());
    add_string(&out, "path", path == NULL ? "" : path, comma);
    add_bool(&out, "verified", false, comma);
    add_number(&out, "size", has_size, size, comma);
    add_string(&out, "looks_like", ozc_inspection_looks_like(inspection), comma);
    add_string(&out, "found_by", ozc_found_name(ozc_inspection_found(inspection)), comma);
    add_entries(&out, inspection);
    add_sha256(&out, "content_id", ozc_inspection_content_id(inspection), comma);
    add_payload(&out, inspection);
    add_token(&out, inspection);
    add_layout(&out, inspection);
    add_notes(&out, inspection);
    add_string(&out, "failure", ozc_inspection_failure(inspection), "}");
    return text_take(&out);
}
