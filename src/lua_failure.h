/*
 * lua_failure.h - the error table of a failed job, the server's body read.
 */
#pragma once

#include "lua_client.h"

/*
 * Push the error table of a client's job that is done without a good answer.
 * What is secret is redacted everywhere. 'has_connection': a connection's id
 * was sent. [-0, +1, m]
 */
void meet_lua_failure_push(lua_State *L, const struct meet_lua_client *client,
                           struct meet_job *job, bool has_connection);

/* Push the request's path without its query, redacted. [-0, +1, m] */
void meet_lua_failure_push_path(lua_State *L,
                                const struct meet_lua_client *client,
                                const struct meet_request *request);

/* lua_CFunction: see lua_failure.c. [-0, +1, v] */
int meet_lua_failure_shown(lua_State *L);
