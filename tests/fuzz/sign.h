/* sign.h - signatures by test keys that come out the same each time. */
#ifndef SIGN_H
#define SIGN_H

#include "fuzz.h"

/* Who signs. The policies trust the first three of their kind; nobody trusts the last. */
enum role {
    ROLE_P256,
    ROLE_ED25519,
    ROLE_P384,
    ROLE_DEVICE_P256, /* in place of a signer: the key that the token names */
    ROLE_DEVICE_ED25519,
    ROLE_DEVICE_P384,
    ROLE_STRANGER,
    ROLES
};

static inline bool is_device(enum role role)
{
    return role >= ROLE_DEVICE_P256 && role <= ROLE_DEVICE_P384;
}

#define SIGNATURE_MOST 128

/* Signs as an issuer (a raw signature) or as a signer (DER for ECDSA). Returns the size. */
size_t sign_token(enum role role, const void *bytes, size_t len, uint8_t to[SIGNATURE_MOST]);
size_t sign_list(enum role role, const void *bytes, size_t len, uint8_t to[SIGNATURE_MOST]);

/* The algorithm that the issuer's key of that role has in a JWS. */
const char *sign_algorithm(enum role role);

/* The value of the claim `cnf`: the public key of a device. */
size_t sign_confirmation(enum role role, char *to, size_t room);

/* Base64url, without padding; NUL terminated. Returns the length. */
size_t sign_base64url(const void *bytes, size_t len, char *to);

#endif
