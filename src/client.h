/*
 * client.h - operation plus name to request, by a client's settings.
 * Free of Lua and libcurl. Owns copies of every string it is given.
 */
#pragma once

#include "account.h"

/* Keys before the one in use that a server may still echo. */
#define MEET_OLD_KEYS 4

/* What is left of a key when the client is closed, to find it in a text. */
struct meet_wiped {
    size_t size; /* 0: there was none */
    uint64_t checksum;
};

struct meet_client {
    struct meet_settings settings; /* its strings are owned */
    const char *old_keys[MEET_OLD_KEYS];
    struct meet_wiped wiped[MEET_OLD_KEYS + 1];
    char *agent_line;            /* the User-Agent field */
    struct meet_network network; /* borrows from both */
    struct meet_stats stats;
    struct meet_accounts accounts; /* for the pace */
};

/*
 * Check and copy the settings. -1 with kind config or memory; the client is
 * then closed. Zeroed memory is a closed client. 'serial' is unique to the
 * client and not 0.
 */
int meet_client_init(struct meet_client *client,
                     const struct meet_settings *settings, unsigned long serial,
                     struct meet_error *err);

/*
 * Wipe the keys, once. The other strings stay until meet_client_deinit, because
 * holders of the client may still read them.
 */
void meet_client_close(struct meet_client *client);

/* Free. Accepts a closed client and zeroed memory. */
void meet_client_deinit(struct meet_client *client);

/* Check, copy and set the key, or the id of an app's connection. */
int meet_client_set_key(struct meet_client *client, const char *key,
                        size_t length, struct meet_error *err);
int meet_client_set_connection(struct meet_client *client, enum meet_app app,
                               const char *id, size_t length,
                               struct meet_error *err);

/*
 * Begin the request of an operation: verb, URL up to the query, limits. 'text'
 * names the resource of the path's {pattern}, in any form of name.h; it is not
 * read if the path has no pattern.
 */
int meet_client_begin(const struct meet_client *client,
                      const struct meet_operation *operation, const char *text,
                      size_t length, struct meet_request *request,
                      struct meet_error *err);

/*
 * Replace the name in the request of an operation whose path has a {pattern};
 * the query stays. The name comes from a server, so a malformed one is of kind
 * decode. -1: the request is as it was.
 */
int meet_client_rename(const struct meet_client *client,
                       const struct meet_operation *operation, const char *text,
                       size_t length, struct meet_request *request,
                       struct meet_error *err);

/* meet_client_begin for any path under the base URL; it is checked here. */
int meet_client_begin_path(const struct meet_client *client, const char *verb,
                           const char *path, size_t length,
                           struct meet_request *request,
                           struct meet_error *err);

/*
 * Set the options of one call: a connection's id (NULL: the client's), timeout
 * and deadline (0: the client's). -1 with kind config or memory.
 */
int meet_client_limit(struct meet_request *request, const char *connection,
                      int64_t timeout, int64_t deadline,
                      struct meet_error *err);

/* Add the header fields for key, connection and content type. */
int meet_client_authorize(struct meet_request *request, const char *key,
                          const char *connection, struct meet_error *err);

/* Fill in the pace of a request that the client sends with 'connection'. */
void meet_client_pace(const struct meet_client *client,
                      const struct meet_request *request,
                      const char *connection, struct meet_pace *pace);
