/* lua_limiter.c - see lua_limiter.h. */
#include "lua_limiter.h"

#include "clock.h"
#include "lua_error.h"
#include "unique.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOLDER_TYPE  "googlemeet.file_limiter" /* userdata of the functions */
#define LIMITER_TYPE "googlemeet.limiter"      /* the table */
#define NUMBERS      "googlemeet.limiters"     /* table: their numbers */

struct holder {
    struct meet_file_limiter *limiter; /* NULL: it was collected */
};

static int holder_gc(lua_State *L)
{
    struct holder *holder = luaL_checkudata(L, 1, HOLDER_TYPE);

    meet_file_limiter_drop(holder->limiter);
    holder->limiter = NULL;
    return 0;
}

void meet_lua_limiter_open(lua_State *L)
{
    luaL_newmetatable(L, HOLDER_TYPE);
    lua_pushcfunction(L, holder_gc);
    lua_setfield(L, -2, "__gc");
    luaL_newmetatable(L, LIMITER_TYPE);
    luaL_newmetatable(L, NUMBERS); /* its own one: it keeps none of them */
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_pushvalue(L, -1);
    lua_setmetatable(L, -2);
    lua_pop(L, 3);
}

/* The function's limiter. */
static struct meet_file_limiter *limiter_of(lua_State *L)
{
    const struct holder *holder = lua_touserdata(L, lua_upvalueindex(1));

    if (!holder->limiter)
        meet_lua_error_raise(L, "the limiter was collected");
    return holder->limiter;
}

/* A length of time at 'index', in seconds. */
static int64_t check_length(lua_State *L, int index)
{
    lua_Number seconds = luaL_checknumber(L, index);

    luaL_argcheck(L, seconds >= 0 && seconds <= 3600, index,
                  "0 to 3600 seconds expected");
    return meet_ns_from_seconds(seconds);
}

/* The same in a report, which raises for no number: from 0 to an hour. */
static int64_t read_length(lua_State *L, int index)
{
    int64_t length = meet_ns_from_seconds(luaL_checknumber(L, index));

    return meet_ns_later(0, meet_ns_earlier(length, MEET_LEDGER_LONGEST));
}

/* Push the window's field of that name, which is of that type. */
static void push_field(lua_State *L, int window, const char *name, int type)
{
    if (lua_getfield(L, window, name) != type)
        luaL_argerror(L, 1, "windows are { name =, limit =, span = }");
}

/* One of the windows; its name is kept alive by the table at 'window'. */
static struct meet_limit read_limit(lua_State *L, int window)
{
    struct meet_limit limit;
    lua_Number number, span;

    push_field(L, window, "limit", LUA_TNUMBER);
    push_field(L, window, "span", LUA_TNUMBER);
    push_field(L, window, "name", LUA_TSTRING);
    number = lua_tonumber(L, -3);
    span = lua_tonumber(L, -2);
    limit.name = lua_tostring(L, -1);
    luaL_argcheck(L, number >= 1 && number <= 1e6 && floor(number) == number, 1,
                  "a limit is a whole number from 1 on");
    luaL_argcheck(L, span > 0 && span <= 3600, 1,
                  "a span is from 0 to 3600 seconds");
    luaL_argcheck(L,
                  lua_rawlen(L, -1) < MEET_LEDGER_NAME &&
                      strlen(limit.name) == lua_rawlen(L, -1),
                  1, "a window's name has fewer than 24 bytes, and no NUL");
    limit.limit = (unsigned)number;
    limit.span = meet_ns_from_seconds(span);
    return limit;
}

/* The windows at index 1. The names stay on the stack. */
static size_t read_limits(lua_State *L, struct meet_limit *limits)
{
    lua_Unsigned count;

    luaL_checktype(L, 1, LUA_TTABLE);
    count = lua_rawlen(L, 1);
    luaL_argcheck(L, count >= 1 && count <= MEET_LEDGER_WINDOWS, 1,
                  "one to eight windows expected");
    luaL_checkstack(L, 6 * MEET_LEDGER_WINDOWS, NULL);
    for (lua_Unsigned i = 0; i < count; i++) {
        if (lua_rawgeti(L, 1, (lua_Integer)i + 1) != LUA_TTABLE)
            luaL_argerror(L, 1, "an array of windows expected");
        limits[i] = read_limit(L, lua_gettop(L));
    }
    return (size_t)count;
}

