/*
 * lua_task.h - what the prelude's scheduler needs of the core: which thread
 * is a task, and which exchanges tasks wait for.
 *
 * A call yields only where its thread is the one that the scheduler resumed
 * and may yield; anywhere else it blocks.
 */
#pragma once

#include "lua_exchange.h"

/* True when the thread is the running task and may give way. [-0, +0, -] */
bool meet_lua_task_may_yield(lua_State *L,
                             const struct meet_lua_runtime *runtime);

/* The thread waits for the exchange, its value 1, from now on. [-0, +0, -] */
void meet_lua_task_wait(lua_State *L, struct meet_lua_exchange *exchange);

/* Nobody waits for the exchange any more. May be repeated. */
void meet_lua_task_forget(struct meet_lua_exchange *exchange);

/* The call ends before its outcome is known, or told. */
void meet_lua_task_give_up(const struct meet_lua_exchange *exchange);

/* lua_CFunction: how many writes that may have happened were given up. */
int meet_lua_task_writes_given_up(lua_State *L);

/*
 * lua_CFunction: resume(thread, ...): coroutine.resume of the running task.
 * What came of it, "ended", "failed", "yielded" or "waits" (for an exchange),
 * and what it gave.
 */
int meet_lua_task_resume(lua_State *L);

/*
 * lua_CFunction: step(seconds, ready): drive the engine up to so long, append
 * the threads that can go on to 'ready'; how many still wait.
 */
int meet_lua_task_step(lua_State *L);

/*
 * lua_CFunction: poll_set(): { { fd =, read =, write = }, … } and the seconds
 * after which step has something to do even if none of them is ready.
 */
int meet_lua_task_poll_set(lua_State *L);
