/*
 * lua_client.h - the client userdata: settings, and the Lua values it holds.
 */
#pragma once

#include "client.h"
#include "file_limiter.h"
#include "lua_runtime.h"

struct meet_lua_exchange; /* lua_exchange's */

/* The metatable's name, for luaL_checkudata: it accepts closed clients. */
#define MEET_LUA_CLIENT_TYPE "googlemeet.client"

/* Which connection of an app calls are sent with. */
struct meet_lua_choice {
    bool pending; /* it is a function or "only", not resolved yet */
    struct meet_lua_exchange *chooser; /* that calls the function, or NULL */
};

struct meet_lua_client {
    struct meet_client client;
    struct meet_dispatch *dispatch; /* the engine's, or the clock's own */
    struct meet_lua_runtime *runtime;
    struct meet_link jobs; /* of all its exchanges, also those that are done */
    bool open;
    bool has_key_function; /* api_key is a function */
    bool has_listener;     /* on_event is set */
    bool has_transport;    /* transport is set */
    bool has_clock;
    unsigned long long limiter_id;     /* 0: none is shared with others */
    struct meet_file_limiter *limiter; /* NULL: none, or it is a script's */
    struct meet_lua_choice choices[MEET_APPS];
    int64_t slept_until; /* on that clock: the end of the last sleep */
    struct meet_lua_owner owner;
};

/* The client's user values. */
enum {
    MEET_LUA_CLIENT_VALUES = 1, /* table: options that are Lua values,
                                   services, metatables of resources */
    MEET_LUA_CLIENT_USER_VALUES = 1
};

/* True if a script's limiter is asked in the calls of the client. */
static inline bool meet_lua_client_asks(const struct meet_lua_client *client)
{
    return client->limiter_id && !client->limiter;
}

/* Register the type. [-0, +0, m] */
void meet_lua_client_open(lua_State *L);

/* Push a closed client with an empty table of values. [-0, +1, m] */
struct meet_lua_client *meet_lua_client_push_closed(lua_State *L);

/* The open client at 'index'; raises on anything else. [-0, +0, v] */
struct meet_lua_client *meet_lua_client_check(lua_State *L, int index);

/* The same for a value known to be a client: a user value. [-0, +0, v] */
struct meet_lua_client *meet_lua_client_get(lua_State *L, int index);

/*
 * True for an open client whose requests need no callback, so that one can be
 * sent in the background. [-0, +0, -]
 */
bool meet_lua_client_may_prefetch(const struct meet_lua_client *client);

/* Push the client's value of that name, or nil: "api_key". [-0, +1, m] */
int meet_lua_client_value(lua_State *L, int client, const char *name);

/* lua_CFunction: see lua_client.c. [-0, +2, v] */
int meet_lua_client_settings(lua_State *L);

/* lua_CFunction: see lua_client.c. [-0, +1, v] */
int meet_lua_client_clock(lua_State *L);
