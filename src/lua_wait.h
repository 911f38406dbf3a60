/*
 * lua_wait.h - bounded waits that run debug hooks, so that Ctrl-C ends any of
 * them at once.
 */
#pragma once

#include "lua_runtime.h"

/*
 * Drive the engine once for up to 'length', then run hooks; raises when the
 * state is closing. [-0, +0, e]
 */
void meet_lua_wait_slice(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length);
