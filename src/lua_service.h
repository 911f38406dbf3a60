/*
 * lua_service.h - services: userdata whose methods come from the rows of the
 * operation table.
 */
#pragma once

#include <lua.h>

/* Register the service types and their methods. [-0, +0, m] */
void meet_lua_service_open(lua_State *L);

/* lua_CFunction: see lua_service.c. [-1, +1, v] */
int meet_lua_service_client(lua_State *L);
