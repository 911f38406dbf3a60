/* lua_permit.c - see lua_permit.h. */
#include "lua_permit.h"

#include "lua_error.h"
#include "permit.h"

#include <lauxlib.h>
#include <string.h>

/* Of reserve: an id; or nil, seconds; or nil, nil, error. */
enum { RESULTS = 3 };

/* The shortest and the longest wait that is believed. */
#define SHORTEST MEET_MILLISECONDS(1)
#define LONGEST  MEET_SECONDS(3600)

/* What a report may take once the deadline is over. */
#define SOON MEET_MILLISECONDS(250)

/* Push the limiter's function of that name. */
static void push_function(lua_State *L, const char *name)
{
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_client_value(L, lua_gettop(L), "limiter");
    lua_remove(L, -2);
    if (lua_getfield(L, -1, name) != LUA_TFUNCTION)
        meet_lua_error_raise(L, "the limiter no longer has the function '%s'",
                             name);
    lua_remove(L, -2);
}

/* { { name =, limit =, span = }, … } */
static void push_windows(lua_State *L, const struct meet_pace *pace)
{
    struct meet_limit limits[MEET_PERMIT_LIMITS];
    size_t count = meet_permit_limits(pace, limits);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_createtable(L, 0, 3);
        lua_pushstring(L, limits[i].name);
        lua_setfield(L, -2, "name");
        lua_pushinteger(L, limits[i].limit);
        lua_setfield(L, -2, "limit");
        lua_pushnumber(L, meet_ns_seconds(limits[i].span));
        lua_setfield(L, -2, "span");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* In a task the call ends with the deadline of the exchange. */
static void ask(lua_State *L, struct meet_lua_exchange *exchange, int64_t now,
                lua_KFunction continuation)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;
    struct meet_job *job = &exchange->job;

    push_function(L, "reserve");
    push_windows(L, &job->pace);
    if (job->state != MEET_JOB_ASKING)
        return; /* a finalizer closed the client */
    lua_pushnumber(L, meet_ns_seconds(meet_permit_begin(job)));
    exchange->asks = true;
    if (!meet_lua_scheduler_may_yield(L, runtime)) {
        lua_callk(L, 2, RESULTS, 0, continuation);
        return;
    }
    meet_lua_late_begin(L, runtime, &exchange->late,
                        meet_ns_between(now, job->deadline));
    lua_pcallk(L, 2, RESULTS, 0, 0, continuation);
}

/* Call the reporting function on the stack. In a task the call ends with the
   deadline of the exchange, or soon: its answer does not wait for ever. */
static void call_report(lua_State *L, struct meet_lua_exchange *exchange,
                        int arguments, int64_t now, lua_KFunction continuation)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;
    int64_t length = meet_ns_between(now, exchange->job.deadline);

    exchange->reports = true;
    if (!meet_lua_scheduler_may_yield(L, runtime)) {
        lua_callk(L, arguments, 0, 0, continuation);
        return;
    }
    meet_lua_late_begin(L, runtime, &exchange->late,
                        meet_ns_later(length, SOON));
    lua_pcallk(L, arguments, 0, 0, 0, continuation);
}

/* The report is over, or has raised. */
static void end_report(lua_State *L, struct meet_lua_exchange *exchange)
{
    bool late = meet_lua_late_raises(&exchange->late);

    exchange->reports = false;
    meet_lua_late_end(exchange->client->runtime, &exchange->late);
    if (lua_gettop(L) == 2 && !(late && meet_lua_late_is_raised(L)))
        lua_error(L);
}

/* Report what is due, once. */
static void report(lua_State *L, struct meet_lua_exchange *exchange,
                   int64_t now, lua_KFunction continuation)
{
    struct meet_job *job = &exchange->job;
    enum meet_permit_state state = job->permit.state;

    if (state == MEET_PERMIT_LEFT || state == MEET_PERMIT_UNUSED) {
        job->permit.state = MEET_PERMIT_NONE;
        push_function(L, state == MEET_PERMIT_LEFT ? "commit" : "release");
        lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_PERMIT);
        if (state == MEET_PERMIT_LEFT)
            lua_pushnumber(L, meet_ns_seconds(job->permit.delay));
        call_report(L, exchange, state == MEET_PERMIT_LEFT ? 2 : 1, now,
                    continuation);
        return;
    }
    push_function(L, "pause");
    lua_pushstring(L, meet_permit_paused(job));
    lua_pushnumber(L, meet_ns_seconds(job->pause));
    job->pause = 0;
    call_report(L, exchange, 2, now, continuation);
}

