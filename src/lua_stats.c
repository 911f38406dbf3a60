/* lua_stats.c - see lua_stats.h. */
#include "lua_stats.h"

void meet_lua_stats_push(lua_State *L, const struct meet_stats *stats)
{
    const struct {
        const char *name;
        double value;
    } counters[] = {
        {"requests", (double)stats->requests},
        {"attempts", (double)stats->attempts},
        {"retries", (double)stats->retries},
        {"waits", (double)stats->waits},
        {"bytes_sent", stats->bytes_sent},
        {"bytes_received", stats->bytes_received},
        {"sockets_opened", (double)stats->sockets_opened},
        {"limiter_waits", (double)stats->limiter_waits},
    };

    lua_createtable(L, 0, 10);
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        lua_pushinteger(L, (lua_Integer)counters[i].value);
        lua_setfield(L, -2, counters[i].name);
    }
    lua_pushnumber(L, meet_ns_seconds(stats->waited));
    lua_setfield(L, -2, "seconds_waited");
    lua_pushnumber(L, meet_ns_seconds(stats->limiter_waited));
    lua_setfield(L, -2, "seconds_waited_for_limiter");
}
