/*
 * Calls of libraries and the system, which can be told to fail.
 *
 * The linker hands what src/ calls by these names to __wrap_NAME here (CMakeLists.txt takes the list from this file),
 * and only what src/ calls: the libraries among themselves go on as ever. Works with every sanitizer.
 */
#include "machine.h"
#include "support.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <locale.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <zip.h>

const struct machine machine = {"calls", GIVES_LITTLE, false, 64};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static bool is_counting;
static struct failing how;
static long count;
static const char *last;

void machine_plan(struct failing wanted)
{
    how = wanted;
    count = 0;
    last = "";
}

void machine_begin(void)
{
    is_counting = true;
}

long machine_end(void)
{
    is_counting = false;
    return count;
}

static atomic_long threads; /* that were started, and nobody has waited for */

size_t machine_live(void)
{
    return (size_t)atomic_load(&threads);
}

const char *machine_leak(void)
{
    return "a thread that nobody has waited for";
}

/* Each name of the list, and how often it was called in this run. */
static struct {
    const char *name;
    long run;
    uint64_t times;
} names[128];

static uint64_t count_times(const char *name)
{
    enum { SOME = 8 };
    static long run;
    run += count == 0;
    size_t i = 0;
    while (names[i].name != NULL && strcmp(names[i].name, name) != 0)
        i++;
    names[i].name = name;
    names[i].times = names[i].run != run ? 1 : names[i].times < SOME ? names[i].times + 1 : SOME;
    names[i].run = run;
    return names[i].times;
}

void machine_print(void)
{
    size_t called = 0;
    while (names[called].name != NULL)
        called++;
    print_message("functions called: %zu\n", called);
}

/* Counts a call. True: it has to fail; *manner says how. */
static bool has_to_fail(const char *name, enum manner *manner)
{
    if (!is_counting)
        return false;
    pthread_mutex_lock(&lock);
    if (how.histories != NULL && count < how.room)
        how.histories[count] = ((uintptr_t)name * 31 + (uintptr_t)last) * 16 + count_times(name) * 2 + 1;
    last = name;
    *manner = how.manner;
    bool fails = how.number >= 0 && count == how.number;
    count++;
    pthread_mutex_unlock(&lock);
    errno = fails ? EIO : errno;
    return fails;
}

