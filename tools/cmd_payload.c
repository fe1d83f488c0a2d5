/*
 * ozcapsula payload init: a first payload.json for the media given. Guarantees that what it prints is a payload that a
 * receiver takes together with these media, because the library judges it before; and that no file is replaced. Which
 * tags and analyses there are is the library's to say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "files.h"
#include "media.h"
#include "text.h"

enum { OPT_TAG = 1, OPT_ANALYSIS, OPT_OUTPUT };

static const cli_option options[] = {
    {OPT_TAG, 0, "tag", "[KEY=]TAG[,TAG]",
     "what the medium shows, for one medium or for all; may be repeated. Default: video_selfie, for photos "
     "photo_selfie"},
    {OPT_ANALYSIS, 0, "analysis", "TYPE[:KEY[,KEY]]",
     "asks for an analysis (quality, biometry, documents, collection) of these media or of all; may be repeated. "
     "Default: quality"},
    {OPT_OUTPUT, 'o', NULL, "FILE", "write there instead of standard output; a file that is there is not replaced"},
    {0, 0, NULL, NULL, NULL},
};

static const char about[] =
    "Makes a first payload.json for the media: their tags, and the analyses to make of them. MEDIA is FILE or "
    "KEY=FILE, as for pack. It is judged as a receiver would before it is printed; what is worth a warning is told on "
    "standard error.\n"
    "\n"
    "Tags: video_selfie, _left, _right, _down, _high, _smile, _eyes, _scan, _blank (each with video_selfie before it), "
    "orientation_portrait, orientation_landscape, photo_selfie, photo_id, photo_id_front, photo_id_back.\n"
    "\n"
    "Exit status: 0 it is printed, 1 it would be rejected, 2 wrong usage, 3 a file cannot be read or written.";

typedef struct request {
    const char *path;
    text_list tags;
    text_list analyses;
    media_list media;
} request;

/* The next word of a list parted by commas, up to `end`; NULL: no more. */
static const char *next_word(const char **at, size_t *len)
{
    const char *word = *at;
    if (!word)
        return NULL;
    *len = strcspn(word, ",");
    *at = word[*len] == ',' ? word + *len + 1 : NULL;
    return word;
}

/* One JSON string. What is no UTF-8 is left for the library to refuse. */
static void print_string(FILE *to, const char *text, size_t len)
{
    (void)fputc('"', to);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < ' ')
            (void)fprintf(to, "\\u%04x", (unsigned)byte);
        else
            (void)fprintf(to, byte == '"' || byte == '\\' ? "\\%c" : "%c", byte);
    }
    (void)fputc('"', to);
}

/* The words of a list, each a JSON string. Returns how many were printed before and now. */
static size_t print_words(FILE *to, const char *list, size_t count)
{
    const char *word = NULL;
    size_t len = 0;
    while ((word = next_word(&list, &len)) != NULL) {
        (void)fputs(count++ > 0 ? ", " : "", to);
        print_string(to, word, len);
    }
    return count;
}

static const char *default_tag(const medium *one)
{
    const char *kind = media_kind(one);
    bool is_photo = kind && (strcmp(kind, "JPEG") == 0 || strcmp(kind, "PNG") == 0);
    return is_photo ? "photo_selfie" : kind ? "video_selfie" : NULL;
}

/* Is the value of --tag for this medium? Returns its tags; NULL: it is not. */
static const char *tags_for(const char *value, const medium *one)
{
    const char *equals = strchr(value, '=');
    if (!equals)
        return value;
    size_t len = (size_t)(equals - value);
    return strlen(one->key) == len && memcmp(one->key, value, len) == 0 ? equals + 1 : NULL;
}

static void print_tags(FILE *to, const request *asked, const medium *one)
{
    size_t count = 0;
    (void)fputs("    ", to);
    print_string(to, one->key, strlen(one->key));
    (void)fputs(": [", to);
    for (size_t i = 0; i < asked->tags.count; i++) {
        const char *tags = tags_for(asked->tags.at[i], one);
        count = tags ? print_words(to, tags, count) : count;
    }
    if (count == 0 && default_tag(one))
        (void)print_words(to, default_tag(one), count);
    (void)fputc(']', to);
}

static void print_analysis(FILE *to, const char *value)
{
    size_t len = strcspn(value, ":");
    (void)fputs("    {\"type\": ", to);
    print_string(to, value, len);
    if (value[len] == ':') {
        (void)fputs(", \"source_media\": [", to);
        (void)print_words(to, value + len + 1, 0);
        (void)fputc(']', to);
    }
    (void)fputc('}', to);
}

static void print_payload(FILE *to, const request *asked)
{
    (void)fputs("{\n  \"media:tags\": {\n", to);
    for (size_t i = 0; i < asked->media.count; i++) {
        print_tags(to, asked, &asked->media.at[i]);
        (void)fputs(i + 1 < asked->media.count ? ",\n" : "\n", to);
    }
    (void)fputs("  },\n  \"analyses\": [\n", to);
    for (size_t i = 0; i < asked->analyses.count; i++) {
        print_analysis(to, asked->analyses.at[i]);
        (void)fputs(i + 1 < asked->analyses.count ? ",\n" : "\n", to);
    }
    if (asked->analyses.count == 0) {
        print_analysis(to, "quality");
        (void)fputc('\n', to);
    }
    (void)fputs("  ]\n}\n", to);
}

