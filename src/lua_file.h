/*
 * lua_file.h - files that are whole or not there, and locks, for the prelude.
 */
#pragma once

#include <lua.h>

/* Register the metatable of what holds a descriptor. [-0, +0, m] */
void meet_lua_file_open(lua_State *L);

/* The path at index 1; one with a NUL byte, which would be another path,
   raises.
   [-0, +0, v] */
const char *meet_lua_file_check_path(lua_State *L);

/* Push nil, what failed, and the error's number; return 3. [-0, +3, m] */
int meet_lua_file_fail(lua_State *L, const char *path, int number);

/* lua_CFunctions: see lua_file.c. [-n, +n, v] */
int meet_lua_file_replace(lua_State *L);
int meet_lua_file_touch(lua_State *L);
int meet_lua_file_read(lua_State *L);
int meet_lua_file_list(lua_State *L);
int meet_lua_file_size(lua_State *L);
int meet_lua_file_lock(lua_State *L);
int meet_lua_file_checksum(lua_State *L);
int meet_lua_file_reason(lua_State *L);
