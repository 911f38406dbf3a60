/*
 * lines.c - a Lua module that notes which lines of lua/googlemeet run, in the
 * thread that loads it and in each one made from then on.
 *
 * A line that is new to the process is appended to the file LINES at once, as
 * "lua/googlemeet/….lua:LINE", so a process may end in any way, and several may
 * share the file. In C, since a hook set by debug.sethook is called in one
 * thread only, and takes so long that specs about time fail.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "/lua/googlemeet/"

enum {
    PLACES = 1 << 15, /* of a hash table: several times the lines there are */
    LONGEST = 80,
};

__attribute__((visibility("default"))) int luaopen_lines(lua_State *L);

static char places[PLACES][LONGEST];
static int file = -1;

/* True if the place is new. */
static bool add(const char *place)
{
    unsigned at = 5381;

    for (const char *c = place; *c; c++)
        at = at * 33 + (unsigned char)*c;
    for (at %= PLACES; places[at][0]; at = (at + 1) % PLACES)
        if (strcmp(places[at], place) == 0)
            return false;
    memcpy(places[at], place, strlen(place) + 1);
    return true;
}

static void note(lua_State *L, lua_Debug *event)
{
    char place[LONGEST];
    const char *path;
    int length;

    lua_getinfo(L, "S", event);
    path = strstr(event->source, FOLDER);
    if (!path)
        return;
    length = snprintf(place, LONGEST, "%s:%d\n", path + 1, event->currentline);
    if (length >= LONGEST ||
        (add(place) && write(file, place, (size_t)length) != length))
        luaL_error(L, "the line %s cannot be noted", place);
}

/* A spec that takes its own hook off gets this one back. */
static int set_hook(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    if (!lua_gethook(L))
        lua_sethook(L, note, LUA_MASKLINE, 0);
    return 0;
}

/* A program whose output is closed must not print into the file. */
static int open_apart(const char *path)
{
    int low = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    int high = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    if (low >= 0)
        close(low);
    return high;
}

int luaopen_lines(lua_State *L)
{
    const char *path = getenv("LINES");

    if (file < 0 && path)
        file = open_apart(path);
    if (file < 0)
        return luaL_error(L, "the file LINES cannot be opened");
    lua_getglobal(L, LUA_DBLIBNAME);
    lua_getfield(L, -1, "sethook");
    lua_pushcclosure(L, set_hook, 1);
    lua_setfield(L, -2, "sethook");
    lua_sethook(L, note, LUA_MASKLINE, 0);
    return 0;
}
