/* lua_task.c - see lua_task.h. */
#include "lua_task.h"

#include "lua_late.h"

#include <lauxlib.h>

bool meet_lua_task_may_yield(lua_State *L,
                             const struct meet_lua_runtime *runtime)
{
    return runtime->task == L && lua_isyieldable(L);
}

void meet_lua_task_wait(lua_State *L, struct meet_lua_runtime *runtime,
                        struct meet_lua_waiter *waiter, struct meet_job *job)
{
    runtime->yielded = L;
    if (waiter->waits) /* a script resumed the thread itself */
        return;
    *waiter = (struct meet_lua_waiter){
        .job = job, .thread = L, .waits = true, .next = runtime->waiters};
    if (waiter->next)
        waiter->next->previous = waiter;
    runtime->waiters = waiter;
}

void meet_lua_task_forget(struct meet_lua_runtime *runtime,
                          struct meet_lua_waiter *waiter)
{
    if (!waiter->waits)
        return;
    if (waiter->previous)
        waiter->previous->next = waiter->next;
    else
        runtime->waiters = waiter->next;
    if (waiter->next)
        waiter->next->previous = waiter->previous;
    waiter->waits = false;
}

void meet_lua_task_abandon(struct meet_lua_runtime *runtime,
                           const struct meet_job *job)
{
    bool performed = job->external && job->state == MEET_JOB_STARTED;

    if ((job->sent || performed) && !meet_request_is_read(&job->request))
        runtime->abandoned_writes++;
}

/***
 * Count the calls of this state that ended with an unreported outcome although
 * their writes may have been applied: core.task.abandoned_writes.
 * @return integer
 */
int meet_lua_task_abandoned_writes(lua_State *L)
{
    lua_pushinteger(L, meet_lua_runtime_get(L)->abandoned_writes);
    return 1;
}

/* Push how the thread's turn ended. [-0, +1, m] */
static void push_turn(lua_State *L, int status, bool waits)
{
    if (status == LUA_YIELD)
        lua_pushstring(L, waits ? "waits" : "yielded");
    else
        lua_pushstring(L, status == LUA_OK ? "ended" : "failed");
}

/***
 * Resume a thread as the running task, whose calls yield to wait:
 * core.task.resume.
 * @param thread thread
 * @param ... its arguments
 * @return how its turn ended: "ended", "failed", "waits" (for a request) or
 *   "yielded"; then its values, or the error
 */
int meet_lua_task_resume(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    lua_State *before = runtime->task, *thread = lua_tothread(L, 1);
    int count = lua_gettop(L) - 1, status;

    if (!thread)
        return luaL_typeerror(L, 1, "thread");
    if (!lua_checkstack(thread, count))
        return luaL_error(L, "too many arguments to a task");
    lua_xmove(L, thread, count);
    meet_lua_late_raise(runtime);
    runtime->task = thread;
    runtime->yielded = NULL;
    status = lua_resume(thread, L, count, &count);
    runtime->task = before;
    if (!lua_checkstack(L, count + 1)) {
        lua_pop(thread, count);
        return luaL_error(L, "too many results of a task");
    }
    push_turn(L, status, runtime->yielded == thread);
    count = status > LUA_YIELD ? 1 : count;
    lua_xmove(thread, L, count);
    return count + 1;
}

/* True when its thread can go on: an outcome, events or a due attempt. */
static bool is_ready(const struct meet_lua_waiter *waiter)
{
    const struct meet_job *job = waiter->job;

    return job->state == MEET_JOB_DONE || job->event_count > 0 ||
           (job->external && job->state == MEET_JOB_STARTED);
}

/* How many threads can go on, after a cancellation for example. */
static int count_ready(const struct meet_lua_runtime *runtime)
{
    int count = 0;

    for (const struct meet_lua_waiter *waiter = runtime->waiters; waiter;
         waiter = waiter->next)
        count += is_ready(waiter);
    return count;
}

/*
 * Push up to 'room' threads that can go on and remove their waiters; return how
 * many are left. Allocates nothing: a finalizer could change the list.
 */
static lua_Integer push_ready(lua_State *L, struct meet_lua_runtime *runtime,
                              int room)
{
    struct meet_lua_waiter *next;
    lua_Integer left = 0;

    for (struct meet_lua_waiter *waiter = runtime->waiters; waiter;
         waiter = next) {
        next = waiter->next;
        if (room == 0 || !is_ready(waiter)) {
            left++;
            continue;
        }
        room--;
        lua_pushthread(waiter->thread);
        lua_xmove(waiter->thread, L, 1);
        meet_lua_task_forget(runtime, waiter);
    }
    return left;
}

/***
 * Drive the engine: core.task.step.
 * @param seconds number: longest wait
 * @param runnable array: threads that can go on are appended
 * @return integer: how many threads still wait
 */
int meet_lua_task_step(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    int64_t longest = meet_ns_from_seconds(luaL_checknumber(L, 1));
    lua_Integer count, left;
    int ready;

    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    meet_lua_wait_slice(L, runtime, count_ready(runtime) ? 0 : longest);
    ready = count_ready(runtime);
    luaL_checkstack(L, ready + 1, "too many tasks");
    left = push_ready(L, runtime, ready);
    count = (lua_Integer)lua_rawlen(L, 2) + lua_gettop(L) - 2;
    while (lua_gettop(L) > 2)
        lua_rawseti(L, 2, count--);
    lua_pushinteger(L, left);
    return 1;
}

/***
 * Report the sockets that a host loop has to watch: core.task.poll_set.
 * @return array of { fd =, read =, write = }
 * @return number: seconds after which a step is due even if none of them is
 *   ready; raises when the state is closing
 */
int meet_lua_task_poll_set(lua_State *L)
{
    const struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_socket_events sockets[MEET_ENGINE_SOCKETS];
    int64_t wait;
    size_t count = meet_engine_poll_set(meet_lua_runtime_engine(L, runtime),
                                        sockets, &wait);

    if (count_ready(runtime)) /* a blocking call drove the engine */
        wait = 0;
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
    lua_pushnumber(L, meet_ns_seconds(wait));
    return 2;
}
