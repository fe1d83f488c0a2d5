/*
 * A container of typed fields: parts, hash list, signature, ZIP records, each made anew for every input, with the
 * damage that the fields ask for at the place where it belongs.
 *
 * Shares no code with the library. Writes what it is told, right or wrong.
 */
#include "built.h"

#include <libdeflate.h>
#include <openssl/evp.h>
#include <string.h>

#define ALL_MOST (6 + ENTRIES_MOST)
#define NAME_ROOM (BLOB_MOST + 8)

struct bytes {
    size_t len;
    uint8_t bytes[8192];
};

/* An entry that is written. */
struct item {
    const char *name;
    size_t name_len;
    const uint8_t *content;
    size_t len;
    size_t local; /* where its records begin, once written */
    size_t central;
};

struct making {
    const struct built *built;
    struct built_container *container;
    struct item items[ALL_MOST];
    size_t count;
    char names[ENTRIES_MOST][NAME_ROOM];
    struct bytes token;
    struct bytes list;
    struct bytes signature;
};

static void add(struct bytes *to, const void *bytes, size_t len)
{
    MUST(len <= sizeof to->bytes - to->len, "the container's parts need more room");
    memcpy(to->bytes + to->len, bytes, len);
    to->len += len;
}

/* Changes bytes as the edit says; `at` is taken modulo their number. */
static void apply(const struct edit *edit, uint8_t *bytes, size_t *len, size_t room)
{
    size_t at = *len == 0 ? 0 : edit->at % *len;
    size_t width = edit->how == HOW_SET_32 ? 4 : edit->how == HOW_SET_16 ? 2 : 1;
    if (edit->how == HOW_INSERT && *len < room) {
        memmove(bytes + at + 1, bytes + at, *len - at);
        bytes[at] = (uint8_t)edit->value;
        ++*len;
    } else if (edit->how == HOW_DELETE && *len > 0) {
        memmove(bytes + at, bytes + at + 1, *len - at - 1);
        --*len;
    } else if (edit->how == HOW_FLIP && *len > 0) {
        bytes[at] ^= (uint8_t)(edit->value | (edit->value == 0));
    } else if (edit->how <= HOW_SET_32) {
        for (size_t i = 0; i < width && at + i < *len; i++)
            bytes[at + i] = (uint8_t)(edit->value >> (8 * i));
    }
}

/* Applies the edits of that place to a part. True: it is as it was. */
static bool edit_part(const struct built *built, uint32_t where, struct bytes *part)
{
    static struct bytes before;
    before.len = part->len;
    memcpy(before.bytes, part->bytes, part->len);
    for (size_t i = 0; i < built->edit_count; i++)
        if (built->edits[i].where == where)
            apply(&built->edits[i], part->bytes, &part->len, sizeof part->bytes);
    return part->len == before.len && memcmp(part->bytes, before.bytes, part->len) == 0;
}

static bool has(const struct built *built, uint32_t option, unsigned part)
{
    return (built->options & option << part) != 0;
}

static void add_item(struct making *m, unsigned part, const char *name, const void *content, size_t len)
{
    if (has(m->built, LEAVE_OUT, part))
        return;
    m->items[m->count++] = (struct item){name, strlen(name), content, has(m->built, EMPTY, part) ? 0 : len, 0, 0};
}

/* The claims, with %cnf% replaced. */
static void add_claims(const struct built *built, struct bytes *claims)
{
    static const char plain[] = "{\"iat\":1767225600,\"exp\":1767225900,\"jti\":\"a\"}";
    static const char wanted[] = "{\"iat\":1767225600,\"exp\":1767225900,\"iss\":\"i\",\"aud\":\"a\",\"jti\":\"a\"}";
    static const char bound[] = "{\"iat\":1767225600,\"exp\":1767225900,\"cnf\":%cnf%}";
    static const char mark[] = "%cnf%";
    enum role device = is_device((enum role)built->signer) ? (enum role)built->signer : ROLE_DEVICE_P256;
    bool is_given = built->claims.len > 0 || (built->options & PAYLOAD_AS_GIVEN) != 0;
    const char *standard = is_device((enum role)built->signer) ? bound : built->policy == 1 ? wanted : plain;
    const uint8_t *from = is_given ? built->claims.bytes : (const uint8_t *)standard;
    size_t len = is_given ? built->claims.len : strlen(standard);
    bool is_replaced = false;
    for (size_t at = 0; at < len;) {
        char key[512];
        size_t size = sizeof mark - 1;
        if (!is_replaced && len - at >= size && memcmp(from + at, mark, size) == 0) {
            add(claims, key, sign_confirmation(device, key, sizeof key));
            at += size;
            is_replaced = true;
        } else {
            add(claims, from + at++, 1);
        }
    }
}

