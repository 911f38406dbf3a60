/* lua_task.c - see lua_task.h. */
#include "lua_task.h"

#include "clock.h"
#include "lua_client.h"
#include "lua_error.h"
#include "lua_group.h"
#include "lua_late.h"
#include "lua_nesting.h"
#include "lua_unread.h"

#include <lauxlib.h>
#include <string.h>

#define MEMBER_TYPE "googlemeet.member"
#define LOCK_TYPE   "googlemeet.lock"

/*
 * The task at 'index', on its own or a member of a group; NULL: it is none. A
 * group reports its members, so they need no finalizer, which would keep a
 * hundred thousand coroutines alive for one more collection.
 */
static struct meet_lua_task *test_task(lua_State *L, int index)
{
    void *task = luaL_testudata(L, index, MEET_LUA_TASK_TYPE);

    return task ? task : luaL_testudata(L, index, MEMBER_TYPE);
}

static struct meet_lua_task *check_task(lua_State *L, int index)
{
    struct meet_lua_task *task = test_task(L, index);

    if (!task)
        luaL_typeerror(L, index, MEET_LUA_TASK_TYPE);
    return task;
}

/* Make a task of the function at 2 and its arguments above, below them. */
static void push_task(lua_State *L, struct meet_lua_group *group)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_task *task;
    int first = 2, count = lua_gettop(L) - first + 1;

    task = lua_newuserdatauv(L, sizeof *task, MEET_LUA_TASK_USER_VALUES);
    memset(task, 0, offsetof(struct meet_lua_task, nesting));
    meet_lua_latch_init(&task->over, false);
    meet_link_init(&task->calls);
    task->nesting = meet_lua_nesting_get(runtime);
    task->group = group;
    luaL_setmetatable(L, group ? MEMBER_TYPE : MEET_LUA_TASK_TYPE);
    lua_insert(L, first);
    task->thread = lua_newthread(L);
    lua_setiuservalue(L, first, MEET_LUA_TASK_THREAD);
    if (!lua_checkstack(task->thread, count))
        luaL_error(L, "too many arguments to a task");
    lua_xmove(L, task->thread, count);
    task->arguments = count - 1;
}

/***
 * Start a task: core.task.start.
 * @param owner its group, or the client of a task without one
 * @param f callable
 * @param ... its arguments
 * @return task
 */
int meet_lua_task_start(lua_State *L)
{
    struct meet_lua_group *group = luaL_testudata(L, 1, MEET_LUA_GROUP_TYPE);

    if (!group)
        luaL_checkudata(L, 1, MEET_LUA_CLIENT_TYPE);
    luaL_checkany(L, 2);
    push_task(L, group);
    if (!group) {
        meet_lua_error_push_place(L);
        lua_setiuservalue(L, 2, MEET_LUA_TASK_PLACE);
    }
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 2, MEET_LUA_TASK_OWNER);
    meet_lua_scheduler_add(L, 2, meet_lua_runtime_get(L));
    return 1;
}

/*** Cancel a task: task:cancel. */
int meet_lua_task_cancel(lua_State *L)
{
    struct meet_lua_task *task = check_task(L, 1);

    meet_lua_scheduler_cancel(L, meet_lua_runtime_get(L), task);
    lua_pushboolean(L, true);
    return 1;
}

/*** Say whether the task has returned, failed or was cancelled: task:done. */
int meet_lua_task_done(lua_State *L)
{
    struct meet_lua_task *task = check_task(L, 1);

    lua_pushboolean(L, meet_lua_task_is_over(task));
    return 1;
}

/* The failure of the cancelled task at 1, made at first use. [-0, +1, m] */
static void push_cancelled(lua_State *L, const struct meet_lua_task *task)
{
    bool is_late = task->group && task->group->is_late;
    struct meet_error err;

    if (lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    meet_error_set(&err, is_late ? MEET_DEADLINE : MEET_CANCELLED, "%s",
                   is_late ? "the deadline of gather or map has passed"
                           : "the task was cancelled");
    meet_lua_error_push(L, &err);
    if (!is_late)
        meet_lua_error_set(L, "hint", "start it again if it is needed");
    if (task->abandoned) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "ambiguous");
        meet_lua_error_set(L, "hint",
                           "a write of the task may have been applied: check "
                           "before retrying");
    }
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, MEET_LUA_TASK_FAILURE);
}

/* Push the function that reads the group which the cancelled task at 1 waited
   for, if that had not ended. [-0, +(0|1), -] */
static void push_reader(lua_State *L)
{
    const struct meet_lua_group *group;

    lua_getiuservalue(L, 1, MEET_LUA_TASK_LATCH);
    group = luaL_testudata(L, -1, MEET_LUA_GROUP_TYPE);
    if (group && group->was_cut)
        lua_getiuservalue(L, -1, MEET_LUA_GROUP_READER);
    lua_remove(L, group && group->was_cut ? -2 : -1);
}

/* Push what a thread that is over has on its stack from 'first' on. */
static void push_results(lua_State *L, lua_State *thread, int first)
{
    int last = lua_gettop(thread);

    luaL_checkstack(L, last + 1, "too many results of a task");
    if (first <= last && !lua_checkstack(thread, 1))
        luaL_error(L, "too many results of a task");
    for (int i = first; i <= last; i++) {
        lua_pushvalue(thread, i);
        lua_xmove(thread, L, 1);
    }
}

