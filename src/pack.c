/*
 * The packer: makes one container (docs/format.md, section 1).
 *
 * Guarantees that what it puts at the path is whole, and that the validator calls it valid: the file is judged by the
 * very checks that a receiver runs before it gets its name. Media are read twice, once for their hashes and once by
 * libzip; a file that changes in between is found by that judgement. Leaves out the token's signature and claims, which
 * only its issuer's key can tell.
 */
#include "archive.h"
#include "claims.h"
#include "hash_list.h"
#include "token.h"
#include "zip_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_SIZE ((size_t)128 * 1024)
#define TOKEN_MOST ((size_t)1 << 20)
#define NESTING 64

struct item {
    char *name;
    char *path; /* NULL: data */
    char *data;
    size_t len;
    uint8_t sha256[SHA256_SIZE];
};

struct ozc_packer {
    struct item *items;
    size_t count;
    struct text error;
};

/* One container on its way. */
struct packing {
    ozc_packer *packer;
    struct crypto *crypto;
    struct key *key;
    struct text hashes;
    uint8_t signature[ECDSA_DER_MOST];
    size_t signature_len;
};

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

static ozc_result say(ozc_packer *packer, ozc_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static ozc_result say(ozc_packer *packer, ozc_result result, const char *format, ...)
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

static const struct item *find_item(const ozc_packer *packer, const char *name)
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
        return say(packer, OZC_FAILED, "out of memory");
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
        return say(packer, OZC_MISUSE, "the name %s has %s", SHOWN(name, strlen(name)), fault);
    if (!name_is_known(name, &kind) || strcmp(name, NAME_MIMETYPE) == 0 || strcmp(name, NAME_HASHES) == 0 ||
        strcmp(name, NAME_SIGNATURE) == 0)
        return say(packer, OZC_MISUSE, "%s is none of payload.json, session_token, media/KEY and ext/NAME",
                   SHOWN(name, strlen(name)));
    if (find_item(packer, name) != NULL)
        return say(packer, OZC_MISUSE, "%s was added before", SHOWN(name, strlen(name)));
    return OZC_VALID;
}

ozc_result ozc_packer_add_data(ozc_packer *packer, const char *name, const void *data, size_t len)
{
    if (packer == NULL)
        return OZC_MISUSE;
    if (name == NULL || (data == NULL && len > 0))
        return say(packer, OZC_MISUSE, "an argument is missing");
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
        return say(packer, OZC_MISUSE, "an argument is missing");
    ozc_result result = judge_name(packer, name);
    if (result != OZC_VALID)
        return result;
    struct item item = {.name = strdup(name), .path = strdup(path)};
    return add_item(packer, item, item.name != NULL && item.path != NULL);
}

/* The source of an item's content. */
static ozc_result open_item(ozc_packer *packer, const struct item *item, struct source *source)
{
    const char *why = NULL;
    char room[24];
    if (item->path == NULL)
        source_open_memory(source, item->data, item->len);
    else if (!source_open_file(source, item->path, &why, room))
        return say(packer, OZC_FAILED, "%s: %s", SHOWN(item->path, strlen(item->path)), why);
    return OZC_VALID;
}

static ozc_result hash_source(const struct source *source, struct digest *digest, uint8_t *piece,
                              uint8_t sha256[SHA256_SIZE], enum failure *failure)
{
    *failure = FAILURE_CRYPTO;
    if (!digest_start(digest))
        return OZC_FAILED;
    for (uint64_t at = 0; at < source->size;) {
        size_t len = source->size - at < PIECE_SIZE ? (size_t)(source->size - at) : PIECE_SIZE;
        const uint8_t *bytes = source_view(source, at, piece, len, failure);
        if (bytes == NULL || !digest_add(digest, bytes, len))
            return OZC_FAILED;
        at += len;
    }
    return digest_end(digest, sha256) ? OZC_VALID : OZC_FAILED;
}

static ozc_result hash_items(struct packing *p)
{
    ozc_packer *packer = p->packer;
    struct digest *digest = digest_new(p->crypto);
    uint8_t *piece = malloc(PIECE_SIZE);
    ozc_result result = digest == NULL || piece == NULL ? say(packer, OZC_FAILED, "out of memory") : OZC_VALID;
    for (size_t i = 0; result == OZC_VALID && i < packer->count; i++) {
        struct item *item = &packer->items[i];
        struct source source;
        enum failure failure = FAILURE_NONE;
        result = open_item(packer, item, &source);
        if (result != OZC_VALID)
            break;
        result = hash_source(&source, digest, piece, item->sha256, &failure);
        source_close(&source);
        if (result != OZC_VALID)
            (void)say(packer, result, "%s: %s", item->name, failure_text(failure));
    }
    free(piece);
    digest_free(digest);
    return result;
}

