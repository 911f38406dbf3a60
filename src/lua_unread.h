/*
 * lua_unread.h - reports a task that failed and whose result nobody has taken.
 *
 * It runs as a finalizer, so at any moment: it raises nothing, changes nothing,
 * and where memory runs out it says less.
 */
#pragma once

#include "lua_scheduler.h"

/* The metatable's name of a task that belongs to no group. */
#define MEET_LUA_TASK_TYPE "googlemeet.task"

/*
 * Its finalizer: if it failed and nobody has read how it ended, write one line
 * to standard error. A task that was cancelled, or that failed because of a
 * cancel, is not reported. [-0, +0, v]
 */
int meet_lua_unread_gc(lua_State *L);
