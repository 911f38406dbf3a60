/*
 * ledger.c - a Lua module for specs: the ledger of src/ledger.c, with the steps
 * and the whole microseconds of the script that Redis runs.
 *
 * Each step takes the clock, the holder, and what that knows of the time (nil,
 * or what it saw and the most and the least that has passed since); it returns
 * the ledger's time.
 */
#include "ledger.h"

#include <lauxlib.h>
#include <lua.h>

enum { STEP = 5 /* arguments of every step */ };

static struct meet_ledger *ledger_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static int64_t check_time(lua_State *L, int index)
{
    return 1000 * (int64_t)luaL_checkinteger(L, index);
}

static int64_t begin(lua_State *L)
{
    struct meet_ledger_head *head = &ledger_of(L)->head;
    struct meet_ledger_sight sight = {.seen = MEET_ALWAYS};
    int64_t now, part;

    if (!lua_isnil(L, 3))
        sight = (struct meet_ledger_sight){check_time(L, 3),
                                           .most = check_time(L, 4),
                                           .least = check_time(L, 5)};
    now = meet_ledger_time(ledger_of(L), check_time(L, 1), &sight);
    part = (1000 - now % 1000) % 1000;
    head->offset += part;
    head->greatest += part;
    return now + part;
}

static int end(lua_State *L, int64_t now)
{
    lua_pushinteger(L, (lua_Integer)(now / 1000));
    return 1;
}

/* reserve(…, id, lease, name, limit, span, …): time, and how long to wait */
static int reserve(lua_State *L)
{
    struct meet_limit limits[MEET_LEDGER_WINDOWS];
    struct meet_claim claim = {.id = (uint64_t)luaL_checkinteger(L, STEP + 1),
                               .holder = (uint64_t)luaL_checkinteger(L, 2),
                               .limits = limits,
                               .count = (size_t)(lua_gettop(L) - STEP - 2) / 3,
                               .lease = check_time(L, STEP + 2)};
    int64_t now = begin(L), wait;

    luaL_argcheck(L, claim.count <= MEET_LEDGER_WINDOWS, STEP + 3, "too many");
    for (int i = 0; i < (int)claim.count; i++)
        limits[i] = (struct meet_limit){
            luaL_checkstring(L, STEP + 3 + 3 * i),
            (unsigned)luaL_checkinteger(L, STEP + 4 + 3 * i),
            check_time(L, STEP + 5 + 3 * i)};
    wait = meet_ledger_reserve(ledger_of(L), &claim, now);
    end(L, now);
    return 1 + end(L, wait);
}

/* commit(…, id, delay) */
static int commit(lua_State *L)
{
    int64_t now = begin(L);

    meet_ledger_commit(ledger_of(L), (uint64_t)luaL_checkinteger(L, STEP + 1),
                       check_time(L, STEP + 2), now);
    return end(L, now);
}

/* release(…, id) */
static int release(lua_State *L)
{
    int64_t now = begin(L);

    meet_ledger_release(ledger_of(L), (uint64_t)luaL_checkinteger(L, STEP + 1));
    return end(L, now);
}

/* pause(…, window, length) */
static int pause(lua_State *L)
{
    int64_t now = begin(L);

    meet_ledger_pause(ledger_of(L), luaL_checkstring(L, STEP + 1),
                      now + check_time(L, STEP + 2), now);
    return end(L, now);
}

/* empty(): as a store that has lost its data */
static int empty(lua_State *L)
{
    struct meet_ledger *ledger = ledger_of(L);

    ledger->head.offset = ledger->head.greatest = 0;
    meet_ledger_empty(ledger);
    return 0;
}

static int collect(lua_State *L)
{
    meet_ledger_deinit(lua_touserdata(L, 1));
    return 0;
}

int luaopen_ledger(lua_State *L);

int luaopen_ledger(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"reserve", reserve}, {"commit", commit}, {"release", release},
        {"pause", pause},     {"empty", empty},   {NULL, NULL},
    };
    struct meet_ledger *ledger;

    luaL_newlibtable(L, functions);
    ledger = lua_newuserdatauv(L, sizeof *ledger, 0);
    *ledger = (struct meet_ledger){.capacity = 0};
    meet_ledger_empty(ledger);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    luaL_setfuncs(L, functions, 1);
    return 1;
}
