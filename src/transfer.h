/*
 * transfer.h - one attempt on one easy handle: its options. May use
 * libcurl.
 */
#pragma once

#include "easy.h"
#include "header_list.h"
#include "progress.h"
#include "request.h"

#include <curl/curl.h>

struct meet_multi;

struct meet_transfer {
    struct meet_easy easy; /* reused from attempt to attempt */
    const struct meet_request *request;
    struct meet_progress progress;
    struct meet_header_list header_list; /* of the request */
    unsigned long network_serial;        /* of its options; 0: none are set */
    bool streams;                        /* its options are those of a stream */
    bool folder;   /* verifies against the hashed certificate folder */
    bool replaces; /* waits for the descriptor of an idle socket */
    struct meet_transfer *previous, *next; /* the engine's list */
    void *job;                             /* the engine's */
    struct meet_multi *multi;              /* the handle it is on, or NULL */
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
 * Set the handle up for an attempt. The caller ends it in time: libcurl times
 * the making of a socket only, and not while it waits for another request's.
 * 'folder' is a hashed certificate folder to verify against; NULL if the client
 * names certificates, nothing is verified, or libcurl's default applies. The
 * caller owns request and response, which must live until
 * meet_transfer_release. -1 with 'err' filled: the handle's state is unknown,
 * and all that is left is to free it.
 */
int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, const char *folder,
                        struct meet_error *err);

/* Drop the pointers to request and response. */
void meet_transfer_release(struct meet_transfer *transfer);
