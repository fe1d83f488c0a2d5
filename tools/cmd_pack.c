/*
 * ozcapsula pack: makes a container. Guarantees that nothing which goes in is overwritten, and that the private key's
 * bytes are wiped. What may be in a container, and that it is written whole or not at all, is the packer's to say; this
 * file finds out what the entries are called.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "files.h"
#include "text.h"

enum { OPT_PAYLOAD = 1, OPT_TOKEN, OPT_SIGN_WITH, OPT_OUTPUT, OPT_EXT };

static const cli_option options[] = {
    {OPT_PAYLOAD, 0, "payload", "FILE", "payload.json: what to do with the media"},
    {OPT_TOKEN, 0, "token", "FILE", "the session token, as the issuer made it; one newline at its end is dropped"},
    {OPT_SIGN_WITH, 0, "sign-with", "FILE",
     "private key of the signer: the one that the token's cnf names, if it does"},
    {OPT_OUTPUT, 'o', NULL, "FILE", "the container, written whole or not at all"},
    {OPT_EXT, 0, "ext", "NAME=FILE", "adds the file as extension entry ext/NAME; may be repeated"},
    {0, 0, NULL, NULL, NULL},
};

static const char about[] =
    "Makes a container of the media, the payload and the session token. MEDIA is FILE or KEY=FILE; KEY is the name by "
    "which the payload refers to it, the file's own name where it is left out. With an Ed25519 key the same input "
    "makes "
    "the same bytes.\n"
    "\n"
    "It refuses to make a container that would be rejected for its structure, names, limits, payload or media, or "
    "whose "
    "token names another key than the one that signs; it does not judge the token's times.\n"
    "\n"
    "Exit status: 0 the container is there, 1 it would be rejected, 2 wrong usage, 3 a file cannot be read or written.";

typedef struct request {
    const char *payload;
    const char *token;
    const char *key;
    const char *path;
    text_list extensions;
    int media_count;
    char **media;
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
    return is_free(asked, asked->payload) && is_free(asked, asked->token) && is_free(asked, asked->key);
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

/* Adds a file as FOLDER/NAME. */
static ozc_result add_file(ozc_packer *packer, const request *asked, const char *folder, const char *name,
                           const char *path)
{
    if (!is_free(asked, path))
        return OZC_MISUSE;
    size_t room = strlen(folder) + strlen(name) + 2;
    char *entry = required(malloc(room));
    (void)snprintf(entry, room, "%s/%s", folder, name);
    ozc_result result = told(ozc_packer_add_file(packer, entry, path), packer, path);
    free(entry);
    return result;
}

static ozc_result add_medium(ozc_packer *packer, const request *asked, const char *text)
{
    char *key = NULL;
    const char *path = split_named_file(text, "/", &key);
    if (!path)
        return OZC_MISUSE;
    const char *slash = strrchr(path, '/');
    ozc_result result = add_file(packer, asked, "media", key ? key : slash ? slash + 1 : path, path);
    free(key);
    return result;
}

/* The names of extensions nest: the first '=' parts them from the file in any case. */
static ozc_result add_extension(ozc_packer *packer, const request *asked, const char *text)
{
    char *name = NULL;
    const char *path = split_named_file(text, "", &name);
    ozc_result result = OZC_MISUSE;
    if (path && name)
        result = add_file(packer, asked, "ext", name, path);
    else if (path)
        complain("--ext takes NAME=FILE, not \"%s\"", text);
    free(name);
    return result;
}

static ozc_result add_token(ozc_packer *packer, const char *path)
{
    file_bytes token;
    if (!file_read_or_complain("--token", path, TOKEN_FILE_MOST, &token))
        return OZC_FAILED;
    file_drop_newline(&token);
    ozc_result result = told(ozc_packer_add_data(packer, "session_token", token.data, token.size), packer, path);
    file_wipe(&token);
    return result;
}

static ozc_result add_entries(ozc_packer *packer, const request *asked)
{
    ozc_result result = told(ozc_packer_add_file(packer, "payload.json", asked->payload), packer, asked->payload);
    for (int i = 0; i < asked->media_count && result == OZC_VALID; i++)
        result = add_medium(packer, asked, asked->media[i]);
    for (size_t i = 0; i < asked->extensions.count && result == OZC_VALID; i++)
        result = add_extension(packer, asked, asked->extensions.at[i]);
    return result == OZC_VALID ? add_token(packer, asked->token) : result;
}

/* Shows why a receiver would reject it, as check -v does. */
static void print_report(const ozc_report *report, const char *path)
{
    char *lines = ozc_render_text(report, path, 1);
    (void)fputs(lines ? lines : "ozcapsula: out of memory\n", stderr);
    ozc_free(lines);
}

static ozc_result write_container(ozc_packer *packer, const request *asked)
{
    file_bytes key;
    if (!file_read_or_complain("--sign-with", asked->key, KEY_FILE_MOST, &key))
        return OZC_MISUSE;
    ozc_report *report = NULL;
    ozc_result result = ozc_packer_write(packer, key.data, key.size, asked->path, &report);
    file_wipe(&key);
    if (result == OZC_REJECTED)
        print_report(report, asked->path);
    else if (result != OZC_VALID)
        complain("%s", ozc_packer_error(packer));
    ozc_report_free(report);
    return result;
}

static ozc_result pack(const request *asked)
{
    const char *what = missing(asked);
    if (what)
        complain("%s is missing; see ozcapsula help pack", what);
    if (what || !is_writable_place(asked))
        return OZC_MISUSE;
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
