/*
 * request.h - what is sent: one HTTP request as a value.
 * Pure. The owner keeps it unchanged from submit to finish.
 */
#pragma once

#include "headers.h"
#include "operation.h"

/* How a client reaches the network. Strings are the client's, or NULL. */
struct meet_network {
    const char *proxy;
    const char *no_proxy; /* NULL: the environment's, as libcurl reads it */
    bool direct;          /* there is no proxy, or none may be used */
    const char *ca_file;
    const char *ca_path;
    const char *user_agent;
    const char *agent_line; /* the header line of it */
    bool trace;             /* a line on standard error for each attempt */
    unsigned long serial;   /* differs wherever any field differs */
};

struct meet_request {
    const char *verb; /* one of meet_request_verb()'s */
    struct meet_buffer url;
    size_t path_offset; /* where the path begins in 'url' */
    struct meet_headers headers;
    struct meet_buffer body;
    bool has_body;
    enum meet_quota quota;
    double timeout;                /* one attempt, seconds */
    double connect_timeout;        /* likewise */
    double deadline;               /* the whole call, seconds from its start */
    struct meet_buffer connection; /* id for this request alone, or empty */
    size_t max_response_bytes;
    const struct meet_network *network; /* the client's */
};

/* Most bytes of a URL (a filter can be long), of a request body and of a
 * connection's id: a header field's worth. */
#define MEET_LONGEST_URL  ((size_t)64 * 1024)
#define MEET_LONGEST_BODY ((size_t)16 * 1024 * 1024)
#define MEET_LONGEST_ID   ((size_t)4096)

/* An empty request. Allocates nothing. */
void meet_request_init(struct meet_request *request);

/* Free what it holds, secrets wiped. Zeroed memory is taken too. */
void meet_request_deinit(struct meet_request *request);

/*
 * Make 'to', which is empty, ask what 'from' asks, header fields and body left
 * out. -1 with kind memory.
 */
int meet_request_copy(struct meet_request *to, const struct meet_request *from,
                      struct meet_error *err);

/* The constant "GET", "POST", "PUT", "PATCH" or "DELETE", or NULL. */
const char *meet_request_verb(const char *name);

/* True when sending it twice does no more than once: GET (RFC 9110 9.2). */
bool meet_request_is_read(const struct meet_request *request);

/* Length of the path, the query left out: 'url' + path_offset, so many. */
size_t meet_request_path_length(const struct meet_request *request);

/* True for http, which only goes to a loopback host. */
bool meet_request_is_plain(const struct meet_request *request);

/* True when a server is to be verified and the client names no certificates. */
bool meet_request_needs_certificates(const struct meet_request *request);