/* The error at 'index', a table or a text. */
static void read_error(lua_State *L, int index, struct meet_error *err)
{
    bool is_config = false;

    if (lua_istable(L, index)) {
        lua_getfield(L, index, "kind");
        lua_getfield(L, index, "message");
        lua_getfield(L, index, "hint");
        is_config = lua_type(L, -3) == LUA_TSTRING &&
                    strcmp(lua_tostring(L, -3), "config") == 0;
        index = lua_gettop(L) - 1;
    } else {
        lua_pushnil(L);
    }
    meet_error_set(err, is_config ? MEET_CONFIG : MEET_TRANSPORT,
                   "the limiter grants no place: %s",
                   lua_isstring(L, index) ? lua_tostring(L, index)
                                          : "it gives no reason");
    if (lua_type(L, -1) == LUA_TSTRING)
        meet_error_advise(err, "%s", lua_tostring(L, -1));
    else
        meet_error_advise(err, "find out why the limiter cannot be asked: "
                               "nothing is sent without its place");
}

/* Nothing is sent without a permit, and none is taken for one. */
static int raise_rubbish(lua_State *L)
{
    return meet_lua_error_raise(
        L,
        "limiter: reserve must return an id, nil and seconds, or nil, nil and "
        "an error; it returned %s, %s, %s",
        luaL_typename(L, 2), luaL_typename(L, 3), luaL_typename(L, 4));
}

/* A place: its id is at index 2. */
static void take_place(lua_State *L, struct meet_lua_exchange *exchange,
                       int64_t now)
{
    struct meet_lua_client *client = exchange->client;
    struct meet_job *job = &exchange->job;

    lua_settop(L, 2);
    lua_setiuservalue(L, 1, MEET_LUA_EXCHANGE_PERMIT);
    job->permit.state = MEET_PERMIT_HELD;
    if (job->state != MEET_JOB_ASKING ||
        !meet_dispatch_grant(client->dispatch, job, now))
        meet_permit_release(job);
    else if (!job->external)
        meet_engine_start(client->runtime->engine, job, now);
}

static void take_refusal(lua_State *L, struct meet_lua_exchange *exchange,
                         int64_t now)
{
    struct meet_dispatch *dispatch = exchange->client->dispatch;
    struct meet_job *job = &exchange->job;
    struct meet_error err;

    if (lua_type(L, 3) == LUA_TNUMBER) {
        int64_t wait = meet_ns_from_seconds(lua_tonumber(L, 3));

        wait = meet_ns_earlier(meet_ns_later(wait, SHORTEST), LONGEST);
        if (job->state == MEET_JOB_ASKING)
            meet_dispatch_deny(dispatch, job, wait, now);
        return;
    }
    if (lua_isnil(L, 4) || !lua_isnil(L, 3))
        raise_rubbish(L);
    read_error(L, 4, &err);
    if (job->state == MEET_JOB_ASKING)
        meet_dispatch_fault(dispatch, job, &err, now);
}

/* The deadline is over, by the client's own clock or the machine's. */
static void miss(struct meet_lua_exchange *exchange, int64_t now)
{
    struct meet_job *job = &exchange->job;

    if (job->state == MEET_JOB_ASKING)
        meet_dispatch_deny(
            exchange->client->dispatch, job,
            meet_ns_later(SHORTEST, meet_ns_between(now, job->deadline)), now);
}

/* Take what reserve returned, or raised: alone above the exchange. */
static void take(lua_State *L, struct meet_lua_exchange *exchange, int64_t now)
{
    bool late = meet_lua_late_raises(&exchange->late);

    exchange->asks = false;
    meet_lua_late_end(exchange->client->runtime, &exchange->late);
    if (lua_gettop(L) == 2) {
        if (!late || !meet_lua_late_is_raised(L))
            lua_error(L);
        miss(exchange, now);
    } else if (!lua_toboolean(L, 2)) {
        take_refusal(L, exchange, now);
    } else {
        take_place(L, exchange, now);
    }
    lua_settop(L, 1);
}

bool meet_lua_permit_is_due(const struct meet_lua_exchange *exchange)
{
    return exchange->asks || exchange->reports ||
           meet_permit_is_due(&exchange->job);
}

bool meet_lua_permit_step(lua_State *L, struct meet_lua_exchange *exchange,
                          int64_t now, lua_KFunction continuation)
{
    const struct meet_job *job = &exchange->job;

    if (exchange->asks)
        take(L, exchange, now);
    if (exchange->reports)
        end_report(L, exchange);
    if (exchange->closed || !meet_permit_is_due(job))
        return false;
    lua_settop(L, 1);
    if (meet_permit_has_report(job)) /* before the next place takes its id */
        report(L, exchange, now, continuation);
    else
        ask(L, exchange, now, continuation);
    return true;
}
