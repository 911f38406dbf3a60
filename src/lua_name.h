/*
 * lua_name.h - the forms of resource names, for the prelude.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: see lua_name.c. [-2, +2, v] */
int meet_lua_name_resolve(lua_State *L);

/* lua_CFunction: see lua_name.c. [-1, +1, v] */
int meet_lua_name_is_meeting_code(lua_State *L);
