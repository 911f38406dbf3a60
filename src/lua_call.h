/*
 * lua_call.h - runs an exchange from credentials to answer. The only way a
 * request travels.
 *
 * Waiting states are continuations, so callbacks and transports may yield.
 */
#pragma once

#include "lua_exchange.h"

/*
 * lua_CFunction: run the exchange at index 1; everything else is dropped.
 * Returns the results of its shape, or nil and an error table. May yield.
 * [-1, +n, e]
 */
int meet_lua_call_run(lua_State *L);

/*
 * Run the stream at index 1 until its owner can go on, as it wishes; everything
 * else is dropped. Returns what lua_chunk pushes. May yield. [-1, +n, e]
 */
int meet_lua_call_go_on(lua_State *L, enum meet_lua_wish wish);

/* lua_CFunction: see lua_call.c. [-2, +n, e] */
int meet_lua_call_send(lua_State *L);

/*
 * Send the request in the background if the client may prefetch; its timeout
 * and deadline begin when the exchange is run. [-0, +0, -]
 */
void meet_lua_call_prefetch(struct meet_lua_exchange *exchange);
