/*
 * Signatures by test keys, by OpenSSL and nothing of the library.
 *
 * An input has to make the same container each time, and OpenSSL's ECDSA takes a random nonce. Here the nonce is 1: r
 * is the x of the generator and s = z + r d. Such a signature verifies like any other (and tells the private key, which
 * is published anyway). Ed25519 has no nonce.
 */
#include "sign.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

struct kind {
    const char *algorithm;
    const char *curve;
    const char *group; /* NULL: Ed25519 */
    const char *digest;
    size_t half;
};

static const struct kind kinds[] = {{"ES256", "P-256", "prime256v1", "SHA256", 32},
                                    {"EdDSA", "Ed25519", NULL, NULL, 32},
                                    {"ES384", "P-384", "secp384r1", "SHA384", 48}};

struct key {
    const struct kind *kind;
    EVP_PKEY *pkey;
    BIGNUM *d;
    BIGNUM *r;
    EC_GROUP *group;
};

static struct key read_key(const char *name, const struct kind *kind)
{
    struct key key = {.kind = kind};
    BIO *bio = BIO_new_mem_buf(fuzz_key(name), -1);
    key.pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    MUST(key.pkey != NULL, "%s is no key", name);
    if (kind->group == NULL)
        return key;
    BIGNUM *x = BN_new();
    BN_CTX *room = BN_CTX_new();
    key.group = EC_GROUP_new_by_curve_name(OBJ_txt2nid(kind->group));
    key.r = BN_new();
    MUST(EVP_PKEY_get_bn_param(key.pkey, OSSL_PKEY_PARAM_PRIV_KEY, &key.d) == 1 &&
             EC_POINT_get_affine_coordinates(key.group, EC_GROUP_get0_generator(key.group), x, NULL, NULL) == 1 &&
             BN_nnmod(key.r, x, EC_GROUP_get0_order(key.group), room) == 1,
         "%s can not be prepared", name);
    BN_free(x);
    BN_CTX_free(room);
    return key;
}

/* The keys of a role, read once: as an issuer's, or else as a signer's. */
static const struct key *key_of(enum role role, bool is_issuer)
{
    static const char *const names[2][ROLES] = {
        {"signer-p256.key", "signer-ed25519.key", "signer-p384.key", "device-p256.key", "device-ed25519.key",
         "device-p384.key", "issuer-p256.key"},
        {"issuer-p256.key", "issuer-ed25519.key", "issuer-p384.key", "signer-p256.key", "signer-ed25519.key",
         "signer-p384.key", "device-p256.key"}};
    static struct key keys[2][ROLES];
    struct key *key = &keys[is_issuer][role];
    if (key->kind == NULL)
        *key = read_key(names[is_issuer][role], &kinds[role % 3]);
    return key;
}

static void digest(const struct kind *kind, const void *bytes, size_t len, uint8_t to[EVP_MAX_MD_SIZE])
{
    MUST(EVP_Q_digest(NULL, kind->digest, NULL, bytes, len, to, NULL) == 1, "no digest");
}

static BIGNUM *find_s(const struct key *key, const void *bytes, size_t len)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    const BIGNUM *order = EC_GROUP_get0_order(key->group);
    BIGNUM *s = BN_new();
    BN_CTX *room = BN_CTX_new();
    digest(key->kind, bytes, len, hash);
    BIGNUM *z = BN_bin2bn(hash, (int)key->kind->half, NULL);
    MUST(z != NULL && s != NULL && room != NULL && BN_mod_mul(s, key->r, key->d, order, room) == 1 &&
             BN_mod_add(s, s, z, order, room) == 1,
         "no signature");
    BN_free(z);
    BN_CTX_free(room);
    return s;
}

static size_t sign_ed25519(const struct key *key, const void *bytes, size_t len, uint8_t to[SIGNATURE_MOST])
{
    size_t size = SIGNATURE_MOST;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    MUST(EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
             EVP_DigestSign(context, to, &size, bytes, len) == 1,
         "no signature");
    EVP_MD_CTX_free(context);
    return size;
}

size_t sign_token(enum role role, const void *bytes, size_t len, uint8_t to[SIGNATURE_MOST])
{
    const struct key *key = key_of(role, true);
    int half = (int)key->kind->half;
    if (key->kind->group == NULL)
        return sign_ed25519(key, bytes, len, to);
    BIGNUM *s = find_s(key, bytes, len);
    MUST(BN_bn2binpad(key->r, to, half) == half && BN_bn2binpad(s, to + half, half) == half, "no signature");
    BN_free(s);
    return 2 * key->kind->half;
}

size_t sign_list(enum role role, const void *bytes, size_t len, uint8_t to[SIGNATURE_MOST])
{
    const struct key *key = key_of(role, false);
    if (key->kind->group == NULL)
        return sign_ed25519(key, bytes, len, to);
    ECDSA_SIG *signature = ECDSA_SIG_new();
    MUST(ECDSA_SIG_set0(signature, BN_dup(key->r), find_s(key, bytes, len)) == 1, "no signature");
    int size = i2d_ECDSA_SIG(signature, &to);
    MUST(size > 0 && size <= SIGNATURE_MOST, "no signature");
    ECDSA_SIG_free(signature);
    return (size_t)size;
}

const char *sign_algorithm(enum role role)
{
    return key_of(role, true)->kind->algorithm;
}

size_t sign_base64url(const void *bytes, size_t len, char *to)
{
    size_t size = (size_t)EVP_EncodeBlock((unsigned char *)to, bytes, (int)len);
    while (size > 0 && to[size - 1] == '=')
        size--;
    to[size] = '\0';
    for (size_t i = 0; i < size; i++)
        to[i] = to[i] == '+' ? '-' : to[i] == '/' ? '_' : to[i];
    return size;
}

size_t sign_confirmation(enum role role, char *to, size_t room)
{
    const struct key *key = key_of(role, false);
    size_t half = key->kind->half;
    uint8_t point[1 + 2 * 48];
    size_t len = sizeof point;
    char x[72];
    char y[72];
    if (key->kind->group == NULL) {
        MUST(EVP_PKEY_get_raw_public_key(key->pkey, point, &len) == 1, "no public key");
        sign_base64url(point, len, x);
        return (size_t)snprintf(to, room, "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}}", x);
    }
    MUST(EVP_PKEY_get_octet_string_param(key->pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) == 1 &&
             len == 1 + 2 * half,
         "no public key");
    sign_base64url(point + 1, half, x);
    sign_base64url(point + 1 + half, half, y);
    return (size_t)snprintf(to, room, "{\"jwk\":{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}}",
                            key->kind->curve, x, y);
}
