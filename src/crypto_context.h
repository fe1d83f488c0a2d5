/* crypto_context.h - the library context from the inside: for crypto.c and key.c, which alone know OpenSSL. */
#ifndef CRYPTO_CONTEXT_H
#define CRYPTO_CONTEXT_H

#include <openssl/types.h>

struct crypto {
    OSSL_LIB_CTX *library;
    EVP_MD *sha256;
};

#endif
