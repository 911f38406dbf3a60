/*
 * lua_late.h - ends calls into a script that have run out of time: an error is
 * raised in their thread until they are over, whatever they catch. What closes
 * their variables runs, up to where it yields.
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
    struct meet_lua_task *task; /* the one that runs it */
    struct meet_link raising;   /* in the runtime's, while it is raised */
    lua_Hook hook;              /* the thread's own, meanwhile */
    int mask, count;
};

/* Prepare a new runtime. May be repeated. [-0, +0, -] */
void meet_lua_late_open(struct meet_lua_runtime *runtime);

/* The running thread makes a call that has 'length' of time. [-0, +0, -] */
void meet_lua_late_begin(lua_State *L, struct meet_lua_runtime *runtime,
                         struct meet_lua_late *late, int64_t length);

/* True while the error is raised in the call's thread. */
bool meet_lua_late_raises(const struct meet_lua_late *late);

/* The call is over. May be repeated. [-0, +0, -] */
void meet_lua_late_end(struct meet_lua_runtime *runtime,
                       struct meet_lua_late *late);

/*
 * Raise in the thread of a call that is late at 'now', once it runs, and again
 * where a script has set a hook meanwhile. Return the call, whose
 * task may have to be woken; NULL: there is none more. [-0, +0, -]
 */
struct meet_lua_late *meet_lua_late_raise(struct meet_lua_runtime *runtime,
                                          int64_t now);

/* When the next call is late. */
int64_t meet_lua_late_next(const struct meet_lua_runtime *runtime);

/* Raise if the thread's call is late. [-0, +0, v] */
void meet_lua_late_raise_here(lua_State *L);

/* Raise here if the thread's call is late: for C functions that wait, in which
   a hook does not run. [-0, +0, v] */
static inline void meet_lua_late_check(lua_State *L,
                                       const struct meet_lua_runtime *runtime)
{
    if (!meet_link_is_alone(&runtime->raising))
        meet_lua_late_raise_here(L);
}

/* True when the value on top is what was raised. [-0, +0, -] */
bool meet_lua_late_is_raised(lua_State *L);
