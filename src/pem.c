/*
 * The armour of key files: exactly one PEM block (RFC 7468), of the label that is wanted.
 *
 * Guarantees what OpenSSL's readers leave open: they pass over text before the block and ignore a second one, so that a
 * file can hold other keys than the one that was looked at. Leaves out what is within the block.
 */
#include "pem.h"

#include <string.h>

#define PEM_MOST 16384 /* bytes; a P-384 key takes under 400 */

static const char *find(const char *text, size_t len, const char *what)
{
    size_t what_len = strlen(what);
    for (size_t i = 0; i + what_len <= len; i++)
        if (memcmp(text + i, what, what_len) == 0)
            return text + i;
    return NULL;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Says what a block of another label is. */
static void describe_label(struct text *why, const char *found, size_t len, const char *label)
{
    static const struct {
        const char *label;
        const char *words;
    } known[] = {
        {PEM_PRIVATE, "a private key, where a public one belongs"},
        {PEM_PUBLIC, "a public key, where a private one belongs"},
        {"EC PRIVATE KEY", "a private key in the old SEC1 form (openssl pkcs8 -topk8 -nocrypt makes PKCS#8 of it)"},
        {"ENCRYPTED PRIVATE KEY", "an encrypted private key"},
        {"RSA PRIVATE KEY", "an RSA private key"},
        {"RSA PUBLIC KEY", "an RSA public key"},
        {"EC PARAMETERS", "EC parameters (leave them out: openssl ecparam -noout)"},
        {"CERTIFICATE", "a certificate (openssl x509 -pubkey -noout takes the key out of it)"}};
    text_print(why, "it holds ");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].label) == len && memcmp(known[i].label, found, len) == 0) {
            text_print(why, "%s", known[i].words);
            if (strcmp(label, PEM_PUBLIC) == 0 && find(found, len, "PRIVATE") != NULL)
                text_print(why, "; openssl pkey -pubout makes the public half");
            return;
        }
    text_print(why, "a PEM block \"%s\", where \"%s\" belongs", SHOWN(found, len), label);
}

/* What comes behind the closing line; NULL: there is none of that label. */
static const char *find_behind_block(const char *from, const char *end, const char *label)
{
    static const char closing[] = "-----END ";
    static const char dashes[] = "-----";
    const char *at = find(from, (size_t)(end - from), closing);
    size_t len = strlen(closing) + strlen(label) + strlen(dashes);
    if (at == NULL || (size_t)(end - at) < len)
        return NULL;
    const char *name = at + strlen(closing);
    bool is_closed =
        memcmp(name, label, strlen(label)) == 0 && memcmp(name + strlen(label), dashes, strlen(dashes)) == 0;
    return is_closed ? at + len : NULL;
}

bool pem_is_one_block(const char *pem, size_t len, const char *label, struct text *why)
{
    static const char begin[] = "-----BEGIN ";
    static const char dashes[] = "-----";
    if (len > PEM_MOST) {
        text_print(why, "it is over %d bytes, too long for a key in PEM", PEM_MOST);
        return false;
    }
    const char *end = pem + len;
    const char *start = find(pem, len, begin);
    const char *stop =
        start == NULL ? NULL : find(start + strlen(begin), (size_t)(end - start) - strlen(begin), dashes);
    if (stop == NULL) {
        text_print(why, len == 0 ? "it is empty" : "it holds no PEM block (-----BEGIN %s-----)", label);
        return false;
    }
    const char *found = start + strlen(begin);
    size_t found_len = (size_t)(stop - found);
    if (found_len != strlen(label) || memcmp(found, label, found_len) != 0) {
        describe_label(why, found, found_len, label);
        return false;
    }
    for (const char *p = pem; p < start; p++)
        if (!is_white(*p)) {
            text_print(why, "there is text before the PEM block");
            return false;
        }
    const char *behind = find_behind_block(stop, end, label);
    if (behind == NULL) {
        text_print(why, "the PEM block does not end");
        return false;
    }
    for (const char *p = behind; p < end; p++)
        if (!is_white(*p)) {
            text_print(why, find(p, (size_t)(end - p), begin) != NULL ? "there is more than one PEM block"
                                                                      : "there is text behind the PEM block");
            return false;
        }
    return true;
}
