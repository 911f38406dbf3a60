/* lua_stats.h - the counters of a client as a table. */
#pragma once

#include "job.h"

#include <lua.h>

/* Push them. [-0, +1, m] */
void meet_lua_stats_push(lua_State *L, const struct meet_stats *stats);
