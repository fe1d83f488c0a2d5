/*
 * A source whose bytes change between two reads: what is judged is what was read.
 *
 * Twins are two valid containers that have the same records at the same places, and other media, payload and token. A
 * source that is one of them up to some read and the other from then on, or for one read alone, is valid only as one of
 * them, in all that the report says and hands out. So is a source with one byte changed in one read. And the reader of
 * verified entries notices each byte that is not what was verified.
 */
#include "outcome.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first container up to a read, the second from there on, or for that read alone. */
struct changing_source {
    struct bytes versions[2];
    long reads;
    long change; /* the number of the read; -1: none */
    long change_back;
    size_t byte;    /* of that read, and how it is changed */
    unsigned flips; /* 0: it is not */
};

static struct bytes twins[2];

static int size_of(void *user, uint64_t *size)
{
    *size = ((const struct changing_source *)user)->versions[0].len;
    return 0;
}

static int64_t read_at(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct changing_source *s = user;
    long number = s->reads++;
    bool is_changed = s->change >= 0 && number >= s->change && (s->change_back < 0 || number < s->change_back);
    const struct bytes *bytes = &s->versions[is_changed];
    size_t left = bytes->len - (size_t)offset;
    size_t size = len < left ? len : left;
    memcpy(buffer, bytes->data + offset, size);
    if (is_changed && s->flips != 0)
        ((unsigned char *)buffer)[s->byte % size] ^= (unsigned char)s->flips;
    return (int64_t)size;
}

/* All that a report says and hands out. */
static struct outcome validate(struct changing_source *s, ozc_policy *policy)
{
    ozc_source source = {sizeof source, s, size_of, read_at};
    ozc_report *report = NULL;
    ozc_call call = OZC_CALL_INIT;
    size_t len = 0;
    call.time = OZC_TIME_ISSUED;
    s->reads = 0;
    struct outcome outcome = {ozc_validate_source(policy, &source, &call, &report), NULL};
    if (outcome.result == OZC_VALID) {
        char *json = ozc_render_json(report, "container");
        const char *payload = ozc_report_payload(report, &len);
        const char *claims = ozc_report_claims(report, &len);
        size_t room = strlen(json) + strlen(payload) + strlen(claims) + 3;
        outcome.says = malloc(room);
        snprintf(outcome.says, room, "%s\n%s\n%s", json, payload, claims);
        ozc_free(json);
    }
    ozc_report_free(report);
    return outcome;
}

static struct bytes make_twin(const char *path, const char *payload, const char *jti, char medium)
{
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    struct bytes issuer = read_testdata("keys/TEST-issuer-ed25519.key");
    struct bytes signer = read_testdata("keys/TEST-signer-ed25519.key");
    ozc_packer *packer = ozc_packer_new();
    ozc_report *report = NULL;
    char *token = NULL;
    char media[2000];
    request.jti = jti;
    memset(media, medium, sizeof media);
    assert_int_equal(OZC_VALID, ozc_token_issue(&request, issuer.data, issuer.len, &token, NULL));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "payload.json", payload, strlen(payload)));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "media/one.mp4", media, sizeof media));
    assert_int_equal(OZC_VALID, ozc_packer_add_data(packer, "session_token", token, strlen(token)));
    assert_int_equal(OZC_VALID, ozc_packer_write(packer, signer.data, signer.len, path, &report));
    struct bytes made = read_file(path);
    unlink(path);
    ozc_report_free(report);
    ozc_packer_free(packer);
    ozc_free(token);
    free(issuer.data);
    free(signer.data);
    return made;
}

static int make_twins(void **state)
{
    char folder[] = "/tmp/ozc-failing-XXXXXX";
    char path[sizeof folder + 16];
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/twin.ozc", folder);
    twins[0] = make_twin(path, "{\"analyses\": [{\"type\": \"quality\"}], \"of\": \"one\"}", "first", 'a');
    twins[1] = make_twin(path, "{\"analyses\": [{\"type\": \"biometry\"}], \"of\": \"tw\"}", "other", 'b');
    return rmdir(folder) != 0 || twins[0].len != twins[1].len;
}

static int free_twins(void **state)
{
    (void)state;
    free(twins[0].data);
    free(twins[1].data);
    return 0;
}

static ozc_policy *policy_of_twins(ozc_mode mode)
{
    struct settings s = make_settings("issuer=keys/TEST-issuer-ed25519.pub;signer=keys/TEST-signer-ed25519.pub");
    ozc_policy_set_mode(s.policy, mode);
    return s.policy;
}

/* What a valid outcome has to be one of. */
struct sound {
    struct outcome outcomes[2];
    long reads;
};

static long points;
static long valid;

static void assert_one_of(const struct sound *sound, struct outcome *outcome, const struct changing_source *s)
{
    points++;
    if (outcome->result == OZC_VALID) {
        valid++;
        if (strcmp(outcome->says, sound->outcomes[0].says) != 0 && strcmp(outcome->says, sound->outcomes[1].says) != 0)
            fail_msg("changed at read %ld, back at %ld: valid, and neither of both: %s", s->change, s->change_back,
                     outcome->says);
    }
    outcome_free(outcome);
}

