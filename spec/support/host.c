/*
 * host.c - a small stand-in for lua5.4, for the sanitizer build.
 *
 * AddressSanitizer wants its runtime first in the process. Preloading it would
 * reach every child too, so the interpreter itself is built with it. It takes
 * what specs use: [-e CODE] [-l MODULE] [SCRIPT | -] [ARGUMENT ...], and stops
 * at Ctrl-C as lua5.4 does. The state is always closed, so that what the C core
 * did not free is a leak.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static lua_State *interrupted; /* a signal handler has no other way */

static void stop(lua_State *L, lua_Debug *event)
{
    (void)event;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted!");
}

static void on_interrupt(int number)
{
    signal(number, SIG_DFL); /* a second one ends the process */
    lua_sethook(interrupted, stop,
                LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

static int with_traceback(lua_State *L)
{
    const char *message = lua_tostring(L, 1);

    if (message)
        luaL_traceback(L, L, message, 1);
    else
        luaL_tolstring(L, 1, NULL);
    return 1;
}

static int call(lua_State *L, int status, int arguments)
{
    int base = lua_gettop(L) - arguments;

    if (status == LUA_OK) {
        lua_pushcfunction(L, with_traceback);
        lua_insert(L, base);
        signal(SIGINT, on_interrupt);
        status = lua_pcall(L, arguments, 0, base);
        signal(SIGINT, SIG_DFL);
    }
    if (status != LUA_OK) {
        fprintf(stderr, "lua5.4: %s\n", lua_tostring(L, -1));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int run_option(lua_State *L, const char *option, const char *value)
{
    if (strcmp(option, "-e") == 0)
        return call(L, luaL_loadbuffer(L, value, strlen(value), "=-e"), 0);
    lua_getglobal(L, "require");
    lua_pushstring(L, value);
    return call(L, LUA_OK, 1);
}

static int run_script(lua_State *L, int argc, char **argv, int script)
{
    const char *path = strcmp(argv[script], "-") == 0 ? NULL : argv[script];

    lua_newtable(L);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - script);
    }
    lua_setglobal(L, "arg");
    luaL_checkstack(L, argc + 3, "too many arguments");
    int status = luaL_loadfile(L, path);
    for (int i = script + 1; i < argc && status == LUA_OK; i++)
        lua_pushstring(L, argv[i]);
    return call(L, status, status == LUA_OK ? argc - script - 1 : 0);
}

int main(int argc, char **argv)
{
    lua_State *L = luaL_newstate();
    int status = EXIT_SUCCESS;
    int next = 1;

    if (!L)
        return EXIT_FAILURE;
    interrupted = L;
    luaL_openlibs(L);
    while (status == EXIT_SUCCESS && next + 1 < argc &&
           (strcmp(argv[next], "-e") == 0 || strcmp(argv[next], "-l") == 0)) {
        status = run_option(L, argv[next], argv[next + 1]);
        next += 2;
    }
    if (status == EXIT_SUCCESS && next < argc)
        status = run_script(L, argc, argv, next);
    lua_close(L);
    return status;
}
