/*
 * lua_settings.h - the options of a client, and its environment, as settings.
 */
#pragma once

#include "client.h"

#include <lua.h>

/* Put MATON_API_KEY, MATON_API_URL and GOOGLEMEET_TRACE, where set, there. */
void meet_lua_settings_environment(struct meet_settings *settings);

/*
 * Read the table at 'options' (or nil), raw, for 'what' ("new") over what
 * 'settings' holds. Strings are borrowed from the table. Raises on anything
 * unknown or malformed; functions are checked, and left for the caller to take.
 * [-0, +0, v]
 */
void meet_lua_settings_read(lua_State *L, int options, const char *what,
                            struct meet_settings *settings);

/*
 * core.settings_of(client): its base URL, and the id of its connection, nil
 * where none is sent or none is found out yet. Raises when it is closed.
 */
int meet_lua_settings_of(lua_State *L);
