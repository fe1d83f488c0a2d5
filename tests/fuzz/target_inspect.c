/*
 * Target: an inspection of raw bytes, which has an answer for any of them.
 *
 * It is the same twice, from memory and from a source in odd pieces; what it shows is plain and, rendered, JSON; its
 * regions are the whole file; what it holds is bounded by the size of the file; of a container that is valid it
 * tells what the report tells. With a fault of the machine: the same, or that something failed.
 */
#include "fuzz.h"
#include "odd_source.h"
#include "wraps.h"

#include <string.h>

static const ozc_call call = {sizeof call, OZC_TIME_ISSUED, 0, NULL, NULL, NULL};

/*
 * The bound on what our own code and cJSON hold at once, in bytes for each byte of the file: a local record of 30 bytes
 * makes an entry and its regions, with their room while the arrays grow and their lines in the document; a byte of the
 * payload a value of a tree and its text. And what is fixed: the piece of 128 KiB from a source, the look back.
 */
static size_t most_memory(size_t size)
{
    return 160 * size + 192 * 1024;
}

static void must_be_within(const ozc_inspection *shown, size_t entry)
{
    MUST(entry == OZC_NO_ENTRY || entry < ozc_inspection_entry_count(shown), "entry %zu of %zu", entry,
         ozc_inspection_entry_count(shown));
}

/* The regions cover each byte, and those that do not overlap cover none twice. */
static void must_be_the_whole_file(const ozc_inspection *shown, size_t size)
{
    uint64_t end = 0;
    for (size_t i = 0; i < ozc_inspection_region_count(shown); i++) {
        const ozc_region *region = ozc_inspection_region(shown, i);
        MUST(region->length > 0 && region->offset < size && region->length <= size - region->offset,
             "a region of %llu bytes at %llu", (unsigned long long)region->length, (unsigned long long)region->offset);
        MUST(region->overlaps ? region->offset < end : region->offset == end, "a region at %llu, behind %llu",
             (unsigned long long)region->offset, (unsigned long long)end);
        MUST(ozc_region_kind_name(region->kind) != NULL, "a region of no kind");
        must_be_within(shown, region->entry);
        if (region->offset + region->length > end)
            end = region->offset + region->length;
    }
    MUST(end == size, "the regions end at %llu of %zu", (unsigned long long)end, size);
}

static void must_be_plain_and_within(const ozc_inspection *shown, size_t size)
{
    for (size_t i = 0; i < ozc_inspection_entry_count(shown); i++) {
        const ozc_inspected_entry *entry = ozc_inspection_entry(shown, i);
        must_be_plain(entry->name, "an entry's name");
        MUST(entry->offset <= size && entry->length <= size - entry->offset, "content outside of the file");
    }
    for (size_t i = 0; i < ozc_inspection_note_count(shown); i++) {
        const ozc_note *note = ozc_inspection_note(shown, i);
        must_be_plain(note->text, "a note");
        MUST(!note->has_offset || note->offset <= size, "a note about %llu", (unsigned long long)note->offset);
        must_be_within(shown, note->entry);
    }
}

/* Whoever has signed it: an inspection does not look at that. Made once, and with it OpenSSL's context, which stays. */
static ozc_policy *policy;

static void make_policy(void)
{
    policy = fuzz_policy(OZC_FIRST_FAULT);
    fuzz_trust_issuers(policy, false);
    fuzz_trust_signers(policy, false);
    MUST(ozc_policy_skip(policy, OZC_CHECK_SESSION_TOKEN) == OZC_VALID &&
             ozc_policy_skip(policy, OZC_CHECK_SIGNATURE) == OZC_VALID,
         "no check switched off");
}

/* Token and signature were not judged: one may be missing, the other malformed. */
static bool may_be_noted(const ozc_inspection *shown, const ozc_note *note)
{
    return note->entry == OZC_NO_ENTRY ? !note->has_offset
                                       : strcmp(ozc_inspection_entry(shown, note->entry)->name, "session_token") == 0;
}

