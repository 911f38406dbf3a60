/*
 * lua_task.h - waiters, and the turn of a coroutine: what the prelude's
 * scheduler needs of the core.
 *
 * A call yields only if the scheduler resumed its thread and the thread may
 * yield; otherwise it blocks.
 */
#pragma once

#include "lua_runtime.h"
#include "lua_wait.h"

/* A thread that waits for a job. The owner keeps the thread alive. */
struct meet_lua_waiter {
    struct meet_job *job;
    lua_State *thread;
    bool waits; /* linked in the runtime's list */
    struct meet_lua_waiter *previous, *next;
};

/* True when the thread is the running task and may yield. [-0, +0, -] */
bool meet_lua_task_may_yield(lua_State *L,
                             const struct meet_lua_runtime *runtime);

/* Record that the thread waits for 'job' and yields next. [-0, +0, -] */
void meet_lua_task_wait(lua_State *L, struct meet_lua_runtime *runtime,
                        struct meet_lua_waiter *waiter, struct meet_job *job);

/* Remove the waiter. May be repeated. */
void meet_lua_task_forget(struct meet_lua_runtime *runtime,
                          struct meet_lua_waiter *waiter);

/* A call ends with its outcome unknown or unreported: count it if a write. */
void meet_lua_task_abandon(struct meet_lua_runtime *runtime,
                           const struct meet_job *job);

/* lua_CFunction: see lua_task.c. [-0, +1, -] */
int meet_lua_task_abandoned_writes(lua_State *L);

/* lua_CFunction: see lua_task.c. [-n, +m, e] */
int meet_lua_task_resume(lua_State *L);

/* lua_CFunction: see lua_task.c. [-2, +1, e] */
int meet_lua_task_step(lua_State *L);

/* lua_CFunction: see lua_task.c. [-0, +2, v] */
int meet_lua_task_poll_set(lua_State *L);
