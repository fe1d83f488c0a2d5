/*
 * support.h - what tests share: cmocka in its order, files, and settings in the language of testdata/list.tsv.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ozcapsula.h>

/* The time at which the corpus is judged unless a row says otherwise: 2026-01-01T00:01:00Z. */
#define CORPUS_TIME 1767225660

struct bytes {
    unsigned char *data;
    size_t len;
};

/* A whole file; fails the test where it can not be read. NUL terminated for convenience. Freed by free(data). */
struct bytes read_file(const char *path);

/* The same for a file of testdata/. */
struct bytes read_testdata(const char *name);

/* What a row of the list says of its settings, beyond the policy. */
struct settings {
    ozc_policy *policy;
    ozc_call call;
    int claims; /* 0, 1 or 2: how often the token is claimed */
};

/* A policy and a call by the settings of a row ("-" for none). Fails the test where it can not be made. */
struct settings make_settings(const char *text);

/* The policy of a row without settings, in that mode. */
ozc_policy *corpus_policy(ozc_mode mode);

/* Validates a file of testdata/ by such settings, in all-faults mode; returns the report. */
ozc_report *check_testdata(const char *name, const char *settings);

/* Succeeds if the report's verdict is that rule; NULL: if it is valid. */
void assert_verdict(const ozc_report *report, const char *rule);

#endif
