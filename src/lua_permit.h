/*
 * lua_permit.h - asks a script's limiter for the place of an exchange, and
 * reports to it what became of that: see permit.h.
 */
#pragma once

#include "lua_exchange.h"

/* True while the step below has something to do. */
bool meet_lua_permit_is_due(const struct meet_lua_exchange *exchange);

/*
 * Take what the last call of the limiter gave, whose results are above the
 * exchange at index 1, then make the next one that is due. False: none was. A
 * call may yield; it then goes on in 'continuation'. [-?, +?, e]
 */
bool meet_lua_permit_step(lua_State *L, struct meet_lua_exchange *exchange,
                          int64_t now, lua_KFunction continuation);
