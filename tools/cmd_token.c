/*
 * ozcapsula token issue and token show. Guarantees that a private key's bytes are wiped, and that what show prints as
 * verified was verified with the key that was given for it. What a token must be is the library's to say.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "files.h"
#include "text.h"
#include "times.h"

enum { OPT_SIGN_WITH = 1, OPT_KID, OPT_LIFETIME, OPT_JTI, OPT_ISS, OPT_AUD, OPT_CNF, OPT_AT };

static const cli_option issue_options[] = {
    {OPT_SIGN_WITH, 0, "sign-with", "FILE", "private key of the token issuer"},
    {OPT_KID, 0, "kid", "K", "the key's id, for receivers that know several keys"},
    {OPT_LIFETIME, 0, "lifetime", "SECONDS", "how long it is valid; default: 300"},
    {OPT_JTI, 0, "jti", "ID", "the token's own id; default: a random one"},
    {OPT_ISS, 0, "iss", "I", "who issues it"},
    {OPT_AUD, 0, "aud", "A", "whom it is for"},
    {OPT_CNF, 0, "cnf", "FILE", "public key of the device that will sign the container, and the only one that may"},
    {OPT_AT, 0, "at", "TIME", "the time of issue: RFC 3339 in UTC, or seconds since 1970; default: now"},
    {0, 0, NULL, NULL, NULL},
};

static const char issue_about[] =
    "Makes a session token with iat, exp and jti, and prints it and a newline.\n"
    "\n"
    "Exit status: 0 it is printed, 2 wrong usage or a key that is none, 3 out of memory, or it cannot be written.";

enum { OPT_TRUST_ISSUER = 1 };

static const cli_option show_options[] = {
    {OPT_TRUST_ISSUER, 0, "trust-issuer", "FILE", "public key of the issuer: verifies the token's signature"},
    {0, 0, NULL, NULL, NULL},
};

static const char show_about[] =
    "Shows header and claims of a session token and how long it still lives. FILE is - for standard input; one newline "
    "at its end is dropped. Without a key nothing is verified; no claim is judged either way.\n"
    "\n"
    "Exit status: 0 it was shown, and verified where a key was given, 1 it is malformed or the key does not verify it, "
    "2 wrong usage or a key that is none, 3 it cannot be read, or output cannot be written.";

/* Tells what the library refused, if it did, and frees its reason. */
static void tell(ozc_result result, const char *what, char *why)
{
    if (result != OZC_VALID)
        complain("%s: %s", what, why ? why : "out of memory");
    ozc_free(why);
}

static ozc_result issue(const char *key_path, const char *cnf_path, ozc_token_request *request)
{
    file_bytes cnf = {NULL, 0};
    file_bytes key;
    if (!key_path) {
        complain("--sign-with FILE is missing; see ozcapsula help token issue");
        return OZC_MISUSE;
    }
    if (cnf_path && !file_read_or_complain("--cnf", cnf_path, KEY_FILE_MOST, &cnf))
        return OZC_MISUSE;
    if (!file_read_or_complain("--sign-with", key_path, KEY_FILE_MOST, &key)) {
        file_wipe(&cnf);
        return OZC_MISUSE;
    }
    request->cnf_pem = cnf.data;
    request->cnf_len = cnf.size;
    char *token = NULL;
    char *why = NULL;
    ozc_result result = ozc_token_issue(request, key.data, key.size, &token, &why);
    tell(result, "token issue", why);
    if (result == OZC_VALID)
        (void)puts(token);
    ozc_free(token);
    file_wipe(&key);
    file_wipe(&cnf);
    return result;
}

