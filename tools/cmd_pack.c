/*
 * ozcapsula pack: makes a container. Guarantees that nothing which goes in is overwritten, that the private key's bytes
 * are wiped, and that an interrupted run leaves nothing behind. What may be in a container, and that it is written
 * whole or not at all, is the packer's to say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cancel.h"
#include "command.h"
#include "files.h"
#include "media.h"
#include "progress.h"
#include "text.h"

/* More than any limit on payload.json allows. */
#define PAYLOAD_MOST ((size_t)16 * 1024 * 1024 + 1)

enum { OPT_PAYLOAD = 1, OPT_TOKEN, OPT_SIGN_WITH, OPT_OUTPUT, OPT_EXT };

static const cli_option options[] = {
    {OPT_PAYLOAD, 0, "payload", "FILE", "payload.json: what to do with the media; - for standard input"},
    {OPT_TOKEN, 0, "token", "FILE",
     "the session token, as the issuer made it; - for standard input. One newline at its end is dropped"},
    {OPT_SIGN_WITH, 0, "sign-with", "FILE",
     "private key of the signer: the one that the token's cnf names, if it does"},
    {OPT_OUTPUT, 'o', NULL, "FILE", "the container, written whole or not at all"},
    {OPT_EXT, 0, "ext", "NAME=FILE", "adds the file as extension entry ext/NAME; may be repeated"},
    {0, 0, NULL, NULL, NULL},
};

static const char about[] =
    "Makes a container of the media, the payload and the session token. MEDIA is FILE or KEY=FILE; KEY is the name by "
    "which the payload refers to it, the file's own name where it is left out. With an Ed25519 key the same input "
    "makes the same bytes.\n"
    "\n"
    "It refuses to make a container that would be rejected for its structure, names, limits, payload or media, or "
    "whose token names another key than the one that signs; it does not judge the token's times. ozcapsula payload "
    "init makes a first payload.\n"
    "\n"
    "Exit status: 0 the container is there, 1 it would be rejected, 2 wrong usage, 3 a file cannot be read or written, "
    "or changed meanwhile.";

typedef struct request {
    const char *payload;
    const char *token;
    const char *key;
    const char *path;
    text_list extensions;
    int media_count;
    char **media;
    progress line;
} request;

/* What the command line has to have and has not; NULL: nothing. */
static const char *missing(const request *asked)
{
    if (!asked->payload)
        return "--payload FILE";
    if (!asked->token)
        return "--token FILE";
    if (!asked->key)
        return "--sign-with FILE";
    if (!asked->path)
        return "-o FILE";
    return asked->media_count == 0 ? "MEDIA" : NULL;
}

/* The container must not take the place of what goes into it, nor of a device. */
static bool is_free(const request *asked, const char *input)
{
    if (file_is_same(asked->path, input)) {
        complain("-o %s would replace %s, which is an input", asked->path, input);
        return false;
    }
    return true;
}

