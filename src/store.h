/* store.h - a store of used tokens from the inside. */
#ifndef STORE_H
#define STORE_H

#include <ozcapsula.h>

struct ozc_store {
    ozc_claim (*claim)(void *user, const char *iss, const char *jti, int64_t keep_until, int64_t now);
    void (*close)(void *user);
    void *user;
};

#endif
