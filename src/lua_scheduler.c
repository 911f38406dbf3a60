/* lua_scheduler.c - see lua_scheduler.h. */
#include "lua_scheduler.h"

#include "clock.h"
#include "lua_late.h"

/* How long a turn lasts when every task only asked for its next turn. */
#define IDLE_TURN MEET_MILLISECONDS(1)

/* Stack slots of the thread that runs a turn. */
#define SLOTS LUA_MINSTACK

/* Registry key of the tasks that are not over, by address; never used. */
static const char tasks_key = 0;

static struct meet_lua_task *task_of_link(struct meet_link *link)
{
    return MEET_OWNER(link, struct meet_lua_task, link);
}

static bool wakes_before(const struct meet_heap_node *a,
                         const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_lua_task, timer)->wakes_at <
           MEET_OWNER(b, struct meet_lua_task, timer)->wakes_at;
}

static struct meet_lua_task *first_timer(const struct meet_lua_runtime *runtime)
{
    return MEET_HEAP_FIRST(&runtime->timers, struct meet_lua_task, timer);
}

void meet_lua_scheduler_open(lua_State *L, struct meet_lua_runtime *runtime)
{
    runtime->timers.before = wakes_before;
    meet_lua_late_open(runtime);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key) == LUA_TNIL) {
        lua_newtable(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &tasks_key);
    }
    lua_pop(L, 1);
}

void meet_lua_latch_init(struct meet_lua_latch *latch, bool is_open)
{
    latch->is_open = is_open;
    meet_link_init(&latch->waiters);
}

void meet_lua_latch_open(struct meet_lua_runtime *runtime,
                         struct meet_lua_latch *latch)
{
    latch->is_open = true;
    while (!meet_link_is_alone(&latch->waiters))
        meet_lua_scheduler_wake(runtime, task_of_link(latch->waiters.next));
}

bool meet_lua_task_is_over(const struct meet_lua_task *task)
{
    return task->state >= MEET_TASK_ENDED;
}

/* Put the task at the end of the queue. */
static void make_ready(struct meet_lua_runtime *runtime,
                       struct meet_lua_task *task, bool is_idle)
{
    meet_heap_remove(&task->timer);
    meet_link_join(&task->link, &runtime->ready);
    task->state = MEET_TASK_READY;
    task->is_idle = is_idle;
    runtime->ready_count++;
    runtime->idle_count += is_idle;
}

/* Take the task out of the queue, or from those who wait. */
static void begin_turn(struct meet_lua_runtime *runtime,
                       struct meet_lua_task *task)
{
    if (task->state == MEET_TASK_READY) {
        runtime->ready_count--;
        runtime->idle_count -= task->is_idle;
    }
    meet_heap_remove(&task->timer);
    meet_link_leave(&task->link);
    task->state = MEET_TASK_RUNNING;
}

void meet_lua_scheduler_add(lua_State *L, int index,
                            struct meet_lua_runtime *runtime)
{
    struct meet_lua_task *task = lua_touserdata(L, index);
    struct meet_lua_group *group = task->group;

    if (group && group->is_cancelled) {
        task->state = MEET_TASK_CANCELLED;
        meet_lua_latch_open(runtime, &task->over);
        return;
    }
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_pushvalue(L, index);
    lua_rawsetp(L, -2, task);
    lua_pop(L, 1);
    if (group) {
        meet_link_join(&task->member, &group->pending);
        group->over.is_open = false;
    }
    make_ready(runtime, task, false);
}

bool meet_lua_scheduler_may_yield(lua_State *L,
                                  const struct meet_lua_runtime *runtime)
{
    return runtime->task && runtime->task->thread == L && lua_isyieldable(L);
}

void meet_lua_scheduler_push(lua_State *L, const struct meet_lua_task *task)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_rawgetp(L, -1, task);
    lua_remove(L, -2);
}

void meet_lua_scheduler_wait(struct meet_lua_runtime *runtime,
                             struct meet_lua_latch *latch, int64_t wakes_at)
{
    struct meet_lua_task *task = runtime->task;

    task->state = MEET_TASK_WAITING;
    task->wakes_at = wakes_at;
    if (latch)
        meet_link_join(&task->link, &latch->waiters);
    if (wakes_at < MEET_NEVER)
        meet_heap_insert(&runtime->timers, &task->timer);
}

void meet_lua_scheduler_wake(struct meet_lua_runtime *runtime,
                             struct meet_lua_task *task)
{
    if (task->state == MEET_TASK_WAITING)
        make_ready(runtime, task, false);
}

