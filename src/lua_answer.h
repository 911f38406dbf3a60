/*
 * lua_answer.h - what a finished exchange gives to its caller: values by the
 * shape asked for, or nil and an error table.
 */
#pragma once

#include "lua_exchange.h"

/*
 * Push the results of the exchange at index 1, whose job is done, and return
 * how many they are. Everything above index 1 is dropped first.
 */
int meet_lua_answer_give(lua_State *L, struct meet_lua_exchange *exchange);
