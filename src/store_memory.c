/*
 * The store of used tokens in memory.
 *
 * Guarantees bounded memory and one winner of any number of threads. A token is known by the SHA-256 of its iss and
 * jti, so its texts take no room and nobody can choose where it goes. What has to be remembered no longer is dropped
 * only when room is needed. A token whose time had passed by the latest `now` seen may have been dropped already: of it
 * the store can not say. Leaves out other processes and restarts.
 */
#include "crypto.h"
#include "store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MOST ((size_t)1 << 24)

struct slot {
    uint8_t token[SHA256_SIZE];
    int64_t keep_until; /* EMPTY: none here */
};

#define EMPTY INT64_MIN

struct memory {
    pthread_mutex_t lock;
    struct digest *digest;
    struct slot *slots; /* open addressing, linear probing; a power of two, at most half full */
    size_t slot_count;
    size_t capacity;
    size_t used;
    int64_t first_to_go; /* no slot may be dropped before */
    int64_t latest_now;
};

static void clear(struct slot *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        slots[i].keep_until = EMPTY;
}

/* The slot of the token, or the empty one where it belongs. */
static struct slot *find(struct slot *slots, size_t count, const uint8_t token[SHA256_SIZE])
{
    size_t at = 0;
    memcpy(&at, token, sizeof at);
    for (;; at++) {
        struct slot *slot = &slots[at & (count - 1)];
        if (slot->keep_until == EMPTY || digest_equal(slot->token, token))
            return slot;
    }
}

/* Drops what is over. A table of its own for those that stay: linear probing has no holes. False: out of memory. */
static bool drop_old(struct memory *m)
{
    struct slot *slots = malloc(m->slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    clear(slots, m->slot_count);
    m->used = 0;
    m->first_to_go = INT64_MAX;
    for (size_t i = 0; i < m->slot_count; i++) {
        const struct slot *old = &m->slots[i];
        if (old->keep_until <= m->latest_now)
            continue;
        *find(slots, m->slot_count, old->token) = *old;
        m->used++;
        if (old->keep_until < m->first_to_go)
            m->first_to_go = old->keep_until;
    }
    free(m->slots);
    m->slots = slots;
    return true;
}

/* iss and jti hold no NUL, so with the one between them no two pairs make the same bytes. */
static bool name_token(struct memory *m, const char *iss, const char *jti, uint8_t token[SHA256_SIZE])
{
    return digest_start(m->digest) && digest_add(m->digest, iss, strlen(iss) + 1) &&
           digest_add(m->digest, jti, strlen(jti)) && digest_end(m->digest, token);
}

static ozc_claim claim_locked(struct memory *m, const char *iss, const char *jti, int64_t keep_until, int64_t now)
{
    uint8_t token[SHA256_SIZE];
    if (now > m->latest_now)
        m->latest_now = now;
    if (keep_until <= m->latest_now || !name_token(m, iss, jti, token))
        return OZC_CLAIM_FAILED;
    if (find(m->slots, m->slot_count, token)->keep_until != EMPTY)
        return OZC_CLAIM_USED;
    if (m->used == m->capacity && (m->first_to_go > m->latest_now || !drop_old(m) || m->used == m->capacity))
        return OZC_CLAIM_FAILED;
    struct slot *slot = find(m->slots, m->slot_count, token);
    memcpy(slot->token, token, sizeof token);
    slot->keep_until = keep_until;
    m->used++;
    if (keep_until < m->first_to_go)
        m->first_to_go = keep_until;
    return OZC_CLAIM_NEW;
}

static ozc_claim claim(void *user, const char *iss, const char *jti, int64_t keep_until, int64_t now)
{
    struct memory *m = user;
    pthread_mutex_lock(&m->lock);
    ozc_claim result = claim_locked(m, iss, jti, keep_until, now);
    pthread_mutex_unlock(&m->lock);
    return result;
}

static void close_memory(void *user)
{
    struct memory *m = user;
    pthread_mutex_destroy(&m->lock);
    digest_free(m->digest);
    free(m->slots);
    free(m);
}

static struct memory *new_memory(size_t capacity)
{
    struct memory *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    if (pthread_mutex_init(&m->lock, NULL) != 0) {
        free(m);
        return NULL;
    }
    m->capacity = capacity;
    m->first_to_go = INT64_MAX;
    m->latest_now = INT64_MIN + 1;
    m->slot_count = 2;
    while (m->slot_count < 2 * capacity)
        m->slot_count *= 2;
    m->slots = malloc(m->slot_count * sizeof *m->slots);
    struct crypto *crypto = crypto_get();
    m->digest = crypto == NULL ? NULL : digest_new(crypto);
    if (m->slots == NULL || m->digest == NULL) {
        close_memory(m);
        return NULL;
    }
    clear(m->slots, m->slot_count);
    return m;
}

ozc_store *ozc_store_new_memory(size_t capacity)
{
    struct memory *m = capacity == 0 || capacity > CAPACITY_MOST ? NULL : new_memory(capacity);
    ozc_store *store = m == NULL ? NULL : ozc_store_new(claim, close_memory, m);
    if (m != NULL && store == NULL)
        close_memory(m);
    return store;
}
