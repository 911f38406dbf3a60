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
    bool plain;                          /* the handle is set up for http */
    bool folder;     /* verifies against the hashed certificate folder */
    bool used;       /* options have been set on it */
    CURLcode failed; /* of the first option that libcurl rejected */
    unsigned sends;  /* times that libcurl began to send, in this attempt */
    int port;        /* local port of the socket it was sent on */
    bool http1;      /* the answer is HTTP/1.x */
    bool in_head;    /* the answer has begun, and its head has not ended */
    bool stale;      /* libcurl tried to resend the request */
    struct meet_error stopped; /* why a callback stopped it; or kind ok */
    char message[CURL_ERROR_SIZE];
    struct meet_transfer *previous, *next; /* the engine's list */
    bool sent_reported; /* the engine's: the dispatcher knows */
    void *job;          /* the engine's */
};

/*
 * Make a handle without a request; NULL: no memory. It opens and closes sockets
 * through 'sockets', which must outlive the multi handle.
 */
struct meet_transfer *meet_transfer_new(struct meet_sockets *sockets);

/* Accepts NULL. The handle must have left its multi handle. */
void meet_transfer_free(struct meet_transfer *transfer);

/* Put it first in a list; remove it from that list. */
void meet_transfer_link(struct meet_transfer *transfer,
                        struct meet_transfer **list);
void meet_transfer_unlink(struct meet_transfer *transfer,
                          struct meet_transfer **list);

/*
 * Set the handle up for an attempt of at most 'timeout' (0: no limit). 'folder'
 * is a hashed certificate folder to verify against; NULL if the client names
 * certificates, nothing is verified, or libcurl's default applies. The caller
 * owns request and response, which must live until meet_transfer_release. -1
 * with 'err' filled.
 */
int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, int64_t timeout,
                        const char *folder, struct meet_error *err);

/* Drop the pointers to request and response. */
void meet_transfer_release(struct meet_transfer *transfer);
