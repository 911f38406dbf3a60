/*
 * lua_nesting.h - which calls the running code is nested in, so that none
 * waits for itself.
 *
 * Code is nested in a call when a callback of that call runs it: in the same
 * thread, in a coroutine, or in a task that it has started.
 */
#pragma once

#include "lua_scheduler.h"

/* A call under way. The owner keeps the thread alive. */
struct meet_lua_nested {
    struct meet_link link; /* in its task's calls, or in the runtime's */
    lua_State *thread;
    struct meet_lua_task *task; /* valid while it is linked; NULL: no task */
    struct meet_lua_nesting nesting; /* its own serial is the last one */
};

/* The running code begins a call; raises if it is nested too deep.
   [-0, +0, v] */
void meet_lua_nesting_enter(lua_State *L, struct meet_lua_runtime *runtime,
                            struct meet_lua_nested *call);

/* The calls that the running code is nested in. [-0, +0, -] */
struct meet_lua_nesting
meet_lua_nesting_get(const struct meet_lua_runtime *runtime);

/* True when the running code is nested in the call, under way. [-0, +0, -] */
bool meet_lua_nesting_is_inside(const struct meet_lua_runtime *runtime,
                                const struct meet_lua_nested *call);

/*
 * True when the call, in which the running code is not nested, goes on while
 * this thread waits: nobody may ever resume a coroutine. [-0, +0, -]
 */
bool meet_lua_nesting_goes_on(lua_State *L,
                              const struct meet_lua_runtime *runtime,
                              const struct meet_lua_nested *call);
