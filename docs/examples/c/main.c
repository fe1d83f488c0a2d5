/*
 * main.c - upload_service: takes containers by HTTP, and keeps those that are valid.
 *
 *     upload_service --policy FILE --store FOLDER [--address IP] [--port N] [--connections N] [--timeout SECONDS]
 *                    [--at SECONDS]
 *
 * Ends on SIGTERM or SIGINT: takes nothing new, lets running uploads end, frees all. A second signal does not wait.
 * --port 0 takes a free port; what it listens on is printed. --at judges all tokens at that time: for tests, whose
 * tokens are old.
 */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Tokens that can be remembered at once, some 100 bytes each: as many as may come within a token's life. */
#define USED_TOKENS 100000

struct settings {
    const char *policy;
    const char *store;
    struct sockaddr_in address;
    unsigned connections;
    int timeout;
    int64_t at;
};

/* A policy from a file that can judge, or NULL; the message is on standard error. */
static ozc_policy *load_policy(const char *path)
{
    static char json[1 << 20]; /* no policy file is larger */
    char folder[PATH_MAX];
    const char *why = NULL;
    FILE *file = fopen(path, "rb");
    size_t len = file != NULL ? fread(json, 1, sizeof json, file) : 0;
    if (file == NULL || ferror(file)) {
        fprintf(stderr, "upload_service: %s: %s\n", path, strerror(errno));
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    fclose(file);
    snprintf(folder, sizeof folder, "%s", path);
    ozc_policy *policy = ozc_policy_new();
    if (ozc_policy_load_json(policy, json, len, dirname(folder)) != OZC_VALID)
        why = policy != NULL ? ozc_policy_error(policy) : "out of memory";
    else if (ozc_policy_ready(policy, &why) == OZC_VALID)
        return policy;
    fprintf(stderr, "upload_service: %s: %s\n", path, why);
    ozc_policy_free(policy);
    return NULL;
}

/* A whole number within bounds; ends the program where it is none. */
static long long number(const char *text, long long least, long long most)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least || value > most) {
        fprintf(stderr, "upload_service: %s: not a whole number from %lld to %lld\n", text, least, most);
        exit(2);
    }
    return value;
}

static void parse(int argc, char **argv, struct settings *settings)
{
    static const struct option options[] = {
        {"policy", required_argument, NULL, 'p'},      {"store", required_argument, NULL, 's'},
        {"address", required_argument, NULL, 'a'},     {"port", required_argument, NULL, 'P'},
        {"connections", required_argument, NULL, 'c'}, {"timeout", required_argument, NULL, 't'},
        {"at", required_argument, NULL, '@'},          {NULL, 0, NULL, 0},
    };
    int right = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'p':
            settings->policy = optarg;
            break;
        case 's':
            settings->store = optarg;
            break;
        case 'a':
            right &= inet_pton(AF_INET, optarg, &settings->address.sin_addr) == 1;
            break;
        case 'P':
            settings->address.sin_port = htons((uint16_t)number(optarg, 0, 65535));
            break;
        case 'c':
            settings->connections = (unsigned)number(optarg, 1, 10000);
            break;
        case 't':
            settings->timeout = (int)number(optarg, 1, 3600);
            break;
        case '@':
            settings->at = number(optarg, 0, LLONG_MAX);
            break;
        default:
            right = 0;
        }
    }
    if (right && optind == argc && settings->policy != NULL && settings->store != NULL)
        return;
    fputs("usage: upload_service --policy FILE --store FOLDER [--address IP] [--port N] [--connections N]\n"
          "                      [--timeout SECONDS] [--at SECONDS]\n",
          stderr);
    exit(2);
}

/* Runs until a signal, and then until the uploads have ended. */
static int serve(struct ingest *ingest, const struct settings *settings, const sigset_t *signals)
{
    struct http *http = http_start(ingest, &settings->address, settings->connections);
    if (http == NULL) {
        fprintf(stderr, "upload_service: cannot listen: %s\n", strerror(errno));
        return 3;
    }
    char address[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &settings->address.sin_addr, address, sizeof address);
    printf("listening on %s:%u\n", address, (unsigned)http_port(http));
    fflush(stdout);

    int got = 0;
    sigwait(signals, &got);
    http_quiesce(http);
    /* No upload takes longer than twice the timeout: sending it, and the silence that ends it. */
    const struct timespec tick = {0, 10000000};
    for (int ticks = 200 * settings->timeout; ticks > 0 && http_uploads(http) > 0; ticks--)
        if (sigtimedwait(signals, NULL, &tick) >= 0)
            break; /* a second signal */
    http_stop(http);
    return 0;
}

int main(int argc, char **argv)
{
    struct settings settings = {.connections = 200, .timeout = 60, .at = -1};
    settings.address.sin_family = AF_INET;
    settings.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    settings.address.sin_port = htons(8080);
    parse(argc, argv, &settings);

    /* Blocked before any thread is there, so that none of them but this one sees the signals. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct ingest ingest = {.store = settings.store, .fixed_time = settings.at, .timeout = settings.timeout};
    ingest.policy = load_policy(settings.policy);
    if (ingest.policy == NULL)
        return 2;
    int status = 3;
    ingest.used_tokens = ozc_store_new_memory(USED_TOKENS);
    if (access(settings.store, W_OK | X_OK) != 0)
        fprintf(stderr, "upload_service: %s: %s\n", settings.store, strerror(errno));
    else if (ingest.used_tokens != NULL) {
        sem_init(&ingest.processors, 0, (unsigned)sysconf(_SC_NPROCESSORS_ONLN));
        status = serve(&ingest, &settings, &signals);
        sem_destroy(&ingest.processors);
    }
    ozc_store_free(ingest.used_tokens);
    ozc_policy_free(ingest.policy);
    return status;
}
