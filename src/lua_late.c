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
    if (!runtime->raising.next)
        meet_link_init(&runtime->raising);
}

void meet_lua_late_begin(lua_State *L, struct meet_lua_runtime *runtime,
                         struct meet_lua_late *late, int64_t length)
{
    late->thread = L;
    late->task = runtime->task;
    late->ends_at = meet_ns_add(meet_clock_now(), length);
    meet_heap_insert(&runtime->timed, &late->node);
}

static int depth_of(lua_State *L)
{
    lua_Debug at;
    int depth = 0;

    while (lua_getstack(L, depth, &at))
        depth++;
    return depth;
}

/* False for a coroutine that a late thread made: it got that one's hook. */
static bool is_late(const struct meet_lua_runtime *runtime, lua_State *L)
{
    const struct meet_link *link = runtime->raising.next;

    while (link != &runtime->raising &&
           MEET_OWNER(link, struct meet_lua_late, raising)->thread != L)
        link = link->next;
    return link != &runtime->raising;
}

/*
 * Raise at each instruction, but in the functions that close variables: they
 * are called as the error passes, and so before an instruction of whatever
 * catches it, which is further down the stack.
 */
static void raise(lua_State *L, lua_Debug *event)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_unwinding *now = &runtime->unwinding;
    bool unwinds = now->thread == L;
    lua_Debug at;

    if (!is_late(runtime, L)) {
        lua_sethook(L, NULL, 0, 0);
        return;
    }
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

bool meet_lua_late_raises(const struct meet_lua_late *late)
{
    return !meet_link_is_alone(&late->raising);
}

/* Give the thread its own hook back, unless a script has set another one. */
static void disarm(lua_State *thread, const struct meet_lua_late *late)
{
    if (lua_gethook(thread) == raise)
        lua_sethook(thread, late->hook, late->mask, late->count);
}

void meet_lua_late_end(struct meet_lua_runtime *runtime,
                       struct meet_lua_late *late)
{
    struct meet_lua_late *held;

    meet_heap_remove(&late->node);
    if (!meet_lua_late_raises(late))
        return;
    disarm(late->thread, late);
    meet_link_leave(&late->raising);
    while ((held = FIRST(&runtime->held))) {
        meet_heap_remove(&held->node);
        meet_heap_insert(&runtime->timed, &held->node);
    }
}

void meet_lua_late_raise_here(lua_State *L)
{
    lua_Debug here = {.event = LUA_HOOKCOUNT};

    if (lua_gethook(L) == raise)
        raise(L, &here);
}

static void arm(struct meet_lua_late *late)
{
    lua_State *thread = late->thread;

    if (lua_gethook(thread) == raise)
        return;
    late->hook = lua_gethook(thread);
    late->mask = lua_gethookmask(thread);
    late->count = lua_gethookcount(thread);
    lua_sethook(thread, raise, LUA_MASKCOUNT | LUA_MASKCALL, 1);
}

/* Raise in its thread, unless another call does so there: that one gives the
   thread's own hook back as it ends. */
static bool starts(struct meet_lua_runtime *runtime, struct meet_lua_late *late)
{
    if (is_late(runtime, late->thread))
        return false;
    meet_link_join(&late->raising, &runtime->raising);
    if (lua_gethook(late->thread) == raise) /* of the thread that made it */
        lua_sethook(late->thread, NULL, 0, 0);
    arm(late);
    return true;
}

struct meet_lua_late *meet_lua_late_raise(struct meet_lua_runtime *runtime,
                                          int64_t now)
{
    struct meet_link *link = runtime->raising.next;
    struct meet_lua_late *late;

    for (; link != &runtime->raising; link = link->next)
        arm(MEET_OWNER(link, struct meet_lua_late, raising));
    while ((late = FIRST(&runtime->timed)) && late->ends_at <= now) {
        meet_heap_remove(&late->node);
        if (starts(runtime, late))
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
