/* lua_task.c - see lua_task.h. */
#include "lua_task.h"

#include "lua_wait.h"

#include <lauxlib.h>

bool meet_lua_task_may_yield(lua_State *L,
                             const struct meet_lua_runtime *runtime)
{
    return runtime->task == L && lua_isyieldable(L);
}

void meet_lua_task_wait(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    runtime->waits = L;
    if (exchange->waiting) /* a script resumed the thread itself */
        return;
    lua_pushthread(L);
    lua_setiuservalue(L, 1, 2);
    exchange->thread = L;
    exchange->waiting = true;
    exchange->previous_waiting = NULL;
    exchange->next_waiting = runtime->waiting;
    if (runtime->waiting)
        runtime->waiting->previous_waiting = exchange;
    runtime->waiting = exchange;
}

void meet_lua_task_forget(struct meet_lua_exchange *exchange)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    if (!exchange->waiting)
        return;
    if (exchange->previous_waiting)
        exchange->previous_waiting->next_waiting = exchange->next_waiting;
    else
        runtime->waiting = exchange->next_waiting;
    if (exchange->next_waiting)
        exchange->next_waiting->previous_waiting = exchange->previous_waiting;
    exchange->waiting = false;
}

void meet_lua_task_give_up(const struct meet_lua_exchange *exchange)
{
    const struct meet_job *job = &exchange->job;
    bool performed = job->external && job->state == MEET_JOB_STARTED;

    if ((job->sent || performed) && !meet_request_is_read(&job->request))
        exchange->client->runtime->writes_given_up++;
}

int meet_lua_task_writes_given_up(lua_State *L)
{
    lua_pushinteger(L, meet_lua_runtime_get(L)->writes_given_up);
    return 1;
}

/*
 * The thread has given way or ended: push how, "failed", "ended", "waits" for
 * an exchange or "yielded", below what it gave. [-0, +1, -]
 */
static void push_turn(lua_State *L, int status, bool waits)
{
    if (status == LUA_YIELD)
        lua_pushstring(L, waits ? "waits" : "yielded");
    else
        lua_pushstring(L, status == LUA_OK ? "ended" : "failed");
}

int meet_lua_task_resume(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    lua_State *before = runtime->task, *thread = lua_tothread(L, 1);
    int count = lua_gettop(L) - 1, status;

    if (!thread)
        return luaL_typeerror(L, 1, "thread");
    /* Unreached: there is room for nearly a million. */
    if (!lua_checkstack(thread, count))
        return luaL_error(L, "too many arguments to a task");
    lua_xmove(L, thread, count);
    runtime->task = thread;
    runtime->waits = NULL;
    status = lua_resume(thread, L, count, &count);
    runtime->task = before;
    if (!lua_checkstack(L, count + 1)) { /* Unreached: see above. */
        lua_pop(thread, count);
        return luaL_error(L, "too many results of a task");
    }
    push_turn(L, status, runtime->waits == thread);
    count = status > LUA_YIELD ? 1 : count;
    lua_xmove(thread, L, count);
    return count + 1;
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
    for (exchange = runtime->waiting; exchange; exchange = next) {
        next = exchange->next_waiting;
        if (!is_ready(exchange)) {
            waiting++;
            continue;
        }
        lua_pushthread(exchange->thread);
        lua_xmove(exchange->thread, L, 1);
        lua_rawseti(L, 2, ++count);
        meet_lua_task_forget(exchange);
    }
    lua_pushinteger(L, waiting);
    return 1;
}

int meet_lua_task_poll_set(lua_State *L)
{
    const struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_engine_socket sockets[MEET_ENGINE_SOCKETS];
    double seconds;
    size_t count = meet_engine_poll_set(meet_lua_runtime_engine(L, runtime),
                                        sockets, &seconds);
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
