/* pem.h - the armour of key files. */
#ifndef PEM_H
#define PEM_H

#include "text.h"

#include <stdbool.h>

/* Longer files are no keys: one on P-384 takes under 400 bytes. */
#define PEM_MOST 16384

/* What a key file can be taken for. */
#define PEM_PUBLIC "PUBLIC KEY"
#define PEM_PRIVATE "PRIVATE KEY"

/* Is the text exactly one PEM block with that label, with nothing but white space around it? If not, *why says
   what was found. Within it, only Base64 is allowed. */
bool pem_is_one_block(const char *pem, size_t len, const char *label, struct text *why);

#endif
