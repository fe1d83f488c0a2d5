/*
 * Everything that is asked of OpenSSL: SHA-256, keys, signatures, random bytes.
 *
 * Guarantees an own library context that reads no configuration; that only the three kinds of key of docs/format.md,
 * section 3 exist, on named curves, with a point that is on the curve; that the key decides the algorithm and its
 * digest; that "verified" is exactly the value 1, and a machine that fails is no verdict. The caller's error queue
 * stays as it was. Leaves out which key may be used for what.
 */
#include "crypto.h"
#include "pem.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct crypto {
    atomic_size_t owners;
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *provider;
    EVP_MD *sha256;
};

struct digest {
    struct crypto *crypto;
    EVP_MD_CTX *context;
};

struct key {
    atomic_size_t owners;
    struct crypto *crypto;
    EVP_PKEY *pkey;
    enum key_kind kind;
    char id[2 * SHA256_SIZE + 1];
};

static const struct key_traits traits[KEY_KINDS] = {
    [KEY_P384] = {"EC P-384", "ES384", "EC", "P-384", 48, true},
    [KEY_P256] = {"EC P-256", "ES256", "EC", "P-256", 32, true},
    [KEY_ED25519] = {"Ed25519", "EdDSA", "OKP", "Ed25519", 32, false},
};

/* OpenSSL's own names. Ed25519 takes the bytes themselves, so it has no digest. */
static const char *const group_names[KEY_KINDS] = {[KEY_P384] = "secp384r1", [KEY_P256] = "prime256v1"};
static const char *const digest_names[KEY_KINDS] = {[KEY_P384] = "SHA384", [KEY_P256] = "SHA256"};

const struct key_traits *key_traits(enum key_kind kind)
{
    return &traits[kind];
}

struct crypto *crypto_new(void)
{
    struct crypto *crypto = calloc(1, sizeof *crypto);
    if (crypto == NULL)
        return NULL;
    atomic_init(&crypto->owners, 1);
    ERR_set_mark();
    crypto->library = OSSL_LIB_CTX_new();
    if (crypto->library != NULL)
        crypto->provider = OSSL_PROVIDER_load(crypto->library, "default");
    if (crypto->provider != NULL)
        crypto->sha256 = EVP_MD_fetch(crypto->library, "SHA256", NULL);
    ERR_pop_to_mark();
    if (crypto->sha256 != NULL)
        return crypto;
    crypto_free(crypto);
    return NULL;
}

struct crypto *crypto_ref(struct crypto *crypto)
{
    atomic_fetch_add_explicit(&crypto->owners, 1, memory_order_relaxed);
    return crypto;
}

void crypto_free(struct crypto *crypto)
{
    if (crypto == NULL || atomic_fetch_sub_explicit(&crypto->owners, 1, memory_order_acq_rel) != 1)
        return;
    EVP_MD_free(crypto->sha256);
    if (crypto->provider != NULL)
        OSSL_PROVIDER_unload(crypto->provider);
    OSSL_LIB_CTX_free(crypto->library);
    free(crypto);
}

bool crypto_random(struct crypto *crypto, void *to, size_t len)
{
    ERR_set_mark();
    bool done = RAND_bytes_ex(crypto->library, to, len, 0) == 1;
    ERR_pop_to_mark();
    return done;
}

void crypto_wipe(void *secret, size_t len)
{
    OPENSSL_cleanse(secret, len);
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
    digest->crypto = crypto_ref(crypto);
    return digest;
}

void digest_free(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    crypto_free(digest->crypto);
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
    return EVP_DigestUpdate(digest->context, bytes, len) == 1;
}

bool digest_end(struct digest *digest, uint8_t sha256[SHA256_SIZE])
{
    return EVP_DigestFinal_ex(digest->context, sha256, NULL) == 1;
}

