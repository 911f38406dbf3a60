/* lua_task.c - see lua_task.h. */
#include "lua_task.h"

#include "lua_wait.h"

#include <lauxlib.h>

/* "waiting": exchange as light userdata -> thread, and thread -> true. */
static void push_waiting(lua_State *L)
{
    meet_lua_runtime_table(L, "waiting");
}

bool meet_lua_task_may_yield(lua_State *L)
{
    return meet_lua_runtime_get(L)->task == L && lua_isyieldable(L);
}

void meet_lua_task_wait(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    if (exchange->waiting) /* a script resumed the thread itself */
        return;
    push_waiting(L);
    lua_pushthread(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, exchange);
    lua_pushboolean(L, true);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    exchange->waiting = true;
    exchange->previous_waiting = NULL;
    exchange->next_waiting = runtime->waiting;
    if (runtime->waiting)
        runtime->waiting->previous_waiting = exchange;
    runtime->waiting = exchange;
}

static void unlink_waiting(struct meet_lua_exchange *exchange)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    if (exchange->previous_waiting)
        exchange->previous_waiting->next_waiting = exchange->next_waiting;
    else
        runtime->waiting = exchange->next_waiting;
    if (exchange->next_waiting)
        exchange->next_waiting->previous_waiting = exchange->previous_waiting;
    exchange->waiting = false;
}

void meet_lua_task_forget(lua_State *L, struct meet_lua_exchange *exchange)
{
    if (!exchange->waiting)
        return;
    unlink_waiting(exchange);
    push_waiting(L);
    if (lua_rawgetp(L, -1, exchange) == LUA_TTHREAD) {
        lua_pushnil(L);
        lua_rawset(L, -3);
    } else {
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    lua_rawsetp(L, -2, exchange);
    lua_pop(L, 1);
}

int meet_lua_task_enter(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    lua_State *before = runtime->task;

    runtime->task = lua_tothread(L, 1);
    if (!before)
        return 0;
    lua_pushlightuserdata(L, before);
    return 1;
}

int meet_lua_task_waits(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTHREAD);
    push_waiting(L);
    lua_pushvalue(L, 1);
    lua_rawget(L, -2);
    return 1;
}

/* What its thread can go on with: outcome, events, an attempt to perform. */
static bool is_ready(const struct meet_lua_exchange *exchange)
{
    const struct meet_job *job = &exchange->job;

    return job->state == MEET_JOB_DONE || job->event_count > 0 ||
           (job->external && job->state == MEET_JOB_STARTED);
}

/* True when there is nothing to wait for: one was cancelled, say. */
static bool has_ready(const struct meet_lua_runtime *runtime)
{
    const struct meet_lua_exchange *exchange = runtime->waiting;

    while (exchange && !is_ready(exchange))
        exchange = exchange->next_waiting;
    return exchange != NULL;
}

int meet_lua_task_step(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_exchange *exchange, *next;
    lua_Number seconds = luaL_checknumber(L, 1);
    lua_Integer count, waiting = 0;

    luaL_checktype(L, 2, LUA_TTABLE);
    count = (lua_Integer)lua_rawlen(L, 2);
    meet_lua_wait_slice(L, runtime, has_ready(runtime) ? 0 : seconds);
    push_waiting(L);
    for (exchange = runtime->waiting; exchange; exchange = next) {
        next = exchange->next_waiting;
        if (!is_ready(exchange)) {
            waiting++;
            continue;
        }
        lua_rawgetp(L, -1, exchange);
        lua_rawseti(L, 2, ++count);
        meet_lua_task_forget(L, exchange);
    }
    lua_pushinteger(L, waiting);
    return 1;
}

int meet_lua_task_poll_set(lua_State *L)
{
    const struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_engine_socket sockets[MEET_ENGINE_SOCKETS];
    double seconds;
    size_t count = meet_engine_poll_set(runtime->engine, sockets, &seconds);
    const struct meet_lua_exchange *exchange = runtime->waiting;

    for (; exchange; exchange = exchange->next_waiting)
        if (is_ready(exchange)) /* a call that blocked drove the engine */
            seconds = 0;
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_createtable(L, 0, 3);
        lua_pushinteger(L, sockets[i].fd);
        lua_setfield(L, -2, "fd");
        lua_pushboolean(L, sockets[i].read);
        lua_setfield(L, -2, "read");
        lua_pushboolean(L, sockets[i].write);
        lua_setfield(L, -2, "write");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushnumber(L, seconds);
    return 2;
}
