/*
 * usage: mutants [--accepted FOLDER] [--full | --all | CONTAINER...]
 *
 * Every small change to valid containers of testdata/: each bit flipped, each cut, each byte deleted, bytes inserted
 * everywhere; in the file as it stands, in both records of an entry alike, and in an entry's name or content with
 * records made to fit, so that what is behind CRC-32 and sizes is met too. Fails unless each mutant is rejected, or is
 * one of the inert bits of fields.c and unpacks to the very names and bytes of its container.
 *
 * Without arguments: a set with each kind of key, in entries only where signatures are quick to verify. --full: the
 * same set, in entries too. --all: every valid container of at most 8 KiB (an hour). CONTAINER: a path in testdata/, in
 * full. Each is judged by the settings of its first row in list.tsv. --accepted writes accepted mutants to the folder,
 * for each container one of each inert bit.
 */
#include "figures.h"
#include "witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL ((size_t)8192)

/* Each kind of key, as issuer and as signer, with and without cnf; several media and ext/ entries; both versions
   needed, so that in full every inert bit has its turn. */
static const struct {
    const char *file;
    enum { IN_FULL, WITHOUT_ENTRIES, ONLY_WHEN_FULL } without_arguments;
} standard[] = {{"valid/keys-ed25519.ozc", IN_FULL},
                {"valid/keys-p256.ozc", IN_FULL},
                {"valid/two-media-and-ext.ozc", WITHOUT_ENTRIES},
                {"valid/cnf-ed25519.ozc", WITHOUT_ENTRIES},
                {"valid/cnf-p256.ozc", ONLY_WHEN_FULL},
                {"valid/cnf-p384.ozc", WITHOUT_ENTRIES},
                {"valid/default.ozc", WITHOUT_ENTRIES},
                {"valid/version-needed-20.ozc", ONLY_WHEN_FULL}};

struct job {
    struct container container;
    struct settings settings;
    struct figures figures;
    const char *folder; /* for accepted mutants; NULL: none */
};

/* Writes an accepted mutant to the folder. */
static void keep(const struct job *job, const struct inert *inert, struct bit bit, struct bytes mutant)
{
    char path[4096];
    const char *file = strrchr(job->container.file, '/') + 1;
    snprintf(path, sizeof path, "%s/%.*s-%s-%s-bit-%u-entry-%zu.ozc", job->folder, (int)strcspn(file, "."), file,
             inert->in_both ? "both" : "central", inert->field, bit.number, bit.index);
    for (char *at = path + strlen(job->folder); *at != '\0'; at++)
        if (*at == ' ')
            *at = '-';
    FILE *to = fopen(path, "wb");
    if (to == NULL || fwrite(mutant.data, 1, mutant.len, to) != mutant.len || fclose(to) != 0) {
        fprintf(stderr, "mutants: can not write %s\n", path);
        exit(2);
    }
}

static void complain(const struct job *job, enum edit edit, const char *where, const char *what)
{
    printf("NOT OK: %s, %s, %s: %s\n", job->container.file, edit_in_words(edit), where, what);
}

/* Counts an accepted mutant, holds it to the list of inert bits (`bit` NULL: it can be none) and to what it unpacks to.
 */
static void accept(struct job *job, enum scope scope, enum edit edit, const char *where, const struct bit *bit,
                   const ozc_report *report, struct bytes mutant)
{
    const struct inert *inert = bit == NULL ? NULL : inert_of(*bit, scope == SCOPE_BOTH_RECORDS);
    job->figures.accepted[scope][edit]++;
    if (inert == NULL) {
        job->figures.not_inert++;
        complain(job, edit, where, "accepted, and no inert bit");
    } else {
        count_inert(inert, bit->number);
        /* One of each bit, now in this entry and now in that. */
        if (job->folder != NULL && bit->index == bit->number % job->container.count)
            keep(job, inert, *bit, mutant);
    }
    if (!libzip_unpacks_the_same(&job->container, mutant) ||
        !reader_delivers_the_same(&job->container, report, mutant)) {
        job->figures.other_content++;
        complain(job, edit, where, "accepted with other content");
    }
}

