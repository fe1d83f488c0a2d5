/* fuzz.h - what the fuzz targets share: the entry that every engine calls, properties, test keys. */
#ifndef FUZZ_H
#define FUZZ_H

#include <ozcapsula.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* What an engine calls with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that has to hold for every input, in every build. */
#define MUST(condition, ...)                                                                                           \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "\n%s: property broken (%s:%d): ", fuzz_input == NULL ? "input" : fuzz_input, __FILE__,    \
                    __LINE__);                                                                                         \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fprintf(stderr, "\n");                                                                                     \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The file at hand, for messages; NULL where an engine runs. */
extern const char *fuzz_input;

/* NULL, or told of each container that was judged valid (by the plain program's --accepted). */
extern void (*fuzz_accepted)(const uint8_t *bytes, size_t len);

/* The PEM of a test key ("issuer-p256.pub"), compiled in: targets run where there is no testdata. */
const char *fuzz_key(const char *name);

/* A policy without keys, in that mode. */
ozc_policy *fuzz_policy(ozc_mode mode);

/* Trusts the test keys of issuers and signers: the fast kinds, P-256 and Ed25519, and where it says so P-384, by which
   OpenSSL verifies about ten times slower. */
void fuzz_trust_issuers(ozc_policy *policy, bool with_p384);
void fuzz_trust_signers(ozc_policy *policy, bool with_p384);

/* The text is one JSON value on one line of printable ASCII: for the strict scan, and for cJSON, which nobody here
   wrote. */
void must_be_json(const char *text, const char *what);

/* The text is printable ASCII and line feeds. */
void must_be_plain(const char *text, const char *what);

/* A small pseudo-random generator, for choices that follow from the input alone. */
static inline uint32_t fuzz_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
