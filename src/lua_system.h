/*
 * lua_system.h - system calls that Lua's library lacks; a child process instead
 * would inherit the key.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: see lua_system.c. [-1, +1, v] */
int meet_lua_system_is_terminal(lua_State *L);

/* lua_CFunction: see lua_system.c. [-1, +n, v] */
int meet_lua_system_make_folder(lua_State *L);
