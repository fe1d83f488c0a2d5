/*
 * The files of testdata that several tests work with.
 */
#include "material.h"

#include <stdlib.h>

struct material material;

int load_material(void **state)
{
    (void)state;
    material.p384 = read_testdata("keys/TEST-issuer-p384.pub");
    material.p256 = read_testdata("keys/TEST-issuer-p256.pub");
    material.ed25519 = read_testdata("keys/TEST-signer-ed25519.pub");
    material.p384_private = read_testdata("keys/TEST-issuer-p384.key");
    material.ed25519_private = read_testdata("keys/TEST-signer-ed25519.key");
    material.container = read_testdata("valid/default.ozc");
    return 0;
}

int free_material(void **state)
{
    (void)state;
    free(material.p384.data);
    free(material.p256.data);
    free(material.ed25519.data);
    free(material.p384_private.data);
    free(material.ed25519_private.data);
    free(material.container.data);
    return 0;
}
