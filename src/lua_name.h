/*
 * lua_name.h - the forms of resource names, for the prelude.
 */
#pragma once

#include <lua.h>

/* name(pattern, text): full name and whether a code is in it; nil, message. */
int meet_lua_name(lua_State *L);

/* is_code(text): true for 3-4-3 letters. */
int meet_lua_name_is_code(lua_State *L);
