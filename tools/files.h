/*
 * files.h - files in and out: bounded reading, spooling of pipes, and output that is whole or not there at all.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A file's bytes. */
typedef struct file_bytes {
    char *data;
    size_t size;
} file_bytes;

/* Reads all of a file, or of standard input where `path` is NULL. Returns NULL, and *bytes are freed by file_wipe; or
   why it could not, more than `most` bytes being a reason too. */
const char *file_read(const char *path, size_t most, file_bytes *bytes);

/* The same, and tells why it could not. `what` names the file's part in the message ("--token"). */
bool file_read_or_complain(const char *what, const char *path, size_t most, file_bytes *bytes);

/* Drops one newline (LF or CR LF) at the end. */
void file_drop_newline(file_bytes *bytes);

/* Overwrites the bytes, which may be a private key, and frees them. */
void file_wipe(file_bytes *bytes);

/* The most that a key file and a token file may have. */
#define KEY_FILE_MOST ((size_t)64 * 1024)
#define TOKEN_FILE_MOST ((size_t)1024 * 1024)

/* Do both paths lead to one regular file that is there? */
bool file_is_same(const char *one, const char *other);

/* Does the path lead to the regular file that `input` is? "-" is standard input: a pipe or a terminal is no such
   file. */
bool file_is_input(const char *path, const char *input);

/* Copies what `fd` still delivers, `most` bytes of it and one more at the most, to a temporary file without a name
   (TMPDIR, or /tmp). Returns NULL with *spool open for the caller to close, or why it could not. Any thread. */
const char *file_spool(int fd, uint64_t most, int *spool);

/* A temporary file without a name (TMPDIR, or /tmp), to be written and read. NULL: errno says why. */
FILE *file_temporary(void);

/* Are its bytes to be had only once: is it "-", standard input, or no regular file? A folder is none. */
bool file_is_stream(const char *path);

/* Opens such a path to be read by position: standard input as it is where that is a regular file at its start, else
   spooled as above. Returns NULL with *fd open for the caller to close, or why it could not. Any thread. */
const char *file_open_stream(const char *path, uint64_t most, int *fd);

/* Where the asked-for output goes. */
typedef struct output {
    FILE *stream;
    const char *name; /* for messages; borrowed */
    char *path;       /* the file that is to be there; NULL: written straight to the stream */
    char *temporary;  /* what it is called until then */
    int reason;       /* why the first write failed that did; 0: none */
} output;

/* Opens `path`; NULL and "-" are standard output. What is there and no regular file, or is standard output itself, is
   written straight. false: told. */
bool output_open(output *to, const char *path);

/* Sends on what was printed. false: it, or something before it, could not be written; output_close tells. */
bool output_flush(output *to);

/* Ends it: with `keep` all of it is at its path, or none of it and the path as it was (false, and told). Standard
   output stays open. */
bool output_close(output *to, bool keep);

#endif
