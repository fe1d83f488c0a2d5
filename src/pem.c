/*
 * The armour of key files: exactly one PEM block (RFC 7468), of the label that is wanted.
 *
 * Guarantees what OpenSSL's readers leave open: they pass over text before the block and ignore a second one, so that a
 * file can hold other keys than the one that was looked at. Leaves out what the Base64 within the block means.
 */
#include "pem.h"
#include "ascii.h"

#include <string.h>

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

/* Nothing but a line end, and Base64 with white space? */
static bool is_plain(const char *from, const char *end)
{
    const char *at = from;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    if (at == end || *at != '\n')
        return false;
    for (; at < end; at++)
        if (!is_white(*at) && !ascii_is_alnum((unsigned char)*at) && *at != '+' && *at != '/' && *at != '=')
            return false;
    return true;
}

/* The closing line, which has to be the next dashes. NULL: it is not. */
static const char *find_closing(const char *from, const char *end, const char *label, size_t *len)
{
    const char *const parts[] = {"-----END ", label, "-----"};
    const char *closing = find(from, (size_t)(end - from), "-----");
    const char *at = closing;
    for (size_t i = 0; closing != NULL && i < sizeof parts / sizeof *parts; i++) {
        size_t part = strlen(parts[i]);
        if ((size_t)(end - at) < part || memcmp(at, parts[i], part) != 0)
            return NULL;
        at += part;
    }
    *len = closing == NULL ? 0 : (size_t)(at - closing);
    return closing;
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
    size_t closing_len = 0;
    const char *content = stop + strlen(dashes);
    const char *closing = find_closing(content, end, label, &closing_len);
    if (closing == NULL) {
        text_print(why, "the PEM block does not end");
        return false;
    }
    if (!is_plain(content, closing)) {
        text_print(why, "what stands in its PEM block is not plain Base64");
        return false;
    }
    const char *behind = closing + closing_len;
    for (const char *p = behind; p < end; p++)
        if (!is_white(*p)) {
            text_print(why, find(p, (size_t)(end - p), begin) != NULL ? "there is more than one PEM block"
                                                                      : "there is text behind the PEM block");
            return false;
        }
    return true;
}
