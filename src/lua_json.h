/*
 * lua_json.h - JSON to Lua, exact: whole numbers are integers, or texts where
 * they do not fit; null is absent; strings are UTF-8. Whatever the locale.
 */
#pragma once

#include "error.h"

#include <lua.h>
#include <stddef.h>

/*
 * Push the value of a JSON text (RFC 8259). False with 'err' of kind decode and
 * nothing pushed when it is not JSON, too deep, or has a number that is not
 * finite. A string's unpaired surrogates, and its bytes that are no UTF-8, each
 * become U+FFFD. [-0, +(0|1), m]
 */
bool meet_lua_json_decode(lua_State *L, const char *bytes, size_t length,
                          struct meet_error *err);

/* lua_CFunction: see lua_json.c. [-1, +n, v] */
int meet_lua_json_text(lua_State *L);
