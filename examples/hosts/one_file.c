/*
 * one_file.c - Lua, lua-cjson and googlemeet in one program; no file on disk.
 *
 *   make static
 *   cc -Isrc -I/usr/include/lua5.4 examples/hosts/one_file.c -o one_file \
 *      build/libgooglemeet.a -l:liblua5.4-cjson.a -llua5.4 -lcurl -lm -lpthread
 */
#include "lua_preload.h"
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

int luaopen_cjson(lua_State *L);
static const char script[] =
    "package.path, package.cpath = '', ''\n"
    "local meet = require 'googlemeet'\n"
    "local fake = meet.testing.gateway {} -- leave it out, and give the key\n"
    "local client = assert(meet.new { api_key = 'test-key',\n"
    "  transport = fake.transport })\n"
    "print(meet.version, assert(client.spaces:create()).meetingUri)\n";

int main(void)
{
    lua_State *L = luaL_newstate();
    int status;

    if (!L)
        return 1;
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_cjson);
    lua_setfield(L, -2, "cjson");
    meet_preload(L);
    status = luaL_dostring(L, script);
    if (status)
        fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
    lua_close(L);
    return status;
}
