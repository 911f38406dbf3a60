/*
 * lua_service.h - services: userdata whose methods are made from the rows of
 * the operation table.
 */
#pragma once

#include "lua_exchange.h"

/* Register the service types and their methods. [-0, +0, m] */
void meet_lua_service_open(lua_State *L);

/* Push the client's service of that name; false, nothing pushed: none. */
bool meet_lua_service_push(lua_State *L, int client, const char *name);

/* client_of_service(service): the client it was taken from. */
int meet_lua_service_client(lua_State *L);
