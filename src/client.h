/*
 * client.h - settings of a client, and operation plus name to request.
 * Free of Lua and libcurl. Owns copies of every string it is given.
 */
#pragma once

#include "auth.h"
#include "engine.h"

/* Google's and the gateway's limits; 0 means none. */
struct meet_rate {
    unsigned per_second;
    unsigned reads_per_minute;
    unsigned writes_per_minute;
    unsigned creates_per_minute;
};

/* What a client is made from. Strings are borrowed; NULL is "not given". */
struct meet_settings {
    const char *api_key;
    const char *connection;
    const char *base_url;
    double timeout; /* seconds; 0: the operation's own, or 60 */
    double connect_timeout, deadline;
    struct meet_retry retry;
    struct meet_rate rate;
    const char *proxy, *no_proxy;
    const char *ca_file, *ca_path;
    const char *user_agent;
    bool trace;
    size_t max_response_bytes;
};

struct meet_client {
    struct meet_settings settings; /* its strings are owned */
    char *agent_line;              /* the User-Agent field */
    struct meet_network network;   /* borrows from both */
    struct meet_stats stats;
    unsigned long credentials; /* differs with each key and connection */
    unsigned long long key_hash, account_hash; /* of these; for the pace */
};

/* The documented defaults: no key, no connection, Maton's address. */
void meet_settings_init(struct meet_settings *settings);

/* Set every string to "not given". */
void meet_settings_forget_strings(struct meet_settings *settings);

/* Borrow each string that is not given from 'base'. */
void meet_settings_inherit_strings(struct meet_settings *settings,
                                   const struct meet_settings *base);

/*
 * Check the settings and copy them. -1 with kind config or memory, the
 * client then closed. Zeroed memory is a closed client. 'serial' differs
 * from client to client and is not 0.
 */
int meet_client_init(struct meet_client *client,
                     const struct meet_settings *settings, unsigned long serial,
                     struct meet_error *err);

/*
 * Wipe the key. The strings stay until meet_client_deinit: what holds the
 * client may still look at them.
 */
void meet_client_close(struct meet_client *client);

/* Free. A closed client and zeroed memory are taken. */
void meet_client_deinit(struct meet_client *client);

/* Set or replace the key or the connection's id; checked and copied. */
int meet_client_set_key(struct meet_client *client, const char *key,
                        size_t length, struct meet_error *err);
int meet_client_set_connection(struct meet_client *client, const char *id,
                               size_t length, struct meet_error *err);

/*
 * Start the request for an operation: verb, URL up to the query, limits.
 * 'name' is what the path's {pattern} stands for, already resolved.
 */
int meet_client_begin(const struct meet_client *client,
                      const struct meet_operation *operation, const char *name,
                      struct meet_request *request, struct meet_error *err);

/* The same for any path under the base URL; it is checked here. */
int meet_client_begin_path(const struct meet_client *client, const char *verb,
                           const char *path, size_t length,
                           struct meet_request *request,
                           struct meet_error *err);

/* Add the fields that carry key, connection and content type. */
int meet_client_authorize(struct meet_request *request, const char *key,
                          const char *connection, struct meet_error *err);

/* What paces a request of the client that is sent with that connection. */
void meet_client_pace(const struct meet_client *client, const char *connection,
                      enum meet_quota quota, struct meet_pace *pace);
