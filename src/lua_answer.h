/*
 * lua_answer.h - what a finished exchange returns: values by the shape asked
 * for, or nil and an error table.
 */
#pragma once

#include "lua_exchange.h"

/*
 * Push the results of the exchange at index 1, whose job is done; return their
 * number. Drops everything above index 1 first. [-0, +n, m]
 */
int meet_lua_answer_push(lua_State *L, struct meet_lua_exchange *exchange);

/* Read the head of an answer, once it has come; -1: no memory. [-0, +0, -] */
int meet_lua_answer_parse(struct meet_lua_exchange *exchange,
                          struct meet_error *err);

/* Push { status =, headers = { [name in lower case] = value } }. [-0, +1, m] */
void meet_lua_answer_push_head(lua_State *L,
                               struct meet_lua_exchange *exchange);
