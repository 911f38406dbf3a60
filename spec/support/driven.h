/*
 * driven.h - what a program that drives a script asks of Lua, and 5.5 takes in
 * another way than 5.4.
 */
#pragma once

#include <lua.h>

/* A state whose memory comes from 'allocate'; NULL where there is none. */
static inline lua_State *driven_state(lua_Alloc allocate)
{
#if LUA_VERSION_NUM >= 505
    return lua_newstate(allocate, NULL, 0);
#else
    return lua_newstate(allocate, NULL);
#endif
}

/* Have each step of the collector be a whole cycle. */
static inline void driven_whole_cycles(lua_State *L)
{
#if LUA_VERSION_NUM >= 505
    lua_gc(L, LUA_GCINC);
    lua_gc(L, LUA_GCPARAM, LUA_GCPPAUSE, 1);
    lua_gc(L, LUA_GCPARAM, LUA_GCPSTEPMUL, 0);
#else
    lua_gc(L, LUA_GCINC, 1, 0, 63);
#endif
}
