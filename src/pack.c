/*
 * Makes one container of what a packer has (docs/format.md, section 1).
 *
 * Guarantees that what it puts at the path is whole, and that the validator calls it valid: the file is judged by the
 * very checks that a receiver runs before it gets its name. Media are never held whole. They are read twice, once for
 * their hashes and once by libzip; a file that changes in between is found by that judgement. Leaves out the token's
 * signature and claims, which only its issuer's key can tell.
 */
#include "archive.h"
#include "claims.h"
#include "hash_list.h"
#include "packer.h"
#include "replace_file.h"
#include "token.h"
#include "zip_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t)128 * 1024)
#define TOKEN_MOST ((size_t)1 << 20)
#define NESTING 64

/* One container on its way. */
struct packing {
    ozc_packer *packer;
    struct crypto *crypto;
    struct key *key;
    ozc_policy *policy; /* of a receiver who trusts this signer */
    uint64_t size;      /* bytes of all items */
    enum step { STEP_HASH, STEP_WRITE, STEP_JUDGE, STEPS } step;
    uint64_t hashed; /* bytes of the items before the one that is hashed */
    bool is_cancelled;
    struct text hashes;
    uint8_t signature[ECDSA_DER_MOST];
    size_t signature_len;
};

/* Tells how far it has come, each step counting the whole size. False: it is to stop. */
static bool go_on(struct packing *p, uint64_t done)
{
    const ozc_packer *packer = p->packer;
    if (done > p->size)
        done = p->size;
    if (packer->progress != NULL && packer->progress(packer->user, p->step * p->size + done, STEPS * p->size) != 0)
        p->is_cancelled = true;
    return !p->is_cancelled;
}

static ozc_result cancelled(struct packing *p)
{
    return packer_say(p->packer, OZC_FAILED, "cancelled");
}

/* Is every file there, and how large are they together? */
static ozc_result measure(struct packing *p)
{
    ozc_result result = OZC_VALID;
    for (size_t i = 0; result == OZC_VALID && i < p->packer->count; i++) {
        struct item *item = &p->packer->items[i];
        struct source source;
        result = packer_open(p->packer, item, &source);
        if (result != OZC_VALID)
            break;
        source_close(&source);
        p->size += item->size;
    }
    return result;
}

static bool hash_source(struct packing *p, const struct source *source, struct digest *digest, uint8_t *piece,
                        uint8_t sha256[SHA256_SIZE], enum failure *failure)
{
    *failure = FAILURE_CRYPTO;
    if (!digest_start(digest))
        return false;
    for (uint64_t at = 0; at < source->size;) {
        size_t len = source->size - at < PIECE_SIZE ? (size_t)(source->size - at) : PIECE_SIZE;
        const uint8_t *bytes = source_view(source, at, piece, len, failure);
        if (bytes == NULL || !digest_add(digest, bytes, len))
            return false;
        at += len;
        if (!go_on(p, p->hashed + at))
            return false;
    }
    p->hashed += source->size;
    return digest_end(digest, sha256);
}

static ozc_result hash_item(struct packing *p, struct item *item, struct digest *digest, uint8_t *piece)
{
    struct source source;
    enum failure failure = FAILURE_NONE;
    ozc_result result = packer_open(p->packer, item, &source);
    if (result != OZC_VALID)
        return result;
    bool is_hashed = hash_source(p, &source, digest, piece, item->sha256, &failure);
    source_close(&source);
    if (is_hashed)
        return OZC_VALID;
    if (p->is_cancelled)
        return cancelled(p);
    const char *name = item->path != NULL ? item->path : item->name;
    return packer_say(p->packer, OZC_FAILED, "%s: %s", SHOWN(name, strlen(name)),
                      failure == FAILURE_SHORT  ? "the file became shorter while it was read"
                      : failure == FAILURE_READ ? "the file could not be read"
                                                : failure_text(failure));
}

static ozc_result hash_items(struct packing *p, struct digest *digest)
{
    uint8_t *piece = malloc(PIECE_SIZE);
    ozc_result result = piece == NULL ? packer_say(p->packer, OZC_FAILED, "out of memory") : OZC_VALID;
    for (size_t i = 0; result == OZC_VALID && i < p->packer->count; i++)
        result = hash_item(p, &p->packer->items[i], digest, piece);
    free(piece);
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
        return packer_say(p->packer, OZC_FAILED, "the hash list could not be signed");
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
        result = packer_say(packer, OZC_MISUSE, "the session token is malformed: %s", why.data == NULL ? "" : why.data);
    } else if (result == OZC_VALID) {
        result = claims_read_confirmation(p->crypto, token.claims, &named, &what);
        if (result == OZC_REJECTED)
            result = packer_say(packer, OZC_MISUSE, "the session token: %s", what);
    }
    if (result == OZC_VALID && named != NULL && !key_same(named, p->key))
        result = packer_say(packer, OZC_MISUSE, "the session token names another key (cnf) than the one that signs");
    if (result == OZC_FAILED)
        (void)packer_say(packer, result, "out of memory");
    key_free(named);
    token_free(&token);
    text_free(&why);
    return result;
}

