/*
 * lua_part.h - a file that grows beside its place until it is whole, for the
 * prelude.
 */
#pragma once

#include <lua.h>

/* Register the type. [-0, +0, m] */
void meet_lua_part_open(lua_State *L);

/* The descriptor of the part at 'index', which keeps it; raises on anything
   else, and on a part that is closed. [-0, +0, v] */
int meet_lua_part_descriptor(lua_State *L, int index);

/* lua_CFunction: core.file.part, see lua_part.c. [-1, +3, v] */
int meet_lua_part(lua_State *L);
