/* lua_late.c - see lua_late.h. */
#include "lua_late.h"

#include "clock.h"

/* Its address is the error, which no script can make. */
static const char raised = 'r';

#define FIRST(heap) MEET_HEAP_FIRST(heap, struct meet_lua_late, node)

static bool ends_before(const struct meet_heap_node *a,
                        const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_lua_late, node)->ends_at <
           MEET_OWNER(b, struct meet_lua_late, node)->ends_at;
}

void meet_lua_late_open(struct meet_lua_runtime *runtime)
{
    runtime->timed.before = runtime->held.before = ends_before;
}

void meet_lua_late_begin(lua_State *L, struct meet_lua_runtime *runtime,
                         struct meet_lua_late *late, int64_t length)
{
    late->thread = L;
    late->task = runtime->task;
    late->ends_at = meet_ns_add(meet_clock_now(), length);
    late->raises = false;
    meet_heap_insert(&runtime->timed, &late->node);
}

void meet_lua_late_end(struct meet_lua_runtime *runtime,
                       struct meet_lua_late *late)
{
    struct meet_lua_late *held;

    meet_heap_remove(&late->node);
    if (!late->raises)
        return;
    lua_sethook(late->thread, late->hook, late->mask, late->count);
    late->raises = false;
    while ((held = FIRST(&runtime->held))) {
        meet_heap_remove(&held->node);
        meet_heap_insert(&runtime->timed, &held->node);
    }
}

static int depth_of(lua_State *L)
{
    lua_Debug at;
    int depth = 0;

    while (lua_getstack(L, depth, &at))
        depth++;
    return depth;
}

/*
 * Raise at each instruction, but in the functions that close variables: they
 * are called as the error passes, and so before an instruction of whatever
 * catches it, which is further down the stack.
 */
static void raise(lua_State *L, lua_Debug *event)
{
    struct meet_lua_unwinding *now = &meet_lua_runtime_get(L)->unwinding;
    bool unwinds = now->thread == L;
    lua_Debug at;

    if (unwinds && now->closing > 0 && lua_getstack(L, now->closing - 1, &at))
        return;
    if (event->event != LUA_HOOKCOUNT) { /* a call */
        if (unwinds)
            now->closing = depth_of(L);
        return;
    }
    *now = (struct meet_lua_unwinding){.thread = L};
    lua_pushlightuserdata(L, (void *)&raised);
    lua_error(L);
}

void meet_lua_late_check(lua_State *L)
{
    lua_Debug here = {.event = LUA_HOOKCOUNT};

    if (lua_gethook(L) == raise)
        raise(L, &here);
}

/* Raise in its thread, unless another call does so there: that one gives the
   thread's own hook back as it ends. */
static bool starts(struct meet_lua_late *late)
{
    lua_Hook own = lua_gethook(late->thread);

    if (own == raise)
        return false;
    late->raises = true;
    late->hook = own;
    late->mask = lua_gethookmask(late->thread);
    late->count = lua_gethookcount(late->thread);
    lua_sethook(late->thread, raise, LUA_MASKCOUNT | LUA_MASKCALL, 1);
    return true;
}

struct meet_lua_late *meet_lua_late_raise(struct meet_lua_runtime *runtime,
                                          int64_t now)
{
    struct meet_lua_late *late;

    while ((late = FIRST(&runtime->timed)) && late->ends_at <= now) {
        meet_heap_remove(&late->node);
        if (starts(late))
            return late;
        meet_heap_insert(&runtime->held, &late->node);
    }
    return NULL;
}

int64_t meet_lua_late_next(const struct meet_lua_runtime *runtime)
{
    const struct meet_lua_late *late = FIRST(&runtime->timed);

    return late ? late->ends_at : MEET_NEVER;
}

bool meet_lua_late_is_raised(lua_State *L)
{
    return lua_touserdata(L, -1) == (void *)&raised;
}
