/*
 * lua_failure.h - the error table of a failed job, the server's body read.
 */
#pragma once

#include "job.h"

#include <lua.h>

/*
 * Push the error table of a job that is done without a good answer. The key is
 * redacted everywhere. 'has_connection': a connection's id was sent.
 * [-0, +1, m]
 */
void meet_lua_failure_push(lua_State *L, struct meet_job *job,
                           bool has_connection);
