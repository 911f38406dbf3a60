/*
 * lua_array.h - which values are JSON arrays by a mark: the metatable of
 * meet.array, or a mark of OpenResty's cjson.
 */
#pragma once

#include <lua.h>

enum meet_lua_array {
    MEET_LUA_UNMARKED,
    MEET_LUA_ARRAY_IF_EMPTY,
    MEET_LUA_ARRAY
};

/* Learn the marks of the cjson instance on the top. [-0, +0, e] */
void meet_lua_array_open(lua_State *L);

/*
 * What the value on the top says: a metatable of the tables that have it, a
 * light userdata of itself, which is empty. [-1, +0, -]
 */
enum meet_lua_array meet_lua_array_take(lua_State *L);

/* lua_CFunction: see lua_array.c. [-1, +1, v] */
int meet_lua_array_mark(lua_State *L);
