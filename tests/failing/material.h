/* material.h - the files of testdata that several tests work with. */
#ifndef MATERIAL_H
#define MATERIAL_H

#include "support.h"

struct material {
    struct bytes p384, p256, ed25519;           /* public keys */
    struct bytes p384_private, ed25519_private; /* those of the first and the third */
    struct bytes container;                     /* a valid one */
};
extern struct material material;

/* For cmocka, before and after a group of tests. */
int load_material(void **state);
int free_material(void **state);

#endif
