/*
 * transfer.h - one attempt on one easy handle: options and callbacks.
 * May use libcurl. Callbacks append to bounded buffers and call nothing else.
 */
#pragma once

#include "header_list.h"
#include "request.h"
#include "response.h"
#include "sockets.h"

#include <curl/curl.h>

struct meet_transfer {
    CURL *easy;                   /* reused from attempt to attempt */
    struct meet_sockets *sockets; /* the engine's */
    const struct meet_request *request;
    struct meet_response *response;
    struct meet_header_list header_list; /* of the request */
    unsigned long network_serial;        /* of its options; 0: none are set */
    bool plain;                          /* the handle is set to http */
    bool folder;     /* verifies against the hashed certificate folder */
    bool used;       /* options were set on it */
    CURLcode failed; /* first option that libcurl refused */
    unsigned sends;  /* times the request began to leave, in this attempt */
    int port;        /* local one of the socket that it was sent through */
    bool http1;      /* the answer's version of HTTP is 1.x */
    bool in_head;    /* the answer has begun, and its head has not ended */
    bool stale;      /* libcurl wanted to send it again */
    struct meet_error stopped; /* why a callback stopped it, kind ok: none */
    char message[CURL_ERROR_SIZE];
    struct meet_transfer *previous, *next; /* the engine's list */
    bool sent_reported; /* the engine's: the dispatcher knows */
    void *job;          /* the engine's */
};

/*
 * A handle without a request, or NULL: no memory. Its sockets are opened and
 * closed through 'sockets', which must outlive the multi handle.
 */
struct meet_transfer *meet_transfer_new(struct meet_sockets *sockets);

/* NULL is taken. The handle must have left its multi handle. */
void meet_transfer_free(struct meet_transfer *transfer);

/* Put it first in a list, and take it out of that. */
void meet_transfer_link(struct meet_transfer *transfer,
                        struct meet_transfer **list);
void meet_transfer_unlink(struct meet_transfer *transfer,
                          struct meet_transfer **list);

/*
 * Set the handle up for an attempt of at most 'timeout' seconds. 'folder' is
 * a hashed certificate folder to verify against; NULL where the client names
 * certificates, nothing is verified, or libcurl's default is to do. Request and
 * response stay the caller's and must live until meet_transfer_finish. -1 with
 * 'err' filled.
 */
int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, double timeout,
                        const char *folder, struct meet_error *err);

/* Drop the pointers to request and response. */
void meet_transfer_release(struct meet_transfer *transfer);