static void judge(struct job *job, enum scope scope, enum edit edit, const char *where, const struct bit *bit,
                  struct bytes mutant)
{
    ozc_report *report = NULL;
    job->figures.tried[scope][edit]++;
    switch (ozc_validate_memory(job->settings.policy, mutant.data, mutant.len, &job->settings.call, &report)) {
    case OZC_VALID:
        accept(job, scope, edit, where, bit, report, mutant);
        break;
    case OZC_REJECTED:
        count_rule(ozc_report_rule(report));
        break;
    default:
        job->figures.undecided++;
        complain(job, edit, where, ozc_report_failure(report));
    }
    ozc_report_free(report);
}

/* Any change to the file as it stands. */
static void mutate_file(struct job *job)
{
    struct piece whole = {job->container.bytes.data, job->container.bytes.len};
    for (enum edit edit = 0; edit < EDIT_COUNT; edit++)
        for (size_t which = 0; which < edit_count(edit, whole.len); which++) {
            char where[256];
            struct bit bit = {0};
            snprintf(where, sizeof where, "number %zu of the file", which);
            if (edit == EDIT_FLIP) {
                bit = bit_at(&job->container, which);
                snprintf(where, sizeof where, "bit %zu of byte %zu (%s, %s)", which % 8, which / 8, bit.record,
                         bit.field == NULL ? "" : bit.field);
            }
            struct bytes mutant = edit_bytes(edit, which, whole);
            judge(job, SCOPE_FILE, edit, where, edit == EDIT_FLIP ? &bit : NULL, mutant);
            free(mutant.data);
        }
}

/* A bit of the fields and the name that local and central record have alike, flipped in both. */
static void mutate_both_records(struct job *job)
{
    const struct container *c = &job->container;
    for (size_t i = 0; i < c->count; i++)
        for (size_t which = (size_t)4 * 8; which < 8 * (LOCAL_SIZE + c->items[i].name.len); which++) {
            char where[256];
            size_t at = which / 8;
            struct bit bit = bit_at(c, 8 * c->items[i].local + which);
            struct bytes mutant =
                edit_bytes(EDIT_FLIP, 8 * c->items[i].local + which, (struct piece){c->bytes.data, c->bytes.len});
            /* The central record has "version made by" before these fields, and five more behind them. */
            mutant.data[c->items[i].central + at + (at < LOCAL_SIZE ? 2 : CENTRAL_SIZE - LOCAL_SIZE)] ^=
                (unsigned char)(1u << which % 8);
            snprintf(where, sizeof where, "bit %u of %s of entry %zu, in both records", bit.number, bit.field, i);
            judge(job, SCOPE_BOTH_RECORDS, EDIT_FLIP, where, &bit, mutant);
            free(mutant.data);
        }
}

/* Any change to an entry's name or content, in an archive that is whole. */
static void mutate_entries(struct job *job)
{
    const struct container *c = &job->container;
    for (size_t i = 0; i < 2 * c->count; i++) {
        const struct item *item = &c->items[i / 2];
        struct piece old = i % 2 == 0 ? item->name : item->content;
        for (enum edit edit = 0; edit < EDIT_COUNT; edit++)
            for (size_t which = 0; which < edit_count(edit, old.len); which++) {
                char where[256];
                struct bytes edited = edit_bytes(edit, which, old);
                struct piece new = {edited.data, edited.len};
                struct bytes mutant =
                    i % 2 == 0 ? rebuild(c, i / 2, new, item->content) : rebuild(c, i / 2, item->name, new);
                snprintf(where, sizeof where, "number %zu of the %s of entry %zu", which,
                         i % 2 == 0 ? "name" : "content", i / 2);
                judge(job, SCOPE_ENTRY, edit, where, NULL, mutant);
                free(mutant.data);
                free(edited.data);
            }
    }
}

/* The container itself is accepted, by the library and by both witnesses; and it is rebuilt to itself. */
static bool is_sound(const struct job *job)
{
    const struct container *c = &job->container;
    ozc_report *report = NULL;
    ozc_result result =
        ozc_validate_memory(job->settings.policy, c->bytes.data, c->bytes.len, &job->settings.call, &report);
    struct bytes same = rebuild(c, 0, c->items[0].name, c->items[0].content);
    bool sound = result == OZC_VALID && libzip_unpacks_the_same(c, c->bytes) &&
                 reader_delivers_the_same(c, report, c->bytes) && same.len == c->bytes.len &&
                 memcmp(same.data, c->bytes.data, same.len) == 0;
    free(same.data);
    ozc_report_free(report);
    return sound;
}

