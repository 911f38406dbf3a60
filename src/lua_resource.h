/*
 * lua_resource.h - resources: plain tables whose metatable holds methods. One
 * metatable per type and client; a type's clients share one methods table.
 */
#pragma once

#include <lua.h>

/*
 * Push the metatable of the resources of 'type' of the client at 'client'; it
 * keeps the client alive. [-0, +1, m]
 */
void meet_lua_resource_metatable(lua_State *L, int client, const char *type);

/* lua_CFunction: see lua_resource.c. [-1, +1, v] */
int meet_lua_resource_client(lua_State *L);
