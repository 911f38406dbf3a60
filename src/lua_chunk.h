/*
 * lua_chunk.h - what the owner of a stream gets: the head of the answer, chunks
 * of its body, or how much of it a file has.
 */
#pragma once

#include "lua_exchange.h"

/*
 * Push what the owner of the stream at index 1 waited for; return the number of
 * results. Drops everything above index 1 first. [-0, +n, m]
 */
int meet_lua_chunk_push(lua_State *L, struct meet_lua_exchange *exchange);
