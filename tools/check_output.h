/*
 * check_output.h - reports as they are printed: the formats of check.
 */
#ifndef CHECK_OUTPUT_H
#define CHECK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <ozcapsula.h>

#include "check_run.h"

typedef struct check_output check_output;

/* A format: what it prints before, for each container, and after. What goes wrong is noted in the output. */
typedef struct output_format {
    const char *name;
    bool is_single; /* the body of one container, nothing else */
    void (*begin)(check_output *out);
    void (*add)(check_output *out, const checked *container);
    void (*end)(check_output *out);
} output_format;

extern const output_format format_text;
extern const output_format format_json;
extern const output_format format_ndjson;
extern const output_format format_oz;
extern const output_format format_extrahorizon;
extern const output_format format_sarif;
extern const output_format format_junit;
extern const output_format format_github;

/* The format of that name; NULL: there is none, and told. */
const output_format *output_format_by_name(const char *name);

/* How many containers were rejected with an error. */
typedef struct tally {
    const ozc_api_error *error;
    size_t count;
} tally;

/* What may have to be held back until the end. */
enum { HELD_FIRST, HELD_SECOND, HELD_COUNT };

struct check_output {
    const output_format *format;
    FILE *to; /* NULL: nothing is printed */
    bool is_verbose;
    bool is_coloured;
    bool is_quiet;                 /* nothing on standard error either */
    bool is_valid_hidden;          /* what counts as valid is not printed */
    bool are_warnings_errors;      /* for the exit status */
    size_t counts[OZC_FAILED + 1]; /* containers by result: OZC_VALID, OZC_REJECTED, OZC_FAILED */
    size_t valid_with_warnings;
    tally *tallies; /* of those that were rejected, by code and message */
    size_t tally_count;
    bool is_switched_off[OZC_CHECK_COUNT]; /* in any container */
    size_t printed;                        /* containers */
    const char *problem;                   /* why it is not whole; NULL: it is */
    FILE *held[HELD_COUNT];                /* temporary files: what comes at the end; NULL: not yet */
    size_t results;                        /* of SARIF, so far */
    size_t artifacts;
    int64_t nanoseconds; /* of all containers */
};

typedef enum colour_mode { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } colour_mode;

/* "auto", "always" or "never". false: none of them, and told. */
bool colour_mode_by_name(const char *name, colour_mode *mode);

/* Is what goes to `to` to be coloured? */
bool is_to_be_coloured(colour_mode mode, FILE *to);

/* Print the beginning, one container, the end; whether `to` took it is for its owner to ask. false: it is not whole,
   and check_output_free tells. */
bool check_output_begin(check_output *out);
bool check_output_add(check_output *out, const checked *container);
bool check_output_end(check_output *out);

/* Tells why it is not whole, if it is not. */
void check_output_free(check_output *out);

/* What all containers together come to: failed before rejected before valid. */
ozc_result check_output_result(const check_output *out);

/* For the formats. */

/* Notes why the output is not whole: static text. The first one counts. */
void note_problem(check_output *out, const char *problem);

/* What follows notes by itself what goes wrong. */

/* Prints a text of the library's, which it frees; NULL: out of memory. */
void put_owned(check_output *out, FILE *to, char *text);

/* A text of any bytes: as one JSON string; within one, without its quotes; for a line of text, as printable ASCII. */
void put_json(check_output *out, FILE *to, const char *text);
void put_json_part(check_output *out, FILE *to, const char *text);
void put_plain(check_output *out, FILE *to, const char *text);

/* Where the format holds something back: printed by release(), in the order in which it was written. NULL: noted. */
FILE *hold(check_output *out, size_t which);
void release(check_output *out, size_t which);

/* The summary on standard error, where there are several containers, with a table by error. */
void print_summary(check_output *out);

#endif
