/*
 * lua_lazily.c - a library of its own that opens another one, so that its
 * functions, and those of what it needs, are bound as they are called. Lua's
 * own loader binds all at once (RTLD_NOW).
 */
#include <dlfcn.h>
#include <lauxlib.h>

__attribute__((visibility("default"))) int
luaopen_googlemeet_lazily(lua_State *L);

/* (path): it stays open; should it not open, require "googlemeet.core" says. */
int luaopen_googlemeet_lazily(lua_State *L)
{
    (void)dlopen(luaL_checkstring(L, 1), RTLD_LAZY | RTLD_LOCAL);
    return 0;
}
