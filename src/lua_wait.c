/* lua_wait.c - see lua_wait.h. */
#include "lua_wait.h"

/* Longest slice, seconds: an interrupt is seen that late at the most. */
#define SLICE 0.1

static int nothing(lua_State *L)
{
    (void)L;
    return 0;
}

/* All events at once: an interrupt's hook, not a debugger's or a counter's. */
#define EVERYTHING (LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT)

/*
 * Hooks belong to a thread, and the stand-alone interpreter's Ctrl-C sets
 * one on the main thread: give it to the thread that waits. Any other hook
 * of either thread stays where it is.
 */
static void adopt_interrupt(lua_State *L)
{
    lua_State *main;

    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    main = lua_tothread(L, -1);
    lua_pop(L, 1);
    if (main && main != L && lua_gethook(main) &&
        lua_gethookmask(main) == EVERYTHING)
        lua_sethook(L, lua_gethook(main), EVERYTHING, lua_gethookcount(main));
}

void meet_lua_wait_slice(lua_State *L, struct meet_lua_runtime *runtime,
                         double seconds)
{
    meet_engine_step(runtime->engine, seconds < SLICE ? seconds : SLICE);
    adopt_interrupt(L);
    if (!lua_gethook(L))
        return;
    lua_pushcfunction(L, nothing); /* calling anything lets hooks run */
    lua_call(L, 0, 0);
}
