/* check_signature.c: which key may sign, which form it has, and when there is nothing to judge; without a container. */
#include "support.h"
#include "validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char hashes[] = "the bytes of hashes.sha256\n";
#define HASHES_LEN (sizeof hashes - 1)

/* A run that has come as far as the check. */
struct bench {
    struct run run;
    struct entry list;
    struct entry signature;
    ozc_policy *policy;
    uint8_t bytes[1024];
};

static void set_up_bench(struct bench *b)
{
    *b = (struct bench){.policy = ozc_policy_new()};
    assert_non_null(b->policy);
    b->list.shown = (ozc_entry){.name = "hashes.sha256", .size = HASHES_LEN, .offset = 100};
    b->signature.shown = (ozc_entry){.name = "signature", .offset = 200};
    b->run.policy = b->policy;
    b->run.report = report_new();
    b->run.report->states[OZC_CHECK_SESSION_TOKEN] = OZC_PASSED;
    b->run.parts[PART_HASHES] = (struct part){&b->list, (uint8_t *)hashes};
    b->run.parts[PART_SIGNATURE] = (struct part){&b->signature, b->bytes};
}

static void tear_down_bench(struct bench *b)
{
    key_free(b->run.confirmation_key);
    ozc_report_free(b->run.report);
    ozc_policy_free(b->policy);
}

static struct key *read_key(struct bench *b, const char *name, const char *suffix)
{
    char file[64];
    struct key *key = NULL;
    struct text why = {0};
    snprintf(file, sizeof file, "keys/TEST-%s.%s", name, suffix);
    struct bytes pem = read_testdata(file);
    assert_int_equal(OZC_VALID, strcmp(suffix, "key") == 0
                                    ? key_read_private(b->policy->crypto, pem.data, pem.len, &key, &why)
                                    : key_read_public(b->policy->crypto, pem.data, pem.len, &key, &why));
    free(pem.data);
    return key;
}

static void trust(struct bench *b, const char *name)
{
    struct key *key = read_key(b, name, "pub");
    assert_int_equal(OZC_VALID, policy_trust_signer_key(b->policy, key));
    key_free(key);
}

static void confirm(struct bench *b, const char *name)
{
    key_free(b->run.confirmation_key);
    b->run.confirmation_key = read_key(b, name, "pub");
}

static void sign(struct bench *b, const char *name)
{
    struct key *key = read_key(b, name, "key");
    uint8_t raw[KEY_SIGNATURE_MOST];
    size_t half = key_traits(key_kind(key))->half;
    assert_int_equal(OZC_VALID, key_sign(key, hashes, HASHES_LEN, raw));
    memcpy(b->bytes, raw, 2 * half);
    b->signature.shown.size = key_traits(key_kind(key))->is_ecdsa ? ecdsa_der_write(raw, half, b->bytes) : 2 * half;
    key_free(key);
}

/* The rule that failed, "passed" or "skipped". */
static const char *judge(struct bench *b)
{
    enum outcome outcome = check_signature(&b->run);
    size_t count = ozc_report_finding_count(b->run.report);
    if (outcome == CHECK_FAILED)
        return ozc_report_finding(b->run.report, count - 1)->rule->id;
    assert_int_equal(0, count);
    return outcome == CHECK_PASSED ? "passed" : outcome == CHECK_SKIPPED ? "skipped" : "broken";
}

/* Who is trusted (two names, NULL: none), whom the token names, who signs. */
static void lets_the_confirmation_key_sign_and_else_the_trusted_signers(void **state)
{
    static const struct {
        const char *trusted[2];
        const char *named;
        const char *signer;
        const char *rule;
    } rows[] = {{{"signer-p384", NULL}, NULL, "signer-p384", "passed"},
                {{"signer2-p384", "signer-p384"}, NULL, "signer-p384", "passed"},
                {{"signer-ed25519", "signer-p256"}, NULL, "signer-p256", "passed"},
                {{"signer-p256", "signer-ed25519"}, NULL, "signer-ed25519", "passed"},
                {{"signer-p384", NULL}, NULL, "signer2-p384", "signature.invalid"},
                {{NULL, NULL}, NULL, "signer-p384", "signature.no_key"},
                {{NULL, NULL}, "device-p384", "device-p384", "passed"},
                {{"signer-p384", NULL}, "device-ed25519", "device-ed25519", "passed"},
                {{"signer-p384", NULL}, "device-p384", "signer-p384", "signature.invalid"},
                {{"signer-ed25519", NULL}, "device-ed25519", "signer-ed25519", "signature.invalid"},
                {{"device-p256", NULL}, "device-p384", "device-p256", "signature.invalid"},
                {{"signer-p384", NULL}, "device-ed25519", "signer-p384", "signature.malformed"},
                {{"signer-ed25519", NULL}, NULL, "signer-p384", "signature.malformed"},
                {{"signer-p384", "signer-p256"}, NULL, "signer-ed25519", "signature.malformed"},
                {{"signer-ed25519", "signer2-p384"}, NULL, "signer-p384", "signature.invalid"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        set_up_bench(&b);
        for (size_t k = 0; k < 2 && rows[i].trusted[k] != NULL; k++)
            trust(&b, rows[i].trusted[k]);
        if (rows[i].named != NULL)
            confirm(&b, rows[i].named);
        sign(&b, rows[i].signer);
        const char *rule = judge(&b);
        if (strcmp(rows[i].rule, rule) != 0)
            fail_msg("row %zu: %s", i, rule);
        tear_down_bench(&b);
    }
}

static void says_who_signed(void **state)
{
    struct bench b;
    (void)state;
    for (int from_token = 0; from_token < 2; from_token++) {
        set_up_bench(&b);
        trust(&b, "signer2-p384");
        trust(&b, "signer-p256");
        if (from_token)
            confirm(&b, "device-ed25519");
        const char *signer = from_token ? "device-ed25519" : "signer-p256";
        sign(&b, signer);
        assert_string_equal("passed", judge(&b));
        struct key *key = read_key(&b, signer, "pub");
        assert_string_equal(key_id(key), b.run.report->signer.key);
        assert_int_equal(from_token, b.run.report->signer.is_from_token);
        key_free(key);
        tear_down_bench(&b);
    }
}

static void judges_every_bit_of_list_and_signature(void **state)
{
    static const char *const keys[] = {"signer-p384", "signer-p256", "signer-ed25519"};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        struct bench b;
        set_up_bench(&b);
        trust(&b, keys[k]);
        sign(&b, keys[k]);
        for (size_t at = 0; at < b.signature.shown.size; at += 7) {
            b.bytes[at] ^= 4;
            const char *rule = judge(&b);
            b.bytes[at] ^= 4;
            assert_true(strcmp(rule, "signature.invalid") == 0 || (strcmp(rule, "signature.malformed") == 0 && k < 2));
        }
        hashes[0] ^= 4;
        assert_string_equal("signature.invalid", judge(&b));
        hashes[0] ^= 4;
        b.list.shown.size--;
        assert_string_equal("signature.invalid", judge(&b));
        tear_down_bench(&b);
    }
}

