/*
 * lua_stream.h - core.stream: a body taken while it comes, for the prelude.
 */
#pragma once

#include <lua.h>

/* lua_CFunctions: see lua_stream.c. They may yield. [-1, +2, e] */
int meet_lua_stream_open(lua_State *L);
int meet_lua_stream_read(lua_State *L);
int meet_lua_stream_into(lua_State *L);
