/* lua_nesting.c - see lua_nesting.h. */
#include "lua_nesting.h"

#include "lua_error.h"

/*
 * Of the calls that the running task has begun, those of a thread that is not
 * suspended are below on the stack: callbacks of theirs run this code.
 */
struct meet_lua_nesting
meet_lua_nesting_get(const struct meet_lua_runtime *runtime)
{
    static const struct meet_lua_nesting none = {0};
    struct meet_lua_task *task = runtime->task;
    const struct meet_link *ring = task ? &task->calls : &runtime->calls;

    for (struct meet_link *link = ring->previous; link != ring;
         link = link->previous) {
        const struct meet_lua_nested *call =
            MEET_OWNER(link, struct meet_lua_nested, link);

        if (lua_status(call->thread) == LUA_OK)
            return call->nesting;
    }
    return task ? task->nesting : none;
}

void meet_lua_nesting_enter(lua_State *L, struct meet_lua_runtime *runtime,
                            struct meet_lua_nested *call)
{
    call->nesting = meet_lua_nesting_get(runtime);
    if (call->nesting.depth == MEET_LUA_MOST_NESTED)
        meet_lua_error_raise(L,
                             "callbacks of calls make calls, nested %d "
                             "deep",
                             MEET_LUA_MOST_NESTED);
    call->nesting.calls[call->nesting.depth++] = ++runtime->call_serial;
    call->thread = L;
    call->task = runtime->task;
    meet_link_join(&call->link,
                   call->task ? &call->task->calls : &runtime->calls);
}

bool meet_lua_nesting_is_inside(const struct meet_lua_runtime *runtime,
                                const struct meet_lua_nested *call)
{
    struct meet_lua_nesting nesting = meet_lua_nesting_get(runtime);
    unsigned depth = call->nesting.depth;

    return nesting.depth >= depth &&
           nesting.calls[depth - 1] == call->nesting.calls[depth - 1];
}

bool meet_lua_nesting_goes_on(lua_State *L,
                              const struct meet_lua_runtime *runtime,
                              const struct meet_lua_nested *call)
{
    const struct meet_lua_task *task = call->task;
    bool is_in_task = !meet_link_is_alone(&call->link) && task &&
                      task->thread == call->thread;

    if (meet_lua_scheduler_may_yield(
            L, runtime)) /* it may be below on the stack */
        return is_in_task || lua_status(call->thread) == LUA_OK;
    return is_in_task && task->state != MEET_TASK_RUNNING;
}
