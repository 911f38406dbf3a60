/*
 * lua_credentials.h - key and connection of an exchange: asked for where they
 * are functions, then put into its header fields. The exchange is at index 1.
 */
#pragma once

#include "lua_exchange.h"

/* True where neither is to be asked for. [-0, +0, -] */
bool meet_lua_credentials_are_known(const struct meet_lua_client *client);

/*
 * Push the function that gives a connection's id and its two arguments; false
 * and nothing where none is to be asked for. [-0, +(0|3), m]
 */
bool meet_lua_credentials_ask_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange);

/* The same for the key: a function without arguments. [-0, +(0|1), m] */
bool meet_lua_credentials_ask_key(lua_State *L,
                                  const struct meet_lua_exchange *exchange);

/*
 * Take the two results of such a function. 0, or how many results of the
 * call are on the stack: nil and an error. [-2, +(0|2), m]
 */
int meet_lua_credentials_take_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange);
int meet_lua_credentials_take_key(lua_State *L,
                                  struct meet_lua_exchange *exchange);

/*
 * Add the header fields of key and connection to the request, in place of those
 * of a key before; set the job's pace. -1 with 'err' filled. [-0, +0, -]
 */
int meet_lua_credentials_append(struct meet_lua_exchange *exchange,
                                struct meet_error *err);
