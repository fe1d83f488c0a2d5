/*
 * http.c - the two resources of the service: POST /containers and GET /health.
 *
 * Guarantees that a body that is declared too large is refused before it is sent, and that an upload is freed however
 * its request ends. Leaves out TLS and who the caller is: both are for the server in front of it.
 */
#include "http.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct http {
    struct ingest *ingest;
    struct MHD_Daemon *daemon;
    atomic_uint uploads;
    atomic_bool stopping;
};

static enum MHD_Result reply(struct MHD_Connection *connection, struct answer answer, const char *type)
{
    size_t len = answer.body != NULL ? strlen(answer.body) : 0;
    struct MHD_Response *response =
        answer.body != NULL && answer.free_body != NULL
            ? MHD_create_response_from_buffer_with_free_callback(len, answer.body, answer.free_body)
            : MHD_create_response_from_buffer(len, answer.body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        if (answer.free_body != NULL)
            answer.free_body(answer.body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result reply_text(struct MHD_Connection *connection, unsigned status, char *text)
{
    struct answer answer = {status, text, NULL};
    return reply(connection, answer, "text/plain");
}

/* The size that the client declares; 0 where it does not. libmicrohttpd has refused what is no number. */
static uint64_t declared_size(struct MHD_Connection *connection)
{
    const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return text != NULL ? strtoull(text, NULL, 10) : 0;
}

/* The header is there, the body is not. What is answered now closes the connection. */
static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *url, const char *method,
                             void **state)
{
    if (strcmp(url, "/health") == 0 && strcmp(method, MHD_HTTP_METHOD_GET) == 0)
        return reply_text(connection, MHD_HTTP_OK, "ok\n");
    if (strcmp(url, "/containers") != 0)
        return reply_text(connection, MHD_HTTP_NOT_FOUND, "not found\n");
    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        return reply_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "POST a container\n");
    if (http->stopping)
        return reply_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
    if (declared_size(connection) > ozc_policy_limit(http->ingest->policy, OZC_LIMIT_CONTAINER))
        return reply(connection, answer_too_large(), "application/json");
    struct upload *upload = upload_new(http->ingest);
    if (upload == NULL)
        return reply(connection, answer_failed("no memory or no disk for an upload"), "application/json");
    http->uploads++;
    *state = upload;
    return MHD_YES;
}

/* Called with the header, then with each piece of the body, then without any. */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *len, void **state)
{
    (void)version;
    if (*state == NULL)
        return begin(user, connection, url, method, state);
    if (*len == 0)
        return reply(connection, upload_judge(*state), "application/json");
    enum MHD_Result result = upload_add(*state, data, *len) ? MHD_YES : MHD_NO;
    *len = 0;
    return result;
}

/* However the request has ended: answered, cut off, timed out. */
static void completed(void *user, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    (void)connection, (void)how;
    struct http *http = user;
    if (*state == NULL)
        return;
    upload_free(*state);
    *state = NULL;
    http->uploads--;
}

struct http *http_start(struct ingest *ingest, const struct sockaddr_in *address, unsigned connections)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL)
        return NULL;
    http->ingest = ingest;
    http->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC, 0, NULL, NULL, handle, http,
        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)ingest->timeout, MHD_OPTION_NOTIFY_COMPLETED, completed, http, MHD_OPTION_END);
    if (http->daemon == NULL) {
        free(http);
        return NULL;
    }
    return http;
}

uint16_t http_port(const struct http *http)
{
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void http_quiesce(struct http *http)
{
    http->stopping = true;
    int listening = MHD_quiesce_daemon(http->daemon);
    if (listening >= 0)
        close(listening);
}

unsigned http_uploads(const struct http *http)
{
    return http->uploads;
}

void http_stop(struct http *http)
{
    MHD_stop_daemon(http->daemon);
    free(http);
}
