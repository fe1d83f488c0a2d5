/*
 * Reading ahead: while the caller digests one piece, another thread reads the next ones and takes their CRC-32.
 *
 * Guarantees that the caller gets the very bytes whose CRC-32 was taken, in order, each once; and bounded memory: a
 * ring of pieces. The ring is the only thing that both threads touch, under one lock. Leaves out whether it is worth a
 * thread.
 */
#include "read_ahead.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>

#define PIECE_SIZE ((size_t)256 * 1024)
#define PIECES 4

struct piece {
    uint8_t *room; /* NULL where the source is in memory */
    const uint8_t *bytes;
    size_t len;
};

struct ahead {
    const struct source *source;
    uint64_t at;
    uint64_t left; /* to read; the reader's alone, as is crc until it has ended */
    uint32_t crc;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t moved;
    struct piece ring[PIECES];
    uint64_t filled; /* pieces so far; piece i is in ring[i % PIECES] */
    uint64_t taken;  /* by the caller, the one that he holds included */
    bool has_ended;  /* nothing more will be filled */
    bool is_unwanted;
    enum failure failure;
};

/* Waits for room in the ring. False: nobody wants more. */
static bool wait_for_room(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    /* The piece that the caller holds is not free yet. */
    while (!a->is_unwanted && a->filled >= a->taken + PIECES - 1)
        pthread_cond_wait(&a->moved, &a->lock);
    bool wanted = !a->is_unwanted;
    pthread_mutex_unlock(&a->lock);
    return wanted;
}

static void *read_pieces(void *user)
{
    struct ahead *a = user;
    enum failure failure = FAILURE_NONE;
    while (failure == FAILURE_NONE && a->left > 0 && wait_for_room(a)) {
        struct piece *piece = &a->ring[a->filled % PIECES];
        piece->len = a->left < PIECE_SIZE ? (size_t)a->left : PIECE_SIZE;
        piece->bytes = source_view(a->source, a->at, piece->room, piece->len, &failure);
        if (piece->bytes == NULL)
            break;
        a->crc = libdeflate_crc32(a->crc, piece->bytes, piece->len);
        a->at += piece->len;
        a->left -= piece->len;
        pthread_mutex_lock(&a->lock);
        a->filled++;
        pthread_cond_signal(&a->moved);
        pthread_mutex_unlock(&a->lock);
    }
    pthread_mutex_lock(&a->lock);
    a->failure = failure;
    a->has_ended = true;
    pthread_cond_signal(&a->moved);
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

static void free_ahead(struct ahead *a)
{
    for (size_t i = 0; i < PIECES; i++)
        free(a->ring[i].room);
    pthread_cond_destroy(&a->moved);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

struct ahead *ahead_start(const struct source *source, uint64_t at, uint64_t size)
{
    struct ahead *a = malloc(sizeof *a);
    if (a == NULL)
        return NULL;
    *a = (struct ahead){
        .source = source, .at = at, .left = size, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    bool is_equipped = true;
    for (size_t i = 0; source->memory == NULL && i < PIECES; i++) {
        a->ring[i].room = malloc(PIECE_SIZE);
        is_equipped = is_equipped && a->ring[i].room != NULL;
    }
    if (is_equipped && pthread_create(&a->thread, NULL, read_pieces, a) == 0)
        return a;
    free_ahead(a);
    return NULL;
}

const uint8_t *ahead_next(struct ahead *a, size_t *len, enum failure *failure)
{
    static const uint8_t end[1] = {0};
    const uint8_t *bytes = NULL;
    pthread_mutex_lock(&a->lock);
    while (a->filled == a->taken && !a->has_ended)
        pthread_cond_wait(&a->moved, &a->lock);
    if (a->filled > a->taken) {
        const struct piece *piece = &a->ring[a->taken++ % PIECES];
        bytes = piece->bytes;
        *len = piece->len;
        pthread_cond_signal(&a->moved);
    } else if (a->failure == FAILURE_NONE) {
        bytes = end;
        *len = 0;
    } else {
        *failure = a->failure;
    }
    pthread_mutex_unlock(&a->lock);
    return bytes;
}

uint32_t ahead_end(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    a->is_unwanted = true;
    pthread_cond_signal(&a->moved);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    uint32_t crc = a->crc;
    free_ahead(a);
    return crc;
}
