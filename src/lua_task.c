/* lua_task.c - see lua_task.h. */
#include "lua_task.h"

#include "clock.h"
#include "lua_error.h"
#include "lua_late.h"
#include "lua_nesting.h"

#include <lauxlib.h>
#include <string.h>

#define TASK_TYPE  "googlemeet.task"
#define GROUP_TYPE "googlemeet.group"
#define LOCK_TYPE  "googlemeet.lock"

/***
 * Make a group of tasks, whose __close cancels those that are pending:
 * core.task.group.
 * @param collects boolean: a failure does not cancel the others
 */
int meet_lua_task_group(lua_State *L)
{
    struct meet_lua_group *group;
    bool collects = lua_toboolean(L, 1);

    group = lua_newuserdatauv(L, sizeof *group, 1);
    memset(group, 0, sizeof *group);
    meet_lua_latch_init(&group->over, true);
    meet_link_init(&group->pending);
    group->collects = collects;
    luaL_setmetatable(L, GROUP_TYPE);
    return 1;
}

/*
 * The parent ends early. What it has not read about its tasks counts as its
 * own.
 */
static int group_close(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_group *group = luaL_checkudata(L, 1, GROUP_TYPE);

    if (group->abandoned && !group->reported)
        runtime->abandoned_writes++;
    group->reported = true;
    meet_lua_scheduler_cancel_group(L, runtime, group);
    return 0;
}

/* Make a task of the function at 'first' and its arguments above. Push it. */
static struct meet_lua_task *push_task(lua_State *L, int first)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_task *task;
    int count = lua_gettop(L) - first + 1;

    task = lua_newuserdatauv(L, sizeof *task, MEET_LUA_TASK_USER_VALUES);
    memset(task, 0, offsetof(struct meet_lua_task, nesting));
    meet_lua_latch_init(&task->over, false);
    meet_link_init(&task->calls);
    task->nesting = meet_lua_nesting_get(runtime);
    luaL_setmetatable(L, TASK_TYPE);
    lua_insert(L, first);
    task->thread = lua_newthread(L);
    lua_setiuservalue(L, first, MEET_LUA_TASK_THREAD);
    if (!lua_checkstack(task->thread, count))
        luaL_error(L, "too many arguments to a task");
    lua_xmove(L, task->thread, count);
    task->arguments = count - 1;
    return task;
}

/***
 * Start a task: core.task.start.
 * @param group group or nil
 * @param f callable
 * @param ... its arguments
 * @return task
 */
int meet_lua_task_start(lua_State *L)
{
    struct meet_lua_group *group =
        lua_isnil(L, 1) ? NULL : luaL_checkudata(L, 1, GROUP_TYPE);
    struct meet_lua_task *task;

    luaL_checkany(L, 2);
    task = push_task(L, 2);
    task->group = group;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 2, MEET_LUA_TASK_GROUP);
    meet_lua_scheduler_add(L, 2, meet_lua_runtime_get(L));
    return 1;
}

/*** Cancel a task: task:cancel. */
int meet_lua_task_cancel(lua_State *L)
{
    struct meet_lua_task *task = luaL_checkudata(L, 1, TASK_TYPE);

    meet_lua_scheduler_cancel(L, meet_lua_runtime_get(L), task);
    lua_pushboolean(L, true);
    return 1;
}

/*** Say whether the task has returned, failed or was cancelled: task:done. */
int meet_lua_task_done(lua_State *L)
{
    struct meet_lua_task *task = luaL_checkudata(L, 1, TASK_TYPE);

    lua_pushboolean(L, meet_lua_task_is_over(task));
    return 1;
}

/* The failure of the cancelled task at 1, made at first use. [-0, +1, m] */
static void push_cancelled(lua_State *L, const struct meet_lua_task *task)
{
    struct meet_error err;

    if (lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    meet_error_set(&err, MEET_CANCELLED, "the task was cancelled");
    meet_lua_error_push(L, &err);
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

static const char *name_of(enum meet_lua_task_state state)
{
    if (state == MEET_TASK_ENDED)
        return "ended";
    return state == MEET_TASK_RAISED ? "raised" : "failed";
}

static int push_group_outcome(lua_State *L, struct meet_lua_group *group)
{
    const char *how = group->has_raised ? "raised" : "failed";

    lua_pushstring(L, group->has_failed ? how : "ended");
    group->reported = true;
    if (!group->has_failed)
        return 1;
    lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE);
    return 2;
}

/***
 * Return how a task, or a group, has ended: core.task.outcome.
 * @return "ended", then the results of a task; or "failed" or "raised", then
 *   the error
 */
int meet_lua_task_outcome(lua_State *L)
{
    struct meet_lua_group *group = luaL_testudata(L, 1, GROUP_TYPE);
    const struct meet_lua_task *task;
    int count = 0;

    if (group)
        return push_group_outcome(L, group);
    task = luaL_checkudata(L, 1, TASK_TYPE);
    luaL_argcheck(L, meet_lua_task_is_over(task), 1, "it has not ended");
    if (task->state == MEET_TASK_ENDED)
        count = lua_gettop(task->thread);
    luaL_checkstack(L, count + 2, "too many results of a task");
    lua_pushstring(L, name_of(task->state));
    if (task->state == MEET_TASK_CANCELLED)
        push_cancelled(L, task);
    else if (task->state != MEET_TASK_ENDED)
        lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE);
    if (count > 0 && !lua_checkstack(task->thread, 1))
        return luaL_error(L, "too many results of a task");
    for (int i = 1; i <= count; i++) {
        lua_pushvalue(task->thread, i);
        lua_xmove(task->thread, L, 1);
    }
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

/*** Let go of a lock: core.task.release. */
int meet_lua_task_release(lua_State *L)
{
    meet_lua_latch_open(meet_lua_runtime_get(L),
                        luaL_checkudata(L, 1, LOCK_TYPE));
    return 0;
}

/* The latch of what is at 1; NULL: nothing to wait for. [-0, +0, v] */
static struct meet_lua_latch *check_latch(lua_State *L)
{
    struct meet_lua_task *task = luaL_testudata(L, 1, TASK_TYPE);
    struct meet_lua_group *group = luaL_testudata(L, 1, GROUP_TYPE);

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
    bool is_over = (latch && latch->is_open) ||
                   (ends < MEET_NEVER && meet_clock_now() >= ends);

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
    return 1;
}

/***
 * Wait for a task or a group to end, or take a lock: core.task.wait.
 * @param what task, group, lock or nil
 * @param ends number or nil: until the machine's clock reads that
 * @return whether the wait is over; a task that may yield waits until it is
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
    luaL_newmetatable(L, LOCK_TYPE);
    luaL_newmetatable(L, GROUP_TYPE);
    lua_pushcfunction(L, group_close);
    lua_setfield(L, -2, "__close");
    luaL_newmetatable(L, TASK_TYPE);
    meet_lua_runtime_table(L, "task"); /* the prelude adds to it */
    lua_setfield(L, -2, "__index");
    lua_pop(L, 3);
}
