/*
 * A valid container taken apart by its directory, and written anew.
 *
 * Goes by APPNOTE 6.3.10 (4.3.7, 4.3.12, 4.3.16) alone and shares no code with the library. Assumes a container that
 * the library has found valid: nothing is checked here.
 */
#include "container.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

static size_t get(const unsigned char *at, int size)
{
    size_t value = 0;
    for (int i = size; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

static void put(unsigned char *at, int size, size_t value)
{
    for (int i = 0; i < size; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

struct container open_container(const char *file)
{
    struct container c = {.file = file, .bytes = read_testdata(file)};
    const unsigned char *bytes = c.bytes.data;
    c.end = c.bytes.len - END_SIZE;
    c.count = get(bytes + c.end + 10, 2);
    c.directory = get(bytes + c.end + 16, 4);
    c.items = calloc(c.count, sizeof *c.items);
    size_t at = c.directory;
    for (size_t i = 0; i < c.count; i++) {
        size_t name_len = get(bytes + at + 28, 2);
        size_t local = get(bytes + at + 42, 4);
        c.items[i] = (struct item){.local = local,
                                   .central = at,
                                   .name = {bytes + local + LOCAL_SIZE, name_len},
                                   .content = {bytes + local + LOCAL_SIZE + name_len, get(bytes + at + 24, 4)}};
        at += CENTRAL_SIZE + name_len;
    }
    return c;
}

void close_container(struct container *container)
{
    free(container->items);
    free(container->bytes.data);
}

/* The fields from CRC-32 to name length, which local and central record have alike. */
static void put_sizes(unsigned char *crc, struct piece name, struct piece content)
{
    put(crc, 4, libdeflate_crc32(0, content.bytes, content.len));
    put(crc + 4, 4, content.len);
    put(crc + 8, 4, content.len);
    put(crc + 12, 2, name.len);
}

static unsigned char *add(unsigned char *to, struct piece piece)
{
    memcpy(to, piece.bytes, piece.len);
    return to + piece.len;
}

struct bytes rebuild(const struct container *c, size_t index, struct piece name, struct piece content)
{
    const struct item *old = &c->items[index];
    struct bytes made = {NULL, c->bytes.len + 2 * name.len + content.len - 2 * old->name.len - old->content.len};
    unsigned char *to = made.data = malloc(made.len);
    size_t *offsets = calloc(c->count, sizeof *offsets);
    for (size_t i = 0; i < c->count; i++) {
        struct piece its_name = i == index ? name : c->items[i].name;
        struct piece its_content = i == index ? content : c->items[i].content;
        offsets[i] = (size_t)(to - made.data);
        to = add(to, (struct piece){c->bytes.data + c->items[i].local, LOCAL_SIZE});
        put_sizes(to - LOCAL_SIZE + 14, its_name, its_content);
        to = add(add(to, its_name), its_content);
    }
    size_t directory = (size_t)(to - made.data);
    for (size_t i = 0; i < c->count; i++) {
        struct piece its_name = i == index ? name : c->items[i].name;
        to = add(to, (struct piece){c->bytes.data + c->items[i].central, CENTRAL_SIZE});
        put_sizes(to - CENTRAL_SIZE + 16, its_name, i == index ? content : c->items[i].content);
        put(to - CENTRAL_SIZE + 42, 4, offsets[i]);
        to = add(to, its_name);
    }
    size_t end = (size_t)(to - made.data);
    to = add(to, (struct piece){c->bytes.data + c->end, END_SIZE});
    put(to - END_SIZE + 12, 4, end - directory);
    put(to - END_SIZE + 16, 4, directory);
    free(offsets);
    return made;
}
