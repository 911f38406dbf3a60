/*
 * closing_host.c - a Lua module: run(script, file) runs a script in a new
 * state, closes that, and says whether a shared object is loaded then.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <dlfcn.h>

static int run(lua_State *L)
{
    const char *script = luaL_checkstring(L, 1);
    const char *file = luaL_checkstring(L, 2);
    lua_State *own = luaL_newstate();

    if (!own)
        return luaL_error(L, "no memory for a state");
    luaL_openlibs(own);
    if (luaL_dostring(own, script)) {
        lua_pushstring(L, lua_tostring(own, -1));
        lua_close(own);
        return lua_error(L);
    }
    lua_close(own);
    lua_pushboolean(L, dlopen(file, RTLD_LAZY | RTLD_NOLOAD) != NULL);
    return 1;
}

int luaopen_closing_host(lua_State *L);

int luaopen_closing_host(lua_State *L)
{
    lua_pushcfunction(L, run);
    return 1;
}
