/* judge.h - the whole validator, and everything that has to hold of it whatever the bytes are. */
#ifndef JUDGE_H
#define JUDGE_H

#include "fuzz.h"
#include "wraps.h"

struct judging {
    const ozc_policy *first_fault;
    const ozc_policy *all_faults; /* the same in the other mode */
    ozc_call call;
    const uint8_t *bytes;
    size_t len;
    uint32_t reads; /* seed of the odd sizes in which the source gives bytes */
    /* NULL, or what else has to hold of the all-faults report. */
    void (*inspect)(const ozc_report *report, const void *user);
    const void *user;
};

/* Judges the bytes in every way: twice, in both modes, from memory and from a source. Aborts where a property does not
   hold. Returns the verdict; `*rule` is its rule. */
ozc_result judge_every_way(const struct judging *judging, const ozc_rule **rule);

/* The same with something that fails on the way: it says what was said without, or that it could not check. */
void judge_with_fault(const struct judging *judging, const struct fault *fault, ozc_result result,
                      const ozc_rule *rule);

#endif
