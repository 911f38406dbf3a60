/* lua_array.c - see lua_array.h. */
#include "lua_array.h"

#include <lauxlib.h>

#define ARRAY_TYPE "googlemeet.array"

/* Registry key of a table from marks to what they say; its value is unused. */
static const char marks_key = 0;

static void add(lua_State *L, enum meet_lua_array what)
{
    lua_pushinteger(L, what);
    lua_rawset(L, -3);
}

/* The original cjson has none of them. */
static void add_field(lua_State *L, const char *name, enum meet_lua_array what)
{
    if (lua_getfield(L, -2, name) == LUA_TNIL)
        lua_pop(L, 1);
    else
        add(L, what);
}

void meet_lua_array_open(lua_State *L)
{
    lua_newtable(L);
    luaL_newmetatable(L, ARRAY_TYPE);
    add(L, MEET_LUA_ARRAY);
    add_field(L, "array_mt", MEET_LUA_ARRAY);
    add_field(L, "empty_array", MEET_LUA_ARRAY);
    add_field(L, "empty_array_mt", MEET_LUA_ARRAY_IF_EMPTY);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &marks_key);
}

enum meet_lua_array meet_lua_array_take(lua_State *L)
{
    lua_Integer what;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &marks_key);
    lua_insert(L, -2);
    lua_rawget(L, -2);
    what = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return (enum meet_lua_array)what;
}

/***
 * Mark a table as a JSON array, so that an empty one is [] and not {}.
 * @param array table or nil: a new one
 * @return the table
 */
int meet_lua_array_mark(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, ARRAY_TYPE);
    return 1;
}
