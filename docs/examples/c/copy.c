/*
 * copy.c - puts a container's entries into the store folder.
 *
 * Guarantees that what becomes visible is what was verified: bytes come by ozc_reader from the very descriptor that was
 * judged, into a hidden folder that is renamed when all is there. Assumes that nobody else writes to the store folder.
 * Leaves out flushing to the disk: where a 201 has to outlive a loss of power, fsync files and folders before the
 * rename.
 */
#include "copy.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Creates the file of an entry, and the folders of its name. Names hold no "..", no empty segment and no leading "/"
   (docs/format.md, 2.5), so they stay below `folder`. */
static int create_file(int folder, const char *name)
{
    char path[256];
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(path, sizeof path, "%.*s", (int)(slash - name), name);
        (void)mkdirat(folder, path, 0700); /* one that is missing shows when the file is opened */
    }
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, data, len);
        if (wrote <= 0)
            return 0;
        data += wrote;
        len -= (size_t)wrote;
    }
    return 1;
}

static ozc_result copy_entry(int folder, const ozc_report *report, const char *name, int container)
{
    char buffer[65536];
    size_t got = 0;
    ozc_reader *reader = NULL;
    ozc_result result = OZC_FAILED;
    int file = create_file(folder, name);
    if (file >= 0)
        result = ozc_reader_new_fd(report, name, container, &reader);
    do { /* to the end: only there does the reader say that the digest is right */
        if (result == OZC_VALID)
            result = ozc_reader_read(reader, buffer, sizeof buffer, &got);
        if (result == OZC_VALID && !write_all(file, buffer, got))
            result = OZC_FAILED;
    } while (result == OZC_VALID && got > 0);
    ozc_reader_free(reader);
    if (file >= 0 && close(file) != 0)
        result = OZC_FAILED;
    return result;
}

ozc_result copy_make(struct copy *copy, const char *store, const ozc_report *report, int container)
{
    int len = snprintf(copy->path, sizeof copy->path, "%s/.incoming-XXXXXX", store);
    if (len < 0 || (size_t)len >= sizeof copy->path || mkdtemp(copy->path) == NULL) {
        copy->path[0] = '\0';
        return OZC_FAILED;
    }
    int folder = open(copy->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ozc_result result = folder >= 0 ? OZC_VALID : OZC_FAILED;
    for (size_t i = 0; result == OZC_VALID && i < ozc_report_entry_count(report); i++)
        result = copy_entry(folder, report, ozc_report_entry(report, i)->name, container);
    if (folder >= 0)
        close(folder);
    if (result != OZC_VALID)
        copy_drop(copy);
    return result;
}

ozc_result copy_accept(struct copy *copy, const char *store, const ozc_report *report)
{
    char to[PATH_MAX];
    const unsigned char *id = ozc_report_content_id(report);
    int len = snprintf(to, sizeof to, "%s/", store);
    if (len < 0 || (size_t)len + 65 > sizeof to)
        return OZC_FAILED;
    for (int i = 0; i < 32; i++)
        snprintf(to + len + 2 * i, 3, "%02x", id[i]);
    /* A folder that is there already has the same token, so this is a replay that the store of tokens does not know of:
       one from before a restart. rename never replaces a folder with something in it. */
    if (rename(copy->path, to) != 0)
        return OZC_FAILED;
    copy->path[0] = '\0';
    return OZC_VALID;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)type, (void)place;
    return remove(path);
}

void copy_drop(struct copy *copy)
{
    if (copy->path[0] == '\0')
        return;
    if (nftw(copy->path, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
        fprintf(stderr, "upload_service: %s: cannot be removed\n", copy->path);
    copy->path[0] = '\0';
}
