/*
 * validation.h - one run of the validator: what a check sees, and how it says what it found.
 *
 * A check is one function. It looks at the policy and at what the checks before it have proved, says what it finds by
 * reject() and warn(), and returns what became of it. No check calls another; validate.c knows their order.
 */
#ifndef VALIDATION_H
#define VALIDATION_H

#include "catalogue.h"
#include "crypto.h"
#include "policy.h"
#include "report.h"
#include "source.h"

/* What became of a check. */
enum outcome {
    CHECK_PASSED,
    CHECK_FAILED,
    CHECK_SKIPPED,
    CHECK_BROKEN /* a failure of our own: run->failure says which. No verdict */
};

/* The entries that the validator itself reads, besides media/ and ext/. */
enum part_name { PART_MIMETYPE, PART_PAYLOAD, PART_SESSION_TOKEN, PART_HASHES, PART_SIGNATURE, PART_COUNT };

struct part {
    struct entry *entry; /* NULL: it is missing */
    uint8_t *bytes;      /* entry->shown.size of them, unpacked. What integrity hashes is what the checks judge */
};

struct run {
    const ozc_policy *policy;
    const struct source *source;
    const ozc_call *call;
    ozc_report *report;
    enum failure failure;
    int64_t now; /* unless the call says OZC_TIME_ISSUED */
    struct part parts[PART_COUNT];
    struct key *confirmation_key; /* of the verified token, NULL: it names none */
};

/* Places of findings. */
struct place {
    const char *entry; /* NUL terminated proper name */
    const char *raw;   /* or raw_len bytes that may be anything */
    size_t raw_len;
    bool has_offset;
    uint64_t offset;
};

static inline struct place nowhere(void)
{
    return (struct place){0};
}

static inline struct place at_offset(uint64_t offset)
{
    return (struct place){.has_offset = true, .offset = offset};
}

/* An entry at the start of its content. */
static inline struct place at_entry(const struct entry *entry)
{
    return (struct place){.entry = entry->shown.name, .has_offset = true, .offset = entry->shown.offset};
}

/* A byte within an entry's content. */
static inline struct place at_byte(const struct entry *entry, uint64_t byte)
{
    return (struct place){.entry = entry->shown.name, .has_offset = true, .offset = entry->shown.offset + byte};
}

/* Records a finding of that rule: the format says in one sentence what was found and what was expected.
   Returns CHECK_FAILED, or CHECK_BROKEN where there is no memory for it. */
enum outcome reject(struct run *run, enum rule_name rule, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for a warning: CHECK_PASSED or CHECK_BROKEN. */
enum outcome warn(struct run *run, enum rule_name rule, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says that the validator itself could not: CHECK_BROKEN. */
enum outcome broken(struct run *run, enum failure failure);

/* Of two outcomes, what a check comes to that met both: broken before failed before passed. */
static inline enum outcome both(enum outcome one, enum outcome other)
{
    return one == CHECK_BROKEN || other == CHECK_BROKEN   ? CHECK_BROKEN
           : one == CHECK_FAILED || other == CHECK_FAILED ? CHECK_FAILED
                                                          : CHECK_PASSED;
}

/* Is there no more to look for: broken, or failed in first-fault mode? */
static inline bool is_over(const struct run *run, enum outcome outcome)
{
    return outcome == CHECK_BROKEN || (outcome == CHECK_FAILED && run->policy->mode == OZC_FIRST_FAULT);
}

/* Is the part there and undamaged? */
static inline bool part_is_whole(const struct run *run, enum part_name part)
{
    return run->parts[part].entry != NULL && !run->parts[part].entry->damaged;
}

/* Runs the checks that the policy has on, in order, and has the report say what they come to. */
void run_checks_and_conclude(struct run *run);

enum outcome check_input(struct run *run);
enum outcome check_format(struct run *run);
enum outcome check_archive(struct run *run);
enum outcome check_payload(struct run *run);
enum outcome check_media(struct run *run);
enum outcome check_session_token(struct run *run);
enum outcome check_signature(struct run *run);
enum outcome check_integrity(struct run *run);
enum outcome check_hash(struct run *run);
enum outcome check_content(struct run *run);

#endif
