/* zip_write.h - writes an archive of the profile. */
#ifndef ZIP_WRITE_H
#define ZIP_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct zip_item {
    const char *name;
    const char *path; /* the file to take the content from; NULL: `data` */
    const void *data;
    size_t len;
};

/* Writes a new file at `path`: all items stored, in that order, dated 1980-01-01, so that the same items make the same
   bytes. Borrows everything during the call. `go_on` (NULL: nobody) is told now and then which part of it (0 to 1) is
   written, and returns false to stop. False: could not; *error is an errno, 0 where there is none. */
bool zip_write(const char *path, const struct zip_item *items, size_t count, bool (*go_on)(void *user, double part),
               void *user, int *error);

#endif