static struct sound judge_soundly(ozc_policy *policy)
{
    struct sound sound;
    for (int i = 0; i < 2; i++) {
        struct changing_source s = {.versions = {twins[i], twins[i]}, .change = -1};
        sound.outcomes[i] = validate(&s, policy);
        sound.reads = s.reads;
        assert_int_equal(OZC_VALID, sound.outcomes[i].result);
    }
    assert_string_not_equal(sound.outcomes[0].says, sound.outcomes[1].says);
    return sound;
}

static void free_sound(struct sound *sound)
{
    outcome_free(&sound->outcomes[0]);
    outcome_free(&sound->outcomes[1]);
}

/* From each read on, and up to each later one. */
static void change_each_span(ozc_mode mode, int first)
{
    ozc_policy *policy = policy_of_twins(mode);
    struct sound sound = judge_soundly(policy);
    struct changing_source s = {.versions = {twins[first], twins[!first]}};
    for (s.change = 0; s.change < sound.reads; s.change++)
        for (s.change_back = s.change + 1; s.change_back <= sound.reads; s.change_back++) {
            struct outcome outcome = validate(&s, policy);
            assert_one_of(&sound, &outcome, &s);
        }
    free_sound(&sound);
    ozc_policy_free(policy);
}

static void a_source_that_changes_is_valid_as_one_of_its_versions_or_not(void **state)
{
    (void)state;
    points = valid = 0;
    for (int first = 0; first < 2; first++) {
        change_each_span(OZC_FIRST_FAULT, first);
        change_each_span(OZC_ALL_FAULTS, first);
    }
    print_message("failure points: %ld changes of a source, %ld of them of bytes that were not read again\n", points,
                  valid);
    assert_true(valid > 0 && valid < points);
}

/* One byte in one read: each read, and in it the bytes by turns. */
static void a_byte_that_changes_for_one_read_changes_nothing_that_is_valid(void **state)
{
    enum { TIMES = 199 };
    ozc_policy *policy = policy_of_twins(OZC_ALL_FAULTS);
    struct sound sound = judge_soundly(policy);
    struct changing_source s = {.versions = {twins[0], twins[0]}};
    (void)state;
    points = valid = 0;
    for (s.change = 0; s.change < sound.reads; s.change++) {
        s.change_back = s.change + 1;
        for (unsigned i = 0; i < TIMES; i++) {
            s.byte = i * 7;
            s.flips = 1u << i % 8;
            struct outcome outcome = validate(&s, policy);
            assert_one_of(&sound, &outcome, &s);
        }
    }
    print_message("failure points: %ld bytes changed in one read, %ld of them without a meaning\n", points, valid);
    free_sound(&sound);
    ozc_policy_free(policy);
}

/* Reads an entry by chunks of an odd size. Succeeds if it was told that all is as it was verified. */
static ozc_result read_entry(const ozc_report *report, const char *entry, struct changing_source *s)
{
    ozc_source source = {sizeof source, s, size_of, read_at};
    ozc_reader *reader = NULL;
    unsigned char chunk[301];
    size_t got = 0;
    s->reads = 0;
    ozc_result result = ozc_reader_new_source(report, entry, &source, &reader);
    do {
        if (result == OZC_VALID)
            result = ozc_reader_read(reader, chunk, sizeof chunk, &got);
    } while (result == OZC_VALID && got > 0);
    if (result == OZC_FAILED && reader != NULL)
        assert_int_equal(OZC_FAILED, ozc_reader_read(reader, chunk, sizeof chunk, &got));
    ozc_reader_free(reader);
    return result;
}

static void the_reader_notices_every_change(void **state)
{
    ozc_policy *policy = policy_of_twins(OZC_FIRST_FAULT);
    ozc_call call = OZC_CALL_INIT;
    ozc_report *report = NULL;
    long changes = 0;
    (void)state;
    call.time = OZC_TIME_ISSUED;
    assert_int_equal(OZC_VALID, ozc_validate_memory(policy, twins[0].data, twins[0].len, &call, &report));
    for (size_t i = 0; i < ozc_report_entry_count(report); i++) {
        const ozc_entry *entry = ozc_report_entry(report, i);
        struct changing_source s = {.versions = {twins[0], twins[0]}, .change = -1, .change_back = -1};
        assert_int_equal(OZC_VALID, read_entry(report, entry->name, &s));
        long reads = s.reads;
        for (s.change = 0; s.change < reads; s.change++) {
            s.change_back = s.change + 1;
            for (s.byte = 0; s.byte < 301; s.byte += 3) {
                s.flips = 1u << s.byte % 8;
                assert_int_equal(OZC_FAILED, read_entry(report, entry->name, &s));
                changes++;
            }
        }
        struct changing_source other = {.versions = {twins[0], twins[1]}, .change_back = -1};
        /* The small parts differ early only; media to their last byte. */
        bool is_other = strncmp(entry->name, "media/", 6) == 0;
        for (; is_other && other.change < reads; other.change++)
            assert_int_equal(OZC_FAILED, read_entry(report, entry->name, &other));
    }
    print_message("failure points: %ld bytes changed under the reader\n", changes);
    ozc_report_free(report);
    ozc_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_that_changes_is_valid_as_one_of_its_versions_or_not),
        cmocka_unit_test(a_byte_that_changes_for_one_read_changes_nothing_that_is_valid),
        cmocka_unit_test(the_reader_notices_every_change),
    };
    return cmocka_run_group_tests(tests, make_twins, free_twins);
}