/* Is it the key of one of the media, to the letter? */
static bool is_key(const request *asked, const char *option, const char *value, const char *key, size_t len)
{
    const medium *one = media_find(&asked->media, key, len);
    if (one && memcmp(one->key, key, len) == 0)
        return true;
    complain("%s %s: no medium has the key \"%.*s\"; keys are the names of the files, unless given by KEY=FILE", option,
             value, (int)len, key);
    return false;
}

/* Do the options name only media that are there? */
static bool are_keys_known(const request *asked)
{
    bool good = true;
    for (size_t i = 0; i < asked->tags.count && good; i++) {
        const char *value = asked->tags.at[i];
        size_t len = strcspn(value, "=");
        good = value[len] == '\0' || is_key(asked, "--tag", value, value, len);
    }
    for (size_t i = 0; i < asked->analyses.count && good; i++) {
        const char *colon = strchr(asked->analyses.at[i], ':');
        const char *keys = colon ? colon + 1 : NULL;
        const char *key = NULL;
        size_t len = 0;
        while (good && (key = next_word(&keys, &len)) != NULL)
            good = is_key(asked, "--analysis", asked->analyses.at[i], key, len);
    }
    return good;
}

static void tell_findings(const ozc_report *report)
{
    const ozc_finding *finding = NULL;
    for (size_t i = 0; (finding = ozc_report_finding(report, i)) != NULL; i++)
        complain("%s %s: %s%s%s", finding->rule->severity == OZC_ERROR ? "error" : "warning", finding->rule->id,
                 finding->entry ? finding->entry : "", finding->entry ? ": " : "", finding->text);
}

static ozc_result judge(ozc_packer *packer, const char *payload, size_t len)
{
    ozc_report *report = NULL;
    ozc_result result = ozc_packer_add_data(packer, "payload.json", payload, len);
    if (result == OZC_VALID)
        result = ozc_packer_judge_payload(packer, &report);
    tell_findings(report);
    if (result != OZC_VALID)
        complain("%s", ozc_packer_error(packer));
    ozc_report_free(report);
    return result;
}

static ozc_result write_payload(const request *asked, const char *payload)
{
    output to;
    if (!output_open(&to, asked->path))
        return OZC_FAILED;
    (void)fputs(payload, to.stream);
    return output_close(&to, true) ? OZC_VALID : OZC_FAILED;
}

static ozc_result make_payload(const request *asked, ozc_packer *packer)
{
    char *payload = NULL;
    size_t len = 0;
    FILE *text = required(open_memstream(&payload, &len));
    print_payload(text, asked);
    if (fclose(text) != 0 || !payload) {
        complain("out of memory");
        return OZC_FAILED;
    }
    ozc_result result = judge(packer, payload, len);
    if (result == OZC_VALID)
        result = write_payload(asked, payload);
    free(payload);
    return result;
}

/* Does the output take no file's place? */
static bool is_free(const char *path)
{
    struct stat there;
    if (path && strcmp(path, "-") != 0 && lstat(path, &there) == 0 &&
        (S_ISREG(there.st_mode) || S_ISLNK(there.st_mode))) {
        complain("-o %s: there is such a file already, and a payload is not replaced; remove it, or name another",
                 path);
        return false;
    }
    return true;
}

static ozc_result init(request *asked, int count, char **operands)
{
    if (count == 0)
        complain("MEDIA is missing; see ozcapsula help payload init");
    if (count == 0 || !is_free(asked->path))
        return OZC_MISUSE;
    ozc_packer *packer = required(ozc_packer_new());
    ozc_result result = OZC_VALID;
    for (int i = 0; i < count && result == OZC_VALID; i++)
        result = media_add(&asked->media, packer, operands[i]);
    if (result == OZC_VALID)
        result = are_keys_known(asked) ? make_payload(asked, packer) : OZC_MISUSE;
    ozc_packer_free(packer);
    return result;
}

static ozc_result run_init(const command *self, int argc, char **argv)
{
    request asked = {.path = NULL};
    cli_args args = cli_begin(self->name, options, argc, argv);
    int option = ARG_END;
    while ((option = cli_next(&args)) > 0) {
        if (option == OPT_TAG)
            text_list_add(&asked.tags, args.value);
        else if (option == OPT_ANALYSIS)
            text_list_add(&asked.analyses, args.value);
        else
            asked.path = args.value;
    }
    ozc_result result = OZC_MISUSE;
    if (option == ARG_HELP) {
        help_command(self);
        result = OZC_VALID;
    } else if (option == ARG_END) {
        result = init(&asked, args.operands, argv);
    }
    text_list_free(&asked.tags);
    text_list_free(&asked.analyses);
    media_free(&asked.media);
    return result;
}

const command command_payload_init = {"payload init", "MEDIA...", "make a first payload.json for media",
                                      about,          options,    run_init};
