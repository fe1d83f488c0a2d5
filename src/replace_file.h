/* replace_file.h - a new file in the place of an old one: whole or not at all. */
#ifndef REPLACE_FILE_H
#define REPLACE_FILE_H

#include "crypto.h"

/* A file on its way to its path. */
struct replacement {
    char *path;      /* where it is to be; behind a link, the file that the link leads to */
    char *temporary; /* what it is called until then: hidden, in the same folder */
};

/* Makes an empty file beside `path`, with the rights of the one that is there, or those that the umask leaves to a new
   one. False: could not; errno says why. */
bool replacement_begin(struct crypto *crypto, const char *path, struct replacement *replacement);

/* Flushes what was written by then to the disk and puts it at its path. False: it is not there; errno says why. The
   replacement has ended either way, with nothing left behind. */
bool replacement_commit(struct replacement *replacement);

/* Throws it away. */
void replacement_abandon(struct replacement *replacement);

#endif
