/*
 * What goes into a container: entries by name, from memory or from files (docs/format.md, section 1).
 *
 * Guarantees that each name is one that the format has a place for, and stands there once. Leaves out what is in the
 * files: pack.c and pack_payload.c read them.
 */
#include "packer.h"
#include "archive.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ozc_packer *ozc_packer_new(void)
{
    return calloc(1, sizeof(ozc_packer));
}

static void free_item(struct item *item)
{
    free(item->name);
    free(item->path);
    free(item->data);
}

void ozc_packer_free(ozc_packer *packer)
{
    if (packer == NULL)
        return;
    for (size_t i = 0; i < packer->count; i++)
        free_item(&packer->items[i]);
    free(packer->items);
    text_free(&packer->error);
    free(packer);
}

const char *ozc_packer_error(const ozc_packer *packer)
{
    return packer == NULL ? "there is no packer" : packer->error.data == NULL ? "" : packer->error.data;
}

ozc_result packer_say(ozc_packer *packer, ozc_result result, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_free(&packer->error);
    text_print(&packer->error, "%s", line);
    return result;
}

struct item *packer_find(const ozc_packer *packer, const char *name)
{
    for (size_t i = 0; i < packer->count; i++)
        if (strcmp(packer->items[i].name, name) == 0)
            return &packer->items[i];
    return NULL;
}

/* Takes over the item's texts. */
static ozc_result add_item(ozc_packer *packer, struct item item, bool is_whole)
{
    struct item *items = is_whole ? realloc(packer->items, (packer->count + 1) * sizeof *items) : NULL;
    if (items == NULL) {
        free_item(&item);
        return packer_say(packer, OZC_FAILED, "out of memory");
    }
    packer->items = items;
    packer->items[packer->count++] = item;
    text_free(&packer->error);
    return OZC_VALID;
}

/* Is it a name that the caller may add? */
static ozc_result judge_name(ozc_packer *packer, const char *name)
{
    enum entry_kind kind = ENTRY_PART;
    const char *fault = name_fault(name, strlen(name));
    if (fault != NULL)
        return packer_say(packer, OZC_MISUSE, "the name %s has %s", SHOWN(name, strlen(name)), fault);
    if (!name_is_known(name, &kind) || strcmp(name, NAME_MIMETYPE) == 0 || strcmp(name, NAME_HASHES) == 0 ||
        strcmp(name, NAME_SIGNATURE) == 0)
        return packer_say(packer, OZC_MISUSE, "%s is none of payload.json, session_token, media/KEY and ext/NAME",
                          SHOWN(name, strlen(name)));
    if (packer_find(packer, name) != NULL)
        return packer_say(packer, OZC_MISUSE, "%s was added before", SHOWN(name, strlen(name)));
    return OZC_VALID;
}

ozc_result ozc_packer_add_data(ozc_packer *packer, const char *name, const void *data, size_t len)
{
    if (packer == NULL)
        return OZC_MISUSE;
    if (name == NULL || (data == NULL && len > 0))
        return packer_say(packer, OZC_MISUSE, "an argument is missing");
    ozc_result result = judge_name(packer, name);
    if (result != OZC_VALID)
        return result;
    struct item item = {.name = strdup(name), .data = copy_bytes(data, len), .len = len};
    return add_item(packer, item, item.name != NULL && item.data != NULL);
}

ozc_result ozc_packer_add_file(ozc_packer *packer, const char *name, const char *path)
{
    if (packer == NULL)
        return OZC_MISUSE;
    if (name == NULL || path == NULL)
        return packer_say(packer, OZC_MISUSE, "an argument is missing");
    ozc_result result = judge_name(packer, name);
    if (result != OZC_VALID)
        return result;
    struct item item = {.name = strdup(name), .path = strdup(path)};
    return add_item(packer, item, item.name != NULL && item.path != NULL);
}

void ozc_packer_set_progress(ozc_packer *packer, int (*progress)(void *user, uint64_t done, uint64_t total), void *user)
{
    if (packer == NULL)
        return;
    packer->progress = progress;
    packer->user = user;
}

ozc_result packer_open(ozc_packer *packer, struct item *item, struct source *source)
{
    const char *why = NULL;
    char room[24];
    if (item->path == NULL)
        source_open_memory(source, item->data, item->len);
    else if (!source_open_file(source, item->path, &why, room))
        return packer_say(packer, OZC_FAILED, "%s: %s", SHOWN(item->path, strlen(item->path)), why);
    item->size = source->size;
    return OZC_VALID;
}
