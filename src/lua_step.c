/* lua_step.c - see lua_step.h. */
#include "lua_step.h"

#include "lua_wait.h"
#include "permit.h"

#include <lauxlib.h>

void meet_lua_step_wait(struct meet_lua_runtime *runtime,
                        struct meet_lua_waiter *waiter,
                        const struct meet_job *job)
{
    waiter->job = job;
    waiter->task = runtime->task;
    meet_link_join(&waiter->link, &runtime->waiters);
    meet_lua_scheduler_wait(runtime, NULL, MEET_NEVER);
}

void meet_lua_step_forget(struct meet_lua_runtime *runtime,
                          struct meet_lua_waiter *waiter)
{
    if (meet_link_is_alone(&waiter->link))
        return;
    meet_link_leave(&waiter->link);
    meet_lua_scheduler_wake(runtime, waiter->task);
}

void meet_lua_step_abandon(struct meet_lua_runtime *runtime,
                           const struct meet_job *job)
{
    bool performed = job->external && job->state == MEET_JOB_STARTED;

    if ((job->sent || performed) && !meet_request_is_read(&job->request))
        runtime->abandoned_writes++;
}

/* True when its task can go on: an outcome, events or a due attempt. */
static bool is_ready(const struct meet_lua_waiter *waiter)
{
    const struct meet_job *job = waiter->job;

    return job->state == MEET_JOB_DONE || job->event_count > 0 ||
           meet_permit_is_due(job) || meet_response_is_fed(&job->response) ||
           (job->external && job->state == MEET_JOB_STARTED);
}

static struct meet_lua_waiter *waiter_of(struct meet_link *link)
{
    return MEET_OWNER(link, struct meet_lua_waiter, link);
}

/* How many tasks can go on, after a cancellation for example. */
static int count_ready(const struct meet_lua_runtime *runtime)
{
    int count = 0;

    for (struct meet_link *link = runtime->waiters.next;
         link != &runtime->waiters; link = link->next)
        count += is_ready(waiter_of(link));
    return count;
}

/* Queue the tasks that can go on. */
static void wake_ready(struct meet_lua_runtime *runtime)
{
    struct meet_link *next;

    for (struct meet_link *link = runtime->waiters.next;
         link != &runtime->waiters; link = next) {
        next = link->next;
        if (!is_ready(waiter_of(link)))
            continue;
        meet_link_leave(link);
        meet_lua_scheduler_wake(runtime, waiter_of(link)->task);
    }
}

/* Drive the engine; return whether anything is left to wait for. */
static bool step(lua_State *L, struct meet_lua_runtime *runtime, int64_t length)
{
    length = meet_lua_scheduler_patience(runtime, length);
    meet_lua_wait_slice(L, runtime, count_ready(runtime) ? 0 : length);
    wake_ready(runtime);
    return !meet_link_is_alone(&runtime->waiters) || runtime->timers.first ||
           runtime->ready_count > 0;
}

bool meet_lua_step_drive(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length)
{
    for (int count = runtime->ready_count; count > 0; count--)
        meet_lua_scheduler_turn(L, runtime);
    return step(L, runtime, length);
}

void meet_lua_step_block(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length)
{
    if (runtime->asking_clients > 0)
        meet_lua_step_drive(L, runtime, length);
    else
        meet_lua_wait_slice(L, runtime, length);
}

/***
 * Drive the engine: core.task.step.
 * @param seconds number: longest wait
 * @return boolean: whether anything is left to wait for
 */
int meet_lua_step(lua_State *L)
{
    int64_t longest = meet_ns_from_seconds(luaL_checknumber(L, 1));

    lua_pushboolean(L, step(L, meet_lua_runtime_get(L), longest));
    return 1;
}

/***
 * Close the sockets that no host's loop watches any more: core.task.let_go.
 * Sockets that a loop may still watch are only shut.
 * @param ... integers: the numbers of the watches that go on
 */
int meet_lua_step_let_go(lua_State *L)
{
    const struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    int count = lua_gettop(L);
    long long *watches =
        lua_newuserdatauv(L, (size_t)count * sizeof *watches, 0);

    for (int i = 0; i < count; i++)
        watches[i] = luaL_checkinteger(L, i + 1);
    if (runtime->engine)
        meet_engine_let_go(runtime->engine, watches, (size_t)count);
    return 0;
}

/***
 * Report the sockets that a host loop has to watch: core.task.poll_set.
 * @return array of { fd =, read =, write = }
 * @return number: seconds after which a step is due even if none of them is
 *   ready; raises when the state is closing
 * @return integer: the watch's number
 */
int meet_lua_step_poll_set(lua_State *L)
{
    const struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_socket_events sockets[MEET_ENGINE_SOCKETS];
    int64_t wait;
    long long watch;
    size_t count = meet_engine_poll_set(meet_lua_runtime_engine(L, runtime),
                                        sockets, &wait, &watch);

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
    if (count_ready(runtime)) /* a blocking call drove the engine */
        wait = 0;
    wait = meet_lua_scheduler_patience(runtime, wait);
    lua_pushnumber(L, meet_ns_seconds(wait));
    lua_pushinteger(L, watch);
    return 3;
}
