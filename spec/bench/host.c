/*
 * host.c - runs a Lua script that can ask what the process has cost.
 *
 *   host SCRIPT [ARGUMENT ...]
 *
 * A stand-in for lua5.4 with two functions more: usage() gives the seconds of
 * CPU and of wall time so far, taken as bare.c takes them; resident() gives
 * the bytes of the process that are in memory.
 */
#include "usage.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>

static int usage(lua_State *L)
{
    struct usage now = usage_now();

    lua_pushnumber(L, now.cpu);
    lua_pushnumber(L, now.wall);
    return 2;
}

static int resident(lua_State *L)
{
    lua_pushinteger(L, usage_resident());
    return 1;
}

int main(int argc, char **argv)
{
    lua_State *L = luaL_newstate();
    int status = EXIT_SUCCESS;

    if (!L || argc < 2)
        return EXIT_FAILURE;
    luaL_openlibs(L);
    lua_pushcfunction(L, usage);
    lua_setglobal(L, "usage");
    lua_pushcfunction(L, resident);
    lua_setglobal(L, "resident");
    luaL_checkstack(L, argc, "too many arguments");
    if (luaL_loadfile(L, argv[1]) == LUA_OK)
        for (int i = 2; i < argc; i++)
            lua_pushstring(L, argv[i]);
    if (lua_gettop(L) != argc - 1 || lua_pcall(L, argc - 2, 0, 0) != LUA_OK) {
        fprintf(stderr, "host: %s\n", luaL_tolstring(L, -1, NULL));
        status = EXIT_FAILURE;
    }
    lua_close(L);
    return status;
}
