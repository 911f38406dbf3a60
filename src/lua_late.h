/*
 * lua_late.h - ends calls into a script that have run out of time: an error is
 * raised in their thread until they are over, whatever they catch.
 *
 * Only a thread that yields can be reached: it is the scheduler that resumes
 * it.
 */
#pragma once

#include "heap.h"
#include "lua_runtime.h"

/* One call under way. Zeroed: none. */
struct meet_lua_late {
    struct meet_heap_node node; /* by 'ends_at' */
    int64_t ends_at;            /* by the machine's clock */
    lua_State *thread;          /* the owner keeps it alive */
    bool raises;                /* the thread's hook is ours */
    lua_Hook hook;              /* its own */
    int mask, count;
};

/* The running thread makes a call that has 'length' of time. [-0, +0, -] */
void meet_lua_late_begin(lua_State *L, struct meet_lua_runtime *runtime,
                         struct meet_lua_late *late, int64_t length);

/* The call is over. May be repeated. [-0, +0, -] */
void meet_lua_late_end(struct meet_lua_late *late);

/* Raise in the threads whose calls are late, once they run. [-0, +0, -] */
void meet_lua_late_raise(struct meet_lua_runtime *runtime);

/* True when the value on top is what was raised. [-0, +0, -] */
bool meet_lua_late_is_raised(lua_State *L);
