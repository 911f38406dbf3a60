/*
 * multi.h - libcurl's multi handles of an engine: the current one, which takes
 * transfers, that of streams, and retired ones, which finish theirs. May use
 * libcurl.
 *
 * libcurl has no way to keep new requests off one HTTP/2 socket while others
 * still use it. Its sockets belong to a multi handle: so the handle is retired,
 * and the next transfer opens a socket in a new one. Once a server has answered
 * over HTTP/1.1, as for a stream, a handle no longer shares a socket to it.
 */
#pragma once

#include "transfer.h"

#include <curl/curl.h>

struct meet_flood;

/* Most sockets to one host at once, for servers without HTTP/2: enough for ten
   requests a second at a latency of 1.5 seconds. Streams do not count. */
#define MEET_MOST_SOCKETS 16

struct meet_multi {
    CURLM *handle;
    unsigned transfers; /* under way */
    struct meet_multi *next;
};

struct meet_multis {
    struct meet_multi *current; /* NULL until a transfer is added */
    struct meet_multi *streams; /* one of the others, while it has transfers */
    struct meet_multi *others;  /* list: retired ones, and that of streams */
    struct meet_flood *flood;   /* looks at their sockets; or NULL */
};

/* Add the transfer to the current handle, or that of streams. False: no memory.
 */
bool meet_multis_add(struct meet_multis *multis,
                     struct meet_transfer *transfer);

/* Remove it from its handle; one of the others is freed with its last. */
void meet_multis_remove(struct meet_multis *multis,
                        struct meet_transfer *transfer);

/* Keep new transfers off the sockets of this transfer's handle. */
void meet_multis_retire(struct meet_multis *multis,
                        const struct meet_transfer *transfer);

/*
 * Keep new transfers off the socket of one that ended with that result, if it
 * failed: libcurl 8.14 uses one again whose HTTP/2 session is over, 8.23 one on
 * which sending has failed.
 */
void meet_multis_leave_failed(struct meet_multis *multis,
                              const struct meet_transfer *transfer,
                              CURLcode result);

void meet_multis_perform(struct meet_multis *multis);

/* The same; what needs a socket gets that of an idle one, wherever it leads. */
void meet_multis_perform_replacing(struct meet_multis *multis);

/* The next transfer that ended, and how; NULL: none. */
struct meet_transfer *meet_multis_ended(struct meet_multis *multis,
                                        CURLcode *result);

/* Wait up to 'milliseconds' for activity on a socket. */
void meet_multis_poll(struct meet_multis *multis, int milliseconds);

/* Fill 'events' with the sockets to watch, of 'most' at most: how many. */
size_t meet_multis_events(struct meet_multis *multis,
                          struct meet_socket_events *events, size_t most);

/* Milliseconds until libcurl has work to do; -1: it does not say. */
long meet_multis_timeout(struct meet_multis *multis);

/* Free the handles, whose sockets close, and end the watch for floods. No
   transfer may be under way. */
void meet_multis_close(struct meet_multis *multis);
