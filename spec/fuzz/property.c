/*
 * property.c - runs a property written in Lua under libFuzzer: the script
 * PROPERTY gives a function of a string, which raises where it does not hold.
 *
 * The core is linked in and instrumented; cjson and Lua are the system's. Lines
 * of Lua reached count as coverage too.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES = 1 << 14 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int luaopen_googlemeet_core(lua_State *L);

/* libFuzzer takes counters in this section for its own. */
static uint8_t reached[LINES]
    __attribute__((section("__libfuzzer_extra_counters")));

static lua_State *state;

/*
 * Lua seeds its hashes from the clock and from addresses, and the order of
 * pairs() follows. The clock stands still while the state is made, so that a
 * run can be repeated; run.sh fixes the addresses.
 */
static bool starting;

__attribute__((visibility("default"))) time_t time(time_t *at)
{
    struct timespec now = {0};

    if (!starting)
        clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

static void count_line(lua_State *L, lua_Debug *at)
{
    unsigned place = (unsigned)at->currentline * 31;

    lua_getinfo(L, "S", at);
    for (const char *c = at->short_src; *c; c++)
        place = place * 131 + (unsigned char)*c;
    if (reached[place % LINES] < UINT8_MAX)
        reached[place % LINES]++;
}

static void end_with(lua_State *L)
{
    fprintf(stderr, "%s: %s\n", PROPERTY, luaL_tolstring(L, -1, NULL));
    abort();
}

static int with_traceback(lua_State *L)
{
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

static void close_state(void)
{
    lua_close(state);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    starting = true;
    state = luaL_newstate();
    starting = false;
    if (!state)
        abort();
    luaL_openlibs(state);
    luaL_getsubtable(state, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(state, luaopen_googlemeet_core);
    lua_setfield(state, -2, "googlemeet.core");
    lua_settop(state, 0);
    lua_pushcfunction(state, with_traceback);
    lua_sethook(state, count_line, LUA_MASKLINE, 0);
    if (luaL_loadfile(state, PROPERTY) != LUA_OK ||
        lua_pcall(state, 0, 1, 1) != LUA_OK)
        end_with(state);
    atexit(close_state);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_pushvalue(state, 2);
    lua_pushlstring(state, (const char *)data, size);
    if (lua_pcall(state, 1, 0, 1) != LUA_OK)
        end_with(state);
    lua_settop(state, 2);
    return 0;
}
