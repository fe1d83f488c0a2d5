/*
 * One policy and one store of used tokens, many threads: built for ThreadSanitizer, and true without it.
 *
 * Every container that testdata/list.tsv judges without settings is judged by four threads at once, each in another
 * order, the library's own threads on top. Each report is byte for byte the one that a single thread came to, and each
 * token is used up exactly once.
 */
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 };

struct container {
    char *name;
    struct bytes bytes;
    char *expected; /* what one thread alone says */
};

struct corpus {
    struct container *containers;
    size_t count;
    struct settings settings;
    ozc_store *store;
};

struct judge {
    const struct corpus *corpus;
    size_t first;
    size_t wrong;
    size_t valid;
    size_t first_uses;
};

static char *judged(const struct corpus *corpus, const struct container *container, ozc_report **report)
{
    ozc_result result = ozc_validate_memory(corpus->settings.policy, container->bytes.data, container->bytes.len,
                                            &corpus->settings.call, report);
    return result == ozc_report_result(*report) ? ozc_render_json(*report, container->name) : NULL;
}

static struct corpus load(void)
{
    struct corpus corpus = {.settings = make_settings("-"), .store = ozc_store_new_memory(4096)};
    struct bytes list = read_testdata("list.tsv");
    char *lines = (char *)list.data;
    assert_int_equal(OZC_VALID, ozc_policy_set_threads(corpus.settings.policy, 2));
    ozc_policy_set_mode(corpus.settings.policy, OZC_ALL_FAULTS);
    for (char *line; (line = strtok_r(lines, "\n", &lines)) != NULL;) {
        char *name = strtok_r(line, "\t", &line);
        const char *settings = strtok_r(line, "\t", &line);
        if (settings == NULL || strcmp(settings, "-") != 0)
            continue;
        corpus.containers = realloc(corpus.containers, (corpus.count + 1) * sizeof *corpus.containers);
        struct container *container = &corpus.containers[corpus.count++];
        *container = (struct container){strdup(name), read_testdata(name), NULL};
        ozc_report *report = NULL;
        container->expected = judged(&corpus, container, &report);
        assert_non_null(container->expected);
        ozc_report_free(report);
    }
    free(list.data);
    return corpus;
}

static void *judge_all(void *user)
{
    struct judge *judge = user;
    const struct corpus *corpus = judge->corpus;
    ozc_policy *policy = ozc_policy_ref(corpus->settings.policy);
    for (size_t i = 0; i < corpus->count; i++) {
        const struct container *container = &corpus->containers[(judge->first + i) % corpus->count];
        ozc_report *report = NULL;
        char *found = judged(corpus, container, &report);
        judge->wrong += found == NULL || strcmp(found, container->expected) != 0;
        if (ozc_report_result(report) == OZC_VALID) {
            judge->valid++;
            judge->first_uses += ozc_report_claim(report, corpus->store) == OZC_VALID;
        }
        free(found);
        ozc_report_free(report);
    }
    ozc_policy_free(policy);
    return NULL;
}

/* How many tokens the valid containers have: their number of different jti. */
static size_t distinct_tokens(const struct corpus *corpus)
{
    ozc_store *store = ozc_store_new_memory(4096);
    size_t count = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        ozc_report *report = NULL;
        free(judged(corpus, &corpus->containers[i], &report));
        if (ozc_report_result(report) == OZC_VALID)
            count += ozc_report_claim(report, store) == OZC_VALID;
        ozc_report_free(report);
    }
    ozc_store_free(store);
    return count;
}

static void judges_by_one_policy_and_uses_each_token_once(void **state)
{
    (void)state;
    struct corpus corpus = load();
    size_t tokens = distinct_tokens(&corpus);
    struct judge judges[THREADS];
    pthread_t threads[THREADS];
    size_t first_uses = 0;
    assert_true(corpus.count > 500 && tokens > 0);
    for (size_t i = 0; i < THREADS; i++) {
        judges[i] = (struct judge){.corpus = &corpus, .first = i * corpus.count / THREADS};
        assert_int_equal(0, pthread_create(&threads[i], NULL, judge_all, &judges[i]));
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(0, judges[i].wrong);
        assert_true(judges[i].valid >= tokens);
        first_uses += judges[i].first_uses;
    }
    assert_int_equal(tokens, first_uses);
    print_message("%zu containers, %d threads, %zu tokens\n", corpus.count, THREADS, tokens);
    for (size_t i = 0; i < corpus.count; i++) {
        free(corpus.containers[i].name);
        free(corpus.containers[i].bytes.data);
        free(corpus.containers[i].expected);
    }
    free(corpus.containers);
    ozc_store_free(corpus.store);
    ozc_policy_free(corpus.settings.policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(judges_by_one_policy_and_uses_each_token_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