/* A call that can fail, and what it returns then, in both manners of refusing. */
#define CALL(name, type, refused, otherwise, parameters, arguments)                                                    \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        enum manner manner = REFUSES;                                                                                  \
        if (has_to_fail(#name, &manner) && manner <= REFUSES_OTHERWISE)                                                \
            return manner == REFUSES ? refused : otherwise;                                                            \
        return __real_##name arguments;                                                                                \
    }

CALL(OSSL_LIB_CTX_new, OSSL_LIB_CTX *, NULL, NULL, (void), ())
CALL(OSSL_PROVIDER_load, OSSL_PROVIDER *, NULL, NULL, (OSSL_LIB_CTX * library, const char *name), (library, name))
CALL(EVP_MD_fetch, EVP_MD *, NULL, NULL, (OSSL_LIB_CTX * library, const char *name, const char *properties),
     (library, name, properties))
CALL(RAND_bytes_ex, int, 0, -1, (OSSL_LIB_CTX * library, unsigned char *to, size_t len, unsigned strength),
     (library, to, len, strength))
CALL(EVP_MD_CTX_new, EVP_MD_CTX *, NULL, NULL, (void), ())
CALL(EVP_DigestInit_ex2, int, 0, -1, (EVP_MD_CTX * context, const EVP_MD *type, const OSSL_PARAM params[]),
     (context, type, params))
CALL(EVP_DigestUpdate, int, 0, -1, (EVP_MD_CTX * context, const void *bytes, size_t len), (context, bytes, len))
CALL(EVP_DigestFinal_ex, int, 0, -1, (EVP_MD_CTX * context, unsigned char *to, unsigned *len), (context, to, len))
CALL(EVP_DigestVerifyInit_ex, int, 0, -1,
     (EVP_MD_CTX * context, EVP_PKEY_CTX **pctx, const char *name, OSSL_LIB_CTX *library, const char *properties,
      EVP_PKEY *pkey, const OSSL_PARAM params[]),
     (context, pctx, name, library, properties, pkey, params))
CALL(EVP_DigestVerify, int, 0, -1,
     (EVP_MD_CTX * context, const unsigned char *signature, size_t size, const unsigned char *bytes, size_t len),
     (context, signature, size, bytes, len))
CALL(EVP_DigestSignInit_ex, int, 0, -1,
     (EVP_MD_CTX * context, EVP_PKEY_CTX **pctx, const char *name, OSSL_LIB_CTX *library, const char *properties,
      EVP_PKEY *pkey, const OSSL_PARAM params[]),
     (context, pctx, name, library, properties, pkey, params))
CALL(EVP_DigestSign, int, 0, -1,
     (EVP_MD_CTX * context, unsigned char *signature, size_t *size, const unsigned char *bytes, size_t len),
     (context, signature, size, bytes, len))
CALL(EVP_PKEY_is_a, int, 0, 0, (const EVP_PKEY *pkey, const char *name), (pkey, name))
CALL(EVP_PKEY_get0_type_name, const char *, NULL, NULL, (const EVP_PKEY *pkey), (pkey))
CALL(EVP_PKEY_get_int_param, int, 0, -1, (const EVP_PKEY *pkey, const char *name, int *to), (pkey, name, to))
CALL(EVP_PKEY_get_bn_param, int, 0, -1, (const EVP_PKEY *pkey, const char *name, BIGNUM **to), (pkey, name, to))
CALL(EVP_PKEY_get_group_name, int, 0, -1, (const EVP_PKEY *pkey, char *name, size_t room, size_t *len),
     (pkey, name, room, len))
CALL(EVP_PKEY_get_raw_public_key, int, 0, -1, (const EVP_PKEY *pkey, unsigned char *to, size_t *len), (pkey, to, len))
CALL(EVP_PKEY_CTX_new_from_pkey, EVP_PKEY_CTX *, NULL, NULL,
     (OSSL_LIB_CTX * library, EVP_PKEY *pkey, const char *properties), (library, pkey, properties))
CALL(EVP_PKEY_CTX_new_from_name, EVP_PKEY_CTX *, NULL, NULL,
     (OSSL_LIB_CTX * library, const char *name, const char *properties), (library, name, properties))
CALL(EVP_PKEY_public_check_quick, int, 0, -1, (EVP_PKEY_CTX * context), (context))
CALL(EVP_PKEY_fromdata_init, int, 0, -1, (EVP_PKEY_CTX * context), (context))
CALL(EVP_PKEY_fromdata, int, 0, -1, (EVP_PKEY_CTX * context, EVP_PKEY **pkey, int selection, OSSL_PARAM params[]),
     (context, pkey, selection, params))
CALL(EVP_PKEY_new_raw_public_key_ex, EVP_PKEY *, NULL, NULL,
     (OSSL_LIB_CTX * library, const char *type, const char *properties, const unsigned char *bytes, size_t len),
     (library, type, properties, bytes, len))
CALL(EVP_PKCS82PKEY_ex, EVP_PKEY *, NULL, NULL,
     (const PKCS8_PRIV_KEY_INFO *info, OSSL_LIB_CTX *library, const char *properties), (info, library, properties))
CALL(d2i_PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO *, NULL, NULL,
     (PKCS8_PRIV_KEY_INFO * *to, const unsigned char **from, long len), (to, from, len))
CALL(d2i_PUBKEY_ex, EVP_PKEY *, NULL, NULL,
     (EVP_PKEY * *to, const unsigned char **from, long len, OSSL_LIB_CTX *library, const char *properties),
     (to, from, len, library, properties))
CALL(i2d_PUBKEY, int, 0, -1, (const EVP_PKEY *pkey, unsigned char **to), (pkey, to))
CALL(BIO_new_mem_buf, BIO *, NULL, NULL, (const void *bytes, int len), (bytes, len))
CALL(BIO_new, BIO *, NULL, NULL, (const BIO_METHOD *kind), (kind))
CALL(BIO_ctrl, long, 0, -1, (BIO * bio, int what, long number, void *to), (bio, what, number, to))
CALL(PEM_write_bio_PUBKEY, int, 0, -1, (BIO * to, const EVP_PKEY *pkey), (to, pkey))
CALL(PEM_read_bio, int, 0, -1, (BIO * from, char **name, char **header, unsigned char **to, long *len),
     (from, name, header, to, len))
CALL(OSSL_PARAM_BLD_new, OSSL_PARAM_BLD *, NULL, NULL, (void), ())
CALL(OSSL_PARAM_BLD_push_utf8_string, int, 0, -1,
     (OSSL_PARAM_BLD * builder, const char *key, const char *text, size_t len), (builder, key, text, len))
CALL(OSSL_PARAM_BLD_push_octet_string, int, 0, -1,
     (OSSL_PARAM_BLD * builder, const char *key, const void *bytes, size_t len), (builder, key, bytes, len))
CALL(OSSL_PARAM_BLD_to_param, OSSL_PARAM *, NULL, NULL, (OSSL_PARAM_BLD * builder), (builder))
CALL(BN_bn2binpad, int, 0, -1, (const BIGNUM *number, unsigned char *to, int len), (number, to, len))

CALL(cJSON_ParseWithLength, cJSON *, NULL, NULL, (const char *text, size_t len), (text, len))
CALL(newlocale, locale_t, (locale_t)0, (locale_t)0, (int mask, const char *name, locale_t base), (mask, name, base))

CALL(zip_source_function_create, zip_source_t *, NULL, NULL,
     (zip_source_callback callback, void *user, zip_error_t *error), (callback, user, error))
CALL(zip_open_from_source, zip_t *, NULL, NULL, (zip_source_t * source, int flags, zip_error_t *error),
     (source, flags, error))
CALL(zip_get_num_entries, zip_int64_t, -1, 0, (zip_t * archive, zip_flags_t flags), (archive, flags))
CALL(zip_get_name, const char *, NULL, "another", (zip_t * archive, zip_uint64_t index, zip_flags_t flags),
     (archive, index, flags))
CALL(zip_stat_index, int, -1, -1, (zip_t * archive, zip_uint64_t index, zip_flags_t flags, zip_stat_t *to),
     (archive, index, flags, to))
CALL(zip_fopen_index, zip_file_t *, NULL, NULL, (zip_t * archive, zip_uint64_t index, zip_flags_t flags),
     (archive, index, flags))
CALL(zip_fread, zip_int64_t, -1, 0, (zip_file_t * file, void *to, zip_uint64_t len), (file, to, len))
CALL(zip_source_seek_compute_offset, zip_int64_t, -1, -1,
     (zip_uint64_t at, zip_uint64_t size, void *data, zip_uint64_t len, zip_error_t *error),
     (at, size, data, len, error))
CALL(zip_open, zip_t *, NULL, NULL, (const char *path, int flags, int *error), (path, flags, error))
CALL(zip_source_buffer, zip_source_t *, NULL, NULL, (zip_t * archive, const void *data, zip_uint64_t len, int freed),
     (archive, data, len, freed))
CALL(zip_source_file, zip_source_t *, NULL, NULL,
     (zip_t * archive, const char *path, zip_uint64_t start, zip_int64_t len), (archive, path, start, len))
CALL(zip_file_add, zip_int64_t, -1, -1, (zip_t * archive, const char *name, zip_source_t *source, zip_flags_t flags),
     (archive, name, source, flags))
CALL(zip_set_file_compression, int, -1, -1,
     (zip_t * archive, zip_uint64_t index, zip_int32_t method, zip_uint32_t flags), (archive, index, method, flags))
CALL(zip_file_set_dostime, int, -1, -1,
     (zip_t * archive, zip_uint64_t index, zip_uint16_t time, zip_uint16_t date, zip_flags_t flags),
     (archive, index, time, date, flags))
CALL(zip_file_set_external_attributes, int, -1, -1,
     (zip_t * archive, zip_uint64_t index, zip_flags_t flags, zip_uint8_t system, zip_uint32_t attributes),
     (archive, index, flags, system, attributes))
CALL(zip_register_progress_callback_with_state, int, -1, -1,
     (zip_t * archive, double precision, zip_progress_callback callback, void (*user_free)(void *), void *user),
     (archive, precision, callback, user_free, user))
CALL(zip_register_cancel_callback_with_state, int, -1, -1,
     (zip_t * archive, zip_cancel_callback callback, void (*user_free)(void *), void *user),
     (archive, callback, user_free, user))
CALL(zip_close, int, -1, -1, (zip_t * archive), (archive))

CALL(clock_gettime, int, -1, -1, (clockid_t clock, struct timespec *to), (clock, to))
CALL(open, int, -1, -1, (const char *path, int flags, mode_t mode), (path, flags, mode))
CALL(stat, int, -1, -1, (const char *path, struct stat *to), (path, to))
CALL(lstat, int, -1, -1, (const char *path, struct stat *to), (path, to))
CALL(fstat, int, -1, -1, (int fd, struct stat *to), (fd, to))
CALL(fchmod, int, -1, -1, (int fd, mode_t mode), (fd, mode))
CALL(realpath, char *, NULL, NULL, (const char *path, char *to), (path, to))
CALL(fsync, int, -1, -1, (int fd), (fd))
CALL(rename, int, -1, -1, (const char *from, const char *to), (from, to))
CALL(pthread_mutex_init, int, ENOMEM, ENOMEM, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes),
     (mutex, attributes))
