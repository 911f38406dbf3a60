/*
 * drive.c - runs a scenario with one allocation failing, for every one that it
 * makes: Lua's, libcurl's and the core's own (the linker wraps malloc and its
 * kin in its objects).
 *
 *     drive FILE NAME URL STEP [FIRST]
 *
 * FILE returns a table of scenarios: prepare(url) makes the subject,
 * act(subject) runs short of memory, after(subject) shows that the rest still
 * works. STEP 1 walks every allocation, 7 each seventh. After each walk the
 * state is closed; memory that is then still allocated is a leak.
 * MEET_OOM_TRACE=1 shows who asked for the memory.
 */
#include <curl/curl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "../support/driven.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most seconds that one walk may take: a hang is a failure. */
#define PATIENCE 60

int luaopen_googlemeet_core(lua_State *L);
void __sanitizer_print_stack_trace(void) __attribute__((weak));
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* The linker's names. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t number, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);
char *__wrap_strdup(const char *text);

static long long left = -1; /* allocations before the one that fails; -1: off */
static bool fired, again;   /* it did; Lua's second try must fail too */
static _Atomic long long alive; /* blocks of libcurl and the core */

/* True where an allocation has to fail now. */
static bool must_fail(void)
{
    if (left < 0 || left-- > 0)
        return false;
    fired = true;
    if (getenv("MEET_OOM_TRACE") && __sanitizer_print_stack_trace)
        __sanitizer_print_stack_trace();
    return true;
}

static void *count(void *block)
{
    alive += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : count(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size)
{
    return must_fail() ? NULL : count(__real_calloc(number, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (must_fail())
        return NULL;
    return old ? __real_realloc(old, size) : count(__real_malloc(size));
}

void __wrap_free(void *old)
{
    alive -= old != NULL;
    __real_free(old);
}

char *__wrap_strdup(const char *text)
{
    return must_fail() ? NULL : count(__real_strdup(text));
}

/* Lua collects garbage and tries again before it gives up. */
static void *allocate(void *unused, void *old, size_t had, size_t wants)
{
    bool grows = wants > (old ? had : 0);

    (void)unused;
    if (wants == 0) {
        __real_free(old);
        return NULL;
    }
    if (grows && again) {
        again = false;
        return NULL;
    }
    if (grows && must_fail()) {
        again = true;
        return NULL;
    }
    return __real_realloc(old, wants);
}

static const char *const outcomes[] = {"absorbed", "memory", "documented"};
static unsigned counts[3];

/* How `act` ended: an index of outcomes, or -1 after printing a message. */
static int judge(lua_State *L, int status)
{
    const char *kind, *text;

    if (status == LUA_ERRMEM)
        return 1;
    if (status == LUA_OK && lua_isboolean(L, -2) && lua_toboolean(L, -2))
        return 0;
    if (lua_istable(L, -1) && luaL_getmetafield(L, -1, "__name")) {
        lua_pop(L, 1);
        lua_getfield(L, -1, "kind");
        kind = lua_tostring(L, -1);
        if (getenv("MEET_OOM_TRACE"))
            fprintf(stderr, "kind %s\n", kind);
        return kind && strcmp(kind, "memory") == 0 ? 1 : 2;
    }
    text = luaL_tolstring(L, -1, NULL);
    if (strstr(text, "not enough memory") || strstr(text, "out of memory"))
        return 1;
    fprintf(stderr, "act gave %s\n", text);
    return -1;
}

static int call(lua_State *L, int table, const char *name, int arguments)
{
    lua_getfield(L, table, name);
    lua_insert(L, -1 - arguments);
    return lua_pcall(L, arguments, 2, 0);
}

static bool complain(lua_State *L, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, luaL_tolstring(L, -1, NULL));
    return false;
}

/* Push the scenario NAME of FILE onto a state that is set up. */
static bool load(lua_State *L, char **argv)
{
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_googlemeet_core);
    lua_setfield(L, -2, "googlemeet.core");
    lua_settop(L, 0);
    if (luaL_dofile(L, argv[1]))
        return complain(L, "scenarios");
    lua_getfield(L, 1, argv[2]);
    lua_replace(L, 1);
    lua_settop(L, 1);
    lua_pushstring(L, argv[3]);
    if (call(L, 1, "prepare", 1) != LUA_OK)
        return complain(L, "prepare");
    lua_settop(L, 2); /* the scenario and its subject */
    return true;
}

/* One walk; false: it went wrong. */
static bool run(lua_State *L, char **argv, long long nth)
{
    int outcome, status;

    if (!load(L, argv))
        return false;
    lua_getfield(L, 1, "act");
    lua_pushvalue(L, 2);
    fired = again = false;
    left = nth;
    status = lua_pcall(L, 1, 2, 0);
    left = -1;
    again = false;
    outcome = judge(L, status);
    if (outcome < 0)
        return false;
    counts[outcome] += fired;
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (call(L, 1, "after", 1) != LUA_OK)
        return complain(L, "after");
    return true;
}

/*
 * When resolving a host runs out of memory, libcurl's resolver thread may
 * outlive the state; it then frees its own memory.
 */
static void wait_for_threads(long long before)
{
    for (int i = 0; i < 500 && before >= 0 && alive != before; i++)
        usleep(10000);
}

/* Walk a scenario; false at the first thing that goes wrong. */
static bool walk(char **argv, long long step, long long nth)
{
    long long walked = 0, before = -1;

    for (; walked == 0 || fired; nth += step, walked++) {
        lua_State *L = driven_state(allocate);
        bool ok;

        alarm(PATIENCE);
        ok = L && run(L, argv, nth);
        if (L)
            lua_close(L);
        wait_for_threads(before);
        if (!ok || (before >= 0 && alive != before)) {
            fprintf(stderr, "%s: at allocation %lld%s, %lld blocks left\n",
                    argv[2], nth, ok ? "" : " (went wrong)", alive - before);
            if (__lsan_do_recoverable_leak_check)
                __lsan_do_recoverable_leak_check();
            return false;
        }
        before = before < 0 ? alive : before;
    }
    printf("%s: %lld allocations failed in turn:", argv[2], walked - 1);
    for (int i = 0; i < 3; i++)
        printf(" %u %s%s", counts[i], outcomes[i], i < 2 ? "," : "\n");
    return true;
}

/*
 * A state that is never closed keeps lua-cjson loaded, so that a leak's trace
 * can name it.
 */
static lua_State *kept;

static void keep_cjson(void)
{
    kept = luaL_newstate();
    if (!kept)
        return;
    luaL_openlibs(kept);
    lua_getglobal(kept, "require");
    lua_pushliteral(kept, "cjson");
    lua_pcall(kept, 1, 0, 0);
}

int main(int argc, char **argv)
{
    long long step = argc > 4 ? atoll(argv[4]) : 0;

    if (step < 1) {
        fputs("use: drive FILE NAME URL STEP [FIRST]\n", stderr);
        return EXIT_FAILURE;
    }
    keep_cjson();
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, __wrap_malloc, __wrap_free,
                         __wrap_realloc, __wrap_strdup, __wrap_calloc);
    return walk(argv, step, argc > 5 ? atoll(argv[5]) : 0) ? EXIT_SUCCESS
                                                           : EXIT_FAILURE;
}
