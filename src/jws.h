/* jws.h - a compact JWS (RFC 7515, section 7.1) taken apart, and base64url (RFC 4648, section 5). */
#ifndef JWS_H
#define JWS_H

#include "text.h"

#include <ozcapsula.h>

struct jws {
    uint8_t *bytes; /* owns the three parts below, decoded */
    const uint8_t *header;
    size_t header_len;
    const uint8_t *claims;
    size_t claims_len;
    const uint8_t *signature;
    size_t signature_len;
    const void *signed_bytes; /* in the text that was read */
    size_t signed_len;
};

/* Takes a token apart; `text` is borrowed. OZC_REJECTED: no compact JWS, *what (static) says how. OZC_FAILED: memory.
 */
ozc_result jws_read(const void *text, size_t len, struct jws *jws, const char **what);
void jws_free(struct jws *jws);

/* Strict: no padding, no white space, no unused bits. False: not so. `to` has room for len bytes. */
bool base64url_read(const char *text, size_t len, uint8_t *to, size_t *size);
void base64url_write(struct text *to, const void *bytes, size_t len);

#endif