/* The settings of the first row of list.tsv that has the container; NULL: none has. Freed by free(). */
static char *settings_of(const char *file)
{
    struct bytes list = read_testdata("list.tsv");
    char *found = NULL;
    char *lines = (char *)list.data;
    for (char *line; found == NULL && (line = strtok_r(lines, "\n", &lines)) != NULL;) {
        char *columns = line;
        const char *name = strtok_r(line, "\t", &columns);
        const char *settings = strtok_r(NULL, "\t", &columns);
        if (strcmp(name, file) == 0)
            found = strdup(settings);
    }
    free(list.data);
    return found;
}

/* Every mutant of one container; those of its entries only where `is_full`. */
static void run(const char *file, bool is_full, const char *folder, struct figures *sum)
{
    char *settings = settings_of(file);
    if (settings == NULL) {
        fprintf(stderr, "mutants: %s is not in list.tsv\n", file);
        exit(2);
    }
    struct job job = {.container = open_container(file), .settings = make_settings(settings), .folder = folder};
    if (!is_sound(&job)) {
        fprintf(stderr, "mutants: %s is not valid, or is not read here as it is elsewhere\n", file);
        exit(2);
    }
    mutate_file(&job);
    mutate_both_records(&job);
    if (is_full)
        mutate_entries(&job);
    print_figures(file, &job.figures);
    fflush(stdout);
    add_figures(sum, &job.figures);
    ozc_policy_free(job.settings.policy);
    close_container(&job.container);
    free(settings);
}

/* Every small valid container of list.tsv, once. Returns how many. */
static size_t run_all(const char *folder, struct figures *sum)
{
    struct bytes list = read_testdata("list.tsv");
    char *lines = (char *)list.data;
    const char *last = "";
    size_t count = 0;
    for (char *line; (line = strtok_r(lines, "\n", &lines)) != NULL;) {
        char *name = strtok_r(line, "\t", &line);
        if (strncmp(name, "valid/", 6) != 0 || strcmp(name, last) == 0)
            continue;
        struct bytes container = read_testdata(name);
        free(container.data);
        last = name;
        if (container.len > SMALL)
            continue;
        run(name, true, folder, sum);
        count++;
    }
    free(list.data);
    return count;
}

/* The set above. Returns how many. */
static size_t run_standard(bool is_full, const char *folder, struct figures *sum)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (is_full || standard[i].without_arguments != ONLY_WHEN_FULL) {
            run(standard[i].file, is_full || standard[i].without_arguments == IN_FULL, folder, sum);
            count++;
        }
    return count;
}

int main(int argc, char **argv)
{
    struct figures sum = {0};
    const char *folder = NULL;
    size_t count = 0;
    int at = 1;
    if (at + 1 < argc && strcmp(argv[at], "--accepted") == 0) {
        folder = argv[at + 1];
        at += 2;
    }
    bool is_full = at < argc && strcmp(argv[at], "--full") == 0;
    if (at == argc || is_full)
        count = run_standard(is_full, folder, &sum);
    else if (strcmp(argv[at], "--all") == 0)
        count = run_all(folder, &sum);
    else
        for (; at < argc; at++, count++)
            run(argv[at], true, folder, &sum);
    char title[64];
    snprintf(title, sizeof title, "%zu containers", count);
    print_figures(title, &sum);
    print_rules();
    bool all_bits = print_inert_fields();
    if (is_full && !all_bits)
        printf("NOT OK: a bit that is listed as inert was not accepted in any container\n");
    bool good = sum.other_content + sum.not_inert + sum.undecided == 0 && (all_bits || !is_full);
    printf("%s: %zu with other content, %zu accepted that are not inert, %zu undecided\n", good ? "ok" : "NOT OK",
           sum.other_content, sum.not_inert, sum.undecided);
    return good ? 0 : 1;
}
