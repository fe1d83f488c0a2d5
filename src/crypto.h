/* crypto.h - everything that is asked of OpenSSL: digests, keys, signatures, random bytes. */
#ifndef CRYPTO_H
#define CRYPTO_H

#include "text.h"

#include <ozcapsula.h>

#include <stdbool.h>

/* The library context of our own, which takes nothing from a configuration file: one for the process, made when it is
   first asked for, shared by all threads, never freed. OpenSSL ties what it keeps for each thread to its context, and
   uses it when the thread ends: a context freed before that would be used after it was freed. NULL: could not. */
struct crypto;
struct crypto *crypto_get(void);

bool crypto_random(struct crypto *crypto, void *to, size_t len);

/* SHA-256. A digest is started anew as often as wanted. All but _free: false, OpenSSL failed. */
#define SHA256_SIZE ((size_t)32)
struct digest;
struct digest *digest_new(struct crypto *crypto); /* NULL: could not */
void digest_free(struct digest *digest);
bool digest_start(struct digest *digest);
bool digest_add(struct digest *digest, const void *bytes, size_t len);
bool digest_end(struct digest *digest, uint8_t sha256[SHA256_SIZE]);
bool digest_equal(const uint8_t a[SHA256_SIZE], const uint8_t b[SHA256_SIZE]);

/* The three kinds of key that the format knows (docs/format.md, section 3). */
enum key_kind { KEY_P384, KEY_P256, KEY_ED25519, KEY_KINDS };

struct key_traits {
    const char *words;     /* "EC P-384" */
    const char *algorithm; /* of a JWS: "ES384" */
    const char *jwk_type;  /* "EC", "OKP" */
    const char *jwk_curve; /* "P-384" */
    size_t half;           /* bytes of a coordinate, of half a raw signature; Ed25519: 32 */
    bool is_ecdsa;
};
const struct key_traits *key_traits(enum key_kind kind);

#define KEY_HALF_MOST 48
#define KEY_SIGNATURE_MOST (2 * KEY_HALF_MOST)

/* A key: counted, and constant once made, so that threads can share it. */
struct key;
struct key *key_ref(struct key *key);
void key_free(struct key *key);
enum key_kind key_kind(const struct key *key);
const char *key_id(const struct key *key); /* SHA-256 of the SPKI DER, in hex */
bool key_same(const struct key *a, const struct key *b);

/* Takes PEM with exactly one block. OZC_MISUSE: it is none of the kinds, or the other half; *why says what was found.
 */
ozc_result key_read_public(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why);
ozc_result key_read_private(struct crypto *crypto, const void *pem, size_t len, struct key **key, struct text *why);

/* The public key with those coordinates (Ed25519: x alone), each traits->half bytes. OZC_REJECTED: no point of the
 * curve. */
ozc_result key_from_coordinates(struct crypto *crypto, enum key_kind kind, const uint8_t *x, const uint8_t *y,
                                struct key **key);

/* The coordinates of a key, as above; behind them zeros. */
void key_coordinates(const struct key *key, uint8_t x[KEY_HALF_MOST], uint8_t y[KEY_HALF_MOST]);

/* Adds the public half as PEM, SPKI. false: OpenSSL failed, or no memory. */
bool key_write_public(const struct key *key, struct text *to);

/* Does the raw signature (r || s, or Ed25519's 64 bytes; 2 * half bytes) hold over the bytes, by the key's own
   algorithm? OZC_VALID, OZC_REJECTED, or OZC_FAILED. */
ozc_result key_verify(const struct key *key, const void *bytes, size_t len, const uint8_t *raw);

/* Makes a raw signature of 2 * half bytes. OZC_VALID or OZC_FAILED. */
ozc_result key_sign(const struct key *key, const void *bytes, size_t len, uint8_t raw[KEY_SIGNATURE_MOST]);

/* ECDSA signatures in DER (RFC 3279, 2.2.3): SEQUENCE of two INTEGERs, strict DER.
   OZC_VALID: raw is set. OZC_REJECTED: of that form, but no r or s of `half` bytes that could hold.
   OZC_MISUSE: not of that form. */
ozc_result ecdsa_der_read(const uint8_t *der, size_t len, size_t half, uint8_t raw[KEY_SIGNATURE_MOST]);

#define ECDSA_DER_MOST (2 * (KEY_HALF_MOST + 3) + 3)
size_t ecdsa_der_write(const uint8_t *raw, size_t half, uint8_t der[ECDSA_DER_MOST]);

#endif