/* End the calls of transports that are late, also where they wait. */
static void end_late(struct meet_lua_runtime *runtime)
{
    struct meet_lua_late *late;
    int64_t now = runtime->timed.first ? meet_clock_now() : MEET_ALWAYS;

    while ((late = meet_lua_late_raise(runtime, now)))
        meet_lua_scheduler_wake(runtime, late->task);
}

void meet_lua_scheduler_wake_due(struct meet_lua_runtime *runtime, int64_t now)
{
    struct meet_lua_task *task;

    while ((task = first_timer(runtime)) && task->wakes_at <= now)
        meet_lua_scheduler_wake(runtime, task);
    end_late(runtime);
}

/* Close the thread, which is suspended or has failed. Return its status; if it
   is not LUA_OK, the error is on the thread's stack. */
static int close_thread(lua_State *L, lua_State *thread)
{
#if LUA_VERSION_RELEASE_NUM >= 50406
    return lua_closethread(thread, L);
#else
    (void)L;
    return lua_resetthread(thread);
#endif
}

/* True unless the thread runs or is dead. */
static bool is_suspended(lua_State *thread)
{
    lua_Debug at;

    return lua_status(thread) == LUA_YIELD ||
           (lua_status(thread) == LUA_OK && !lua_getstack(thread, 0, &at) &&
            lua_gettop(thread) > 0);
}

/* True when the value on top is an error table of this module, and so not a bug
   in the script. */
static bool is_error_table(lua_State *L, const struct meet_lua_runtime *runtime)
{
    bool is_ours;

    if (!lua_istable(L, -1) || !lua_getmetatable(L, -1))
        return false;
    is_ours = lua_topointer(L, -1) == runtime->error_type;
    lua_pop(L, 1);
    return is_ours;
}

/* The failure of a member is on top: keep it unless there is a worse one. */
static void fail_group(lua_State *L, struct meet_lua_group *group, int task,
                       bool raised)
{
    if (group->has_failed && (group->has_raised || !raised))
        return;
    group->has_failed = true;
    group->has_raised = raised;
    lua_getiuservalue(L, task, MEET_LUA_TASK_OWNER);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, MEET_LUA_GROUP_FAILURE);
    lua_pop(L, 1);
}

/* The task is over; its failure, or nil, is on top and popped. */
static void finish(lua_State *L, struct meet_lua_runtime *runtime,
                   struct meet_lua_task *task, enum meet_lua_task_state state)
{
    struct meet_lua_group *group = task->group;
    int failure = lua_gettop(L), table = failure + 1, self = table + 1;
    bool raised = state == MEET_TASK_RAISED, fails;

    fails =
        group && (raised || (state == MEET_TASK_FAILED && !group->collects));
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_rawgetp(L, table, task);
    lua_pushnil(L);
    lua_rawsetp(L, table, task);
    lua_pushvalue(L, failure);
    if (fails)
        fail_group(L, group, self, raised);
    lua_setiuservalue(L, self, MEET_LUA_TASK_FAILURE);
    while (!meet_link_is_alone(&task->calls)) /* of coroutines left alone */
        meet_link_leave(task->calls.next);
    task->state = state;
    meet_lua_latch_open(runtime, &task->over);
    if (group) {
        group->abandoned = group->abandoned || task->abandoned;
        meet_link_leave(&task->member);
        if (meet_link_is_alone(&group->pending))
            meet_lua_latch_open(runtime, &group->over);
    }
    if (fails)
        meet_lua_scheduler_cancel_group(L, runtime, group);
    lua_settop(L, failure - 1);
}

/* The thread has returned values, which may be nil and an error. */
static void end(lua_State *L, struct meet_lua_runtime *runtime,
                struct meet_lua_task *task)
{
    lua_State *thread = task->thread;
    bool failed =
        lua_gettop(thread) > 1 && lua_isnil(thread, 1) && !lua_isnil(thread, 2);

    if (failed) {
        lua_rotate(thread, 2, -1);
        lua_xmove(thread, L, 1);
    } else {
        lua_pushnil(L);
    }
    finish(L, runtime, task, failed ? MEET_TASK_FAILED : MEET_TASK_ENDED);
}

/* The thread has raised an error, which is on its stack. Lua before 5.4.3
   forgets it when the thread is closed. */
static void fail(lua_State *L, struct meet_lua_runtime *runtime,
                 struct meet_lua_task *task)
{
    lua_State *thread = task->thread;

