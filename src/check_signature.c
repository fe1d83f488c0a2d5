/*
 * signature: did a key that may sign, sign the bytes of hashes.sha256? (docs/format.md, section 3)
 *
 * Guarantees, when it passes: the confirmation key of the verified token and no other, or where the token names none,
 * one of the policy's signers, verifies the signature by its own algorithm. Assumes nothing of the list but its bytes.
 * Skipped where there is nothing that could have been signed, or the token is not known to hold. Stops at the first
 * rule.
 */
#include "validation.h"

#include <string.h>

/* Does the key verify? OZC_MISUSE: the signature does not have the form that the key's kind has. */
static ozc_result verify(const struct key *key, const struct part *hashes, const struct part *signature)
{
    const struct key_traits *traits = key_traits(key_kind(key));
    size_t len = (size_t)signature->entry->shown.size;
    uint8_t raw[KEY_SIGNATURE_MOST];
    ozc_result form = OZC_VALID;
    if (traits->is_ecdsa)
        form = ecdsa_der_read(signature->bytes, len, traits->half, raw);
    else if (len == 2 * traits->half)
        memcpy(raw, signature->bytes, len);
    else
        form = OZC_MISUSE;
    return form == OZC_VALID ? key_verify(key, hashes->bytes, (size_t)hashes->entry->shown.size, raw) : form;
}

static enum outcome keep_signer(struct run *run, const struct key *key, bool is_from_token)
{
    run->report->signer.key = strdup(key_id(key));
    run->report->signer.is_from_token = is_from_token;
    return run->report->signer.key == NULL ? broken(run, FAILURE_MEMORY) : CHECK_PASSED;
}

/* The forms that the keys' signatures have. */
static const char *expected_form(struct key *const *keys, size_t count)
{
    size_t ecdsa = 0;
    for (size_t i = 0; i < count; i++)
        ecdsa += key_traits(key_kind(keys[i]))->is_ecdsa;
    return ecdsa == count ? "DER SEQUENCE of two INTEGERs (ECDSA)"
           : ecdsa == 0   ? "64 bytes of Ed25519"
                          : "DER SEQUENCE of two INTEGERs (ECDSA), nor 64 bytes of Ed25519";
}

static enum outcome judge(struct run *run, struct key *const *keys, size_t count, bool is_from_token)
{
    const struct part *signature = &run->parts[PART_SIGNATURE];
    unsigned long long size = (unsigned long long)signature->entry->shown.size;
    struct place place = at_entry(signature->entry);
    size_t tried = 0;
    for (size_t i = 0; i < count; i++) {
        ozc_result verified = verify(keys[i], &run->parts[PART_HASHES], signature);
        if (verified == OZC_VALID)
            return keep_signer(run, keys[i], is_from_token);
        if (verified == OZC_FAILED)
            return broken(run, FAILURE_CRYPTO);
        tried += verified == OZC_REJECTED;
    }
    if (tried == 0)
        return reject(run, RULE_SIGNATURE_MALFORMED, place, "its %llu bytes are no %s", size,
                      expected_form(keys, count));
    if (is_from_token)
        return reject(run, RULE_SIGNATURE_INVALID, place,
                      "the key that the token names (%s) does not verify it over hashes.sha256",
                      key_traits(key_kind(keys[0]))->words);
    if (count == 1)
        return reject(run, RULE_SIGNATURE_INVALID, place,
                      "the trusted signer key (%s) does not verify it over hashes.sha256",
                      key_traits(key_kind(keys[0]))->words);
    return reject(run, RULE_SIGNATURE_INVALID, place,
                  "none of the %zu trusted signer keys verifies it over hashes.sha256", count);
}

/* Is there anything that could have been signed, and is it known who may have? */
static bool can_judge(const struct run *run)
{
    const struct part *hashes = &run->parts[PART_HASHES];
    const struct part *signature = &run->parts[PART_SIGNATURE];
    return part_is_whole(run, PART_HASHES) && hashes->entry->shown.size > 0 &&
           (signature->entry == NULL || !signature->entry->damaged) &&
           (run->policy->switched_off[OZC_CHECK_SESSION_TOKEN] ||
            run->report->states[OZC_CHECK_SESSION_TOKEN] == OZC_PASSED);
}

enum outcome check_signature(struct run *run)
{
    const struct entry *entry = run->parts[PART_SIGNATURE].entry;
    if (!can_judge(run))
        return CHECK_SKIPPED;
    if (entry == NULL)
        return reject(run, RULE_SIGNATURE_MISSING, nowhere(), "there is no entry signature");
    if (entry->shown.size == 0)
        return reject(run, RULE_SIGNATURE_MISSING, at_entry(entry), "it has 0 bytes");
    if (run->confirmation_key != NULL)
        return judge(run, &run->confirmation_key, 1, true);
    if (run->policy->signer_count == 0)
        return reject(run, RULE_SIGNATURE_NO_KEY, at_entry(entry),
                      "the token names no key (cnf), and the policy trusts no signer");
    return judge(run, run->policy->signers, run->policy->signer_count, false);
}
