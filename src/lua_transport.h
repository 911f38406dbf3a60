/*
 * lua_transport.h - attempts performed by a Lua function instead of libcurl,
 * through the same dispatcher; time is the client's clock where it has one.
 */
#pragma once

#include "lua_exchange.h"

/* The time on the clock of the exchange's client, else the machine's; the
   exchange is at index 1. [-0, +0, e] */
int64_t meet_lua_transport_now(lua_State *L,
                               const struct meet_lua_exchange *exchange);

/* Queue the exchange's job with the client's dispatcher. [-0, +0, e] */
void meet_lua_transport_submit(lua_State *L,
                               struct meet_lua_exchange *exchange);

/*
 * Do one step: perform the attempt that is due, or wait for the next. False
 * when the job is done. If a callback yields, 'continuation' runs afterwards
 * and must call this again. The exchange is at index 1. [-0, +0, e]
 */
bool meet_lua_transport_step(lua_State *L, struct meet_lua_exchange *exchange,
                             lua_KFunction continuation);
