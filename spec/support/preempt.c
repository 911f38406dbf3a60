/*
 * preempt.c - a host that takes the processor away from its coroutines, as
 * HAProxy does, for spec/core/task/cut_spec.lua.
 */
#include <lauxlib.h>
#include <lua.h>

#include <string.h>

/* Most turns of one run: nothing here takes a hundredth of them. */
#define TURNS 2000000L

#define MOST_COROUTINES 8

static lua_State *coroutines[MOST_COROUTINES];
static long events[MOST_COROUTINES];
static int alive, every, threads_too;

/* Threads of tasks inherit the hook of the coroutine that starts them. */
static void suspend(lua_State *L, lua_Debug *event)
{
    static long of_others;
    long *count = &of_others;

    (void)event;
    for (int i = 0; i < MOST_COROUTINES; i++)
        if (coroutines[i] == L)
            count = &events[i];
    if (count == &of_others && !threads_too)
        return;
    if (++*count % every == 0 && lua_isyieldable(L))
        lua_yield(L, 0);
}

/* Resume the coroutine; raise its error. */
static void resume(lua_State *L, int index)
{
    int results, status;

    status = lua_resume(coroutines[index], L, 0, &results);
    if (status == LUA_YIELD) {
        lua_pop(coroutines[index], results);
        return;
    }
    if (status != LUA_OK) {
        luaL_tolstring(coroutines[index], -1, NULL);
        luaL_error(L, "every %d: %s", every,
                   lua_tostring(coroutines[index], -1));
    }
    coroutines[index] = NULL;
    alive--;
}

/*
 * preempt("line" | "count" | "both", every, threads): run the coroutines in
 * turns, each suspended at each nth event; "both": at lines, tasks too.
 */
static int preempt(lua_State *L)
{
    const char *event = luaL_checkstring(L, 1);
    int mask = strcmp(event, "count") == 0 ? LUA_MASKCOUNT : LUA_MASKLINE;
    long turns = 0;

    every = (int)luaL_checkinteger(L, 2);
    threads_too = strcmp(event, "both") == 0;
    luaL_checktype(L, 3, LUA_TTABLE);
    memset(coroutines, 0, sizeof coroutines);
    memset(events, 0, sizeof events);
    alive = (int)lua_rawlen(L, 3);
    luaL_argcheck(L, alive <= MOST_COROUTINES, 3, "too many");
    for (int i = 0; i < alive; i++) {
        lua_rawgeti(L, 3, i + 1);
        coroutines[i] = lua_tothread(L, -1);
        lua_pop(L, 1);
        lua_sethook(coroutines[i], suspend, mask, 1);
    }
    while (alive > 0)
        for (int i = 0; i < MOST_COROUTINES; i++) {
            if (turns++ > TURNS)
                return luaL_error(L, "every %d: it never ends", every);
            if (coroutines[i])
                resume(L, i);
        }
    return 0;
}

int luaopen_preempt(lua_State *L)
{
    lua_pushcfunction(L, preempt);
    return 1;
}