static ozc_result judge_token(struct packing *p)
{
    struct item *item = packer_find(p->packer, NAME_SESSION_TOKEN);
    struct source source;
    enum failure failure = FAILURE_NONE;
    if (item == NULL)
        return packer_say(p->packer, OZC_MISUSE, "there is no session token");
    ozc_result result = packer_open(p->packer, item, &source);
    if (result != OZC_VALID)
        return result;
    size_t len = source.size < TOKEN_MOST ? (size_t)source.size : TOKEN_MOST;
    uint8_t *room = malloc(len + 1);
    const uint8_t *bytes = room == NULL ? NULL : source_view(&source, 0, room, len, &failure);
    result = bytes == NULL ? packer_say(p->packer, OZC_FAILED, "the session token could not be read")
                           : judge_token_bytes(p, bytes, len);
    free(room);
    source_close(&source);
    return result;
}

static bool on_written(void *user, double part)
{
    struct packing *p = user;
    return go_on(p, (uint64_t)(part * (double)p->size));
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
        return packer_say(packer, OZC_FAILED, "out of memory");
    items[count++] = (struct zip_item){NAME_MIMETYPE, NULL, MIMETYPE, strlen(MIMETYPE)};
    for (size_t i = 0; i < packer->count; i++) {
        const struct item *item = &packer->items[i];
        items[count++] = (struct zip_item){item->name, item->path, item->data, item->len};
    }
    items[count++] = (struct zip_item){NAME_HASHES, NULL, p->hashes.data, p->hashes.len};
    items[count++] = (struct zip_item){NAME_SIGNATURE, NULL, p->signature, p->signature_len};
    p->step = STEP_WRITE;
    bool written = zip_write(path, items, count, on_written, p, &error);
    free(items);
    if (p->is_cancelled)
        return cancelled(p);
    return written ? OZC_VALID
                   : packer_say(packer, OZC_FAILED, "the container could not be written: %s",
                                error == 0 ? "libzip failed" : errno_text(error, room));
}

static ozc_result hash_and_sign(struct packing *p)
{
    struct item mimetype = {.name = (char[]){NAME_MIMETYPE}};
    ozc_packer *packer = p->packer;
    struct source source;
    enum failure failure = FAILURE_NONE;
    struct digest *digest = digest_new(p->crypto);
    const struct item **all = malloc((packer->count + 1) * sizeof *all);
    if (digest == NULL || all == NULL) {
        free(all);
        digest_free(digest);
        return packer_say(packer, OZC_FAILED, "out of memory");
    }
    ozc_result result = hash_items(p, digest);
    source_open_memory(&source, MIMETYPE, strlen(MIMETYPE));
    if (result == OZC_VALID && !hash_source(p, &source, digest, NULL, mimetype.sha256, &failure))
        result = p->is_cancelled ? cancelled(p) : packer_say(packer, OZC_FAILED, "%s", failure_text(failure));
    if (result == OZC_VALID) {
        for (size_t i = 0; i < packer->count; i++)
            all[i] = &packer->items[i];
        all[packer->count] = &mimetype;
        result = sign_list(p, all, packer->count + 1);
    }
    free(all);
    digest_free(digest);
    return result;
}

/* The policy of a receiver who trusts this signer. Its limits are the default ones. */
static ozc_result make_policy(struct packing *p)
{
    p->policy = ozc_policy_new();
    if (p->policy == NULL || ozc_policy_skip(p->policy, OZC_CHECK_SESSION_TOKEN) != OZC_VALID ||
        policy_trust_signer_key(p->policy, p->key) != OZC_VALID)
        return packer_say(p->packer, OZC_FAILED, "out of memory");
    ozc_policy_set_mode(p->policy, OZC_ALL_FAULTS);
    return OZC_VALID;
}

static ozc_result refused(struct packing *p)
{
    return packer_say(p->packer, OZC_REJECTED, "a receiver would reject this container");
}

static int size_of_items(void *user, uint64_t *size)
{
    *size = ((const struct packing *)user)->size;
    return 0;
}

