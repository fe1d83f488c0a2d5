/*
 * check_output.h - reports as they are printed, in one of several formats, and counted.
 */
#ifndef CHECK_OUTPUT_H
#define CHECK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <ozcapsula.h>

typedef struct check_output check_output;

/* A format: what it prints before, for each container, and after. */
typedef struct output_format {
    const char *name;
    bool is_single; /* the body of one container, nothing else */
    void (*begin)(check_output *out);
    bool (*add)(check_output *out, const char *path, const ozc_report *report); /* false: out of memory, and told */
    void (*end)(check_output *out);
} output_format;

/* The format of that name; NULL: there is none, and told. */
const output_format *output_format_by_name(const char *name);

struct check_output {
    const output_format *format;
    FILE *to; /* NULL: nothing is printed */
    bool is_verbose;
    bool is_coloured;
    bool is_quiet;                 /* nothing on standard error either */
    bool are_warnings_errors;      /* for the exit status */
    size_t counts[OZC_FAILED + 1]; /* containers by result: OZC_VALID, OZC_REJECTED, OZC_FAILED */
    size_t valid_with_warnings;
};

typedef enum colour_mode { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } colour_mode;

/* "auto", "always" or "never". false: none of them, and told. */
bool colour_mode_by_name(const char *name, colour_mode *mode);

/* Is what goes to `to` to be coloured? */
bool is_to_be_coloured(colour_mode mode, FILE *to);

/* Print the beginning, one container, the end; whether `to` took it is for its owner to ask. false: out of memory, and
   told. */
void check_output_begin(check_output *out);
bool check_output_add(check_output *out, const char *path, const ozc_report *report);
void check_output_end(check_output *out);

/* What all containers together come to: failed before rejected before valid. */
ozc_result check_output_result(const check_output *out);

#endif