CALL(pthread_cond_init, int, ENOMEM, ENOMEM, (pthread_cond_t * condition, const pthread_condattr_t *attributes),
     (condition, attributes))
CALL(pthread_condattr_init, int, ENOMEM, ENOMEM, (pthread_condattr_t * attributes), (attributes))
CALL(pthread_condattr_setclock, int, EINVAL, EINVAL, (pthread_condattr_t * attributes, clockid_t clock),
     (attributes, clock))

ssize_t __real_pread(int fd, void *to, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *to, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *to, size_t len, off_t at)
{
    enum manner manner = REFUSES;
    if (has_to_fail("pread", &manner))
        switch (manner) {
        case REFUSES:
            return -1;
        case REFUSES_OTHERWISE:
            return 0;
        case IS_INTERRUPTED:
            errno = EINTR;
            return -1;
        case GIVES_LITTLE:
            len = 1;
        }
    return __real_pread(fd, to, len, at);
}

typedef void *thread(void *with);
int __real_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread *start, void *with);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread *start, void *with);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, thread *start, void *with)
{
    enum manner manner = REFUSES;
    if (has_to_fail("pthread_create", &manner) && manner <= REFUSES_OTHERWISE)
        return EAGAIN;
    int error = __real_pthread_create(id, attributes, start, with);
    atomic_fetch_add(&threads, error == 0);
    return error;
}

int __real_pthread_join(pthread_t id, void **result);
int __wrap_pthread_join(pthread_t id, void **result);
int __wrap_pthread_join(pthread_t id, void **result)
{
    atomic_fetch_sub(&threads, 1);
    return __real_pthread_join(id, result);
}
