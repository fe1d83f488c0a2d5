/*
 * Mutations of typed fields, and the custom mutator of libFuzzer over them.
 *
 * Where an engine brings LLVMFuzzerMutate, texts are mutated by it, so that its dictionary and what it sees compared
 * come in; else by single bytes.
 */
#include "built.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                 uint8_t *to, size_t room, unsigned seed);

/* Goes to the field with that index. */
struct picking {
    struct visitor visitor;
    uint32_t random;
    size_t index;  /* the field wanted */
    size_t passed; /* the fields so far */
    uint32_t *number;
    unsigned size;
    uint32_t below;
    struct blob *blob;
};

static void pick_number(struct visitor *visitor, uint32_t *number, unsigned size, uint32_t below)
{
    struct picking *p = (struct picking *)visitor;
    if (p->passed++ != p->index)
        return;
    p->number = number;
    p->size = size;
    p->below = below;
}

static void pick_blob(struct visitor *visitor, struct blob *blob)
{
    struct picking *p = (struct picking *)visitor;
    if (p->passed++ == p->index)
        p->blob = blob;
}

static struct picking pick(struct built *built, size_t index)
{
    struct picking picking = {.visitor = {pick_number, pick_blob}, .index = index};
    built_visit(built, &picking.visitor);
    return picking;
}

static void mutate_number(const struct picking *p, uint32_t *random)
{
    uint32_t mask = p->size == 4 ? UINT32_MAX : (1u << (8 * p->size)) - 1;
    switch (fuzz_random(random) % 6) {
    case 0:
        *p->number ^= 1u << fuzz_random(random) % (8 * p->size);
        break;
    case 1:
        *p->number += 1;
        break;
    case 2:
        *p->number -= 1;
        break;
    case 3:
        *p->number = 0;
        break;
    case 4:
        *p->number = fuzz_random(random) % 32;
        break;
    default:
        *p->number = fuzz_random(random);
    }
    *p->number &= mask;
    if (p->below != 0)
        *p->number %= p->below;
}

static void mutate_bytes(struct blob *blob, uint32_t *random)
{
    size_t at = blob->len == 0 ? 0 : fuzz_random(random) % blob->len;
    uint8_t byte = (uint8_t)fuzz_random(random);
    if (blob->len < BLOB_MOST && fuzz_random(random) % 3 == 0) {
        memmove(blob->bytes + at + 1, blob->bytes + at, blob->len - at);
        blob->bytes[at] = byte;
        blob->len++;
    } else if (blob->len > 0 && fuzz_random(random) % 2 == 0) {
        memmove(blob->bytes + at, blob->bytes + at + 1, blob->len - at - 1);
        blob->len--;
    } else if (blob->len > 0) {
        blob->bytes[at] = byte;
    }
}

static void mutate_blob(struct blob *blob, uint32_t *random)
{
    if (fuzz_random(random) % 32 == 0)
        blob->len = 0;
    else if (LLVMFuzzerMutate != NULL)
        blob->len = LLVMFuzzerMutate(blob->bytes, blob->len, BLOB_MOST);
    else
        mutate_bytes(blob, random);
}

static void change_entries(struct built *built, uint32_t *random)
{
    struct built_entry *entries = built->entries;
    uint32_t count = built->entry_count;
    size_t one = count == 0 ? 0 : fuzz_random(random) % count;
    switch (fuzz_random(random) % 4) {
    case 0: /* another one like it */
        if (count > 0 && count < ENTRIES_MOST)
            entries[built->entry_count++] = entries[one];
        break;
    case 1: /* another one, new */
        if (count < ENTRIES_MOST) {
            memset(&entries[count], 0, sizeof *entries);
            entries[count].name.len = 1;
            entries[count].name.bytes[0] = (uint8_t)('a' + fuzz_random(random) % 26);
            built->entry_count++;
        }
        break;
    case 2: /* one less */
        if (count > 0)
            entries[one] = entries[--built->entry_count];
        break;
    default: /* a name within another's: a folder */
        if (count > 0 && entries[one].name.len + 2 < BLOB_MOST) {
            entries[one].name.bytes[entries[one].name.len++] = '/';
            entries[one].name.bytes[entries[one].name.len++] = 'a';
        }
    }
}

static void change_edits(struct built *built, uint32_t *random)
{
    if (built->edit_count < EDITS_MOST && fuzz_random(random) % 2 == 0)
        built->edits[built->edit_count++] =
            (struct edit){fuzz_random(random) % EDIT_PLACES, fuzz_random(random) % 8, fuzz_random(random) % HOWS,
                          fuzz_random(random) % 1024, fuzz_random(random) % 512};
    else if (built->edit_count > 0)
        built->edit_count--;
}

static void change_fault(struct built *built, uint32_t *random)
{
    built->fault =
        (struct fault){fuzz_random(random) % FAULT_KINDS, fuzz_random(random) % 200, fuzz_random(random) % 2};
}

void built_mutate(struct built *built, uint32_t seed)
{
    uint32_t random = seed | 1;
    for (uint32_t more = fuzz_random(&random) % 3 + 1; more > 0; more--) {
        uint32_t what = fuzz_random(&random) % 16;
        if (what == 0) {
            change_entries(built, &random);
        } else if (what == 1) {
            change_edits(built, &random);
        } else if (what == 2) {
            change_fault(built, &random);
        } else {
            size_t fields = pick(built, SIZE_MAX).passed;
            struct picking picked = pick(built, fuzz_random(&random) % fields);
            if (picked.blob != NULL)
                mutate_blob(picked.blob, &random);
            else
                mutate_number(&picked, &random);
        }
    }
}

void built_cross(struct built *built, const struct built *other, uint32_t seed)
{
    static struct built copy; /* what visits may write */
    uint32_t random = seed | 1;
    copy = *other;
    size_t fields = pick(built, SIZE_MAX).passed;
    for (uint32_t more = fuzz_random(&random) % 4 + 1; more > 0; more--) {
        size_t index = fuzz_random(&random) % fields;
        struct picking to = pick(built, index);
        struct picking from = pick(&copy, index);
        if (to.blob != NULL && from.blob != NULL)
            *to.blob = *from.blob;
        else if (to.number != NULL && from.number != NULL && to.below == from.below)
            *to.number = *from.number;
        fields = pick(built, SIZE_MAX).passed;
    }
    if (copy.entry_count > 0 && built->entry_count < ENTRIES_MOST)
        built->entries[built->entry_count++] = copy.entries[fuzz_random(&random) % copy.entry_count];
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    static struct built built;
    built_unpack(&built, data, size);
    built_mutate(&built, seed);
    size_t packed = built_pack(&built, data, room);
    return packed != 0 ? packed : size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                 uint8_t *to, size_t room, unsigned seed)
{
    static struct built built;
    static struct built second;
    built_unpack(&built, one, one_size);
    built_unpack(&second, other, other_size);
    built_cross(&built, &second, seed);
    return built_pack(&built, to, room);
}
