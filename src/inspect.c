/*
 * Inspecting: the steps, their order, and the ways in (ozcapsula/inspect.h).
 *
 * Guarantees an answer for any bytes, within the bounds that the header states, and that what could not be read is
 * said and stops only what needed it. Trusts nothing and judges nothing: the checks are elsewhere and use none of this.
 */
#include "call.h"
#include "inspection.h"
#include "looks_like.h"

#include <stdlib.h>

void inspect_fail(struct inspecting *in, enum failure failure)
{
    bool ends_it = failure == FAILURE_MEMORY || failure == FAILURE_CANCELLED;
    if (in->failure == FAILURE_NONE || (ends_it && in->failure != FAILURE_MEMORY))
        in->failure = failure;
}

void inspect_tell(struct inspecting *in)
{
    if (in->call->progress != NULL && in->call->progress(in->call->user, in->done, in->shown->size) != 0)
        inspect_fail(in, FAILURE_CANCELLED);
}

const uint8_t *inspect_view(struct inspecting *in, uint64_t at, size_t len)
{
    enum { NEAR = 512 }; /* small, for directory and local records are read in turns */
    uint64_t size = in->shown->size;
    enum failure failure = FAILURE_READ;
    if (inspect_is_over(in) || at > size || size - at < len)
        return NULL;
    uint64_t end = size - at < NEAR ? size : at + (len > NEAR ? len : NEAR);
    const uint8_t *bytes = window_view(&in->window, at, len, end, &failure);
    if (bytes == NULL)
        inspect_fail(in, failure);
    return bytes;
}

const char *inspect_look(struct inspecting *in, uint64_t at, uint64_t len)
{
    size_t wanted = len < LOOK_BYTES ? (size_t)len : LOOK_BYTES;
    const uint8_t *bytes = inspect_view(in, at, wanted);
    return bytes == NULL ? NULL : looks_like(bytes, wanted);
}

/* Does it begin as one, or end as one? Nothing else is searched for records: chance would find some in any long file.
 */
static bool is_zip(struct inspecting *in)
{
    const uint8_t *first = inspect_view(in, 0, 4);
    return in->has_end || (first != NULL && first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4);
}

static void say_what_it_is(struct inspecting *in)
{
    ozc_inspection *shown = in->shown;
    if (in->failure != FAILURE_NONE)
        return;
    if (shown->size == 0)
        inspect_note(in, OZC_NO_ENTRY, NO_OFFSET, "the file is empty");
    else if (!is_zip(in))
        inspect_note(in, OZC_NO_ENTRY, 0,
                     "it neither begins nor ends as a ZIP file does. The vendor's own, encrypted containers are not "
                     "readable here either");
    else if (!in->has_end)
        inspect_note(in, OZC_NO_ENTRY, shown->size,
                     "no end record within the last 65557 bytes: the file is cut off, or too much follows");
}

static void look(struct inspecting *in)
{
    ozc_inspection *shown = in->shown;
    shown->looks_like = inspect_look(in, 0, shown->size);
    in->end_at = shown->size;
    inspect_directory(in);
    say_what_it_is(in);
    if (is_zip(in))
        inspect_scan(in);
    inspect_layout(in);
    inspect_contents(in);
    inspect_names(in);
    inspect_hashes(in);
    inspect_payload(in);
    inspect_token(in);
}

ozc_inspection *ozc_inspection_new_failed(const char *why)
{
    ozc_inspection *shown = calloc(1, sizeof *shown);
    if (shown == NULL)
        return NULL;
    shown->failure = ozc_plain_text(why);
    if (shown->failure != NULL)
        return shown;
    free(shown);
    return NULL;
}

/* Inspects an open source. */
static ozc_inspection *inspect(const struct source *source, const ozc_call *call)
{
    ozc_inspection *shown = calloc(1, sizeof *shown);
    if (shown == NULL)
        return NULL;
    shown->has_size = true;
    shown->size = source->size;
    struct inspecting in = {.shown = shown, .source = source, .call = call};
    in.window.source = source;
    if (!call_time(call, &shown->time))
        inspect_fail(&in, FAILURE_CLOCK);
    look(&in);
    if (in.failure != FAILURE_NONE && in.failure != FAILURE_MEMORY)
        shown->failure = ozc_plain_text(failure_text(in.failure));
    if (in.failure == FAILURE_MEMORY || (in.failure != FAILURE_NONE && shown->failure == NULL)) {
        ozc_inspection_free(shown);
        return NULL;
    }
    return shown;
}

ozc_inspection *ozc_inspect_memory(const void *data, size_t len, const ozc_call *given)
{
    struct source source;
    ozc_call call;
    if (!call_take(given, &call) || (data == NULL && len > 0))
        return NULL;
    source_open_memory(&source, data == NULL ? "" : data, len);
    return inspect(&source, &call);
}

ozc_inspection *ozc_inspect_file(const char *path, const ozc_call *given)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    char room[24];
    if (!call_take(given, &call) || path == NULL)
        return NULL;
    if (!source_open_file(&source, path, &why, room))
        return ozc_inspection_new_failed(why);
    ozc_inspection *shown = inspect(&source, &call);
    source_close(&source);
    return shown;
}

ozc_inspection *ozc_inspect_fd(int fd, const ozc_call *given)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    char room[24];
    if (!call_take(given, &call))
        return NULL;
    return source_open_fd(&source, fd, &why, room) ? inspect(&source, &call) : ozc_inspection_new_failed(why);
}

ozc_inspection *ozc_inspect_source(const ozc_source *callbacks, const ozc_call *given)
{
    struct source source;
    ozc_call call;
    const char *why = NULL;
    if (!call_take(given, &call) || callbacks == NULL || callbacks->struct_size < sizeof *callbacks ||
        callbacks->size == NULL || callbacks->read_at == NULL)
        return NULL;
    return source_open_callbacks(&source, callbacks, &why) ? inspect(&source, &call) : ozc_inspection_new_failed(why);
}