static int64_t first_bytes(void *user, uint64_t offset, void *buffer, size_t len)
{
    static const char first[] = "PK\3\4";
    (void)user;
    if (offset >= strlen(first) || len < 1)
        return -1;
    *(char *)buffer = first[offset];
    return 1;
}

/* A container above the limit is judged by its size, before it takes time and disk: no receiver looks further. */
static ozc_result judge_size(struct packing *p, ozc_report **report)
{
    const ozc_source source = {sizeof source, p, size_of_items, first_bytes};
    if (p->size <= ozc_policy_limit(p->policy, OZC_LIMIT_CONTAINER))
        return OZC_VALID;
    ozc_result result = ozc_validate_source(p->policy, &source, NULL, report);
    return result == OZC_REJECTED ? refused(p) : packer_say(p->packer, OZC_FAILED, "the container could not be judged");
}

static int on_judged(void *user, uint64_t done, uint64_t total)
{
    (void)total;
    return go_on(user, done) ? 0 : 1;
}

/* The entry that is not what was hashed; NULL: each of them is. */
static const char *changed_entry(const ozc_report *report)
{
    const ozc_finding *finding = NULL;
    for (size_t i = 0; (finding = ozc_report_finding(report, i)) != NULL; i++)
        if (finding->rule == catalogue_rule(RULE_HASH_MISMATCH))
            return finding->entry;
    return NULL;
}

/* Judges the file as a receiver would who trusts this signer. */
static ozc_result judge_file(struct packing *p, const char *path, ozc_report **report)
{
    ozc_call call = OZC_CALL_INIT;
    call.progress = on_judged;
    call.user = p;
    p->step = STEP_JUDGE;
    ozc_result result = ozc_validate_file(p->policy, path, &call, report);
    const char *changed = result == OZC_REJECTED ? changed_entry(*report) : NULL;
    if (p->is_cancelled)
        return cancelled(p);
    if (changed != NULL)
        return packer_say(p->packer, OZC_FAILED, "%s: the file changed while it was packed; pack again", changed);
    if (result == OZC_REJECTED)
        return refused(p);
    return result == OZC_VALID ? result : packer_say(p->packer, OZC_FAILED, "the container could not be judged");
}

static ozc_result cannot_write(struct packing *p, const char *path)
{
    char room[24];
    return packer_say(p->packer, OZC_FAILED, "%s: %s", SHOWN(path, strlen(path)), errno_text(errno, room));
}

static ozc_result write_whole(struct packing *p, const char *path, ozc_report **report)
{
    struct replacement file;
    if (!replacement_begin(p->crypto, path, &file))
        return cannot_write(p, path);
    ozc_result result = write_archive(p, file.temporary);
    if (result == OZC_VALID)
        result = judge_file(p, file.temporary, report);
    if (result == OZC_VALID && replacement_commit(&file))
        return OZC_VALID;
    if (result == OZC_VALID) {
        result = cannot_write(p, path);
        ozc_report_free(*report);
        *report = NULL; /* it was valid, and is not there */
        return result;
    }
    replacement_abandon(&file);
    return result;
}

static ozc_result pack(struct packing *p, const char *path, ozc_report **report)
{
    ozc_result result = judge_token(p);
    if (result == OZC_VALID)
        result = make_policy(p);
    if (result == OZC_VALID)
        result = measure(p);
    if (result == OZC_VALID)
        result = judge_size(p, report);
    if (result == OZC_VALID)
        result = hash_and_sign(p);
    return result == OZC_VALID ? write_whole(p, path, report) : result;
}

ozc_result ozc_packer_write(ozc_packer *packer, const void *pem, size_t len, const char *path, ozc_report **report)
{
    struct text why = {0};
    if (report != NULL)
        *report = NULL;
    if (packer == NULL)
        return OZC_MISUSE;
    if (pem == NULL || path == NULL || report == NULL)
        return packer_say(packer, OZC_MISUSE, "an argument is missing");
    text_free(&packer->error);
    struct packing p = {.packer = packer, .crypto = crypto_get()};
    ozc_result result = p.crypto == NULL ? OZC_FAILED : key_read_private(p.crypto, pem, len, &p.key, &why);
    if (result == OZC_VALID)
        result = pack(&p, path, report);
    else
        (void)packer_say(packer, result, "the key that signs: %s", why.data == NULL ? "out of memory" : why.data);
    key_free(p.key);
    ozc_policy_free(p.policy);
    text_free(&p.hashes);
    text_free(&why);
    return result;
}
