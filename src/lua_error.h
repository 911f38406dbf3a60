/*
 * lua_error.h - the error table that scripts see, and raising on misuse.
 */
#pragma once

#include "error.h"

#include <lua.h>

#define MEET_LUA_ERROR_TYPE "googlemeet.error"

/* Register the metatable. [-0, +0, m] */
void meet_lua_error_open(lua_State *L);

/*
 * Raise a message with the position of the script that made the call; the
 * prelude's own lines are skipped. Never returns. [-0, +0, v]
 */
int meet_lua_error_raise(lua_State *L, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Raise an argument's error as misuse of 'what'; kind memory is raised as the
 * error table. Never returns. [-0, +0, v]
 */
int meet_lua_error_raise_misuse(lua_State *L, const char *what,
                                const struct meet_error *err);

/* Push the error table for 'err': kind, origin, message, hint. [-0, +1, m] */
void meet_lua_error_push(lua_State *L, const struct meet_error *err);

/* Set a field of the error table on top; NULL sets none. [-0, +0, m] */
void meet_lua_error_set(lua_State *L, const char *field, const char *value);

/* Push nil and the error table; return 2, for "return". [-0, +2, m] */
int meet_lua_error_fail(lua_State *L, const struct meet_error *err);

/* Replace the string on top by one plain line of it: see plain.h. [-1, +1, m]
 */
void meet_lua_error_make_plain(lua_State *L);

/* lua_CFunction: see lua_error.c. [-0, +1, v] */
int meet_lua_error_plain(lua_State *L);

/* lua_CFunction: see lua_error.c. [-(0|1), +0, m] */
int meet_lua_error_skip_source(lua_State *L);

/* lua_CFunction: see lua_error.c. [-0, +0, v] */
int meet_lua_error_misuse(lua_State *L);

/* lua_CFunction: see lua_error.c. [-0, +1, v] */
int meet_lua_error_new(lua_State *L);
