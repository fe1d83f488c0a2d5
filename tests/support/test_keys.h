/* test_keys.h - the test keys of testdata/keys, for tests of the library's inside. */
#ifndef TEST_KEYS_H
#define TEST_KEYS_H

#include "crypto.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

static const char message[] = "the bytes of hashes.sha256";
#define MESSAGE_LEN (sizeof message - 1)

static const char *const names[KEY_KINDS] = {[KEY_P384] = "p384", [KEY_P256] = "p256", [KEY_ED25519] = "ed25519"};

/* A test key of that kind, by its role: "issuer", "signer", "device". */
static inline struct key *read_key(struct crypto *crypto, const char *role, enum key_kind kind, bool private_half)
{
    char name[64];
    struct key *key = NULL;
    struct text why = {0};
    snprintf(name, sizeof name, "keys/TEST-%s-%s.%s", role, names[kind], private_half ? "key" : "pub");
    struct bytes pem = read_testdata(name);
    ozc_result result = private_half ? key_read_private(crypto, pem.data, pem.len, &key, &why)
                                     : key_read_public(crypto, pem.data, pem.len, &key, &why);
    if (result != OZC_VALID)
        fail_msg("%s: %s", name, why.data);
    assert_int_equal(kind, key_kind(key));
    free(pem.data);
    return key;
}

#endif
