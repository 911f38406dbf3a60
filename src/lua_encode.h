/*
 * lua_encode.h - Lua to JSON. Strings are cjson's; containers and numbers are
 * ours, exact (Debian's cjson 2.1.0 writes each empty table as {} and keeps
 * 14 digits).
 */
#pragma once

#include "buffer.h"

#include <lua.h>

/* Make the private cjson instance; raises when cjson is missing. [-0, +0, e] */
void meet_lua_encode_open(lua_State *L);

/*
 * Append the value at 'index' as JSON. -1 with kind config if JSON cannot hold
 * it; the message says why. [-0, +0, m]
 */
int meet_lua_encode(lua_State *L, int index, struct meet_buffer *json,
                    struct meet_error *err);

/* lua_CFunction: see lua_encode.c. [-1, +n, v] */
int meet_lua_encode_text(lua_State *L);
