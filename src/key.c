/*
 * OpenSSL, the part with keys: reading them, verifying, signing.
 *
 * Guarantees that only the three kinds of key of docs/format.md, section 3 exist, on named curves, with a point that is
 * on the curve and of large order; that the key decides the algorithm and its digest; that "verified" is exactly the
 * value 1, and a machine that fails is no verdict. The caller's error queue stays as it was. Leaves out which key may
 * be used for what.
 */
#include "crypto.h"
#include "crypto_context.h"
#include "pem.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct key {
    atomic_size_t owners;
    struct crypto *crypto;
    EVP_PKEY *pkey;
    enum key_kind kind;
    uint8_t x[KEY_HALF_MOST]; /* coordinates of the public half */
    uint8_t y[KEY_HALF_MOST];
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
    return a->kind == b->kind && memcmp(a->x, b->x, sizeof a->x) == 0 && memcmp(a->y, b->y, sizeof a->y) == 0;
}

void key_coordinates(const struct key *key, uint8_t x[KEY_HALF_MOST], uint8_t y[KEY_HALF_MOST])
{
    memcpy(x, key->x, sizeof key->x);
    memcpy(y, key->y, sizeof key->y);
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

/*
 * Ed25519: with a key of small order, or one that is not in its one form (RFC 8032, 5.1.3), signatures verify that
 * nobody's private key has made. The y of the points whose order divides 8: 0, 1, p - 1 and the two below; from p =
 * 2^255 - 19 on no y is in its form. The sign of x, the last bit, makes no difference.
 */
static bool is_sound_ed25519(const uint8_t point[32])
{
    static const uint8_t of_order_8[2][32] = {
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};
    uint8_t y[32];
    size_t zeros = 0;
    size_t ones = 0;
    memcpy(y, point, sizeof y);
    y[31] &= 0x7F;
    for (size_t i = 1; i < 31; i++) {
        zeros += y[i] == 0;
        ones += y[i] == 0xFF;
    }
    if (zeros == 30 && y[31] == 0 && y[0] <= 1)
        return false;
    if (ones == 30 && y[31] == 0x7F && y[0] >= 0xEC)
        return false;
    return memcmp(y, of_order_8[0], sizeof y) != 0 && memcmp(y, of_order_8[1], sizeof y) != 0;
}

static bool is_valid_point(struct crypto *crypto, EVP_PKEY *pkey, enum key_kind kind)
{
    uint8_t point[32];
    size_t len = sizeof point;
    if (kind == KEY_ED25519)
        return EVP_PKEY_get_raw_public_key(pkey, point, &len) == 1 && len == sizeof point && is_sound_ed25519(point);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(crypto->library, pkey, NULL);
    bool valid = context != NULL && EVP_PKEY_public_check_quick(context) == 1;
    EVP_PKEY_CTX_free(context);
    return valid;
}

static bool name_key(struct key *key)
{
    uint8_t *spki = NULL;
    uint8_t sha256[SHA256_SIZE];
    int len = i2d_PUBKEY(key->pkey, &spki);
    struct digest *digest = digest_new(key->crypto);
    bool done = len > 0 && digest != NULL && digest_start(digest) && digest_add(digest, spki, (size_t)len) &&
                digest_end(digest, sha256);
    digest_free(digest);
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

bool key_write_public(const struct key *key, struct text *to)
{
    ERR_set_mark();
    BIO *pem = BIO_new(BIO_s_mem());
    bool written = pem != NULL && PEM_write_bio_PUBKEY(pem, key->pkey) == 1;
    char *bytes = NULL;
    long len = written ? BIO_get_mem_data(pem, &bytes) : 0;
    if (len > 0)
        text_add(to, bytes, (size_t)len);
    BIO_free(pem);
    ERR_pop_to_mark();
    return len > 0 && !to->failed;
}

static bool read_coordinates(struct key *key)
{
    size_t half = traits[key->kind].half;
    size_t len = half;
    if (!traits[key->kind].is_ecdsa)
        return EVP_PKEY_get_raw_public_key(key->pkey, key->x, &len) == 1 && len == half;
    BIGNUM *x = NULL;
    BIGNUM *y = NULL;
    bool done = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
                EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
                BN_bn2binpad(x, key->x, (int)half) == (int)half && BN_bn2binpad(y, key->y, (int)half) == (int)half;
    BN_free(x);
    BN_free(y);
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
    key->crypto = crypto;
    key->pkey = pkey;
    key->kind = kind;
    if (!read_coordinates(key) || !name_key(key)) {
        key_free(key);
        return OZC_FAILED;
    }
    *made = key;
    return OZC_VALID;
}

/* The DER of the one block; the caller wipes and frees it. NULL: no Base64, or encrypted. */
static uint8_t *read_armour(const char *pem, size_t len, const char *label, long *der_len)
{
    char *name = NULL;
    char *header = NULL;
    uint8_t *der = NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)len);
    bool plain = bio != NULL && PEM_read_bio(bio, &name, &header, &der, der_len) == 1 && *header == '\0' &&
                 strcmp(name, label) == 0;
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
    const char *label = private_half ? PEM_PRIVATE : PEM_PUBLIC;
    enum key_kind kind = KEY_P384;
    long der_len = 0;
    if (!pem_is_one_block(pem, len, label, why))
        return OZC_MISUSE;
    uint8_t *der = read_armour(pem, len, label, &der_len);
    if (der == NULL) {
        text_print(why, "the Base64 of its PEM block does not decode");
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
    if (!is_valid_point(crypto, pkey, kind)) {
        text_print(why, "it holds a key whose point is not on the curve, or of small order");
        EVP_PKEY_free(pkey);
        return OZC_MISUSE;
    }
    return make_key(crypto, pkey, kind, key);
}

/*
 * OpenSSL 3.0 does not tell every failed allocation from a "no". So a "no" is asked for twice: only what is said again
 * is the input's fault, and memory that was short for a moment is no verdict. Nor is a "no" for whose reason there is
 * no memory.
 */
static ozc_result read_key_surely(struct crypto *crypto, const char *pem, size_t len, bool private_half,
                                  struct key **key, struct text *why)
{
    struct text again = {0};
    ERR_set_mark();
    ozc_result result = read_key(crypto, pem, len, private_half, key, why);
    if (result == OZC_MISUSE && (read_key(crypto, pem, len, private_half, key, &again) != OZC_MISUSE || why->failed)) {
        key_free(*key);
        *key = NULL;
        text_free(why);
        result = OZC_FAILED;
    }
    text_free(&again);
    ERR_pop_to_mark();
    return result;
}

ozc_result key_read_public(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why)
{
    return read_key_surely(crypto, pem, len, false, key, why);
}

ozc_result key_read_private(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why)
{
    return read_key_surely(crypto, pem, len, true, key, why);
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

/* Is there a newer error than that one, and a lack of memory? */
static bool is_memory_error(unsigned long error_before)
{
    unsigned long error = ERR_peek_last_error();
    return error != error_before && ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
}

static ozc_result make_from_coordinates(struct crypto *crypto, enum key_kind kind, const uint8_t *x, const uint8_t *y,
                                        struct key **key)
{
    unsigned long error_before = ERR_peek_last_error();
    bool built = true;
    if (kind == KEY_ED25519 && !is_sound_ed25519(x))
        return OZC_REJECTED;
    EVP_PKEY *pkey = traits[kind].is_ecdsa
                         ? import_point(crypto, kind, x, y, &built)
                         : EVP_PKEY_new_raw_public_key_ex(crypto->library, "ED25519", NULL, x, traits[kind].half);
    if (pkey == NULL)
        return built && traits[kind].is_ecdsa && !is_memory_error(error_before) ? OZC_REJECTED : OZC_FAILED;
    return make_key(crypto, pkey, kind, key);
}

/* A "no" is asked for twice: see read_key_surely. */
ozc_result key_from_coordinates(struct crypto *crypto, enum key_kind kind, const uint8_t *x, const uint8_t *y,
                                struct key **key)
{
    ERR_set_mark();
    ozc_result result = make_from_coordinates(crypto, kind, x, y, key);
    if (result == OZC_REJECTED && make_from_coordinates(crypto, kind, x, y, key) != OZC_REJECTED) {
        key_free(*key);
        *key = NULL;
        result = OZC_FAILED;
    }
    ERR_pop_to_mark();
    return result;
}

static bool is_ec_error(unsigned long error, int reason)
{
    return ERR_GET_LIB(error) == ERR_LIB_EC && ERR_GET_REASON(error) == reason;
}

/* What EVP_DigestVerify said, as a verdict. Of a signature in proper form it returns 0 without an error, or with "bad
   signature" where r or s is not below the order. Whoever knows the private key can choose r such that the points add
   up to infinity, which is no signature (SEC 1, section 4.1.4): OpenSSL then fails with that as the first error, which
   can be seen where the host has left none before it. Anything else is a machine that failed. */
static ozc_result judge(int verified, unsigned long error_before)
{
    unsigned long error = ERR_peek_last_error();
    if (verified == 1)
        return OZC_VALID;
    if (verified == 0 && (error == error_before || is_ec_error(error, EC_R_BAD_SIGNATURE)))
        return OZC_REJECTED;
    if (error_before == 0 && is_ec_error(ERR_peek_error(), EC_R_POINT_AT_INFINITY))
        return OZC_REJECTED;
    return OZC_FAILED;
}

static ozc_result verify_once(const struct key *key, const void *bytes, size_t len, const uint8_t *signature,
                              size_t size)
{
    ozc_result result = OZC_FAILED;
    unsigned long error_before = ERR_peek_last_error();
    ERR_set_mark();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context != NULL && EVP_DigestVerifyInit_ex(context, NULL, digest_names[key->kind], key->crypto->library, NULL,
                                                   key->pkey, NULL) == 1)
        result = judge(EVP_DigestVerify(context, signature, size, bytes, len), error_before);
    EVP_MD_CTX_free(context);
    ERR_pop_to_mark();
    return result;
}

/* A "no" is asked for twice: see read_key_surely. */
ozc_result key_verify(const struct key *key, const void *bytes, size_t len, const uint8_t *raw)
{
    const struct key_traits *t = &traits[key->kind];
    uint8_t der[ECDSA_DER_MOST];
    size_t size = t->is_ecdsa ? ecdsa_der_write(raw, t->half, der) : 2 * t->half;
    const uint8_t *signature = t->is_ecdsa ? der : raw;
    ozc_result result = verify_once(key, bytes, len, signature, size);
    if (result == OZC_REJECTED && verify_once(key, bytes, len, signature, size) != OZC_REJECTED)
        result = OZC_FAILED;
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
