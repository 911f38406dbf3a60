/*
 * lua_settings.h - the options of a client, and its environment, as settings.
 */
#pragma once

#include "client.h"

#include <lua.h>

/*
 * Read the table at 'options' (or nil), raw, into 'settings'; 'what' ("new") is
 * for messages. The table is one of meet_lua_options_copy; a copy takes the
 * place of the table 'connections' in it, and strings are borrowed from both.
 * Raises on an unknown or malformed option; checks functions but leaves them to
 * the caller. [-0, +0, v]
 */
void meet_lua_settings_read(lua_State *L, int options, const char *what,
                            struct meet_settings *settings);

/*
 * Where 'values' has no 'connection': put MATON_CONNECTION there and, borrowed
 * from there, into the settings. -1 with kind config when it is malformed; the
 * message names the variable. [-0, +0, m]
 */
int meet_lua_settings_connection(lua_State *L, int values,
                                 struct meet_settings *settings,
                                 struct meet_error *err);

/*
 * Read the rest of the environment: MATON_API_KEY and MATON_API_URL where no
 * option is set, GOOGLEMEET_TRACE, and the proxy for https as libcurl reads it.
 * Strings are borrowed: a finalizer may change the environment, and so free
 * them. -1 with kind config when a variable is malformed; the message names it.
 */
int meet_lua_settings_environment(struct meet_settings *settings,
                                  bool wants_key, struct meet_error *err);
