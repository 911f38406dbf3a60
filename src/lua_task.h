/*
 * lua_task.h - tasks from Lua: how they start, wait and end.
 *
 * A call yields only if the scheduler resumed its thread and the thread may
 * yield; otherwise it blocks.
 */
#pragma once

#include "lua_scheduler.h"

/* Register the types. [-0, +0, m] */
void meet_lua_task_open(lua_State *L);

/* lua_CFunctions: see lua_task.c. [-n, +m, e] */
int meet_lua_task_await(lua_State *L);
int meet_lua_task_cancel(lua_State *L);
int meet_lua_task_done(lua_State *L);
int meet_lua_task_lock(lua_State *L);
int meet_lua_task_outcome(lua_State *L);
int meet_lua_task_ready(lua_State *L);
int meet_lua_task_release(lua_State *L);
int meet_lua_task_start(lua_State *L);
int meet_lua_task_turn(lua_State *L);
