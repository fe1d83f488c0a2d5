/*
 * Typed fields from bytes, and back (unpack, pack). The order of the fields stands in one place, built_visit.
 *
 * Guarantees that any bytes are fields, and that packing what was unpacked and unpacking it again changes nothing.
 */
#include "built.h"

#include <string.h>

void built_visit(struct built *b, struct visitor *v)
{
    v->number(v, &b->policy, 1, POLICIES);
    v->number(v, &b->issuer, 1, ROLES);
    v->number(v, &b->signer, 1, ROLES);
    v->number(v, &b->options, 2, OPTION_BITS);
    v->number(v, &b->now, 2, 0);
    v->number(v, &b->order, 2, 0);
    v->number(v, &b->reads, 2, 0);
    v->number(v, &b->fault.kind, 1, FAULT_KINDS);
    v->number(v, &b->fault.nth, 2, 1024);
    v->number(v, &b->fault.lasting, 1, 2);
    v->blob(v, &b->payload);
    v->blob(v, &b->header);
    v->blob(v, &b->claims);
    v->number(v, &b->entry_count, 1, ENTRIES_MOST + 1);
    for (size_t i = 0; i < b->entry_count; i++) {
        v->number(v, &b->entries[i].place, 1, PLACES);
        v->blob(v, &b->entries[i].name);
        v->blob(v, &b->entries[i].content);
    }
    v->number(v, &b->edit_count, 1, EDITS_MOST + 1);
    for (size_t i = 0; i < b->edit_count; i++) {
        v->number(v, &b->edits[i].where, 1, EDIT_PLACES);
        v->number(v, &b->edits[i].which, 1, 0);
        v->number(v, &b->edits[i].how, 1, HOWS);
        v->number(v, &b->edits[i].at, 2, 0);
        v->number(v, &b->edits[i].value, 4, 0);
    }
}

struct stream {
    struct visitor visitor;
    const uint8_t *from; /* reading */
    uint8_t *to;         /* writing */
    size_t left;
    bool is_full;
};

static void read_number(struct visitor *visitor, uint32_t *number, unsigned size, uint32_t below)
{
    struct stream *s = (struct stream *)visitor;
    *number = 0;
    for (unsigned i = 0; i < size && s->left > 0; i++, s->left--)
        *number |= (uint32_t)*s->from++ << (8 * i);
    if (below != 0)
        *number %= below;
}

static void read_blob(struct visitor *visitor, struct blob *blob)
{
    struct stream *s = (struct stream *)visitor;
    uint32_t len = 0;
    read_number(visitor, &len, 2, BLOB_MOST + 1);
    blob->len = len < s->left ? len : s->left;
    memcpy(blob->bytes, s->from, blob->len);
    s->from += blob->len;
    s->left -= blob->len;
}

static void write_number(struct visitor *visitor, uint32_t *number, unsigned size, uint32_t below)
{
    struct stream *s = (struct stream *)visitor;
    (void)below;
    s->is_full = s->is_full || s->left < size;
    for (unsigned i = 0; i < size && !s->is_full; i++, s->left--)
        *s->to++ = (uint8_t)(*number >> (8 * i));
}

static void write_blob(struct visitor *visitor, struct blob *blob)
{
    struct stream *s = (struct stream *)visitor;
    uint32_t len = (uint32_t)blob->len;
    write_number(visitor, &len, 2, 0);
    s->is_full = s->is_full || s->left < blob->len;
    if (s->is_full)
        return;
    memcpy(s->to, blob->bytes, blob->len);
    s->to += blob->len;
    s->left -= blob->len;
}

void built_unpack(struct built *built, const uint8_t *bytes, size_t len)
{
    struct stream stream = {.visitor = {read_number, read_blob}, .from = bytes, .left = len};
    memset(built, 0, sizeof *built);
    built_visit(built, &stream.visitor);
}

size_t built_pack(const struct built *built, uint8_t *bytes, size_t room)
{
    static struct built copy; /* what visits may write */
    struct stream stream = {.visitor = {write_number, write_blob}, .to = bytes, .left = room};
    copy = *built;
    built_visit(&copy, &stream.visitor);
    return stream.is_full ? 0 : room - stream.left;
}
