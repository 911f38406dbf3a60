/*
 * lua_clock.h - a queue of its own for clients that bring a clock: times of
 * different clocks cannot be compared.
 */
#pragma once

#include "dispatch.h"

#include <lua.h>

/*
 * The dispatcher of the client at 'client', made unless it took one over from
 * the client it was made from; kept with its values. [-0, +0, m]
 */
struct meet_dispatch *meet_lua_clock_dispatch(lua_State *L, int client);

/* core.now(): seconds on the machine's monotonic clock. */
int meet_lua_clock_now(lua_State *L);

/* core.clock_of(client): the clock it brought, or nil; raises when closed. */
int meet_lua_clock_of(lua_State *L);
