/*
 * lua_credentials.h - key and connection of an exchange: asked for where they
 * are functions, then put into its header fields. The exchange is at index 1.
 */
#pragma once

#include "lua_exchange.h"

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
 * Add the fields of key and connection to the request, those of an attempt
 * with another key taken off; set the job's pace. Fields that the exchange
 * still has of an earlier request are used again. -1 with 'err' filled.
 */
int meet_lua_credentials_append(struct meet_lua_exchange *exchange,
                                struct meet_error *err);
