/* lua_resource.c - see lua_resource.h. */
#include "lua_resource.h"

#include "lua_client.h"
#include "lua_error.h"
#include "lua_runtime.h"

#include <lauxlib.h>

/* Key of the client in a metatable; the value is never used. */
static const char client_key = 0;

/* "googlemeet.space (spaces/abc)": a name of the server's, made plain. The type
   is upvalue 1. */
static int resource_tostring(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushliteral(L, "name");
    if (lua_rawget(L, 1) != LUA_TSTRING) {
        lua_pop(L, 1);
        lua_pushliteral(L, "connection_id");
        lua_rawget(L, 1);
    }
    lua_pushfstring(L, lua_type(L, 2) == LUA_TSTRING ? "%s (%s)" : "%s",
                    lua_tostring(L, lua_upvalueindex(1)), lua_tostring(L, 2));
    meet_lua_error_make_plain(L);
    return 1;
}

static void make(lua_State *L, int client, const char *type)
{
    lua_createtable(L, 0, 4);
    lua_pushfstring(L, "googlemeet.%s", type);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__name");
    lua_pushcclosure(L, resource_tostring, 1);
    lua_setfield(L, -2, "__tostring");
    meet_lua_runtime_table(L, "resources");
    luaL_getsubtable(L, -1, type); /* shared by every client */
    lua_setfield(L, -3, "__index");
    lua_pop(L, 1);
    lua_pushvalue(L, client);
    lua_rawsetp(L, -2, &client_key);
}

/* Cached by the address of the text: equal texts of operation.c are merged. */
void meet_lua_resource_metatable(lua_State *L, int client, const char *type)
{
    client = lua_absindex(L, client);
    lua_getiuservalue(L, client, MEET_LUA_CLIENT_VALUES);
    if (lua_rawgetp(L, -1, type) != LUA_TTABLE) {
        lua_pop(L, 1);
        make(L, client, type);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, -3, type);
    }
    lua_replace(L, -2);
}

/***
 * Return the client of a resource: core.client.of_resource.
 * @param resource table; raises on anything else
 */
int meet_lua_resource_client(lua_State *L)
{
    if (!lua_istable(L, 1) || !lua_getmetatable(L, 1) ||
        lua_rawgetp(L, -1, &client_key) != LUA_TUSERDATA)
        return meet_lua_error_raise(
            L, "call it with a colon on a resource that a client returned");
    return 1;
}
