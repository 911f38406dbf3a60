/* lua_wait.c - see lua_wait.h. */
#include "lua_wait.h"

#include "clock.h"
#include "lua_late.h"
#include "lua_scheduler.h"

#include <lauxlib.h>

/* Longest slice, and so the longest delay of an interrupt. */
#define SLICE MEET_MILLISECONDS(100)

/* Most instructions that a hook may count to be run by every slice: so many
   take some microseconds. */
#define MOST_COUNTED 1000

static int nothing(lua_State *L)
{
    (void)L;
    return 0;
}

static void copy_hook(lua_State *to, lua_State *from)
{
    lua_sethook(to, lua_gethook(from), lua_gethookmask(from),
                lua_gethookcount(from));
}

/*
 * Run the main thread's hook in L. If the hook removes itself, as that of
 * Ctrl-C does, remove it from the main thread too. L keeps its own hook.
 */
static void lend_hook(lua_State *L, struct meet_lua_runtime *runtime,
                      lua_State *main)
{
    lua_Hook own = lua_gethook(L), lent = lua_gethook(main);
    int mask = lua_gethookmask(L), count = lua_gethookcount(L);
    int status;

    copy_hook(L, main);
    lua_pushcfunction(L, nothing);
    status = lua_pcall(L, 0, 0, 0);
    if (lua_gethook(L) != lent)
        copy_hook(main, L);
    runtime->hook = lua_gethook(main);
    lua_sethook(L, own, mask, count);
    if (status != LUA_OK)
        lua_error(L);
}

/*
 * Run a hook that counts instructions, as a watchdog does: no instruction runs
 * in a wait, so run as many as it counts. One that counts many has to stay as
 * it is, for it may be a script's budget.
 */
static void run_count_hook(lua_State *L, int count)
{
    if (luaL_loadstring(L, "for _ = 1, ... do end") != LUA_OK)
        lua_error(L);
    lua_pushinteger(L, count);
    lua_call(L, 1, 0);
}

/*
 * Hooks belong to a thread, and the stand-alone interpreter's Ctrl-C sets one
 * on the main thread. A hook that is new there runs here, once; an older one,
 * such as a debugger's, does not.
 */
static void run_hooks(lua_State *L, struct meet_lua_runtime *runtime)
{
    lua_State *main = runtime->main;
    lua_Hook hook = lua_gethook(main);

    if (main != L && hook && hook != runtime->hook) {
        lend_hook(L, runtime, main);
        return;
    }
    if (lua_gethookmask(L) & LUA_MASKCOUNT &&
        lua_gethookcount(L) <= MOST_COUNTED) {
        run_count_hook(L, lua_gethookcount(L));
    } else if (lua_gethook(L)) { /* any call runs it */
        lua_pushcfunction(L, nothing);
        lua_call(L, 0, 0);
    }
    runtime->hook = lua_gethook(main);
}

void meet_lua_wait_slice(lua_State *L, struct meet_lua_runtime *runtime,
                         int64_t length)
{
    meet_engine_step(meet_lua_runtime_engine(L, runtime),
                     meet_ns_earlier(length, SLICE));
    if (runtime->timers.first || runtime->timed.first)
        meet_lua_scheduler_wake_due(runtime, meet_clock_now());
    run_hooks(L, runtime);
    meet_lua_late_check(L, runtime);
}
