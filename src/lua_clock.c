/* lua_clock.c - see lua_clock.h. */
#include "lua_clock.h"

#include "clock.h"
#include "lua_client.h"

#include <lauxlib.h>

#define DISPATCH_TYPE "googlemeet.dispatch"

static int dispatch_gc(lua_State *L)
{
    struct meet_dispatch *dispatch = luaL_checkudata(L, 1, DISPATCH_TYPE);

    while (dispatch->first)
        meet_dispatch_cancel(dispatch, dispatch->first);
    meet_dispatch_deinit(dispatch);
    return 0;
}

static void push_dispatch(lua_State *L)
{
    meet_dispatch_init(lua_newuserdatauv(L, sizeof(struct meet_dispatch), 0));
    if (luaL_newmetatable(L, DISPATCH_TYPE)) {
        lua_pushcfunction(L, dispatch_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
}

struct meet_dispatch *meet_lua_clock_dispatch(lua_State *L, int client)
{
    struct meet_dispatch *dispatch;

    lua_getiuservalue(L, client, 1);
    if (lua_getfield(L, -1, "dispatch") != LUA_TUSERDATA) {
        lua_pop(L, 1);
        push_dispatch(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, "dispatch");
    }
    dispatch = lua_touserdata(L, -1);
    lua_pop(L, 2);
    return dispatch;
}

int meet_lua_clock_now(lua_State *L)
{
    lua_pushnumber(L, meet_clock_now());
    return 1;
}

int meet_lua_clock_of(lua_State *L)
{
    meet_lua_client_check(L, 1);
    meet_lua_client_value(L, 1, "clock");
    return 1;
}
