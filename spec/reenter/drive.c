/*
 * drive.c - runs a script that says at which allocation Lua collects, so that
 * finalizers run between any two steps of the core.
 *
 *     drive SCRIPT [ARGUMENT ...]
 *
 * The script's module "moment" has arm(n): the n-th allocation from now makes
 * the collector run; rest(), for a finalizer: that was its last cycle;
 * disarm(): how many have come since; note(text): what is printed if
 * AddressSanitizer ends the process. Nothing else makes the collector run.
 *
 * A block that grows moves, so that any use of the old one is seen.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "../support/driven.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE = 60 }; /* seconds between two notes: a hang is a failure */

int luaopen_googlemeet_core(lua_State *L);
void __asan_set_death_callback(void (*callback)(void)) __attribute__((weak));

static lua_State *walked;
static long long allocations; /* that were counted since */
static long long due = -1;    /* the one that collects; -1: none */
static bool rests;            /* the collector has to stop */
static char noted[256];

static void collect_when_due(void)
{
    if (rests && lua_gc(walked, LUA_GCSTOP) >= 0) /* -1: in a finalizer */
        rests = false;
    if (allocations++ == due)
        lua_gc(walked, LUA_GCRESTART); /* due at the next step that may */
}

static void *allocate(void *context, void *block, size_t had, size_t wants)
{
    void *moved;

    (void)context;
    if (wants == 0) {
        free(block);
        return NULL;
    }
    if (!block || wants > had)
        collect_when_due();
    moved = malloc(wants);
    if (moved && block) {
        memcpy(moved, block, had < wants ? had : wants);
        free(block);
    }
    return moved;
}

static int moment_arm(lua_State *L)
{
    rests = false;
    lua_gc(L, LUA_GCSTOP);
    due = luaL_checkinteger(L, 1);
    allocations = 0;
    return 0;
}

static int moment_rest(lua_State *L)
{
    (void)L;
    rests = true;
    return 0;
}

static int moment_disarm(lua_State *L)
{
    due = -1;
    rests = false;
    lua_gc(L, LUA_GCSTOP);
    lua_pushinteger(L, allocations);
    return 1;
}

static int moment_note(lua_State *L)
{
    snprintf(noted, sizeof noted, "%s", luaL_checkstring(L, 1));
    alarm(PATIENCE);
    return 0;
}

static const luaL_Reg functions[] = {
    {"arm", moment_arm},   {"rest", moment_rest}, {"disarm", moment_disarm},
    {"note", moment_note}, {NULL, NULL},
};

static int open_moment(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}

static void print_note(void)
{
    fprintf(stderr, "wrong: %s: the process died\n", noted);
}

static int with_traceback(lua_State *L)
{
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

static bool run(lua_State *L, int argc, char **argv)
{
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_googlemeet_core);
    lua_setfield(L, -2, "googlemeet.core");
    lua_pushcfunction(L, open_moment);
    lua_setfield(L, -2, "moment");
    lua_settop(L, 0);
    driven_whole_cycles(L);
    lua_pushcfunction(L, with_traceback);
    if (luaL_loadfile(L, argv[1]) == LUA_OK) {
        for (int i = 2; i < argc; i++)
            lua_pushstring(L, argv[i]);
        if (lua_pcall(L, argc - 2, 1, 1) == LUA_OK)
            return lua_toboolean(L, -1);
    }
    fprintf(stderr, "wrong: %s: %s\n", noted, lua_tostring(L, -1));
    return false;
}

int main(int argc, char **argv)
{
    bool ok;

    if (argc < 2) {
        fputs("use: drive SCRIPT [ARGUMENT ...]\n", stderr);
        return EXIT_FAILURE;
    }
    if (__asan_set_death_callback)
        __asan_set_death_callback(print_note);
    walked = driven_state(allocate);
    ok = walked && run(walked, argc, argv);
    if (walked)
        lua_close(walked);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
