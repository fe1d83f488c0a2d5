/* pem.h - the armour of key files. */
#ifndef PEM_H
#define PEM_H

#include "text.h"

#include <stdbool.h>

/* What a key file can be taken for. */
#define PEM_PUBLIC "PUBLIC KEY"
#define PEM_PRIVATE "PRIVATE KEY"

/* Is the text exactly one PEM block with that label, with nothing but white space around it? If not, *why says
   what was found. Judges the lines "-----BEGIN ...-----" and "-----END ...-----" only. */
bool pem_is_one_block(const char *pem, size_t len, const char *label, struct text *why);

#endif