static int compare_items(const void *one, const void *other)
{
    return strcmp((*(const struct item *const *)one)->name, (*(const struct item *const *)other)->name);
}

/* Writes hashes.sha256 and signs it. `all` are the items and mimetype. */
static ozc_result sign_list(struct packing *p, const struct item **all, size_t count)
{
    const struct key_traits *traits = key_traits(key_kind(p->key));
    uint8_t raw[KEY_SIGNATURE_MOST];
    qsort(all, count, sizeof *all, compare_items);
    for (size_t i = 0; i < count; i++)
        hash_line_write(&p->hashes, all[i]->sha256, all[i]->name);
    if (p->hashes.failed || key_sign(p->key, p->hashes.data, p->hashes.len, raw) != OZC_VALID)
        return say(p->packer, OZC_FAILED, "the hash list could not be signed");
    if (traits->is_ecdsa) {
        p->signature_len = ecdsa_der_write(raw, traits->half, p->signature);
    } else {
        p->signature_len = 2 * traits->half;
        memcpy(p->signature, raw, p->signature_len);
    }
    return OZC_VALID;
}

/* The token has to be a JWS, and to name the key that signs if it names one. */
static ozc_result judge_token_bytes(struct packing *p, const uint8_t *bytes, size_t len)
{
    ozc_packer *packer = p->packer;
    struct token token = {0};
    struct text why = {0};
    struct key *named = NULL;
    const char *what = NULL;
    ozc_result result = token_read(bytes, len, NESTING, &token, &why);
    if (result == OZC_VALID)
        result = token_read_claims(&token, NESTING, &why);
    if (result == OZC_REJECTED) {
        result = say(packer, OZC_MISUSE, "the session token is malformed: %s", why.data == NULL ? "" : why.data);
    } else if (result == OZC_VALID) {
        result = claims_read_confirmation(p->crypto, token.claims, &named, &what);
        if (result == OZC_REJECTED)
            result = say(packer, OZC_MISUSE, "the session token: %s", what);
    }
    if (result == OZC_VALID && named != NULL && !key_same(named, p->key))
        result = say(packer, OZC_MISUSE, "the session token names another key (cnf) than the one that signs");
    if (result == OZC_FAILED)
        (void)say(packer, result, "out of memory");
    key_free(named);
    token_free(&token);
    text_free(&why);
    return result;
}

static ozc_result judge_token(struct packing *p)
{
    const struct item *item = find_item(p->packer, NAME_SESSION_TOKEN);
    struct source source;
    enum failure failure = FAILURE_NONE;
    if (item == NULL)
        return say(p->packer, OZC_MISUSE, "there is no session token");
    ozc_result result = open_item(p->packer, item, &source);
    if (result != OZC_VALID)
        return result;
    size_t len = source.size < TOKEN_MOST ? (size_t)source.size : TOKEN_MOST;
    uint8_t *room = malloc(len + 1);
    const uint8_t *bytes = room == NULL ? NULL : source_view(&source, 0, room, len, &failure);
    result = bytes == NULL ? say(p->packer, OZC_FAILED, "the session token could not be read")
                           : judge_token_bytes(p, bytes, len);
    free(room);
    source_close(&source);
    return result;
}

/* mimetype first, hashes.sha256 and signature last. */
static ozc_result write_archive(struct packing *p, const char *path)
{
    ozc_packer *packer = p->packer;
    size_t count = 0;
    int error = 0;
    char room[24];
    struct zip_item *items = malloc((packer->count + 3) * sizeof *items);
    if (items == NULL)
        return say(packer, OZC_FAILED, "out of memory");
    items[count++] = (struct zip_item){NAME_MIMETYPE, NULL, MIMETYPE, strlen(MIMETYPE)};
    for (size_t i = 0; i < packer->count; i++) {
        const struct item *item = &packer->items[i];
        items[count++] = (struct zip_item){item->name, item->path, item->data, item->len};
    }
    items[count++] = (struct zip_item){NAME_HASHES, NULL, p->hashes.data, p->hashes.len};
    items[count++] = (struct zip_item){NAME_SIGNATURE, NULL, p->signature, p->signature_len};
    bool written = zip_write(path, items, count, &error);
    free(items);
    return written ? OZC_VALID
                   : say(packer, OZC_FAILED, "the container could not be written: %s",
                         error == 0 ? "libzip failed" : errno_text(error, room));
}

