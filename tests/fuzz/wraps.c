/*
 * Wrappers around what our code asks of others (ld --wrap; the list is in CMakeLists.txt, and a name that is missing
 * here or there does not link).
 *
 * Assumes one thread: targets never ask a policy for more.
 */
#include "wraps.h"

#include <cjson/cJSON.h>
#include <malloc.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>
#include <zip.h>

static struct fault armed;
static uint32_t calls;

static bool is_watching;
static int64_t held;
static int64_t peak;

void fault_arm(const struct fault *fault)
{
    armed = *fault;
    calls = 0;
}

void fault_disarm(void)
{
    armed.kind = FAULT_NONE;
    ERR_clear_error();
}

bool fault_strikes(enum fault_kind kind)
{
    if (armed.kind != kind)
        return false;
    uint32_t call = calls++;
    return call == armed.nth || (armed.lasting && call > armed.nth);
}

static bool crypto_fails(void)
{
    if (fault_strikes(FAULT_CRYPTO_SILENT))
        return true;
    if (!fault_strikes(FAULT_CRYPTO))
        return false;
    ERR_raise(ERR_LIB_CRYPTO, ERR_R_MALLOC_FAILURE);
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *block);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

static void *count_block(void *block)
{
    if (is_watching && block != NULL)
        held += (int64_t)malloc_usable_size(block);
    if (held > peak)
        peak = held;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return fault_strikes(FAULT_ALLOCATION) ? NULL : count_block(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fault_strikes(FAULT_ALLOCATION) ? NULL : count_block(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fault_strikes(FAULT_ALLOCATION))
        return NULL;
    int64_t before = is_watching && block != NULL ? (int64_t)malloc_usable_size(block) : 0;
    void *moved = count_block(__real_realloc(block, size));
    if (moved != NULL)
        held -= before;
    return moved;
}

char *__wrap_strdup(const char *text)
{
    return fault_strikes(FAULT_ALLOCATION) ? NULL : count_block(__real_strdup(text));
}

void __wrap_free(void *block)
{
    if (is_watching && block != NULL)
        held -= (int64_t)malloc_usable_size(block);
    __real_free(block);
}

void watch_start(void)
{
    static cJSON_Hooks hooks = {__wrap_malloc, __wrap_free};
    cJSON_InitHooks(&hooks);
    held = peak = 0;
    is_watching = true;
}

void watch_pause(void)
{
    is_watching = false;
}

void watch_resume(void)
{
    is_watching = true;
}

size_t watch_peak(void)
{
    return (size_t)peak;
}

int64_t watch_end(void)
{
    is_watching = false;
    return held;
}

/* A function that fails by returning `failed`. */
#define WRAP(fails, failed, type, name, parameters, arguments)                                                         \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return (fails) ? (failed) : __real_##name arguments;                                                           \
    }

WRAP(crypto_fails(), NULL, EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
WRAP(crypto_fails(), 0, int, EVP_DigestInit_ex2, (EVP_MD_CTX * context, const EVP_MD *type, const OSSL_PARAM *params),
     (context, type, params))
WRAP(crypto_fails(), 0, int, EVP_DigestUpdate, (EVP_MD_CTX * context, const void *bytes, size_t len),
     (context, bytes, len))
WRAP(crypto_fails(), 0, int, EVP_DigestFinal_ex, (EVP_MD_CTX * context, unsigned char *to, unsigned *len),
     (context, to, len))
WRAP(crypto_fails(), 0, int, EVP_DigestVerifyInit_ex,
     (EVP_MD_CTX * context, EVP_PKEY_CTX **key_context, const char *digest, OSSL_LIB_CTX *library,
      const char *properties, EVP_PKEY *key, const OSSL_PARAM *params),
     (context, key_context, digest, library, properties, key, params))
WRAP(crypto_fails(), 0, int, EVP_DigestVerify,
     (EVP_MD_CTX * context, const unsigned char *signature, size_t size, const unsigned char *bytes, size_t len),
     (context, signature, size, bytes, len))
WRAP(crypto_fails(), NULL, EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_pkey,
     (OSSL_LIB_CTX * library, EVP_PKEY *key, const char *properties), (library, key, properties))
WRAP(crypto_fails(), NULL, EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name,
     (OSSL_LIB_CTX * library, const char *name, const char *properties), (library, name, properties))
WRAP(crypto_fails(), 0, int, EVP_PKEY_public_check_quick, (EVP_PKEY_CTX * context), (context))
WRAP(crypto_fails(), 0, int, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX * context), (context))
WRAP(crypto_fails(), 0, int, EVP_PKEY_fromdata,
     (EVP_PKEY_CTX * context, EVP_PKEY **key, int selection, OSSL_PARAM params[]), (context, key, selection, params))
WRAP(crypto_fails(), NULL, EVP_PKEY *, EVP_PKEY_new_raw_public_key_ex,
     (OSSL_LIB_CTX * library, const char *type, const char *properties, const unsigned char *bytes, size_t len),
     (library, type, properties, bytes, len))
WRAP(crypto_fails(), 0, int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *key, unsigned char *to, size_t *len),
     (key, to, len))
WRAP(crypto_fails(), 0, int, EVP_PKEY_eq, (const EVP_PKEY *a, const EVP_PKEY *b), (a, b))
WRAP(crypto_fails(), NULL, OSSL_PARAM_BLD *, OSSL_PARAM_BLD_new, (void), ())
WRAP(crypto_fails(), 0, int, OSSL_PARAM_BLD_push_utf8_string,
     (OSSL_PARAM_BLD * builder, const char *name, const char *text, size_t len), (builder, name, text, len))
WRAP(crypto_fails(), 0, int, OSSL_PARAM_BLD_push_octet_string,
     (OSSL_PARAM_BLD * builder, const char *name, const void *bytes, size_t len), (builder, name, bytes, len))
WRAP(crypto_fails(), NULL, OSSL_PARAM *, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD * builder), (builder))
WRAP(crypto_fails(), -1, int, i2d_PUBKEY, (const EVP_PKEY *key, unsigned char **to), (key, to))

WRAP(fault_strikes(FAULT_LIBZIP), NULL, zip_source_t *, zip_source_function_create,
     (zip_source_callback callback, void *user, zip_error_t *error), (callback, user, error))
WRAP(fault_strikes(FAULT_LIBZIP), NULL, zip_t *, zip_open_from_source,
     (zip_source_t * source, int flags, zip_error_t *error), (source, flags, error))
WRAP(fault_strikes(FAULT_LIBZIP), NULL, const char *, zip_get_name,
     (zip_t * archive, zip_uint64_t index, zip_flags_t flags), (archive, index, flags))
WRAP(fault_strikes(FAULT_LIBZIP), -1, int, zip_stat_index,
     (zip_t * archive, zip_uint64_t index, zip_flags_t flags, zip_stat_t *status), (archive, index, flags, status))
WRAP(fault_strikes(FAULT_LIBZIP), NULL, zip_file_t *, zip_fopen_index,
     (zip_t * archive, zip_uint64_t index, zip_flags_t flags), (archive, index, flags))
WRAP(fault_strikes(FAULT_LIBZIP), -1, zip_int64_t, zip_fread, (zip_file_t * file, void *to, zip_uint64_t len),
     (file, to, len))
