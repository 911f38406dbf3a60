/*
 * lua_clock.h - a queue for clients with their own clock: times of different
 * clocks cannot be compared.
 */
#pragma once

#include "dispatch.h"

#include <lua.h>

/* Register the type. [-0, +0, m] */
void meet_lua_clock_open(lua_State *L);

/*
 * The dispatcher in the table at 'values', made if absent: a client made from
 * another one shares it. [-0, +0, m]
 */
struct meet_dispatch *meet_lua_clock_dispatch(lua_State *L, int values);

/* Cancel a job, and give back its place in a limiter. [-0, +0, -] */
void meet_lua_clock_cancel(struct meet_dispatch *dispatch,
                           struct meet_job *job);

/* Cancel all jobs and free what it holds. May be repeated. [-0, +0, -] */
void meet_lua_clock_release(struct meet_dispatch *dispatch);

/* lua_CFunction: see lua_clock.c. [-0, +1, -] */
int meet_lua_clock_now(lua_State *L);
