/*
 * OpenSSL, the part without keys: an own library context, SHA-256, random bytes.
 *
 * Guarantees a context that takes nothing from a configuration; the caller's error queue stays as it was. Keys and
 * signatures are in key.c.
 */
#include "crypto.h"
#include "crypto_context.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include <pthread.h>
#include <stdlib.h>

struct digest {
    struct crypto *crypto;
    EVP_MD_CTX *context;
};

static struct crypto *make_crypto(void)
{
    struct crypto *crypto = calloc(1, sizeof *crypto);
    if (crypto == NULL)
        return NULL;
    crypto->library = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *provider = crypto->library == NULL ? NULL : OSSL_PROVIDER_load(crypto->library, "default");
    if (provider != NULL)
        crypto->sha256 = EVP_MD_fetch(crypto->library, "SHA256", NULL);
    if (crypto->sha256 != NULL)
        return crypto;
    if (provider != NULL)
        OSSL_PROVIDER_unload(provider);
    OSSL_LIB_CTX_free(crypto->library);
    free(crypto);
    return NULL;
}

struct crypto *crypto_get(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct crypto *shared;
    pthread_mutex_lock(&lock);
    if (shared == NULL) {
        ERR_set_mark();
        shared = make_crypto();
        ERR_pop_to_mark();
    }
    struct crypto *crypto = shared;
    pthread_mutex_unlock(&lock);
    return crypto;
}

bool crypto_random(struct crypto *crypto, void *to, size_t len)
{
    ERR_set_mark();
    bool done = RAND_bytes_ex(crypto->library, to, len, 0) == 1;
    ERR_pop_to_mark();
    return done;
}

struct digest *digest_new(struct crypto *crypto)
{
    struct digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL)
        return NULL;
    ERR_set_mark();
    digest->context = EVP_MD_CTX_new();
    ERR_pop_to_mark();
    if (digest->context == NULL) {
        free(digest);
        return NULL;
    }
    digest->crypto = crypto;
    return digest;
}

void digest_free(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

bool digest_start(struct digest *digest)
{
    ERR_set_mark();
    bool done = EVP_DigestInit_ex2(digest->context, digest->crypto->sha256, NULL) == 1;
    ERR_pop_to_mark();
    return done;
}

bool digest_add(struct digest *digest, const void *bytes, size_t len)
{
    ERR_set_mark();
    bool done = EVP_DigestUpdate(digest->context, bytes, len) == 1;
    ERR_pop_to_mark();
    return done;
}

bool digest_end(struct digest *digest, uint8_t sha256[SHA256_SIZE])
{
    ERR_set_mark();
    bool done = EVP_DigestFinal_ex(digest->context, sha256, NULL) == 1;
    ERR_pop_to_mark();
    return done;
}

bool digest_equal(const uint8_t a[SHA256_SIZE], const uint8_t b[SHA256_SIZE])
{
    return CRYPTO_memcmp(a, b, SHA256_SIZE) == 0;
}
