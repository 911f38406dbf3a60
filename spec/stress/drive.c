/*
 * drive.c - runs a script with one collection at its n-th allocation, for every
 * n: finalizers then run between any two steps of the core.
 *
 *     drive SCRIPT SCENARIO FINALIZER URL STEP [FIRST]
 *
 * The script returns three functions for its arguments. The second one is
 * walked; the third one then checks the result. Each n has a new state;
 * AddressSanitizer reports what it leaks.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "../support/driven.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE = 60 }; /* seconds that one walk may take */
enum { PREPARE = 2, ACT, AFTER };

int luaopen_googlemeet_core(lua_State *L);

static lua_State *walked;   /* the state that is to collect, */
static long long left = -1; /* after so many allocations more */

static void *allocate(void *context, void *block, size_t had, size_t wants)
{
    (void)context;
    if (wants == 0) {
        free(block);
        return NULL;
    }
    if ((!block || wants > had) && left >= 0 && left-- == 0)
        lua_gc(walked, LUA_GCRESTART); /* due at the next step that may */
    return realloc(block, wants);
}

static int with_traceback(lua_State *L)
{
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

static bool call(lua_State *L, int function)
{
    lua_pushvalue(L, function);
    if (lua_pcall(L, 0, 0, 1) == LUA_OK)
        return true;
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return false;
}

static bool load(lua_State *L, char **argv)
{
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_googlemeet_core);
    lua_setfield(L, -2, "googlemeet.core");
    lua_settop(L, 0);
    lua_pushcfunction(L, with_traceback);
    if (luaL_loadfile(L, argv[1]) == LUA_OK) {
        for (int i = 2; i <= 4; i++)
            lua_pushstring(L, argv[i]);
        if (lua_pcall(L, 3, 3, 1) == LUA_OK)
            return call(L, PREPARE);
    }
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return false;
}

/* One collection at the n-th allocation of the act. */
static bool run(lua_State *L, char **argv, long long nth)
{
    bool ok;

    if (!load(L, argv))
        return false;
    lua_gc(L, LUA_GCCOLLECT);
    driven_whole_cycles(L);
    lua_gc(L, LUA_GCSTOP);
    walked = L;
    left = nth;
    ok = call(L, ACT);
    if (left < 0)
        lua_gc(L, LUA_GCRESTART);
    return call(L, AFTER) && ok;
}

int main(int argc, char **argv)
{
    long long step = argc > 5 ? atoll(argv[5]) : 0, walks = 0;
    long long nth = argc > 6 ? atoll(argv[6]) : 0;
    bool ok = true;

    if (step < 1) {
        fputs("use: drive SCRIPT SCENARIO FINALIZER URL STEP [FIRST]\n",
              stderr);
        return EXIT_FAILURE;
    }
    for (; ok && left < 0; nth += step, walks++) {
        lua_State *L = driven_state(allocate);

        alarm(PATIENCE);
        ok = L && run(L, argv, nth);
        if (L)
            lua_close(L);
        if (!ok)
            fprintf(stderr, "%s, %s: at allocation %lld\n", argv[2], argv[3],
                    nth);
    }
    printf("%s, %s: %lld collections\n", argv[2], argv[3], walks - 1);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
