/*
 * lua_runtime.h - the one runtime userdata of a Lua state: its engine, and
 * the tables that the prelude extends.
 */
#pragma once

#include "engine.h"
#include "heap.h"
#include "link.h"

#include <lua.h>

struct meet_lua_task; /* lua_scheduler's */

/*
 * A userdata that owns memory outside Lua, or a secret. Lua finalizes nothing
 * that is made while the state closes, so the runtime lists them all and
 * releases, as it ends, those that no finalizer has released.
 */
struct meet_lua_owner {
    struct meet_link link;                         /* in the runtime's */
    void (*release)(struct meet_lua_owner *owner); /* runs no Lua code */
};

/* A thread whose call was ended late in this turn. NULL: none. */
struct meet_lua_unwinding {
    lua_State *thread;
    int closing; /* depth from where on it closes variables; 0: it does not */
};

struct meet_lua_runtime {
    struct meet_engine *engine;
    unsigned open_clients;   /* sockets close with the last one */
    unsigned long serial;    /* of the last client made */
    lua_State *main;         /* the state's main thread */
    lua_Hook hook;           /* the main thread's, as last seen by lua_wait */
    const void *error_type;  /* metatable of error tables */
    struct meet_link owners; /* the newest is the last */
    lua_Integer abandoned_writes; /* whose outcome was never reported */

    /* lua_late's: */
    struct meet_heap timed;   /* calls of transports by tasks */
    struct meet_heap held;    /* late ones, while another raises */
    struct meet_link raising; /* those whose threads' hooks are ours */
    struct meet_lua_unwinding unwinding; /* of this turn */

    /* lua_scheduler's: */
    struct meet_lua_task *task; /* the one that runs, the innermost */
    struct meet_link ready;     /* the run queue */
    int ready_count;
    int idle_count;          /* of those, only asked for another turn */
    struct meet_heap timers; /* tasks that wake at a time */

    /* lua_nesting's: */
    struct meet_link calls;    /* of threads that are no tasks */
    unsigned long call_serial; /* of the last call */

    /* lua_step's: */
    struct meet_link waiters; /* tasks that wait for jobs */
    unsigned asking_clients;  /* open, with a script's limiter */
};

/* Make the runtime unless the state has one; raises. [-0, +0, v] */
void meet_lua_runtime_open(lua_State *L);

/* The state's runtime. [-0, +0, -] */
struct meet_lua_runtime *meet_lua_runtime_get(lua_State *L);

/* Its engine; raises when the state is closing and it is gone. [-0, +0, v] */
struct meet_engine *
meet_lua_runtime_engine(lua_State *L, const struct meet_lua_runtime *runtime);

/*
 * Add to the runtime's owners, from zeroed memory; leave them and release: may
 * be repeated, and accepts zeroed memory.
 */
void meet_lua_runtime_own(struct meet_lua_runtime *runtime,
                          struct meet_lua_owner *owner,
                          void (*release)(struct meet_lua_owner *owner));
void meet_lua_runtime_release(struct meet_lua_owner *owner);

/*
 * Push the state's table of that name ("services", "resources", "hooks"),
 * made at first use. [-0, +1, m]
 */
void meet_lua_runtime_table(lua_State *L, const char *name);
