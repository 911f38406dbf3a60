/*
 * lua_system.h - what Lua's own library cannot ask of the system without a
 * child, which would inherit the key.
 */
#pragma once

#include <lua.h>

/* core.is_terminal(file): whether an open file is one. */
int meet_lua_system_is_terminal(lua_State *L);

/*
 * core.make_folder(path): true where it is made or something is there, else nil
 * and a message. Its parent has to be there.
 */
int meet_lua_system_make_folder(lua_State *L);
