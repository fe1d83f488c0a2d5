/*
 * The operands MEDIA. Guarantees that no two media have keys that differ at most in case, and that a key which is taken
 * or not allowed is told with the file that it is for and a key that could take its place. Which keys are allowed is
 * the library's to say.
 */
#include "media.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "text.h"

static const char key_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
enum { LETTERS_AND_DIGITS = 62, KEY_ROOM = 128 };

static bool is_key_byte(char byte, size_t kinds)
{
    return byte != '\0' && memchr(key_bytes, byte, kinds) != NULL;
}

/* A key much like `name` that the format allows. */
static void suggest_allowed(const char *name, char key[KEY_ROOM])
{
    size_t len = 0;
    for (const char *at = name; *at != '\0' && len < KEY_ROOM - sizeof("media-"); at++)
        if (is_key_byte(*at, len == 0 ? LETTERS_AND_DIGITS : sizeof(key_bytes) - 1))
            key[len++] = *at;
        else if (len > 0)
            key[len++] = '_';
    while (len > 0 && key[len - 1] == '.')
        len--;
    key[len] = '\0';
    if (len == 0 || strcmp(key, name) == 0) {
        memmove(key + strlen("media-"), key, len + 1);
        memcpy(key, "media-", strlen("media-"));
    }
}

/* A key much like `name`, which is allowed, and that no medium has yet: clip-2.mp4. */
static void suggest_free(const media_list *list, const char *name, char key[KEY_ROOM])
{
    size_t stem = strcspn(name, ".");
    for (size_t number = 2;; number++) {
        (void)snprintf(key, KEY_ROOM, "%.*s-%zu%.32s", (int)(stem < 64 ? stem : 64), name, number, name + stem);
        if (media_find(list, key, strlen(key)) == NULL)
            return;
    }
}

const medium *media_find(const media_list *list, const char *key, size_t len)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->at[i].key) == len && strncasecmp(list->at[i].key, key, len) == 0)
            return &list->at[i];
    return NULL;
}

static ozc_result refuse_taken(const media_list *list, const char *path, const char *key, const medium *other)
{
    char free_key[KEY_ROOM];
    suggest_free(list, key, free_key);
    bool is_same = strcmp(key, other->key) == 0;
    complain("%s: the key %s %s that of %s; give one of them another key: KEY=FILE, such as %s=%s", path, key,
             is_same ? "is already" : "differs only in case from", other->path, free_key, path);
    return OZC_MISUSE;
}

static ozc_result add(media_list *list, ozc_packer *packer, const char *key, const char *path)
{
    const medium *other = media_find(list, key, strlen(key));
    if (other)
        return refuse_taken(list, path, key, other);
    size_t room = strlen("media/") + strlen(key) + 1;
    char *entry = required(malloc(room));
    (void)snprintf(entry, room, "media/%s", key);
    ozc_result result = ozc_packer_add_file(packer, entry, path);
    free(entry);
    if (result == OZC_MISUSE) {
        char allowed[KEY_ROOM];
        suggest_allowed(key, allowed);
        complain("%s: %s; give it another key: KEY=FILE, such as %s=%s", path, ozc_packer_error(packer), allowed, path);
    } else if (result != OZC_VALID) {
        complain("%s: out of memory", path);
    } else {
        list->at = required(realloc(list->at, (list->count + 1) * sizeof(*list->at)));
        list->at[list->count++] = (medium){required(strdup(key)), path};
    }
    return result;
}

ozc_result media_add(media_list *list, ozc_packer *packer, const char *operand)
{
    char *key = NULL;
    const char *path = split_named_file(operand, "/", &key);
    if (!path)
        return OZC_MISUSE;
    const char *slash = strrchr(path, '/');
    ozc_result result = add(list, packer, key ? key : slash ? slash + 1 : path, path);
    free(key);
    return result;
}

void media_free(media_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i].key);
    free(list->at);
    *list = (media_list){NULL, 0};
}

const char *media_kind(const medium *one)
{
    enum { HEAD = 192 };
    char head[HEAD];
    struct stat there;
    int fd = open(one->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return NULL;
    ssize_t got = fstat(fd, &there) == 0 && S_ISREG(there.st_mode) ? read(fd, head, sizeof(head)) : -1;
    (void)close(fd);
    return got > 0 ? ozc_media_kind(head, (size_t)got) : NULL;
}
