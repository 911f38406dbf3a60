/*
 * lua_wait.h - bounded waits, in which tasks and hooks run: Ctrl-C ends any of
 * them at once, and so does a late call of a transport.
 */
#pragma once

#include "lua_runtime.h"

/*
 * Drive the engine once for up to 'length', wake what is due, then run hooks;
 * raises when the state is closing. [-0, +0, e]
 */
void meet_lua_wait_slice(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length);
