/* lua_json.c - see lua_json.h. */
#include "lua_json.h"

#include "lua_encode.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

/* Answers of the API are at most 8 deep; limits recursion on hostile ones. */
#define DEEPEST 64

/* Registry key; the value is never used. */
static const char decode_key = 0;

/* Call instance[name](value) if this cjson has it. cjson at -1. [-1, +0, e] */
static void configure(lua_State *L, const char *name)
{
    if (lua_getfield(L, -2, name) == LUA_TFUNCTION) {
        lua_insert(L, -2);
        lua_call(L, 1, 0);
    } else {
        lua_pop(L, 2);
    }
}

/*
 * Debian's 2.1.0 and OpenResty's 2.1.0.x are distinguished by their functions,
 * not their version: array_mt is OpenResty's.
 */
void meet_lua_json_open(lua_State *L)
{
    lua_getglobal(L, "require");
    lua_pushliteral(L, "cjson");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "new");
    lua_call(L, 0, 1); /* a private instance: other users' settings stay */
    lua_pushboolean(L, false);
    configure(L, "decode_invalid_numbers");
    lua_pushinteger(L, DEEPEST);
    configure(L, "decode_max_depth");
    lua_pushboolean(L, false);
    configure(L, "encode_escape_forward_slash");
    lua_getfield(L, -1, "decode");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &decode_key);
    meet_lua_encode_open(L);
    lua_pop(L, 2);
}

/*
 * Normalise the number on top; false when it is not finite. cjson gives
 * floats only, rounded beyond 2^53; whole ones become integers.
 */
static bool normalise_number(lua_State *L, bool *changed)
{
    lua_Number number = lua_tonumber(L, -1);
    lua_Integer integer;

    *changed = false;
    if (lua_isinteger(L, -1))
        return true;
    if (!isfinite(number))
        return false;
    if (lua_numbertointeger(number, &integer) &&
        (lua_Number)integer == number) {
        lua_pop(L, 1);
        lua_pushinteger(L, integer);
        *changed = true;
    }
    return true;
}

/* Close the gaps that nulls left in an array of 'count'. Table on top. */
static void close_gaps(lua_State *L, lua_Integer count)
{
    lua_Integer kept = 0;

    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, -1, i) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        lua_rawseti(L, -2, ++kept);
    }
    while (kept < count) {
        lua_pushnil(L);
        lua_rawseti(L, -2, ++kept);
    }
}

/*
 * Normalise the table on top in place; false: a number is not finite. Most
 * values are strings, which stay as they are.
 */
static bool normalise_table(lua_State *L)
{
    lua_Integer count = 0; /* of an array with nulls */
    bool changed;

    luaL_checkstack(L, 4, "JSON is too deep");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        changed = false;
        switch (lua_type(L, -1)) {
        case LUA_TTABLE:
            if (!normalise_table(L))
                return false;
            break;
        case LUA_TNUMBER:
            if (!normalise_number(L, &changed))
                return false;
            break;
        case LUA_TLIGHTUSERDATA: /* null */
            if (count == 0 && lua_type(L, -2) == LUA_TNUMBER)
                count = (lua_Integer)lua_rawlen(L, -3);
            lua_pop(L, 1);
            lua_pushnil(L);
            changed = true;
            break;
        default:
            break;
        }
        if (!changed) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4); /* an existing key: allowed while traversing */
    }
    if (count > 0)
        close_gaps(L, count);
    return true;
}

/* Normalise the value on top. False: not finite; the stack is as before. */
static bool normalise(lua_State *L)
{
    int top = lua_gettop(L);
    bool changed, finite = true;

    if (lua_istable(L, -1))
        finite = normalise_table(L);
    else if (lua_type(L, -1) == LUA_TNUMBER)
        finite = normalise_number(L, &changed);
    else if (lua_islightuserdata(L, -1)) {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    lua_settop(L, top);
    return finite;
}

bool meet_lua_json_decode(lua_State *L, const char *bytes, size_t length,
                          struct meet_error *err)
{
    int top = lua_gettop(L), status;

    if (memchr(bytes, '\0', length)) { /* for lua-cjson it would be the end */
        meet_error_set(err, MEET_DECODE, "the body is not JSON: a NUL byte");
        return false;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &decode_key);
    lua_pushlstring(L, bytes, length);
    status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_ERRMEM)
        lua_error(L); /* not caused by the text */
    if (status == LUA_OK && normalise(L))
        return true;
    meet_error_set(err, MEET_DECODE, "the body is not JSON: %s",
                   status == LUA_OK ? "a number is not finite"
                                    : luaL_tolstring(L, -1, NULL));
    lua_settop(L, top);
    return false;
}

/***
 * Decode a JSON text, normalised as an answer is: core.text.decode.
 * @return value, or nil and a message; null alone is nil
 */
int meet_lua_json_text(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    struct meet_error err;

    if (meet_lua_json_decode(L, text, length, &err))
        return 1;
    lua_pushnil(L);
    lua_pushstring(L, err.message);
    return 2;
}
