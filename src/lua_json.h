/*
 * lua_json.h - JSON by a private lua-cjson instance.
 * Strings and decoding are cjson's. Ours: whole numbers become integers,
 * null is absent, non-finite numbers are refused, containers and integers
 * are written exactly (Debian's cjson 2.1.0 writes each empty table as {}
 * and keeps 14 digits).
 */
#pragma once

#include "buffer.h"

#include <lua.h>

/* Make the private instance; raises when cjson is missing. [-0, +0, e] */
void meet_lua_json_open(lua_State *L);

/*
 * Push the value of a JSON text. False with 'err' of kind decode and nothing
 * pushed when it is none, or too deep. [-0, +(0|1), m]
 */
bool meet_lua_json_decode(lua_State *L, const char *bytes, size_t length,
                          struct meet_error *err);

/*
 * Append the value at 'index' as JSON. -1 with kind config where it cannot
 * be said in JSON; the message names the place. [-0, +0, m]
 */
int meet_lua_json_encode(lua_State *L, int index, struct meet_buffer *json,
                         struct meet_error *err);

/* googlemeet.array(t): mark a table (or a new one) as a JSON array. */
int meet_lua_json_array(lua_State *L);
