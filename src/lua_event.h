/*
 * lua_event.h - on_event: tells a listener what happens to a request.
 */
#pragma once

#include "lua_exchange.h"

/*
 * Hand the events since last time to the client's on_event, in the thread
 * that waits; the exchange is at index 1. [-0, +0, e]
 */
void meet_lua_event_tell(lua_State *L, struct meet_lua_exchange *exchange);
