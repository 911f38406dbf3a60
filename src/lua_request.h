/*
 * lua_request.h - client:request: any request under the base URL, such as those
 * outside the operation table.
 */
#pragma once

#include <lua.h>

/* lua_CFunction: client:request, see lua_request.c. [-4, +2, e] */
int meet_lua_request(lua_State *L);

/* lua_CFunction: core.stream.prepare, see lua_request.c. [-3, +1, v] */
int meet_lua_request_stream(lua_State *L);
