/*
 * lua_error.h - the error table that scripts see, and raising on misuse.
 */
#pragma once

#include "job.h"

#include <lua.h>

/* Register the metatable. [-0, +0, m] */
void meet_lua_error_open(lua_State *L);

/*
 * Raise a message with the position of the script that made the call; the
 * prelude's own lines are passed over. Never returns. [-0, +0, v]
 */
int meet_lua_error_raise(lua_State *L, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Raise what 'err' says of an argument, as misuse; out of memory it is the
 * error table. Never returns. [-0, +0, v]
 */
void meet_lua_error_refuse(lua_State *L, const char *what,
                           const struct meet_error *err);

/*
 * pass_over(folder): lines of sources in it are the prelude's own. nil: none.
 */
int meet_lua_error_pass_over(lua_State *L);

/* Push the error table for 'err': kind, origin, message, hint. [-0, +1, m] */
void meet_lua_error_push(lua_State *L, const struct meet_error *err);

/* error(kind, message): an error of the prelude's own, origin client. */
int meet_lua_error_new(lua_State *L);

/* Push nil and the error table, return 2: "return meet_lua_error_fail(…)". */
int meet_lua_error_fail(lua_State *L, const struct meet_error *err);

/*
 * Push the error table of a job that is done without a good answer, the
 * server's body taken apart. 'key' is blanked out of all of it; 'named' tells
 * that a connection's id was sent. [-0, +1, m]
 */
void meet_lua_error_push_job(lua_State *L, struct meet_job *job,
                             const char *key, bool named);
