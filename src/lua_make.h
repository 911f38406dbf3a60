/*
 * lua_make.h - makes clients: from options and environment, or as a sibling.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: see lua_make.c. [-0, +(1|2), v] */
int meet_lua_make_client(lua_State *L);

/* lua_CFunction: see lua_make.c. [-0, +(1|2), v] */
int meet_lua_make_sibling(lua_State *L);
