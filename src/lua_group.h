/*
 * lua_group.h - groups of tasks: how they are made, run out of time and end.
 */
#pragma once

#include "lua_scheduler.h"

/* The metatable's name, for luaL_checkudata. */
#define MEET_LUA_GROUP_TYPE "googlemeet.group"

/* Register the type. [-0, +0, m] */
void meet_lua_group_open(lua_State *L);

/*
 * Push how the group at 1 has ended, and if a member failed, its error. Return
 * how many. [-0, +(1|2), m]
 */
int meet_lua_group_push_outcome(lua_State *L, struct meet_lua_group *group);

/* lua_CFunctions: see lua_group.c. [-n, +m, v] */
int meet_lua_group_expire(lua_State *L);
int meet_lua_group_new(lua_State *L);
