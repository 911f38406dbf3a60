/*
 * lua_exchange.h - one request from Lua: connection and key asked for where
 * they are functions, submit, wait, decode. The only way a request travels.
 *
 * An exchange is a userdata that owns its job; closing or collecting it
 * cancels the job. A closed one is kept by its client for the next call, with
 * its memory and the header fields that every request has. Waiting states are
 * continuations, so callbacks and transports may yield.
 */
#pragma once

#include "lua_client.h"

/* What the caller gets of a good answer. */
enum meet_lua_shape {
    MEET_SHAPE_RESOURCE, /* the answer's object, with methods */
    MEET_SHAPE_TRUE,     /* true */
    MEET_SHAPE_ITEMS,    /* array under the operation's 'items' */
    MEET_SHAPE_PAGE,     /* likewise, then the next token ("" at the end) */
    MEET_SHAPE_RAW       /* the body decoded, then status and headers */
};

struct meet_lua_exchange {
    struct meet_job job;
    struct meet_lua_client *client; /* for ever; kept alive as user value 1 */
    const struct meet_operation *operation; /* NULL: client:request */
    struct meet_buffer name;                /* of the resource, resolved */
    struct meet_buffer connection;          /* this call's own, or empty */
    enum meet_lua_shape shape;
    struct meet_headers headers; /* of the answer, once asked for */
    size_t given_headers;        /* how many are the caller's own */
    int state;
    int performing;           /* lua_transport's */
    bool asked_twice;         /* the key function, after a 401 */
    bool named;               /* a connection's id is in the header fields */
    unsigned long authorized; /* the client's credentials in them; 0: unknown */
    bool choosing;            /* the connection function runs for it */
    bool ahead;               /* sent while nobody waited */
    bool collected;           /* its __gc has run: nothing goes on */
    double seconds;           /* of the deadline, once somebody waits */
    double wakes_at;          /* by the client's clock; lua_transport's */
    const void *asker;        /* the pager whose page it is, until closed */
    bool waiting;      /* a task waits for it; lua_task's, as the next three */
    lua_State *thread; /* that task's; kept alive as user value 2 */
    struct meet_lua_exchange *previous_waiting, *next_waiting;
};

/* Register the type. [-0, +0, m] */
void meet_lua_exchange_open(lua_State *L);

/*
 * Push an exchange for the client at 'client', its job's limits those of the
 * client. The caller fills job.request before it runs. [-0, +1, m]
 */
struct meet_lua_exchange *
meet_lua_exchange_push(lua_State *L, int client,
                       const struct meet_operation *operation,
                       enum meet_lua_shape shape);

/* Close the exchange at 'index' and leave it to its client. [-0, +0, -] */
void meet_lua_exchange_put_back(lua_State *L, int index);

/* Free what the client's kept one holds, secrets wiped. [-0, +0, -] */
void meet_lua_exchange_drop_spare(lua_State *L, int client);

/*
 * Set what one call may change: a connection's id (NULL: the client's),
 * timeout and deadline in seconds (0: the client's). -1 with kind config.
 */
int meet_lua_exchange_limit(struct meet_lua_exchange *exchange,
                            const char *connection, double timeout,
                            double deadline, struct meet_error *err);

/*
 * Send the request while nobody waits for it: timeout and deadline begin when
 * the exchange is run. The client may send ahead.
 */
void meet_lua_exchange_send_ahead(struct meet_lua_exchange *exchange);

/*
 * lua_CFunction: run the exchange at index 1, everything else is dropped.
 * Returns what its shape says, or nil and an error table. May yield.
 */
int meet_lua_exchange_run(lua_State *L);
