/*
 * lua_clock.h - a queue for clients with their own clock: times of different
 * clocks cannot be compared.
 */
#pragma once

#include "dispatch.h"

#include <lua.h>

/*
 * The dispatcher in the table at 'values', made if absent: a client made from
 * another one shares it. [-0, +0, m]
 */
struct meet_dispatch *meet_lua_clock_dispatch(lua_State *L, int values);

/* End the jobs of a client that is closed: those with its counters. */
void meet_lua_clock_cancel(struct meet_dispatch *dispatch,
                           const struct meet_stats *stats);

/* Cancel all jobs and free what it holds. May be repeated. [-0, +0, -] */
void meet_lua_clock_release(struct meet_dispatch *dispatch);

/* lua_CFunction: see lua_clock.c. [-0, +1, -] */
int meet_lua_clock_now(lua_State *L);
