/* lua_late.c - see lua_late.h. */
#include "lua_late.h"

#include "clock.h"

/* Its address is the error, which no script can make. */
static const char raised = 'r';

static bool ends_before(const struct meet_heap_node *a,
                        const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_lua_late, node)->ends_at <
           MEET_OWNER(b, struct meet_lua_late, node)->ends_at;
}

void meet_lua_late_begin(lua_State *L, struct meet_lua_runtime *runtime,
                         struct meet_lua_late *late, int64_t length)
{
    runtime->timed.before = ends_before;
    late->thread = L;
    late->ends_at = meet_ns_add(meet_clock_now(), length);
    late->raises = false;
    meet_heap_insert(&runtime->timed, &late->node);
}

void meet_lua_late_end(struct meet_lua_late *late)
{
    meet_heap_remove(&late->node);
    if (late->raises)
        lua_sethook(late->thread, late->hook, late->mask, late->count);
    late->raises = false;
}

static void raise(lua_State *L, lua_Debug *activation)
{
    (void)activation;
    lua_pushlightuserdata(L, (void *)&raised);
    lua_error(L);
}

/* Raise in its thread, unless a call inside it does so there: that one ends
   first, and then gives the thread's own hook back. */
static bool starts(struct meet_lua_late *late)
{
    lua_Hook own = lua_gethook(late->thread);

    if (own == raise)
        return false;
    late->raises = true;
    late->hook = own;
    late->mask = lua_gethookmask(late->thread);
    late->count = lua_gethookcount(late->thread);
    lua_sethook(late->thread, raise, LUA_MASKCOUNT, 1);
    return true;
}

void meet_lua_late_raise(struct meet_lua_runtime *runtime)
{
    struct meet_lua_late *late;
    int64_t now;

    if (!runtime->timed.first)
        return;
    now = meet_clock_now();
    while (
        (late = MEET_HEAP_FIRST(&runtime->timed, struct meet_lua_late, node)) &&
        late->ends_at <= now) {
        meet_heap_remove(&late->node);
        if (starts(late))
            continue;
        late->ends_at = meet_ns_add(now, 1); /* look again at the next turn */
        meet_heap_insert(&runtime->timed, &late->node);
    }
}

bool meet_lua_late_is_raised(lua_State *L)
{
    return lua_touserdata(L, -1) == (void *)&raised;
}
