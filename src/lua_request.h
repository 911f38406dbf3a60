/*
 * lua_request.h - client:request: anything under the base URL that the
 * operation table does not name.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: client:request, see lua_request.c. [-4, +2, e] */
int meet_lua_request(lua_State *L);
