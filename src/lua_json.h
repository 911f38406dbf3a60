/*
 * lua_json.h - JSON to Lua by a private lua-cjson instance, normalised: whole
 * numbers become integers, null is absent, non-finite numbers are errors.
 */
#pragma once

#include "buffer.h"

#include <lua.h>

/* Make the private instance; raises when cjson is missing. [-0, +0, e] */
void meet_lua_json_open(lua_State *L);

/*
 * Push the value of a JSON text. False with 'err' of kind decode and nothing
 * pushed when it is not JSON, or too deep. [-0, +(0|1), m]
 */
bool meet_lua_json_decode(lua_State *L, const char *bytes, size_t length,
                          struct meet_error *err);

/* lua_CFunction: see lua_json.c. [-1, +n, v] */
int meet_lua_json_text(lua_State *L);