/* The same, for an input that may be "-", standard input. */
static bool is_free_of_text(const request *asked, const char *input)
{
    /* pack() asks for what is missing first. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    if (strcmp(input, "-") != 0)
        return is_free(asked, input);
    if (file_is_input(asked->path, input)) {
        complain("-o %s would replace standard input", asked->path);
        return false;
    }
    return true;
}

static bool is_writable_place(const request *asked)
{
    struct stat there;
    if (strcmp(asked->path, "-") == 0) {
        complain("-o has to name a file: a container is written whole or not at all, never to standard output");
        return false;
    }
    if (stat(asked->path, &there) == 0 && !S_ISREG(there.st_mode)) {
        complain("-o %s is no regular file", asked->path);
        return false;
    }
    /* The same here. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    if (strcmp(asked->payload, "-") == 0 && strcmp(asked->token, "-") == 0) {
        complain("standard input (-) can be read once only: for --payload or for --token");
        return false;
    }
    return is_free_of_text(asked, asked->payload) && is_free_of_text(asked, asked->token) && is_free(asked, asked->key);
}

/* Tells what the packer refused. */
static ozc_result told(ozc_result result, const ozc_packer *packer, const char *path)
{
    if (result == OZC_FAILED)
        complain("%s: out of memory", path);
    else if (result != OZC_VALID)
        complain("%s: %s", path, ozc_packer_error(packer));
    return result;
}

static ozc_result add_media(ozc_packer *packer, const request *asked)
{
    media_list media = {NULL, 0};
    ozc_result result = OZC_VALID;
    for (int i = 0; i < asked->media_count && result == OZC_VALID; i++)
        result = media_add(&media, packer, asked->media[i]);
    for (size_t i = 0; i < media.count && result == OZC_VALID; i++)
        result = is_free(asked, media.at[i].path) ? OZC_VALID : OZC_MISUSE;
    media_free(&media);
    return result;
}

/* The names of extensions nest: the first '=' parts them from the file in any case. */
static ozc_result add_extension(ozc_packer *packer, const request *asked, const char *text)
{
    char *name = NULL;
    const char *path = split_named_file(text, "", &name);
    ozc_result result = OZC_MISUSE;
    if (path && name && is_free(asked, path)) {
        size_t room = strlen("ext/") + strlen(name) + 1;
        char *entry = required(malloc(room));
        (void)snprintf(entry, room, "ext/%s", name);
        result = told(ozc_packer_add_file(packer, entry, path), packer, path);
        free(entry);
    } else if (path && !name) {
        complain("--ext takes NAME=FILE, not \"%s\"", text);
    }
    free(name);
    return result;
}

/* Adds a small file, or standard input. */
static ozc_result add_text(ozc_packer *packer, const char *entry, const char *option, const char *path, size_t most)
{
    file_bytes text;
    bool is_token = strcmp(entry, "session_token") == 0;
    if (!file_read_or_complain(option, strcmp(path, "-") == 0 ? NULL : path, most, &text))
        return OZC_FAILED;
    if (is_token)
        file_drop_newline(&text);
    ozc_result result = told(ozc_packer_add_data(packer, entry, text.data, text.size), packer, path);
    file_wipe(&text);
    return result;
}

static ozc_result add_entries(ozc_packer *packer, const request *asked)
{
    ozc_result result = strcmp(asked->payload, "-") == 0
                            ? add_text(packer, "payload.json", "--payload", "-", PAYLOAD_MOST)
                            : told(ozc_packer_add_file(packer, "payload.json", asked->payload), packer, asked->payload);
    if (result == OZC_VALID)
        result = add_media(packer, asked);
    for (size_t i = 0; i < asked->extensions.count && result == OZC_VALID; i++)
        result = add_extension(packer, asked, asked->extensions.at[i]);
    return result == OZC_VALID ? add_text(packer, "session_token", "--token", asked->token, TOKEN_FILE_MOST) : result;
}

static int on_progress(void *user, uint64_t done, uint64_t total)
{
    progress_show_part(user, "packing", done, total);
    return is_cancelled() ? 1 : 0;
}

/* Shows why a receiver would reject it, as check -v does. */
static void print_report(const ozc_report *report, const char *path)
{
    char *lines = ozc_render_text(report, path, 1);
    (void)fputs(lines ? lines : "ozcapsula: out of memory\n", stderr);
    ozc_free(lines);
}

static ozc_result write_container(ozc_packer *packer, request *asked)
{
    file_bytes key;
    if (!file_read_or_complain("--sign-with", asked->key, KEY_FILE_MOST, &key))
        return OZC_MISUSE;
    ozc_report *report = NULL;
    ozc_packer_set_progress(packer, on_progress, &asked->line);
    cancel_begin();
    ozc_result result = ozc_packer_write(packer, key.data, key.size, asked->path, &report);
    progress_end(&asked->line);
    file_wipe(&key);
    if (result == OZC_REJECTED)
        print_report(report, asked->path);
    else if (result != OZC_VALID && is_cancelled())
        complain("interrupted: %s was not written", asked->path);
    else if (result != OZC_VALID)
        complain("%s", ozc_packer_error(packer));
    ozc_report_free(report);
    cancel_end();
    return result;
}

static ozc_result pack(request *asked)
{
    const char *what = missing(asked);
    if (what)
        complain("%s is missing; see ozcapsula help pack", what);
    if (what || !is_writable_place(asked))
        return OZC_MISUSE;
    asked->line = progress_begin(0, false, false);
    ozc_packer *packer = required(ozc_packer_new());
    ozc_result result = add_entries(packer, asked);
    if (result == OZC_VALID)
        result = write_container(packer, asked);
    ozc_packer_free(packer);
    return result;
}

static ozc_result run_pack(const command *self, int argc, char **argv)
{
    request asked = {.media = argv};
    cli_args args = cli_begin(self->name, options, argc, argv);
    int option = ARG_END;
    bool good = true;
    while (good && (option = cli_next(&args)) > 0) {
        switch (option) {
        case OPT_PAYLOAD:
            asked.payload = args.value;
            break;
        case OPT_TOKEN:
            asked.token = args.value;
            break;
        case OPT_SIGN_WITH:
            asked.key = args.value;
            break;
        case OPT_OUTPUT:
            asked.path = args.value;
            break;
        default:
            text_list_add(&asked.extensions, args.value);
        }
    }
    asked.media_count = args.operands;
    ozc_result result = OZC_MISUSE;
    if (good && option == ARG_HELP) {
        help_command(self);
        result = OZC_VALID;
    } else if (good && option == ARG_END) {
        result = pack(&asked);
    }
    text_list_free(&asked.extensions);
    return result;
}

const command command_pack = {"pack", "MEDIA...", "make a container", about, options, run_pack};
