/*
 * lua_reply.h - what an injected transport returns, as the outcome of its
 * attempt.
 */
#pragma once

#include "lua_exchange.h"

/* Results of a transport: a table, or nil, a message, "sent" and a kind; and of
   the function that gives its body: a chunk, or nil and a message. */
enum { MEET_LUA_REPLY_RESULTS = 4, MEET_LUA_REPLY_CHUNK = 2 };

/*
 * True if the table at index 2 has a function that gives the body, for us to
 * call: that of a stream is for its owner. What is above it is dropped then.
 * [-n, +0, e]
 */
bool meet_lua_reply_is_read(lua_State *L, struct meet_lua_exchange *exchange);

/* Push that function. [-0, +1, e] */
void meet_lua_reply_push_reader(lua_State *L);

/* Take what it has returned, from index 3 on. True: there is more to read, and
   that is dropped. [-n, +0, -] */
bool meet_lua_reply_take_chunk(lua_State *L,
                               struct meet_lua_exchange *exchange);

/*
 * The results, from index 2 on, are the attempt's outcome; behind them may be
 * the last ones of the function that gave the body. An answer that is late by
 * the client's clock is none, as with libcurl. [-0, +n, v]
 */
void meet_lua_reply_take(lua_State *L, struct meet_lua_exchange *exchange,
                         bool was_read, bool late,
                         struct meet_outcome *outcome);

/* The attempt's time is over. */
void meet_lua_reply_time_out(struct meet_outcome *outcome);
