/*
 * lua_client.h - the client userdata: settings, and the Lua values it holds:
 * user value 1 is a table of them, 2 an exchange to be used again, or nil.
 */
#pragma once

#include "client.h"
#include "lua_runtime.h"

struct meet_lua_client {
    struct meet_client client;
    struct meet_dispatch *dispatch; /* the engine's, or the clock's own */
    struct meet_lua_runtime *runtime;
    bool open;
    bool asks_key;        /* api_key is a function */
    bool asks_connection; /* connection is a function or "only", unresolved */
    bool asking;          /* the connection function runs */
    bool listens;         /* on_event is there */
    bool transports;      /* transport is there */
    bool has_clock;
    double slept_until; /* on that clock: a sleep that returned has passed */
};

/* Register the type; push the function that makes clients. [-0, +1, m] */
void meet_lua_client_open(lua_State *L);

/* The open client at 'index'; raises when it is none or closed. */
struct meet_lua_client *meet_lua_client_check(lua_State *L, int index);

/*
 * True for an open client whose requests need no callback, so that one can be
 * sent while nobody waits. [-0, +0, -]
 */
bool meet_lua_client_may_send_ahead(lua_State *L, int index);

/* The same where it is known to be a client: the user value of our own. */
struct meet_lua_client *meet_lua_client_get(lua_State *L, int index);

/* Push the client's value of that name, or nil: "api_key". [-0, +1, -] */
int meet_lua_client_value(lua_State *L, int client, const char *name);