/***
 * Take a place in each of the windows, or in none.
 * @param windows array of { name = string, limit = integer, span = seconds }
 * @param lease number: seconds within which the request arrives
 * @return id; or nil and the seconds until it makes sense to ask again; or nil,
 *   nil and an error of kind config or transport
 */
static int reserve(lua_State *L)
{
    struct meet_file_limiter *limiter = limiter_of(L);
    struct meet_limit limits[MEET_LEDGER_WINDOWS];
    int64_t lease = check_length(L, 2), wait;
    size_t count = read_limits(L, limits);
    struct meet_error err;
    uint64_t id;

    wait = meet_file_limiter_reserve(limiter, limits, count, lease, &id, &err);
    if (wait == 0) {
        lua_pushinteger(L, (lua_Integer)id);
        return 1;
    }
    lua_pushnil(L);
    if (wait > 0) {
        lua_pushnumber(L, meet_ns_seconds(wait));
        return 2;
    }
    lua_pushnil(L);
    meet_lua_error_push(L, &err);
    return 3;
}

/***
 * Note that the request has left.
 * @param id as reserve returned it
 * @param delay number: seconds within which it arrives
 */
static int commit(lua_State *L)
{
    struct meet_file_limiter *limiter = limiter_of(L);
    int64_t delay = lua_isnoneornil(L, 2) ? 0 : read_length(L, 2);

    if (lua_isinteger(L, 1)) /* else it is of no place */
        meet_file_limiter_commit(limiter, (uint64_t)lua_tointeger(L, 1), delay);
    return 0;
}

/***
 * Give a place back: nothing was sent.
 * @param id as reserve returned it
 */
static int release(lua_State *L)
{
    struct meet_file_limiter *limiter = limiter_of(L);

    if (lua_isinteger(L, 1)) /* else it is of no place */
        meet_file_limiter_release(limiter, (uint64_t)lua_tointeger(L, 1));
    return 0;
}

/***
 * Pause a window: nobody gets a place in it for so long.
 * @param window string: its name
 * @param seconds number
 */
static int pause(lua_State *L)
{
    struct meet_file_limiter *limiter = limiter_of(L);
    size_t length;
    const char *window = luaL_checklstring(L, 1, &length);
    int64_t pause_length;

    luaL_argcheck(L, length < MEET_LEDGER_NAME && strlen(window) == length, 1,
                  "a window's name has fewer than 24 bytes, and no NUL");
    pause_length = read_length(L, 2);
    if (pause_length > 0)
        meet_file_limiter_pause(limiter, window, pause_length);
    return 0;
}

/***
 * Report who uses it, for client:doctor().
 * @return { users = array of process numbers, taken = { [window] = places },
 *   paused = { [window] = seconds } }; or nil and an error
 */