static ozc_result hash_and_sign(struct packing *p)
{
    struct item mimetype = {.name = (char[]){NAME_MIMETYPE}};
    ozc_packer *packer = p->packer;
    struct source source;
    enum failure failure = FAILURE_NONE;
    ozc_result result = hash_items(p);
    if (result != OZC_VALID)
        return result;
    struct digest *digest = digest_new(p->crypto);
    const struct item **all = malloc((packer->count + 1) * sizeof *all);
    source_open_memory(&source, MIMETYPE, strlen(MIMETYPE));
    if (digest == NULL || all == NULL || hash_source(&source, digest, NULL, mimetype.sha256, &failure) != OZC_VALID) {
        result = say(packer, OZC_FAILED, "out of memory");
    } else {
        for (size_t i = 0; i < packer->count; i++)
            all[i] = &packer->items[i];
        all[packer->count] = &mimetype;
        result = sign_list(p, all, packer->count + 1);
    }
    free(all);
    digest_free(digest);
    return result;
}

/* Judges the file as a receiver would who trusts this signer. */
static ozc_result judge_file(struct packing *p, const char *path, ozc_report **report)
{
    ozc_policy *policy = ozc_policy_new();
    ozc_result result = OZC_FAILED;
    if (policy != NULL && ozc_policy_skip(policy, OZC_CHECK_SESSION_TOKEN) == OZC_VALID &&
        policy_trust_signer_key(policy, p->key) == OZC_VALID) {
        ozc_policy_set_mode(policy, OZC_ALL_FAULTS);
        result = ozc_validate_file(policy, path, NULL, report);
    }
    ozc_policy_free(policy);
    if (result == OZC_REJECTED)
        return say(p->packer, result, "a receiver would reject this container");
    return result == OZC_VALID ? result : say(p->packer, OZC_FAILED, "the container could not be judged");
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

/* A new file of a name that nobody can tell before, with the mode that the caller's umask leaves. */
static int create_beside(struct crypto *crypto, const char *path, struct text *name)
{
    uint8_t random[8];
    if (!crypto_random(crypto, random, sizeof random)) {
        errno = EIO;
        return -1;
    }
    text_print(name, "%s.", path);
    text_hex(name, random, sizeof random);
    return name->failed ? -1 : open(name->data, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static ozc_result write_whole(struct packing *p, const char *path, ozc_report **report)
{
    struct text temporary = {0};
    char room[24];
    int fd = create_beside(p->crypto, path, &temporary);
    if (fd < 0) {
        ozc_result result = say(p->packer, OZC_FAILED, "%s: %s", SHOWN(path, strlen(path)),
                                temporary.failed ? "out of memory" : errno_text(errno, room));
        text_free(&temporary);
        return result;
    }
    close(fd);
    ozc_result result = write_archive(p, temporary.data);
    if (result == OZC_VALID)
        result = judge_file(p, temporary.data, report);
    if (result == OZC_VALID && (!sync_file(temporary.data) || rename(temporary.data, path) != 0))
        result = say(p->packer, OZC_FAILED, "%s: %s", SHOWN(path, strlen(path)), errno_text(errno, room));
    if (result != OZC_VALID)
        unlink(temporary.data);
    text_free(&temporary);
    return result;
}

ozc_result ozc_packer_write(ozc_packer *packer, const void *pem, size_t len, const char *path, ozc_report **report)
{
    struct text why = {0};
    if (report != NULL)
        *report = NULL;
    if (packer == NULL)
        return OZC_MISUSE;
    if (pem == NULL || path == NULL || report == NULL)
        return say(packer, OZC_MISUSE, "an argument is missing");
    text_free(&packer->error);
    struct packing p = {.packer = packer, .crypto = crypto_get()};
    ozc_result result = p.crypto == NULL ? OZC_FAILED : key_read_private(p.crypto, pem, len, &p.key, &why);
    if (result != OZC_VALID)
        (void)say(packer, result, "the key that signs: %s", why.data == NULL ? "out of memory" : why.data);
    if (result == OZC_VALID)
        result = judge_token(&p);
    if (result == OZC_VALID)
        result = hash_and_sign(&p);
    if (result == OZC_VALID)
        result = write_whole(&p, path, report);
    key_free(p.key);
    text_free(&p.hashes);
    text_free(&why);
    return result;
}