static ozc_result run_issue(const command *self, int argc, char **argv)
{
    enum { DEFAULT_LIFETIME = 300 };
    const int64_t longest_lifetime = (int64_t)1 << 31;
    const char *key = NULL;
    const char *cnf = NULL;
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    request.issued_at = (int64_t)time(NULL);
    request.lifetime = DEFAULT_LIFETIME;
    cli_args args = cli_begin(self->name, issue_options, argc, argv);
    int option = ARG_END;
    bool good = true;
    while (good && (option = cli_next(&args)) > 0) {
        switch (option) {
        case OPT_SIGN_WITH:
            key = args.value;
            break;
        case OPT_KID:
            request.kid = args.value;
            break;
        case OPT_LIFETIME:
            good = parse_number("--lifetime", args.value, 1, longest_lifetime, &request.lifetime);
            break;
        case OPT_JTI:
            request.jti = args.value;
            break;
        case OPT_ISS:
            request.iss = args.value;
            break;
        case OPT_AUD:
            request.aud = args.value;
            break;
        case OPT_CNF:
            cnf = args.value;
            break;
        default:
            good = parse_time("--at", args.value, &request.issued_at);
        }
    }
    if (!good || option == ARG_WRONG)
        return OZC_MISUSE;
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (args.operands > 0) {
        complain("token issue takes options only, not \"%s\"", argv[0]);
        return OZC_MISUSE;
    }
    return issue(key, cnf, &request);
}

static void print_expiry(const ozc_token *token)
{
    int64_t expires_at = 0;
    if (!ozc_token_expires_at(token, &expires_at)) {
        (void)puts("expires: not said");
        return;
    }
    int64_t now = (int64_t)time(NULL);
    char moment[TIME_TEXT_MAX];
    char span[TIME_TEXT_MAX];
    format_time(expires_at, moment);
    format_span(expires_at > now ? expires_at - now : now - expires_at, span);
    if (expires_at > now)
        (void)printf("expires: %s (in %s)\n", moment, span);
    else
        (void)printf("expires: %s (%s ago)\n", moment, span);
}

/* Does the key that was given verify it? OZC_VALID where none was. What is no key is told. */
static ozc_result judge_signature(const ozc_token *token, const char *key_path, const file_bytes *key)
{
    char *why = NULL;
    ozc_result result = key_path ? ozc_token_is_signed_by(token, key->data, key->size, &why) : OZC_VALID;
    if (result == OZC_MISUSE || result == OZC_FAILED)
        complain("--trust-issuer %s: %s", key_path, why ? why : "out of memory");
    ozc_free(why);
    return result;
}

static void print_token(const ozc_token *token, const char *key_path, ozc_result verified)
{
    (void)printf("header: %s\nclaims: %s\n", ozc_token_header(token), ozc_token_claims(token));
    print_expiry(token);
    if (!key_path) {
        (void)puts("signature: NOT verified (no key given)");
        return;
    }
    char *plain = required(ozc_plain_text(key_path));
    (void)printf("signature: %s by %s\n", verified == OZC_VALID ? "verified" : "does not verify", plain);
    ozc_free(plain);
}

static ozc_result show_text(const file_bytes *text, const char *path, const char *key_path, const file_bytes *key)
{
    ozc_token *token = NULL;
    char *why = NULL;
    ozc_result result = ozc_token_parse(text->data, text->size, &token, &why);
    tell(result, path, why);
    if (result == OZC_VALID) {
        result = judge_signature(token, key_path, key);
        if (result == OZC_VALID || result == OZC_REJECTED)
            print_token(token, key_path, result);
    }
    ozc_token_free(token);
    return result;
}

static ozc_result show(const char *path, const char *key_path)
{
    file_bytes key = {NULL, 0};
    file_bytes text;
    if (key_path && !file_read_or_complain("--trust-issuer", key_path, KEY_FILE_MOST, &key))
        return OZC_MISUSE;
    ozc_result result = OZC_FAILED;
    if (file_read_or_complain("token show", strcmp(path, "-") == 0 ? NULL : path, TOKEN_FILE_MOST, &text)) {
        file_drop_newline(&text);
        result = show_text(&text, path, key_path, &key);
        file_wipe(&text);
    }
    file_wipe(&key);
    return result;
}

static ozc_result run_show(const command *self, int argc, char **argv)
{
    const char *key = NULL;
    cli_args args = cli_begin(self->name, show_options, argc, argv);
    int option = ARG_END;
    while ((option = cli_next(&args)) > 0)
        key = args.value;
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (option == ARG_END && args.operands != 1) {
        complain("token show takes one FILE, or - for standard input; see ozcapsula help token show");
        return OZC_MISUSE;
    }
    return option == ARG_END ? show(argv[0], key) : OZC_MISUSE;
}

const command command_token_issue = {"token issue", "", "make a session token", issue_about, issue_options, run_issue};
const command command_token_show = {"token show", "FILE|-",     "show a session token: header, claims, life",
                                    show_about,   show_options, run_show};
