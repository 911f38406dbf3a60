/*
 * lua_credentials.h - key and connection of an exchange: asks the client's
 * functions, if any, and sets its header fields. The exchange is at index 1.
 */
#pragma once

#include "lua_exchange.h"

/* True when no function has to be called. [-0, +0, -] */
bool meet_lua_credentials_are_known(const struct meet_lua_exchange *exchange);

/*
 * True when another call asks for the connection that this one needs, and will
 * go on: wait for its latch, then check again. A call that is part of a choice
 * itself never waits for one, so that two choices cannot wait for each other.
 * Raises when that call's own callback makes this one. [-0, +0, v]
 */
bool meet_lua_credentials_are_asked(lua_State *L,
                                    const struct meet_lua_exchange *exchange);

/* The latch of that other call. [-0, +0, -] */
struct meet_lua_latch *
meet_lua_credentials_latch(const struct meet_lua_exchange *exchange);

/*
 * Push the function that returns a connection's id, and its three arguments;
 * false and nothing if none has to be called. [-0, +(0|4), m]
 */
bool meet_lua_credentials_ask_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange);

/* The same for the key: a function without arguments. [-0, +(0|1), m] */
bool meet_lua_credentials_ask_key(lua_State *L,
                                  const struct meet_lua_exchange *exchange);

/*
 * Take the two results of such a function. Return 0, or 2 with nil and an error
 * on the stack for the caller to return. [-2, +(0|2), m]
 */
int meet_lua_credentials_take_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange);
int meet_lua_credentials_take_key(lua_State *L,
                                  struct meet_lua_exchange *exchange);

/*
 * Set the header fields of key and connection, replacing those of an earlier
 * key; set the job's pace. -1 with 'err' filled. [-0, +0, -]
 */
int meet_lua_credentials_append(struct meet_lua_exchange *exchange,
                                struct meet_error *err);
