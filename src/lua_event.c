/* lua_event.c - see lua_event.h. An event never contains a secret. */
#include "lua_event.h"

#include "lua_failure.h"

static void push_event(lua_State *L, const struct meet_lua_client *client,
                       const struct meet_request *request,
                       struct meet_event event)
{
    static const char *const names[] = {"attempt", "response", "retry", "wait"};

    lua_createtable(L, 0, 8);
    lua_pushstring(L, names[event.kind]);
    lua_setfield(L, -2, "type");
    lua_pushstring(L, request->verb);
    lua_setfield(L, -2, "method");
    meet_lua_failure_push_path(L, client, request);
    lua_setfield(L, -2, "path");
    lua_pushinteger(L, event.attempt);
    lua_setfield(L, -2, "attempt");
    lua_pushnumber(L, meet_ns_seconds(event.length));
    lua_setfield(L, -2, "seconds");
    if (event.status > 0) {
        lua_pushinteger(L, event.status);
        lua_setfield(L, -2, "status");
    }
    if (event.limiter) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "limiter");
    }
    if (event.error != MEET_OK) {
        lua_pushstring(L, meet_error_kind_name(event.error));
        lua_setfield(L, -2, "kind");
    }
}

void meet_lua_event_report(lua_State *L, int owner, struct meet_job *job)
{
    for (unsigned i = 0; i < job->event_count; i++) {
        const struct meet_lua_client *client;

        lua_getiuservalue(L, owner, 1);
        client = lua_touserdata(L, -1);
        meet_lua_client_value(L, lua_gettop(L), "on_event");
        push_event(L, client, &job->request, job->events[i]);
        lua_call(L, 1, 0);
        lua_pop(L, 1);
    }
    job->event_count = 0;
}
