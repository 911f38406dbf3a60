/*
 * lua_request.h - client:request: anything under the base URL that the
 * operation table does not name.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: client:request(method, path, options). */
int meet_lua_request(lua_State *L);
