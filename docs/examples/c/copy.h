/* copy.h - a container's verified entries, as files in the store folder. */
#ifndef COPY_H
#define COPY_H

#include <limits.h>
#include <ozcapsula.h>

/* A copy that is not accepted yet: STORE/.incoming-XXXXXX, or "" where there is none. */
struct copy {
    char path[PATH_MAX];
};

/* Copies every entry of the valid report from the descriptor that was validated. Anything but OZC_VALID: nothing is
 * left. */
ozc_result copy_make(struct copy *copy, const char *store, const ozc_report *report, int container);

/* Makes the copy visible, whole, as STORE/CONTENT-ID. OZC_FAILED: it could not, and the copy is still to be dropped. */
ozc_result copy_accept(struct copy *copy, const char *store, const ozc_report *report);

/* Removes a copy that was not accepted; does nothing where there is none. */
void copy_drop(struct copy *copy);

#endif
