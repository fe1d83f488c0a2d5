/* http.h - the service on libmicrohttpd. */
#ifndef HTTP_H
#define HTTP_H

#include "upload.h"

#include <netinet/in.h>
#include <stdint.h>

struct http;

/* Listens; a thread for each connection, `connections` of them at most. NULL: it cannot, and errno may say why. */
struct http *http_start(struct ingest *ingest, const struct sockaddr_in *address, unsigned connections);

/* The port that it listens on, where 0 was asked for. */
uint16_t http_port(const struct http *http);

/* From now on takes no connection and no request. */
void http_quiesce(struct http *http);

/* How many uploads are running. */
unsigned http_uploads(const struct http *http);

/* Ends what is left, and frees all. */
void http_stop(struct http *http);

#endif
