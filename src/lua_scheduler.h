/*
 * lua_scheduler.h - the run queue of tasks, changed in steps that cannot be
 * cut.
 *
 * A hook may raise or yield between any two instructions of Lua code, but not
 * inside a C function: so C functions alone change the queue, and each change
 * is done or not done. None here allocates or raises, but for 'add', which then
 * changes nothing. The Lua code of a task runs on the task's own thread, which
 * catches what it raises.
 */
#pragma once

#include "lua_runtime.h"

/* Shut until something has happened, for which tasks wait. */
struct meet_lua_latch {
    bool is_open;
    struct meet_link waiters;
};

/*
 * Tasks that end together. A bug that one of them raises cancels the others; so
 * does any failure, unless the group collects failures.
 */
struct meet_lua_group {
    struct meet_lua_latch over; /* open while no task is pending */
    struct meet_link pending;
    int64_t ends_at;   /* its deadline, MEET_NEVER: none */
    const void *clock; /* whose time that is: a dispatcher */
    bool collects;
    bool is_cancelled;
    bool is_late;    /* cancelled by its deadline */
    bool has_failed; /* its failure is a user value */
    bool has_raised; /* and is a bug */
    bool abandoned;  /* a cancelled member abandoned a write */
    bool reported;   /* somebody has read how it ended */
    bool was_cut;    /* closed before anybody had */
};

enum meet_lua_task_state {
    MEET_TASK_READY,   /* in the run queue */
    MEET_TASK_RUNNING, /* its turn has begun; it may block below another */
    MEET_TASK_WAITING,
    MEET_TASK_ENDED,     /* its results are on its thread's stack */
    MEET_TASK_FAILED,    /* its failure is a user value; nil and what it
                            returned behind it may be on that stack */
    MEET_TASK_RAISED,    /* its failure is a user value, and a bug */
    MEET_TASK_CANCELLED, /* its failure is made when somebody reads it */
};

/* Most calls that may be nested in each other: see lua_nesting. */
enum { MEET_LUA_MOST_NESTED = 8 };

/* The serial numbers of the calls whose callbacks run, the outermost first. */
struct meet_lua_nesting {
    unsigned depth;
    unsigned long calls[MEET_LUA_MOST_NESTED];
};

struct meet_lua_task {
    struct meet_lua_latch over;
    struct meet_link link;        /* in the queue, or among those who wait */
    struct meet_heap_node timer;  /* in the runtime's, if it wakes at a time */
    struct meet_link member;      /* in its group's, while it is pending */
    struct meet_link calls;       /* those that it makes, the last one last */
    lua_State *thread;            /* user value */
    struct meet_lua_group *group; /* user value, or NULL */
    enum meet_lua_task_state state;
    int arguments;     /* of its first turn */
    int64_t wakes_at;  /* by the machine's clock */
    bool is_idle;      /* ready, but only asked for its next turn */
    bool is_cancelled; /* ends where it next yields */
    bool abandoned;    /* cancelled while a write was under way */
    bool is_read;      /* somebody has read how it ended */
    struct meet_lua_nesting nesting; /* of the code that started it */
};

/* The user values of a task. */
enum {
    MEET_LUA_TASK_FAILURE = 1,
    MEET_LUA_TASK_THREAD,
    MEET_LUA_TASK_OWNER, /* its group, or the client that submitted it */
    MEET_LUA_TASK_LATCH, /* what it waits for, or waited for */
    MEET_LUA_TASK_PLACE, /* of the script that submitted it: a string */
    MEET_LUA_TASK_USER_VALUES = MEET_LUA_TASK_PLACE
};

/* The user values of a group. */
enum {
    MEET_LUA_GROUP_FAILURE = 1,
    MEET_LUA_GROUP_READER, /* function: results and errors so far */
    MEET_LUA_GROUP_USER_VALUES = MEET_LUA_GROUP_READER
};

/* Prepare the state's runtime. May be repeated. [-0, +0, m] */
void meet_lua_scheduler_open(lua_State *L, struct meet_lua_runtime *runtime);

void meet_lua_latch_init(struct meet_lua_latch *latch, bool is_open);

/* Open the latch: the tasks that wait for it are ready. [-0, +0, -] */
void meet_lua_latch_open(struct meet_lua_runtime *runtime,
                         struct meet_lua_latch *latch);

/* True when it has ended in any way. */
bool meet_lua_task_is_over(const struct meet_lua_task *task);

/*
 * Queue the task at 'index' and keep it alive until it is over; in a cancelled
 * group it is cancelled at once. [-0, +0, m]
 */
void meet_lua_scheduler_add(lua_State *L, int index,
                            struct meet_lua_runtime *runtime);

/* True when the thread is the running task and may yield. [-0, +0, -] */
bool meet_lua_scheduler_may_yield(lua_State *L,
                                  const struct meet_lua_runtime *runtime);

/* When the group of the running task ends, by that clock. [-0, +0, -] */
static inline int64_t
meet_lua_scheduler_deadline(const struct meet_lua_runtime *runtime,
                            const void *clock)
{
    const struct meet_lua_group *group =
        runtime->task ? runtime->task->group : NULL;

    return group && group->clock == clock ? group->ends_at : MEET_NEVER;
}

/* Push the userdata of a task that is not over. [-0, +1, -] */
void meet_lua_scheduler_push(lua_State *L, const struct meet_lua_task *task);

/*
 * The running task yields next. It is ready again when the latch (NULL: none)
 * opens, the machine's clock reads 'wakes_at' or somebody wakes it.
 * [-0, +0, -]
 */
void meet_lua_scheduler_wait(struct meet_lua_runtime *runtime,
                             struct meet_lua_latch *latch, int64_t wakes_at);

/* Make the task ready if it waits. [-0, +0, -] */
void meet_lua_scheduler_wake(struct meet_lua_runtime *runtime,
                             struct meet_lua_task *task);

/* Make the tasks ready whose time has come. [-0, +0, -] */
void meet_lua_scheduler_wake_due(struct meet_lua_runtime *runtime, int64_t now);

/* Run the first ready task until it yields; false if there is none.
   [-0, +0, -] */
bool meet_lua_scheduler_turn(lua_State *L, struct meet_lua_runtime *runtime);

/*
 * Close the task's thread, and with it its <close> variables and the request it
 * waits for. A task that runs ends where it next yields. [-0, +0, -]
 */
void meet_lua_scheduler_cancel(lua_State *L, struct meet_lua_runtime *runtime,
                               struct meet_lua_task *task);

/* Cancel the group's pending tasks. [-0, +0, -] */
void meet_lua_scheduler_cancel_group(lua_State *L,
                                     struct meet_lua_runtime *runtime,
                                     struct meet_lua_group *group);

/* How long the network may be waited for, at most 'longest'. [-0, +0, -] */
int64_t meet_lua_scheduler_patience(const struct meet_lua_runtime *runtime,
                                    int64_t longest);
