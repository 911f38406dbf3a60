/*
 * request.h - what is sent: one HTTP request as a value. Pure. The owner must
 * not change it from submit to finish.
 */
#pragma once

#include "app.h"
#include "headers.h"
#include "nanoseconds.h"
#include "operation.h"

/* How a client reaches the network. Its strings are borrowed, or NULL. */
struct meet_network {
    bool plain; /* http, which is for loopback hosts only */
    const char *proxy;
    const char *no_proxy; /* NULL: libcurl reads the environment's */
    bool direct;          /* no proxy is set, or none may be used */
    const char *ca_file;
    const char *ca_path;
    const char *user_agent;
    const char *agent_line; /* as a header line */
    bool trace;             /* a line on standard error for each attempt */
    unsigned long serial;   /* networks that differ have different ones */
};

struct meet_request {
    const char *verb; /* one of meet_request_verb()'s */
    struct meet_buffer url;
    size_t path_offset; /* where the path begins in 'url' */
    struct meet_headers headers;
    struct meet_buffer body;
    bool has_body;
    enum meet_app app; /* whose path it is */
    enum meet_quota quota;
    int64_t timeout; /* of one attempt */
    int64_t connect_timeout;
    int64_t deadline;                   /* of the whole call, a length */
    struct meet_buffer connection;      /* id for this request only, or empty */
    const struct meet_network *network; /* the client's */
};

/* Most bytes of a URL (a filter can be long), of a request body and of a
   connection's id, which is a header value. */
#define MEET_LONGEST_URL  ((size_t)64 * 1024)
#define MEET_LONGEST_BODY ((size_t)16 * 1024 * 1024)
#define MEET_LONGEST_ID   ((size_t)4096)

/* An empty request. Allocates nothing. */
void meet_request_init(struct meet_request *request);

/* Free its memory and wipe secrets. Accepts zeroed memory. */
void meet_request_deinit(struct meet_request *request);

/*
 * Copy 'from' to 'to', which is empty, without header fields and body. -1 with
 * kind memory.
 */
int meet_request_copy(struct meet_request *to, const struct meet_request *from,
                      struct meet_error *err);

/* The constant "GET", "POST", "PUT", "PATCH" or "DELETE", or NULL. */
const char *meet_request_verb(const char *name);

/* True for GET, which is idempotent and changes nothing (RFC 9110 9.2). */
bool meet_request_is_read(const struct meet_request *request);

/* Length of the path at 'url' + path_offset, without the query. */
size_t meet_request_path_length(const struct meet_request *request);

/* True when the server is verified and the client names no certificates. */
bool meet_request_needs_certificates(const struct meet_request *request);