static int status(lua_State *L)
{
    struct meet_file_limiter_status found;
    struct meet_error err;

    if (meet_file_limiter_get(limiter_of(L), &found, &err) < 0)
        return meet_lua_error_fail(L, &err);
    lua_createtable(L, 0, 3);
    lua_createtable(L, (int)found.users, 0);
    for (size_t i = 0; i < found.users; i++) {
        lua_pushinteger(L, found.user[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "users");
    lua_newtable(L);
    lua_newtable(L);
    for (size_t i = 0; i < found.windows; i++) {
        lua_pushinteger(L, found.window[i].taken);
        lua_setfield(L, -3, found.window[i].name);
        if (found.window[i].paused <= 0)
            continue;
        lua_pushnumber(L, meet_ns_seconds(found.window[i].paused));
        lua_setfield(L, -2, found.window[i].name);
    }
    lua_setfield(L, -3, "paused");
    lua_setfield(L, -2, "taken");
    return 1;
}

static const luaL_Reg functions[] = {
    {"reserve", reserve}, {"commit", commit}, {"release", release},
    {"pause", pause},     {"status", status}, {NULL, NULL},
};

/***
 * A limit for the processes of one machine and one user: core.limiter.file.
 * The file is created and opened by the first request for a place.
 * @param path string: of the file, one for each Maton account; nil:
 *   /tmp/googlemeet-UID/limit
 * @return limiter; raises on any other path
 */
int meet_lua_limiter_file(lua_State *L)
{
    struct holder *holder;
    size_t length = 0;
    const char *path;

    lua_settop(L, 1);
    if (!lua_isnil(L, 1) && lua_type(L, 1) != LUA_TSTRING)
        meet_lua_error_raise(L, "limiter.file: a path expected, got %s",
                             luaL_typename(L, 1));
    path = lua_tolstring(L, 1, &length);
    if (path && (length == 0 || strlen(path) != length))
        meet_lua_error_raise(L, "limiter.file: a path is not empty, and has no "
                                "NUL byte");
    lua_createtable(L, 0, 5);
    holder = lua_newuserdatauv(L, sizeof *holder, 0);
    holder->limiter = NULL;
    luaL_setmetatable(L, HOLDER_TYPE);
    holder->limiter = meet_file_limiter_new(path);
    if (!holder->limiter) {
        struct meet_error err;

        meet_error_set(&err, MEET_MEMORY, "no memory for a limiter");
        meet_lua_error_push(L, &err);
        return lua_error(L);
    }
    luaL_setfuncs(L, functions, 1);
    luaL_setmetatable(L, LIMITER_TYPE);
    return 1;
}

/* How many of the functions a limiter has to have. */
enum { NEEDED = 4 };

void meet_lua_limiter_check(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    for (int i = 0; i < NEEDED; i++) {
        if (!lua_istable(L, index) ||
            lua_getfield(L, index, functions[i].name) != LUA_TFUNCTION)
            meet_lua_error_raise(
                L,
                "new: option 'limiter' must be meet.limiter.file(), "
                "meet.limiter.redis(…), or a table with the functions reserve, "
                "commit, release and pause%s%s",
                lua_istable(L, index) ? "; it has no " : "",
                lua_istable(L, index) ? functions[i].name : "");
        lua_pop(L, 1);
    }
}

struct meet_file_limiter *meet_lua_limiter_in_c(lua_State *L, int index)
{
    const struct holder *first = NULL;
    int top = lua_gettop(L);

    index = lua_absindex(L, index);
    for (int i = 0; i < NEEDED; i++) {
        const struct holder *holder;

        lua_getfield(L, index, functions[i].name);
        if (lua_tocfunction(L, -1) != functions[i].func ||
            !lua_getupvalue(L, -1, 1))
            break;
        holder = lua_touserdata(L, -1);
        if (first && holder != first)
            break;
        first = holder;
        lua_settop(L, top);
        if (i + 1 == NEEDED)
            return first->limiter;
    }
    lua_settop(L, top);
    return NULL;
}

unsigned long long meet_lua_limiter_number(lua_State *L, int index)
{
    unsigned long long number;

    index = lua_absindex(L, index);
    luaL_getmetatable(L, NUMBERS);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushinteger(L, (lua_Integer)meet_unique());
        lua_pushvalue(L, index);
        lua_pushvalue(L, -2);
        lua_rawset(L, -4);
    }
    number = (unsigned long long)lua_tointeger(L, -1);
    lua_pop(L, 2);
    return number;
}

/***
 * A unique text: core.limiter.id.
 * @return string of 32 hex digits
 */
int meet_lua_limiter_id(lua_State *L)
{
    char digits[33];

    snprintf(digits, sizeof digits, "%016llx%016llx",
             (unsigned long long)meet_unique(),
             (unsigned long long)meet_unique());
    lua_pushstring(L, digits);
    return 1;
}

/***
 * The clock that goes on while the machine sleeps: core.limiter.boot.
 * @return number: seconds
 */
int meet_lua_limiter_boot(lua_State *L)
{
    lua_pushnumber(L, meet_ns_seconds(meet_clock_boot()));
    return 1;
}