/* Of a form that the key could have made, with numbers that it could not: invalid, not malformed. */
static void knows_wrong_numbers_from_a_wrong_form(void **state)
{
    static const struct {
        const char *trusted;
        const char *signer;
    } rows[] = {{"signer-p256", "signer-p384"}, {"signer-p384", "signer-p256"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bench b;
        set_up_bench(&b);
        trust(&b, rows[i].trusted);
        sign(&b, rows[i].signer);
        assert_string_equal("signature.invalid", judge(&b));
        b.signature.shown.size--;
        assert_string_equal("signature.malformed", judge(&b));
        tear_down_bench(&b);
    }
}

static void tells_a_missing_signature_from_a_missing_key(void **state)
{
    struct bench b;
    (void)state;
    set_up_bench(&b); /* nobody is trusted: missing comes first */
    assert_string_equal("signature.missing", judge(&b));
    assert_string_equal("signature", ozc_report_finding(b.run.report, 0)->entry);
    b.run.parts[PART_SIGNATURE].entry = NULL;
    assert_string_equal("signature.missing", judge(&b));
    assert_null(ozc_report_finding(b.run.report, 1)->entry);
    tear_down_bench(&b);
}

/* docs/rules.md, section 2. */
static void is_skipped_where_nothing_could_have_been_signed(void **state)
{
    struct bench b;
    (void)state;
    set_up_bench(&b);
    trust(&b, "signer-p384");
    sign(&b, "signer-p384");
    b.list.damaged = true;
    assert_string_equal("skipped", judge(&b));
    b.list.damaged = false;
    b.list.shown.size = 0;
    assert_string_equal("skipped", judge(&b));
    b.list.shown.size = HASHES_LEN;
    b.signature.damaged = true;
    assert_string_equal("skipped", judge(&b));
    b.signature.damaged = false;
    b.run.parts[PART_HASHES].entry = NULL;
    assert_string_equal("skipped", judge(&b));
    b.run.parts[PART_SIGNATURE].entry = NULL;
    assert_string_equal("skipped", judge(&b));
    b.run.parts[PART_HASHES].entry = &b.list;
    b.run.parts[PART_SIGNATURE].entry = &b.signature;
    assert_string_equal("passed", judge(&b));
    tear_down_bench(&b);
}

static void is_skipped_unless_the_token_holds_or_is_switched_off(void **state)
{
    struct bench b;
    (void)state;
    set_up_bench(&b);
    trust(&b, "signer-p384");
    sign(&b, "signer-p384");
    b.run.report->states[OZC_CHECK_SESSION_TOKEN] = OZC_NOT_PASSED;
    assert_string_equal("skipped", judge(&b));
    b.run.report->states[OZC_CHECK_SESSION_TOKEN] = OZC_SKIPPED;
    assert_string_equal("skipped", judge(&b));
    assert_int_equal(OZC_VALID, ozc_policy_skip(b.policy, OZC_CHECK_SESSION_TOKEN));
    assert_string_equal("passed", judge(&b));
    tear_down_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_the_confirmation_key_sign_and_else_the_trusted_signers),
        cmocka_unit_test(says_who_signed),
        cmocka_unit_test(judges_every_bit_of_list_and_signature),
        cmocka_unit_test(knows_wrong_numbers_from_a_wrong_form),
        cmocka_unit_test(tells_a_missing_signature_from_a_missing_key),
        cmocka_unit_test(is_skipped_where_nothing_could_have_been_signed),
        cmocka_unit_test(is_skipped_unless_the_token_holds_or_is_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