bool digest_equal(const uint8_t a[SHA256_SIZE], const uint8_t b[SHA256_SIZE])
{
    return CRYPTO_memcmp(a, b, SHA256_SIZE) == 0;
}

struct key *key_ref(struct key *key)
{
    atomic_fetch_add_explicit(&key->owners, 1, memory_order_relaxed);
    return key;
}

void key_free(struct key *key)
{
    if (key == NULL || atomic_fetch_sub_explicit(&key->owners, 1, memory_order_acq_rel) != 1)
        return;
    EVP_PKEY_free(key->pkey);
    crypto_free(key->crypto);
    free(key);
}

enum key_kind key_kind(const struct key *key)
{
    return key->kind;
}

const char *key_id(const struct key *key)
{
    return key->id;
}

bool key_same(const struct key *a, const struct key *b)
{
    ERR_set_mark();
    bool same = a->kind == b->kind && EVP_PKEY_eq(a->pkey, b->pkey) == 1;
    ERR_pop_to_mark();
    return same;
}

/* One of the three kinds? A curve given by explicit parameters is none, whatever its numbers are. */
static bool find_kind(const EVP_PKEY *pkey, enum key_kind *kind, struct text *why)
{
    char group[64] = "";
    size_t len = 0;
    int explicit_parameters = 1;
    if (EVP_PKEY_is_a(pkey, "ED25519") == 1) {
        *kind = KEY_ED25519;
        return true;
    }
    if (EVP_PKEY_is_a(pkey, "EC") != 1) {
        const char *type = EVP_PKEY_get0_type_name(pkey);
        text_print(why, "it holds a key of another type (%s)", type == NULL ? "unknown" : type);
        return false;
    }
    if (EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
        explicit_parameters != 0) {
        text_print(why, "it holds an EC key with explicit parameters, where a named curve belongs");
        return false;
    }
    if (EVP_PKEY_get_group_name(pkey, group, sizeof group, &len) == 1)
        for (*kind = KEY_P384; *kind < KEY_ED25519; (*kind)++)
            if (strcmp(group, group_names[*kind]) == 0)
                return true;
    text_print(why, "it holds an EC key on another curve (%s)", group);
    return false;
}

static bool is_valid_point(struct crypto *crypto, EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(crypto->library, pkey, NULL);
    bool valid = context != NULL && EVP_PKEY_public_check_quick(context) == 1;
    EVP_PKEY_CTX_free(context);
    return valid;
}

static bool name_key(struct key *key)
{
    uint8_t *spki = NULL;
    uint8_t sha256[SHA256_SIZE];
    size_t size = 0;
    int len = i2d_PUBKEY(key->pkey, &spki);
    bool done = len > 0 && EVP_Q_digest(key->crypto->library, "SHA256", NULL, spki, (size_t)len, sha256, &size) == 1;
    OPENSSL_free(spki);
    struct text hex = {0};
    if (done)
        text_hex(&hex, sha256, sizeof sha256);
    done = done && !hex.failed;
    if (done)
        memcpy(key->id, hex.data, sizeof key->id);
    text_free(&hex);
    return done;
}

/* Takes over pkey. */
static ozc_result make_key(struct crypto *crypto, EVP_PKEY *pkey, enum key_kind kind, struct key **made)
{
    struct key *key = calloc(1, sizeof *key);
    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return OZC_FAILED;
    }
    atomic_init(&key->owners, 1);
    key->crypto = crypto_ref(crypto);
    key->pkey = pkey;
    key->kind = kind;
    if (!name_key(key)) {
        key_free(key);
        return OZC_FAILED;
    }
    *made = key;
    return OZC_VALID;
}

/* The DER of the one block; the caller wipes and frees it. NULL: no Base64, or encrypted. */
static uint8_t *read_armour(const char *pem, size_t len, long *der_len)
{
    char *name = NULL;
    char *header = NULL;
    uint8_t *der = NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)len);
    bool plain = bio != NULL && PEM_read_bio(bio, &name, &header, &der, der_len) == 1 && *header == '\0';
    BIO_free(bio);
    OPENSSL_free(name);
    OPENSSL_free(header);
    if (!plain) {
        OPENSSL_free(der);
        return NULL;
    }
    return der;
}

