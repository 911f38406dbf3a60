/* lua_clock.c - see lua_clock.h. */
#include "lua_clock.h"

#include "clock.h"
#include "permit.h"

#include <lauxlib.h>

#define DISPATCH_TYPE "googlemeet.dispatch"

void meet_lua_clock_cancel(struct meet_dispatch *dispatch, struct meet_job *job)
{
    meet_permit_cancel(job);
    meet_dispatch_cancel(dispatch, job);
}

void meet_lua_clock_release(struct meet_dispatch *dispatch)
{
    struct meet_job *job;

    while ((job = MEET_LINK_FIRST(&dispatch->jobs, struct meet_job, link))) {
        meet_lua_clock_cancel(dispatch, job);
        meet_job_cancel(job, "its queue was collected");
    }
    meet_dispatch_deinit(dispatch); /* a client that outlives it is refused */
}

static int dispatch_gc(lua_State *L)
{
    meet_lua_clock_release(luaL_checkudata(L, 1, DISPATCH_TYPE));
    return 0;
}

void meet_lua_clock_open(lua_State *L)
{
    luaL_newmetatable(L, DISPATCH_TYPE);
    lua_pushcfunction(L, dispatch_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

static void push_dispatch(lua_State *L)
{
    meet_dispatch_init(lua_newuserdatauv(L, sizeof(struct meet_dispatch), 0));
    luaL_setmetatable(L, DISPATCH_TYPE);
}

struct meet_dispatch *meet_lua_clock_dispatch(lua_State *L, int values)
{
    struct meet_dispatch *dispatch;

    values = lua_absindex(L, values);
    if (lua_getfield(L, values, "dispatch") != LUA_TUSERDATA) {
        push_dispatch(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, values, "dispatch");
        lua_replace(L, -2);
    }
    dispatch = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return dispatch;
}

/***
 * The machine's monotonic clock: core.now.
 * @return number: seconds
 */
int meet_lua_clock_now(lua_State *L)
{
    lua_pushnumber(L, meet_ns_seconds(meet_clock_now()));
    return 1;
}
