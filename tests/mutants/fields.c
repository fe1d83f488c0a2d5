/*
 * The records of a container, field by field (APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16), and the short list of what is
 * free in them. A mutant that is accepted and not on that list is a defect, of the library or of docs/format.md.
 */
#include "fields.h"

#include <string.h>

struct layout {
    const char *field;
    size_t size;
};

static const struct layout local_record[] = {{"signature", 4},
                                             {"version needed", 2},
                                             {"flags", 2},
                                             {"method", 2},
                                             {"time", 2},
                                             {"date", 2},
                                             {"CRC-32", 4},
                                             {"compressed size", 4},
                                             {"size", 4},
                                             {"name length", 2},
                                             {"extra field length", 2},
                                             {"name", SIZE_MAX}};

static const struct layout central_record[] = {{"signature", 4},
                                               {"version made by", 2},
                                               {"version needed", 2},
                                               {"flags", 2},
                                               {"method", 2},
                                               {"time", 2},
                                               {"date", 2},
                                               {"CRC-32", 4},
                                               {"compressed size", 4},
                                               {"size", 4},
                                               {"name length", 2},
                                               {"extra field length", 2},
                                               {"comment length", 2},
                                               {"disk", 2},
                                               {"internal attributes", 2},
                                               {"external attributes", 4},
                                               {"offset", 4},
                                               {"name", SIZE_MAX}};

static const struct layout end_record[] = {
    {"signature", 4}, {"disk", 2},           {"directory disk", 2},   {"entries on this disk", 2},
    {"entries", 2},   {"directory size", 4}, {"directory offset", 4}, {"comment length", 2}};

const struct inert inert_fields[] = {
    {"central record", "version made by", 0x00FF, false, "2.6: the host alone is looked at"},
    {"central record", "internal attributes", 0xFFFF, false, "2.6: they carry no meaning"},
    /* Of DOS all but volume, folder, device and reparse point; read, write, execute; regular file or no type at all. */
    {"central record", "external attributes", 0x81FFFBA7, false, "2.6: they carry no meaning"},
    {"local record", "time", 0xFFFF, true, "2.7: any, the same in both records (2.2)"},
    {"local record", "date", 0xFFFF, true, "2.7: any, the same in both records (2.2)"},
    {"local record", "version needed", 0x001F, true, "2.4: at most 20, the same in both records (2.2)"},
    {"local record", "flags", 0x0800, true, "2.3: bit 11 changes nothing, the same in both records (2.2)"},
    {NULL, NULL, 0, false, NULL}};

/* Names a bit by its number from the record's start. */
static struct bit bit_in(const char *record, const struct layout *layout, size_t index, size_t which)
{
    while (layout->size != SIZE_MAX && which >= 8 * layout->size)
        which -= 8 * layout++->size;
    return (struct bit){record, layout->field, index, layout->size == SIZE_MAX ? 0 : (unsigned)which};
}

struct bit bit_at(const struct container *c, size_t which)
{
    size_t at = which / 8;
    if (at >= c->end)
        return bit_in("end record", end_record, 0, which - 8 * c->end);
    size_t i = c->count - 1;
    while (i > 0 && at < (at < c->directory ? c->items[i].local : c->items[i].central))
        i--;
    if (at >= c->directory)
        return bit_in("central record", central_record, i, which - 8 * c->items[i].central);
    if (at < c->items[i].local + LOCAL_SIZE + c->items[i].name.len)
        return bit_in("local record", local_record, i, which - 8 * c->items[i].local);
    return (struct bit){"content", NULL, i, 0};
}

const struct inert *inert_of(struct bit bit, bool in_both)
{
    for (const struct inert *inert = inert_fields; inert->record != NULL; inert++)
        if (inert->in_both == in_both && bit.field != NULL && strcmp(inert->record, bit.record) == 0 &&
            strcmp(inert->field, bit.field) == 0)
            return (inert->bits >> bit.number & 1) != 0 ? inert : NULL;
    return NULL;
}