static EVP_PKEY *read_private_der(struct crypto *crypto, const uint8_t *der, long len)
{
    const uint8_t *at = der;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, len);
    EVP_PKEY *pkey = info != NULL && at == der + len ? EVP_PKCS82PKEY_ex(info, crypto->library, NULL) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    return pkey;
}

static EVP_PKEY *read_public_der(struct crypto *crypto, const uint8_t *der, long len)
{
    const uint8_t *at = der;
    EVP_PKEY *pkey = d2i_PUBKEY_ex(NULL, &at, len, crypto->library, NULL);
    if (pkey == NULL || at == der + len)
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

static ozc_result read_key(struct crypto *crypto, const char *pem, size_t len, bool private_half, struct key **key,
                           struct text *why)
{
    enum key_kind kind = KEY_P384;
    long der_len = 0;
    if (!pem_is_one_block(pem, len, private_half ? PEM_PRIVATE : PEM_PUBLIC, why))
        return OZC_MISUSE;
    uint8_t *der = read_armour(pem, len, &der_len);
    if (der == NULL) {
        text_print(why, "what stands in its PEM block is not plain Base64");
        return OZC_MISUSE;
    }
    EVP_PKEY *pkey = private_half ? read_private_der(crypto, der, der_len) : read_public_der(crypto, der, der_len);
    OPENSSL_clear_free(der, (size_t)der_len);
    if (pkey == NULL) {
        text_print(why,
                   "what stands in its PEM block is no key that OpenSSL can read (or its point is not on the curve)");
        return OZC_MISUSE;
    }
    if (!find_kind(pkey, &kind, why)) {
        EVP_PKEY_free(pkey);
        return OZC_MISUSE;
    }
    if (!is_valid_point(crypto, pkey)) {
        text_print(why, "it holds a key whose point is not on the curve");
        EVP_PKEY_free(pkey);
        return OZC_MISUSE;
    }
    return make_key(crypto, pkey, kind, key);
}

ozc_result key_read_public(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why)
{
    ERR_set_mark();
    ozc_result result = read_key(crypto, pem, len, false, key, why);
    ERR_pop_to_mark();
    return result;
}

ozc_result key_read_private(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why)
{
    ERR_set_mark();
    ozc_result result = read_key(crypto, pem, len, true, key, why);
    ERR_pop_to_mark();
    return result;
}

/* NULL: OpenSSL does not take it. Since the coordinates have the right length, that is a point off the curve, or
 *memory; built tells the two apart. */
static EVP_PKEY *import_point(struct crypto *crypto, enum key_kind kind, const uint8_t *x, const uint8_t *y,
                              bool *built)
{
    uint8_t point[1 + 2 * KEY_HALF_MOST] = {POINT_CONVERSION_UNCOMPRESSED};
    size_t half = traits[kind].half;
    EVP_PKEY *pkey = NULL;
    memcpy(point + 1, x, half);
    memcpy(point + 1 + half, y, half);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (builder != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group_names[kind], 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * half) == 1)
        params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(crypto->library, "EC", NULL);
    *built = params != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1;
    if (*built && EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    return pkey;
}

/* Was the newest error in the queue a lack of memory? */
static bool is_memory_error(void)
{
    return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
}

static ozc_result key_from_coordinates_marked(struct crypto *crypto, enum key_kind kind, const uint8_t *x,
                                              const uint8_t *y, struct key **key)
{
    bool built = true;
    EVP_PKEY *pkey = traits[kind].is_ecdsa
                         ? import_point(crypto, kind, x, y, &built)
                         : EVP_PKEY_new_raw_public_key_ex(crypto->library, "ED25519", NULL, x, traits[kind].half);
    if (pkey == NULL)
        return built && traits[kind].is_ecdsa && !is_memory_error() ? OZC_REJECTED : OZC_FAILED;
    return make_key(crypto, pkey, kind, key);
}

ozc_result key_from_coordinates(struct crypto *crypto, enum key_kind kind, const uint8_t *x, const uint8_t *y,
                                struct key **key)
{
    ERR_set_mark();
    ozc_result result = key_from_coordinates_marked(crypto, kind, x, y, key);
    ERR_pop_to_mark();
    return result;
}

bool key_coordinates(const struct key *key, uint8_t x[KEY_HALF_MOST], uint8_t y[KEY_HALF_MOST])
{
    size_t half = traits[key->kind].half;
    size_t len = half;
    ERR_set_mark();
    bool done = false;
    if (!traits[key->kind].is_ecdsa) {
        done = EVP_PKEY_get_raw_public_key(key->pkey, x, &len) == 1 && len == half;
    } else {
        BIGNUM *px = NULL;
        BIGNUM *py = NULL;
        done = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, &px) == 1 &&
               EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &py) == 1 &&
               BN_bn2binpad(px, x, (int)half) == (int)half && BN_bn2binpad(py, y, (int)half) == (int)half;
        BN_free(px);
        BN_free(py);
    }
    ERR_pop_to_mark();
    return done;
}