static void make_token(struct making *m)
{
    const struct built *built = m->built;
    static struct bytes claims;
    char text[2 * sizeof claims.bytes];
    char header[64];
    uint8_t signature[SIGNATURE_MOST];
    bool is_given = built->header.len > 0 || (built->options & PAYLOAD_AS_GIVEN) != 0;
    int header_len =
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", sign_algorithm((enum role)built->issuer));
    claims.len = 0;
    add_claims(built, &claims);
    m->token.len = 0;
    add(&m->token, text,
        is_given ? sign_base64url(built->header.bytes, built->header.len, text)
                 : sign_base64url(header, (size_t)header_len, text));
    add(&m->token, ".", 1);
    add(&m->token, text, sign_base64url(claims.bytes, claims.len, text));
    size_t size = sign_token((enum role)built->issuer, m->token.bytes, m->token.len, signature);
    add(&m->token, ".", 1);
    add(&m->token, text, sign_base64url(signature, size, text));
    bool is_whole = edit_part(built, EDIT_TOKEN, &m->token);
    m->container->token_is_sound = is_whole && built->issuer <= ROLE_P384;
}

static void add_contents(struct making *m)
{
    static const char mimetype[] = "application/x.ozcapsula-v1+zip";
    static const char payload[] = "{\"media:tags\":{\"a.png\":[\"photo_selfie\"]},"
                                  "\"analyses\":[{\"type\":\"quality\",\"source_media\":[\"a.png\"]}]}";
    const struct built *built = m->built;
    bool is_given = built->payload.len > 0 || (built->options & PAYLOAD_AS_GIVEN) != 0;
    add_item(m, 0, "mimetype", mimetype, sizeof mimetype - 1);
    add_item(m, 1, "payload.json", is_given ? built->payload.bytes : (const void *)payload,
             is_given ? built->payload.len : sizeof payload - 1);
    add_item(m, 2, "media/a.png", "\x89PNG\r\n\x1a\n", 8);
    make_token(m);
    add_item(m, 3, "session_token", m->token.bytes, m->token.len);
    for (size_t i = 0; i < built->entry_count; i++) {
        static const char *const folders[PLACES] = {"media/", "ext/", ""};
        const struct built_entry *entry = &built->entries[i];
        size_t folder = strlen(folders[entry->place]);
        memcpy(m->names[i], folders[entry->place], folder);
        memcpy(m->names[i] + folder, entry->name.bytes, entry->name.len);
        m->items[m->count++] =
            (struct item){m->names[i], folder + entry->name.len, entry->content.bytes, entry->content.len, 0, 0};
    }
}

static int by_name(const void *a, const void *b)
{
    const struct item *one = a;
    const struct item *other = b;
    size_t least = one->name_len < other->name_len ? one->name_len : other->name_len;
    int order = memcmp(one->name, other->name, least);
    return order != 0 ? order : (one->name_len > other->name_len) - (one->name_len < other->name_len);
}

static void write_list(const struct item *items, size_t count, struct bytes *list)
{
    static const char digits[] = "0123456789abcdef";
    list->len = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t sha256[EVP_MAX_MD_SIZE];
        MUST(EVP_Digest(items[i].content, items[i].len, sha256, NULL, EVP_sha256(), NULL) == 1, "no digest");
        for (size_t byte = 0; byte < 32; byte++)
            add(list, (char[]){digits[sha256[byte] >> 4], digits[sha256[byte] & 15]}, 2);
        add(list, "  ", 2);
        add(list, items[i].name, items[i].name_len);
        add(list, "\n", 1);
    }
}

static void make_list(struct making *m)
{
    const struct built *built = m->built;
    struct item sorted[ALL_MOST];
    memcpy(sorted, m->items, m->count * sizeof *sorted);
    qsort(sorted, m->count, sizeof *sorted, by_name);
    write_list(sorted, m->count, &m->list);
    MUST(EVP_Digest(m->list.bytes, m->list.len, m->container->list_sha256, NULL, EVP_sha256(), NULL) == 1, "no digest");
    bool is_sorted = (built->options & LIST_UNSORTED) == 0;
    if (!is_sorted) {
        write_list(m->items, m->count, &m->list);
        is_sorted = memcmp(sorted, m->items, m->count * sizeof *sorted) == 0;
    }
    if ((built->options & LIST_WITH_ALL) != 0) {
        char line[96];
        add(&m->list, line, (size_t)snprintf(line, sizeof line, "%064d  hashes.sha256\n", 0));
    }
    bool is_whole = edit_part(built, EDIT_LIST, &m->list);
    m->container->list_is_sound = is_whole && is_sorted && (built->options & LIST_WITH_ALL) == 0;
    add_item(m, 4, "hashes.sha256", m->list.bytes, m->list.len);
}

