/*
 * The plain program of each target, for any compiler: runs the target over files and folders, without an engine.
 *
 * Exit status 1 where a folder is missing or empty, so that a corpus that got lost is no silent pass. With
 * `--accepted DIR` each container that is judged valid is written there, named by its SHA-256: other readers unpack
 * those elsewhere.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_ROOM 4096

static const char *accepted_folder;
static size_t accepted;
static size_t inputs;

static void keep_accepted(const uint8_t *bytes, size_t len)
{
    unsigned char sha256[EVP_MAX_MD_SIZE];
    char path[PATH_ROOM];
    int at = snprintf(path, sizeof path - 80, "%s/", accepted_folder);
    MUST(EVP_Digest(bytes, len, sha256, NULL, EVP_sha256(), NULL) == 1, "no digest");
    for (int i = 0; i < 32; i++)
        at += sprintf(path + at, "%02x", sha256[i]);
    strcpy(path + at, ".ozc");
    FILE *file = fopen(path, "wbx");
    if (file == NULL && errno == EEXIST)
        return;
    MUST(file != NULL, "%s can not be written", path);
    MUST(fwrite(bytes, 1, len, file) == len && fclose(file) == 0, "%s can not be written", path);
    accepted++;
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        perror(path);
        return 1;
    }
    size_t len = (size_t)status.st_size;
    uint8_t *bytes = malloc(len == 0 ? 1 : len); /* exactly as many, so that a sanitizer sees a read beyond */
    MUST(bytes != NULL && fread(bytes, 1, len, file) == len, "%s can not be read", path);
    fclose(file);
    fuzz_input = path;
    (void)LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    inputs++;
    return 0;
}

/* In the order of the names, so that runs are alike. */
static int run_folder(const char *path)
{
    struct dirent **names = NULL;
    size_t before = inputs;
    int failed = 0;
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char file[PATH_ROOM];
        struct stat status;
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (stat(file, &status) == 0 && S_ISREG(status.st_mode))
            failed |= run_file(file);
        free(names[i]);
    }
    free(names);
    if (inputs == before) {
        fprintf(stderr, "%s: no input there\n", path);
        failed = 1;
    }
    return failed;
}

int main(int argc, char **argv)
{
    int first = 1;
    int failed = 0;
    if (argc > 2 && strcmp(argv[1], "--accepted") == 0) {
        accepted_folder = argv[2];
        fuzz_accepted = keep_accepted;
        first = 3;
    }
    if (first >= argc) {
        fprintf(stderr, "usage: %s [--accepted FOLDER] FILE-OR-FOLDER...\n", argv[0]);
        return 2;
    }
    for (int i = first; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) != 0) {
            perror(argv[i]);
            failed = 1;
        } else {
            failed |= S_ISDIR(status.st_mode) ? run_folder(argv[i]) : run_file(argv[i]);
        }
    }
    printf("%zu inputs", inputs);
    if (accepted_folder != NULL)
        printf(", %zu accepted containers", accepted);
    printf("\n");
    return failed;
}