/* What EVP_DigestVerify said, as a verdict. Of a signature in proper form it returns 0 without an error, or with "bad
   signature" where r or s is not below the order; anything else is a machine that failed. */
static ozc_result judge(int verified, unsigned long error_before)
{
    unsigned long error = ERR_peek_last_error();
    if (verified == 1)
        return OZC_VALID;
    if (verified == 0 &&
        (error == error_before || (ERR_GET_LIB(error) == ERR_LIB_EC && ERR_GET_REASON(error) == EC_R_BAD_SIGNATURE)))
        return OZC_REJECTED;
    return OZC_FAILED;
}

ozc_result key_verify(const struct key *key, const void *bytes, size_t len, const uint8_t *raw)
{
    const struct key_traits *t = &traits[key->kind];
    uint8_t der[ECDSA_DER_MOST];
    size_t size = t->is_ecdsa ? ecdsa_der_write(raw, t->half, der) : 2 * t->half;
    ozc_result result = OZC_FAILED;
    unsigned long error_before = ERR_peek_last_error();
    ERR_set_mark();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context != NULL && EVP_DigestVerifyInit_ex(context, NULL, digest_names[key->kind], key->crypto->library, NULL,
                                                   key->pkey, NULL) == 1)
        result = judge(EVP_DigestVerify(context, t->is_ecdsa ? der : raw, size, bytes, len), error_before);
    EVP_MD_CTX_free(context);
    ERR_pop_to_mark();
    return result;
}

ozc_result key_sign(const struct key *key, const void *bytes, size_t len, uint8_t raw[KEY_SIGNATURE_MOST])
{
    const struct key_traits *t = &traits[key->kind];
    uint8_t made[ECDSA_DER_MOST];
    size_t size = sizeof made;
    ozc_result result = OZC_FAILED;
    ERR_set_mark();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context != NULL &&
        EVP_DigestSignInit_ex(context, NULL, digest_names[key->kind], key->crypto->library, NULL, key->pkey, NULL) ==
            1 &&
        EVP_DigestSign(context, made, &size, bytes, len) == 1) {
        if (t->is_ecdsa) {
            result = ecdsa_der_read(made, size, t->half, raw) == OZC_VALID ? OZC_VALID : OZC_FAILED;
        } else if (size == 2 * t->half) {
            memcpy(raw, made, size);
            result = OZC_VALID;
        }
    }
    EVP_MD_CTX_free(context);
    ERR_pop_to_mark();
    return result;
}
