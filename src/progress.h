/*
 * progress.h - how far an attempt got, as libcurl's callbacks note it. May use
 * libcurl. The callbacks append to bounded buffers and call nothing else.
 */
#pragma once

#include "easy.h"
#include "response.h"
#include "sockets.h"

#include <curl/curl.h>

struct meet_progress {
    struct meet_sockets *sockets; /* the engine's */
    struct meet_response *response;
    CURL *handle;
    bool plain; /* http */
    bool proxied;
    bool resends;         /* libcurl may send again when a reused socket dies */
    unsigned sends;       /* times that libcurl began to send */
    unsigned long socket; /* its serial, once sent; 0: unknown */
    unsigned request;     /* number of the request on that socket */
    bool opened;          /* a socket was opened for it */
    bool starved;         /* no descriptor was left for one */
    bool http1;           /* the socket is known to speak HTTP/1.x */
    bool in_head;         /* the answer has begun, and its head has not ended */
    long long length;     /* the answer's Content-Length; -1: none yet */
    bool uncounted;       /* the socket was dead, or held an answer */
    bool too_late;        /* it had ended before the request was sent */
    int64_t arrives_by;   /* by the boot clock; 0: whenever it likes */
    int64_t delay;        /* of the way of what was sent, there and back */
    bool refused;         /* the server refused the request's stream */
    struct meet_error stopped; /* why a callback stopped it; or kind ok */
    char message[CURL_ERROR_SIZE];
};

/* Note what happens on this handle from now on. */
void meet_progress_watch(struct meet_progress *progress,
                         struct meet_easy *easy);

/* Reset it for an attempt whose answer goes to 'response'. */
void meet_progress_begin(struct meet_progress *progress,
                         struct meet_response *response);

/*
 * True if the server sent more than one answer: libcurl drops what follows the
 * first, and closes the socket. Which of them was the request's is unknown. To
 * be asked once an answer is whole.
 */
bool meet_progress_has_more(const struct meet_progress *progress);
