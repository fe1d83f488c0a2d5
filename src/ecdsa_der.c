/*
 * ECDSA signatures between DER, as `openssl dgst -sign` writes them, and the raw r || s of JWS.
 *
 * Guarantees strict DER in both directions: one form for one pair of numbers. Leaves out whether r and s hold.
 */
#include "crypto.h"

#include <string.h>

enum { DER_INTEGER = 0x02, DER_SEQUENCE = 0x30 };

/* Reads a tag and its length, in the shortest form (X.690, 10.1). Returns where the content begins, NULL: not so. */
static const uint8_t *read_tag(const uint8_t *p, const uint8_t *end, uint8_t tag, size_t *len)
{
    if (end - p < 2 || p[0] != tag || p[1] == 0x80)
        return NULL;
    size_t more = p[1] < 0x80 ? 0 : p[1] & 0x7Fu;
    *len = p[1];
    p += 2;
    if (more > 0) {
        if (more > 2 || (size_t)(end - p) < more)
            return NULL;
        *len = more == 1 ? p[0] : (size_t)p[0] << 8 | p[1];
        if (*len < (more == 1 ? 0x80 : 0x100))
            return NULL;
        p += more;
    }
    return *len <= (size_t)(end - p) ? p : NULL;
}

/* Reads one INTEGER at *at (which moves behind it) as `half` bytes, big endian. */
static ozc_result read_integer(const uint8_t **at, const uint8_t *end, size_t half, uint8_t *to)
{
    size_t len = 0;
    const uint8_t *p = read_tag(*at, end, DER_INTEGER, &len);
    if (p == NULL || len == 0)
        return OZC_MISUSE;
    *at = p + len;
    /* X.690, 8.3.2: no byte in front that says nothing. */
    if (len > 1 && ((p[0] == 0 && p[1] < 0x80) || (p[0] == 0xFF && p[1] >= 0x80)))
        return OZC_MISUSE;
    if (p[0] >= 0x80)
        return OZC_REJECTED; /* negative */
    if (p[0] == 0 && len > 1) {
        p++;
        len--;
    }
    if (len > half)
        return OZC_REJECTED;
    memset(to, 0, half - len);
    memcpy(to + (half - len), p, len);
    return OZC_VALID;
}

ozc_result ecdsa_der_read(const uint8_t *der, size_t len, size_t half, uint8_t raw[KEY_SIGNATURE_MOST])
{
    size_t inner = 0;
    const uint8_t *end = der + len;
    const uint8_t *at = read_tag(der, end, DER_SEQUENCE, &inner);
    if (at == NULL || at + inner != end)
        return OZC_MISUSE;
    ozc_result r = read_integer(&at, end, half, raw);
    if (r == OZC_MISUSE)
        return OZC_MISUSE;
    ozc_result s = read_integer(&at, end, half, raw + half);
    if (s == OZC_MISUSE || at != end)
        return OZC_MISUSE;
    return r == OZC_VALID && s == OZC_VALID ? OZC_VALID : OZC_REJECTED;
}

static uint8_t *write_integer(uint8_t *to, const uint8_t *from, size_t half)
{
    while (half > 1 && *from == 0) {
        from++;
        half--;
    }
    size_t sign = *from >= 0x80;
    *to++ = DER_INTEGER;
    *to++ = (uint8_t)(half + sign);
    if (sign)
        *to++ = 0;
    memcpy(to, from, half);
    return to + half;
}

size_t ecdsa_der_write(const uint8_t *raw, size_t half, uint8_t der[ECDSA_DER_MOST])
{
    uint8_t *end = write_integer(write_integer(der + 2, raw, half), raw + half, half);
    der[0] = DER_SEQUENCE;
    der[1] = (uint8_t)(end - (der + 2));
    return (size_t)(end - der);
}
