/*
 * Compact JWS, taken apart and no more (docs/format.md, section 4, first rule).
 *
 * Guarantees exactly three parts, none empty, in strict base64url: one text for one content. Leaves out all meaning:
 * the header is not read, nothing is verified.
 */
#include "jws.h"

#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool base64url_read(const char *text, size_t len, uint8_t *to, size_t *size)
{
    uint32_t bits = 0;
    unsigned count = 0;
    *size = 0;
    for (size_t i = 0; i < len; i++) {
        const char *digit = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
        if (digit == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(digit - alphabet);
        count += 6;
        if (count >= 8) {
            count -= 8;
            to[(*size)++] = (uint8_t)(bits >> count);
            bits &= (1u << count) - 1;
        }
    }
    return count < 6 && bits == 0;
}

void base64url_write(struct text *to, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    for (size_t at = 0; at < len; at += 3) {
        size_t have = len - at < 3 ? len - at : 3;
        uint8_t three[3] = {0};
        memcpy(three, from + at, have);
        uint32_t bits = (uint32_t)three[0] << 16 | (uint32_t)three[1] << 8 | three[2];
        char digits[4];
        for (unsigned i = 0; i < 4; i++)
            digits[i] = alphabet[bits >> (18 - 6 * i) & 63];
        text_add(to, digits, have + 1);
    }
}

ozc_result jws_read(const void *text, size_t len, struct jws *jws, const char **what)
{
    const char *start = text;
    const char *end = start + len;
    *jws = (struct jws){0};
    const char *first = memchr(start, '.', len);
    const char *second = first == NULL ? NULL : memchr(first + 1, '.', (size_t)(end - (first + 1)));
    *what = "it does not have exactly three parts parted by dots";
    if (second == NULL || memchr(second + 1, '.', (size_t)(end - (second + 1))) != NULL)
        return OZC_REJECTED;
    *what = "one of its three parts is empty";
    if (first == start || second == first + 1 || end == second + 1)
        return OZC_REJECTED;
    jws->bytes = malloc(len);
    if (jws->bytes == NULL)
        return OZC_FAILED;
    uint8_t *to = jws->bytes;
    jws->header = to;
    *what = "its header is no strict base64url";
    if (!base64url_read(start, (size_t)(first - start), to, &jws->header_len))
        return OZC_REJECTED;
    jws->claims = to += jws->header_len;
    *what = "its claims are no strict base64url";
    if (!base64url_read(first + 1, (size_t)(second - (first + 1)), to, &jws->claims_len))
        return OZC_REJECTED;
    jws->signature = to += jws->claims_len;
    *what = "its signature is no strict base64url";
    if (!base64url_read(second + 1, (size_t)(end - (second + 1)), to, &jws->signature_len))
        return OZC_REJECTED;
    jws->signed_bytes = start;
    jws->signed_len = (size_t)(second - start);
    *what = NULL;
    return OZC_VALID;
}

void jws_free(struct jws *jws)
{
    free(jws->bytes);
    *jws = (struct jws){0};
}