    lua_xmove(thread, L, 1);
    lua_pushvalue(L, -1);
    lua_xmove(L, thread, 1);
    if (close_thread(L, thread) != LUA_OK) {
        lua_pop(L, 1);
        lua_xmove(thread, L, 1);
    }
    finish(L, runtime, task,
           is_error_table(L, runtime) ? MEET_TASK_FAILED : MEET_TASK_RAISED);
}

/* Close the suspended thread of a cancelled task. An error table that a call
   raised meanwhile is part of its end. */
static void end_cancelled(lua_State *L, struct meet_lua_runtime *runtime,
                          struct meet_lua_task *task)
{
    lua_Integer before = runtime->abandoned_writes;
    enum meet_lua_task_state state = MEET_TASK_CANCELLED;

    begin_turn(runtime, task);
    lua_pushnil(L);
    if (close_thread(L, task->thread) != LUA_OK) {
        lua_xmove(task->thread, L, 1);
        if (!is_error_table(L, runtime))
            state = MEET_TASK_RAISED;
        lua_remove(L, state == MEET_TASK_RAISED ? -2 : -1);
    }
    task->abandoned = runtime->abandoned_writes > before;
    finish(L, runtime, task, state);
}

/* The thread was not resumed, or has raised an error. */
static void end_failed(lua_State *L, struct meet_lua_runtime *runtime,
                       struct meet_lua_task *task)
{
    lua_State *thread = task->thread;
    lua_Debug at;

    if (lua_status(thread) != LUA_YIELD && /* the C stack is too deep here */
        (lua_status(thread) != LUA_OK || !lua_getstack(thread, 0, &at))) {
        fail(L, runtime, task);
        return;
    } /* else a script has resumed it, below on the stack */
    lua_pop(thread, 1);
    make_ready(runtime, task, true);
}

bool meet_lua_scheduler_turn(lua_State *L, struct meet_lua_runtime *runtime)
{
    struct meet_lua_unwinding unwinding = runtime->unwinding;
    struct meet_lua_task *before = runtime->task, *task;
    int status, count;

    if (meet_link_is_alone(&runtime->ready) || !lua_checkstack(L, SLOTS))
        return false;
    task = task_of_link(runtime->ready.next);
    begin_turn(runtime, task);
    runtime->task = task;
    end_late(runtime);
    runtime->unwinding.thread = NULL; /* what closes variables may not yield */
    status = lua_resume(task->thread, L, task->arguments, &count);
    runtime->unwinding = unwinding;
    runtime->task = before;
    task->arguments = 0;
    if (status == LUA_OK) {
        end(L, runtime, task);
    } else if (status != LUA_YIELD) {
        end_failed(L, runtime, task);
    } else {
        lua_pop(task->thread, count);
        if (task->is_cancelled)
            end_cancelled(L, runtime, task);
        else if (task->state == MEET_TASK_RUNNING)
            make_ready(runtime, task, true); /* a bare yield */
    }
    return true;
}

void meet_lua_scheduler_cancel(lua_State *L, struct meet_lua_runtime *runtime,
                               struct meet_lua_task *task)
{
    if (meet_lua_task_is_over(task) || task->is_cancelled)
        return;
    task->is_cancelled = true;
    if (is_suspended(task->thread))
        end_cancelled(L, runtime, task);
}

static struct meet_lua_task *first_to_cancel(const struct meet_lua_group *group)
{
    for (struct meet_link *link = group->pending.next; link != &group->pending;
         link = link->next) {
        struct meet_lua_task *task =
            MEET_OWNER(link, struct meet_lua_task, member);

        if (!task->is_cancelled)
            return task;
    }
    return NULL;
}

void meet_lua_scheduler_cancel_group(lua_State *L,
                                     struct meet_lua_runtime *runtime,
                                     struct meet_lua_group *group)
{
    struct meet_lua_task *task;

    if (group->is_cancelled)
        return;
    group->is_cancelled = true;
    while ((task = first_to_cancel(group)))
        meet_lua_scheduler_cancel(L, runtime, task);
}

int64_t meet_lua_scheduler_patience(const struct meet_lua_runtime *runtime,
                                    int64_t longest)
{
    const struct meet_lua_task *task = first_timer(runtime);
    int64_t wakes_at = meet_ns_earlier(task ? task->wakes_at : MEET_NEVER,
                                       meet_lua_late_next(runtime));
    int64_t wait;

    if (runtime->ready_count > runtime->idle_count)
        return 0;
    if (runtime->ready_count > 0)
        longest = meet_ns_earlier(longest, IDLE_TURN);
    if (wakes_at == MEET_NEVER)
        return longest;
    wait = meet_ns_between(meet_clock_now(), wakes_at);
    return meet_ns_earlier(longest, meet_ns_later(0, wait));
}
