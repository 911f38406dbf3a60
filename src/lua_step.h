/*
 * lua_step.h - drives the engine, and queues the tasks whose jobs can go on.
 */
#pragma once

#include "lua_scheduler.h"

/* A task that waits for a job. */
struct meet_lua_waiter {
    struct meet_link link; /* in the runtime's */
    const struct meet_job *job;
    struct meet_lua_task *task;
};

/* The running task waits for 'job' and yields next. [-0, +0, -] */
void meet_lua_step_wait(struct meet_lua_runtime *runtime,
                        struct meet_lua_waiter *waiter,
                        const struct meet_job *job);

/* The call is over, although its task may wait: a script can have resumed the
   thread. May be repeated. [-0, +0, -] */
void meet_lua_step_forget(struct meet_lua_runtime *runtime,
                          struct meet_lua_waiter *waiter);

/* A call ends with its outcome unknown or unreported: count it if a write. */
void meet_lua_step_abandon(struct meet_lua_runtime *runtime,
                           const struct meet_job *job);

/*
 * Run what is ready, then drive the engine for up to 'length'; false: nothing
 * is left to wait for. [-0, +0, e]
 */
bool meet_lua_step_drive(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length);

/*
 * Drive the engine for up to 'length' in a call that blocks. Tasks run only
 * where a client has a script's limiter: they hold places of the own pace until
 * they have asked it. [-0, +0, e]
 */
void meet_lua_step_block(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length);

/* lua_CFunctions: see lua_step.c. [-1, +1, e] [-0, +2, v] */
int meet_lua_step(lua_State *L);
int meet_lua_step_poll_set(lua_State *L);
int meet_lua_step_let_go(lua_State *L);
