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