static const char *name_of(enum meet_lua_task_state state)
{
    if (state == MEET_TASK_ENDED)
        return "ended";
    if (state == MEET_TASK_RAISED)
        return "raised";
    return state == MEET_TASK_FAILED ? "failed" : "cancelled";
}

/***
 * Return how a task, or a group, has ended: core.task.outcome.
 * @return "ended", then the results of a task; "raised", then the error;
 *   "failed", then the error and what a task returned behind it; or
 *   "cancelled", then the error and, if the task waited for a group, the
 *   function that reads that one
 */
int meet_lua_task_outcome(lua_State *L)
{
    struct meet_lua_group *group = luaL_testudata(L, 1, MEET_LUA_GROUP_TYPE);
    struct meet_lua_task *task;

    lua_settop(L, 1);
    if (group)
        return meet_lua_group_push_outcome(L, group);
    task = check_task(L, 1);
    luaL_argcheck(L, meet_lua_task_is_over(task), 1, "it has not ended");
    lua_pushstring(L, name_of(task->state));
    if (task->state == MEET_TASK_CANCELLED) {
        push_cancelled(L, task);
        push_reader(L);
    } else if (task->state != MEET_TASK_ENDED) {
        lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE);
    }
    push_results(L, task->thread, task->state == MEET_TASK_ENDED ? 1 : 2);
    task->is_read = true;
    return lua_gettop(L) - 1;
}

/*** Make a lock, which one task holds at a time: core.task.lock. */
int meet_lua_task_lock(lua_State *L)
{
    struct meet_lua_latch *lock = lua_newuserdatauv(L, sizeof *lock, 0);

    meet_lua_latch_init(lock, true);
    luaL_setmetatable(L, LOCK_TYPE);
    return 1;
}

/*** Release a lock: core.task.release. */
int meet_lua_task_release(lua_State *L)
{
    meet_lua_latch_open(meet_lua_runtime_get(L),
                        luaL_checkudata(L, 1, LOCK_TYPE));
    return 0;
}

/* The latch of what is at 1; NULL: nothing to wait for. [-0, +0, v] */
static struct meet_lua_latch *check_latch(lua_State *L)
{
    struct meet_lua_task *task = test_task(L, 1);
    struct meet_lua_group *group = luaL_testudata(L, 1, MEET_LUA_GROUP_TYPE);

    if (task)
        return &task->over;
    if (group)
        return &group->over;
    return lua_isnil(L, 1) ? NULL : luaL_checkudata(L, 1, LOCK_TYPE);
}

/* Its own continuation: a task yields until the wait is over. */
static int wait(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_latch *latch = check_latch(L);
    int64_t ends =
        lua_isnil(L, 2) ? MEET_NEVER : meet_ns_from_seconds(lua_tonumber(L, 2));
    bool is_open = latch && latch->is_open;
    bool is_over = is_open || (ends < MEET_NEVER && meet_clock_now() >= ends);

    (void)status;
    (void)context;
    meet_lua_late_check(L, runtime);
    if (!is_over && meet_lua_scheduler_may_yield(L, runtime)) {
        meet_lua_scheduler_push(L, runtime->task);
        lua_pushvalue(L, 1);
        lua_setiuservalue(L, -2, MEET_LUA_TASK_LATCH);
        lua_settop(L, 2);
        meet_lua_scheduler_wait(runtime, latch, ends);
        return lua_yieldk(L, 0, 0, wait);
    }
    if (is_over && luaL_testudata(L, 1, LOCK_TYPE))
        latch->is_open = false;
    lua_pushboolean(L, is_over);
    lua_pushboolean(L, is_open);
    return 2;
}

/***
 * Wait for a task or a group to end, or take a lock: core.task.wait.
 * @param what task, group, lock or nil
 * @param ends number or nil: until the machine's clock reads that
 * @return whether the wait is over; a task that may yield waits until it is
 * @return whether the awaited event has happened
 */
int meet_lua_task_await(lua_State *L)
{
    check_latch(L);
    if (!lua_isnoneornil(L, 2))
        luaL_checknumber(L, 2);
    lua_settop(L, 2);
    return wait(L, LUA_OK, 0);
}

/*** How many tasks are ready: core.task.ready. */
int meet_lua_task_ready(lua_State *L)
{
    lua_pushinteger(L, meet_lua_runtime_get(L)->ready_count);
    return 1;
}

/*** Run the first ready task until it yields: core.task.turn. */
int meet_lua_task_turn(lua_State *L)
{
    lua_pushboolean(L, meet_lua_scheduler_turn(L, meet_lua_runtime_get(L)));
    return 1;
}

void meet_lua_task_open(lua_State *L)
{
    meet_lua_scheduler_open(L, meet_lua_runtime_get(L));
    meet_lua_group_open(L);
    luaL_newmetatable(L, LOCK_TYPE);
    luaL_newmetatable(L, MEMBER_TYPE);
    luaL_newmetatable(L, MEET_LUA_TASK_TYPE);
    meet_lua_runtime_table(L, "task"); /* the prelude adds to it */
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, meet_lua_unread_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 3);
}
