/*
 * lua_limiter.h - a limiter as a script has it: a table of four functions.
 */
#pragma once

#include "file_limiter.h"

#include <lua.h>

/* Register the type. [-0, +0, m] */
void meet_lua_limiter_open(lua_State *L);

/* Raise unless the value at 'index' is a limiter. [-0, +0, v] */
void meet_lua_limiter_check(lua_State *L, int index);

/* The limiter in C behind that table, whose functions a script has not
   replaced; NULL: it is a script's. [-0, +0, m] */
struct meet_file_limiter *meet_lua_limiter_in_c(lua_State *L, int index);

/* The number of that table, not 0. None has that of one that was collected, as
   addresses do: it would wait for the other's pause. [-0, +0, m] */
unsigned long long meet_lua_limiter_number(lua_State *L, int index);

/* lua_CFunctions: see lua_limiter.c. [-1, +1, v] [-0, +1, m] [-0, +1, -] */
int meet_lua_limiter_file(lua_State *L);
int meet_lua_limiter_id(lua_State *L);
int meet_lua_limiter_boot(lua_State *L);