static void must_tell_what_the_report_tells(const ozc_inspection *shown, const ozc_report *report)
{
    size_t len[2];
    const char *payloads[] = {ozc_inspection_payload(shown, &len[0]), ozc_report_payload(report, &len[1])};
    MUST(ozc_inspection_entry_count(shown) == ozc_report_entry_count(report), "valid, and of other entries");
    for (size_t i = 0; i < ozc_inspection_note_count(shown); i++)
        MUST(may_be_noted(shown, ozc_inspection_note(shown, i)), "valid, with the note: %s",
             ozc_inspection_note(shown, i)->text);
    MUST(memcmp(ozc_inspection_content_id(shown), ozc_report_content_id(report), 32) == 0, "another content id");
    MUST(len[0] == len[1] && memcmp(payloads[0], payloads[1], len[0]) == 0, "another payload");
    for (size_t i = 0; i < ozc_report_entry_count(report); i++) {
        const ozc_inspected_entry *one = ozc_inspection_entry(shown, i);
        const ozc_entry *other = ozc_report_entry(report, i);
        MUST(strcmp(one->name, other->name) == 0 && one->size == other->size && one->offset == other->offset &&
                 one->length == other->size && one->found == OZC_FOUND_BY_DIRECTORY && one->crc == OZC_SAME,
             "valid, and %s is shown in another way", other->name);
        MUST(one->listed != OZC_OTHER && memcmp(one->sha256, other->sha256, 32) == 0, "%s has another digest",
             other->name);
    }
}

static void must_agree_with_the_validator(const ozc_inspection *shown, const uint8_t *data, size_t size)
{
    ozc_report *report = NULL;
    if (ozc_validate_memory(policy, data, size, &call, &report) == OZC_VALID)
        must_tell_what_the_report_tells(shown, report);
    ozc_report_free(report);
}

/* Rendered, and held to its bound. NULL: with a fault, and there was none to render. */
static char *inspect(const uint8_t *data, size_t size, const ozc_source *source, const struct fault *fault)
{
    watch_start();
    if (fault != NULL)
        fault_arm(fault);
    ozc_inspection *shown = source != NULL ? ozc_inspect_source(source, &call) : ozc_inspect_memory(data, size, &call);
    char *json = shown == NULL ? NULL : ozc_render_inspection(shown, "a \"path\" \x1b[1m\xff");
    fault_disarm();
    MUST(watch_peak() <= most_memory(size), "%zu bytes were held for a file of %zu; the bound is %zu", watch_peak(),
         size, most_memory(size));
    watch_pause();
    MUST(fault != NULL || (json != NULL && ozc_inspection_failure(shown) == NULL), "no inspection");
    bool is_first = fault == NULL && source == NULL; /* the others are compared with it, unless they failed */
    bool has_failed = json == NULL || ozc_inspection_failure(shown) != NULL;
    if (json != NULL && (is_first || has_failed))
        must_be_json(json, "the document");
    if (is_first) {
        must_be_the_whole_file(shown, size);
        must_be_plain_and_within(shown, size);
        must_agree_with_the_validator(shown, data, size);
    }
    char *kept = has_failed ? NULL : strdup(json);
    watch_resume();
    ozc_free(json);
    ozc_inspection_free(shown);
    int64_t left = watch_end();
    MUST(left == 0, "%lld bytes are held when all is freed", (long long)left);
    return kept;
}

/* Which fault follows from the bytes. */
static struct fault any_fault(const uint8_t *data, size_t size)
{
    uint32_t state = (uint32_t)size + 1;
    for (size_t i = 0; i < size; i++)
        state = state * 31 + data[i];
    state |= 1;
    uint32_t random = fuzz_random(&state);
    return (struct fault){1 + random % (FAULT_KINDS - 1), random / 64 % 128, random / 8 % 2};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct odd odd = {data, size, (uint32_t)size + 1};
    const ozc_source source = odd_source(&odd);
    const struct fault fault = any_fault(data, size);
    if (policy == NULL)
        make_policy();
    char *json = inspect(data, size, NULL, NULL);
    char *again = inspect(data, size, &source, NULL);
    char *faulty = inspect(data, size, &source, &fault);
    MUST(strcmp(json, again) == 0, "from memory and from a source\n%s\n%s", json, again);
    MUST(faulty == NULL || strcmp(json, faulty) == 0, "with fault %u at call %u\n%s\n%s", (unsigned)fault.kind,
         (unsigned)fault.nth, json, faulty);
    free(json);
    free(again);
    free(faulty);
    return 0;
}
