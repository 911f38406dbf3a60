/*
 * lua_app.h - the apps behind the gateway for the prelude and for errors: the
 * options of their connections, and the hint about a missing one.
 */
#pragma once

#include "lua_client.h"

/* Push the hint for a call to the app without a usable connection. [-0, +1, m]
 */
void meet_lua_app_push_hint(lua_State *L, enum meet_app app);

/* lua_CFunction: see lua_app.c. [-0, +2, v] */
int meet_lua_app_find(lua_State *L);

/* lua_CFunction: see lua_app.c. [-0, +1, v] */
int meet_lua_app_given(lua_State *L);