static void make_signature(struct making *m)
{
    const struct built *built = m->built;
    m->signature.len = sign_list((enum role)built->signer, m->list.bytes, m->list.len, m->signature.bytes);
    bool is_whole = edit_part(built, EDIT_SIGNATURE, &m->signature);
    m->container->signature_is_sound = is_whole && built->signer != ROLE_STRANGER;
    add_item(m, 5, "signature", m->signature.bytes, m->signature.len);
}

/* Puts the entries into another order; the first one stays where it is unless the seed is odd. */
static void shuffle(struct making *m)
{
    uint32_t random = m->built->order;
    size_t fixed = random % 2 == 0;
    for (size_t i = m->count; random != 0 && i > fixed + 1; i--) {
        size_t other = fixed + fuzz_random(&random) % (i - fixed);
        struct item item = m->items[i - 1];
        m->items[i - 1] = m->items[other];
        m->items[other] = item;
    }
}

static void put(struct built_container *c, const void *bytes, size_t len)
{
    MUST(len <= sizeof c->bytes - c->len, "the container needs more room");
    memcpy(c->bytes + c->len, bytes, len);
    c->len += len;
}

static void put_number(struct built_container *c, size_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        put(c, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
}

/* What local and central record have in common, from "version needed" to the length of the extra field. */
static void put_fields(struct built_container *c, const struct item *item)
{
    put_number(c, 10, 2); /* version needed */
    put_number(c, 0, 4);  /* flags, method */
    put_number(c, 0, 2);  /* time */
    put_number(c, 33, 2); /* date: 1980-01-01 */
    put_number(c, libdeflate_crc32(0, item->content, item->len), 4);
    put_number(c, item->len, 4);
    put_number(c, item->len, 4);
    put_number(c, item->name_len, 2);
    put_number(c, 0, 2);
}

static size_t write_records(struct making *m)
{
    struct built_container *c = m->container;
    c->len = 0;
    for (size_t i = 0; i < m->count; i++) {
        struct item *item = &m->items[i];
        item->local = c->len;
        put(c, "PK\3\4", 4);
        put_fields(c, item);
        put(c, item->name, item->name_len);
        put(c, item->content, item->len);
    }
    size_t directory = c->len;
    for (size_t i = 0; i < m->count; i++) {
        struct item *item = &m->items[i];
        item->central = c->len;
        put(c, "PK\1\2", 4);
        put_number(c, 0x0314, 2); /* made by: Unix */
        put_fields(c, item);
        put_number(c, 0, 6); /* comment, disk, internal attributes */
        put_number(c, (size_t)0100644 << 16, 4);
        put_number(c, item->local, 4);
        put(c, item->name, item->name_len);
    }
    size_t end = c->len;
    put(c, "PK\5\6", 4);
    put_number(c, 0, 4);
    put_number(c, m->count, 2);
    put_number(c, m->count, 2);
    put_number(c, end - directory, 4);
    put_number(c, directory, 4);
    put_number(c, 0, 2);
    return end;
}

/* Changes a field in place: records keep their size. */
static void edit_record(const struct edit *edit, uint8_t *record, size_t size)
{
    struct edit in_place = *edit;
    in_place.how %= HOW_INSERT;
    apply(&in_place, record, &size, size);
}

static void edit_records(struct making *m, size_t end)
{
    enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, FIELDS_AT = 4, FIELDS_SIZE = 26, CENTRAL_FIELDS_AT = 6 };
    struct built_container *c = m->container;
    for (size_t i = 0; i < m->built->edit_count; i++) {
        const struct edit *edit = &m->built->edits[i];
        const struct item *item = m->count == 0 ? NULL : &m->items[edit->which % m->count];
        if (edit->where == EDIT_END)
            edit_record(edit, c->bytes + end, END_SIZE);
        if (item == NULL)
            continue;
        if (edit->where == EDIT_LOCAL)
            edit_record(edit, c->bytes + item->local, LOCAL_SIZE);
        if (edit->where == EDIT_CENTRAL)
            edit_record(edit, c->bytes + item->central, CENTRAL_SIZE);
        if (edit->where == EDIT_BOTH) {
            edit_record(edit, c->bytes + item->local + FIELDS_AT, FIELDS_SIZE);
            edit_record(edit, c->bytes + item->central + CENTRAL_FIELDS_AT, FIELDS_SIZE);
        }
    }
    for (size_t i = 0; i < m->built->edit_count; i++)
        if (m->built->edits[i].where == EDIT_CONTAINER)
            apply(&m->built->edits[i], c->bytes, &c->len, sizeof c->bytes);
}

void built_make(const struct built *built, struct built_container *container)
{
    static struct making making;
    making.built = built;
    making.container = container;
    making.count = 0;
    add_contents(&making);
    make_list(&making);
    make_signature(&making);
    shuffle(&making);
    edit_records(&making, write_records(&making));
}
