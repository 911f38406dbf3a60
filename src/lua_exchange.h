/*
 * lua_exchange.h - one request from Lua, as a value: a userdata that owns its
 * job. Closing or collecting it cancels the job.
 */
#pragma once

#include "lua_client.h"
#include "lua_late.h"
#include "lua_nesting.h"
#include "lua_step.h"

/* What the caller gets from a good answer. */
enum meet_lua_shape {
    MEET_SHAPE_RESOURCE, /* the answer's object, with methods */
    MEET_SHAPE_TRUE,     /* true */
    MEET_SHAPE_ITEMS,    /* array under the operation's 'items' */
    MEET_SHAPE_PAGE,     /* that array, then the next token ("" at the end) */
    MEET_SHAPE_RAW,      /* the body decoded, then status and headers */
    MEET_SHAPE_STREAM    /* the body while it comes: see lua_stream */
};

/* What the owner of a stream waits for. */
enum meet_lua_wish {
    MEET_WISH_HEAD,  /* status and headers */
    MEET_WISH_CHUNK, /* some of the body */
    MEET_WISH_COUNT  /* how much of it a file has */
};

/* What the exchange does next: see lua_call. */
enum meet_lua_state {
    MEET_STATE_ASK_CONNECTION,
    MEET_STATE_TAKE_CONNECTION,
    MEET_STATE_ASK_KEY,
    MEET_STATE_TAKE_KEY,
    MEET_STATE_SUBMIT,
    MEET_STATE_WAIT,      /* for the engine */
    MEET_STATE_FED,       /* the owner of a stream can go on */
    MEET_STATE_TRANSPORT, /* perform the attempts in Lua: see lua_transport */
    MEET_STATE_DONE
};

/* The last call made for an injected transport. */
enum meet_lua_performing { MEET_IDLE, MEET_CALLED, MEET_READ, MEET_SLEPT };

struct meet_lua_exchange {
    struct meet_job job;
    struct meet_lua_client *client;
    const struct meet_operation *operation; /* NULL: client:request */
    enum meet_lua_shape shape;
    enum meet_lua_state state;
    enum meet_lua_wish wish;
    bool closed; /* for good; a finalizer may still use it */

    /* lua_credentials': */
    size_t given_headers; /* how many the caller gave */
    bool key_renewed;     /* the key function was asked again, after a 401 */
    bool has_connection;  /* a connection's id is in the header fields */
    int64_t waits_until;  /* for another's choice, by the client's clock;
                             MEET_ALWAYS: it has not waited */

    /* lua_call's: */
    bool prefetched; /* sent in the background, and not yet waited for */

    /* lua_transport's: */
    enum meet_lua_performing performing;
    int64_t wakes_at;          /* by the client's clock */
    struct meet_lua_late late; /* that call in a task, or reserve's */

    /* lua_permit's: */
    bool asks;    /* the limiter's reserve runs */
    bool reports; /* one of its other functions does */

    /* lua_answer's: */
    struct meet_headers headers; /* of the answer, once parsed */

    /* lua_page's: */
    struct meet_lua_exchange **asked; /* where its list has it, or NULL */

    struct meet_lua_nested call;
    struct meet_lua_waiter waiter;
    struct meet_lua_latch over; /* for calls that wait for this one's end, or
                                   for its choice of a connection */
    struct meet_lua_owner owner;
};

/* The exchange's user values. lua_event expects the client to be the first. */
enum {
    MEET_LUA_EXCHANGE_CLIENT = 1,
    MEET_LUA_EXCHANGE_THREAD = 2, /* the one that runs it */
    MEET_LUA_EXCHANGE_PERMIT = 3, /* what a script's limiter gave */
    MEET_LUA_EXCHANGE_BODY = 4,   /* of a stream, as a transport gave it */
    MEET_LUA_EXCHANGE_TASK = 5,   /* that waits in a stream: its ring and its
                                     waiter lead there, whoever ends first */
    MEET_LUA_EXCHANGE_USER_VALUES = 5
};

/* Register the type. [-0, +0, m] */
void meet_lua_exchange_open(lua_State *L);

/*
 * Push an exchange for the client at 'client', with the client's limits. The
 * caller fills job.request before running it. [-0, +1, m]
 */
struct meet_lua_exchange *
meet_lua_exchange_push(lua_State *L, int client,
                       const struct meet_operation *operation,
                       enum meet_lua_shape shape);

/* The exchange at 'index'; raises on anything else. [-0, +0, v] */
struct meet_lua_exchange *meet_lua_exchange_get(lua_State *L, int index);

/* The exchange at 'index', not sent yet; raises on anything else. [-0, +0, v]
 */
struct meet_lua_exchange *meet_lua_exchange_check(lua_State *L, int index);

/* The thread runs the exchange at index 1; raises if its call is nested too
   deep in others. [-0, +0, v] */
void meet_lua_exchange_begin(lua_State *L, struct meet_lua_exchange *exchange);

/*
 * The call's time from 'now' on, by its client's clock: its own deadline, or
 * what the group of its task has left, where nobody can end the call when that
 * is over. [-0, +0, -]
 */
int64_t meet_lua_exchange_time(lua_State *L,
                               const struct meet_lua_exchange *exchange,
                               int64_t now);

/* The exchange's job is waited for by the running task, which yields next.
   [-0, +0, -] */
void meet_lua_exchange_wait(struct meet_lua_exchange *exchange);
