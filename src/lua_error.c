/* lua_error.c - see lua_error.h. */
#include "lua_error.h"

#include "plain.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Registry key of the prelude's folder; the value is never used. */
static const char folder_key = 0;

/***
 * Treat sources in a folder as the prelude's own, whose lines no message
 * reports: core.error.skip_source.
 * @param folder string: what the sources' names begin with; nil: none
 */
int meet_lua_error_skip_source(lua_State *L)
{
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &folder_key);
    return 0;
}

/* True for a line of the prelude, which a script's author cannot fix. */
static bool is_prelude(lua_State *L, const lua_Debug *at)
{
    size_t length;
    const char *folder;
    bool inside;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &folder_key);
    folder = lua_tolstring(L, -1, &length);
    inside = folder && at->source[0] == '@' &&
             strncmp(at->source + 1, folder, length) == 0;
    lua_pop(L, 1);
    return inside;
}

/* Find the line of the script that runs; false: there is none. */
static bool find_line(lua_State *L, lua_Debug *at)
{
    for (int level = 1; lua_getstack(L, level, at); level++) {
        lua_getinfo(L, "Sl", at);
        if (at->currentline > 0 && !is_prelude(L, at))
            return true;
    }
    return false;
}

void meet_lua_error_push_place(lua_State *L)
{
    lua_Debug at;

    if (find_line(L, &at))
        lua_pushfstring(L, "%s:%d", at.short_src, at.currentline);
    else
        lua_pushnil(L);
}

int meet_lua_error_raise(lua_State *L, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    lua_Debug at;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (find_line(L, &at))
        lua_pushfstring(L, "%s:%d: %s", at.short_src, at.currentline, message);
    else
        lua_pushstring(L, message);
    return lua_error(L);
}

/***
 * Raise misuse with the position of the script's line: core.error.misuse.
 * @param message string
 */
int meet_lua_error_misuse(lua_State *L)
{
    return meet_lua_error_raise(L, "%s", luaL_checkstring(L, 1));
}

int meet_lua_error_raise_misuse(lua_State *L, const char *what,
                                const struct meet_error *err)
{
    if (err->kind != MEET_MEMORY)
        return meet_lua_error_raise(L, "%s: %s", what, err->message);
    meet_lua_error_push(L, err); /* not misuse */
    return lua_error(L);
}

void meet_lua_error_make_plain(lua_State *L)
{
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    luaL_Buffer line;
    char *copy = luaL_buffinitsize(L, &line, length);

    memcpy(copy, text, length);
    luaL_pushresultsize(&line, meet_plain(copy, length));
    lua_remove(L, -2);
}

/***
 * Make one line of a text, without control characters: core.text.plain.
 * @param text string
 * @return string
 */
int meet_lua_error_plain(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    meet_lua_error_make_plain(L);
    return 1;
}

/* "GET /v2/spaces/x: not_found (404 NOT_FOUND): text. Hint" */
static int error_tostring(lua_State *L)
{
    luaL_Buffer text;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_getfield(L, 1, "method");  /* 2 */
    lua_getfield(L, 1, "path");    /* 3 */
    lua_getfield(L, 1, "kind");    /* 4 */
    lua_getfield(L, 1, "status");  /* 5 */
    lua_getfield(L, 1, "reason");  /* 6 */
    lua_getfield(L, 1, "message"); /* 7 */
    lua_getfield(L, 1, "hint");    /* 8 */
    luaL_buffinit(L, &text);
    if (lua_isstring(L, 2) && lua_isstring(L, 3)) {
        lua_pushfstring(L, "%s %s: ", lua_tostring(L, 2), lua_tostring(L, 3));
        luaL_addvalue(&text);
    }
    luaL_addstring(&text, luaL_optstring(L, 4, "error"));
    if (lua_isinteger(L, 5)) {
        lua_pushfstring(L, lua_isstring(L, 6) ? " (%d %s)" : " (%d)",
                        (int)lua_tointeger(L, 5), lua_tostring(L, 6));
        luaL_addvalue(&text);
    }
    if (lua_isstring(L, 7)) {
        lua_pushfstring(L, ": %s", lua_tostring(L, 7));
        luaL_addvalue(&text);
    }
    if (lua_isstring(L, 8)) {
        lua_pushfstring(L, " [%s]", lua_tostring(L, 8));
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    meet_lua_error_make_plain(L);
    return 1;
}

/* "text" .. err: what tostring gives, and not another error. */
static int error_concat(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}

void meet_lua_error_open(lua_State *L)
{
    luaL_newmetatable(L, MEET_LUA_ERROR_TYPE); /* sets __name */
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, error_concat);
    lua_setfield(L, -2, "__concat");
    lua_pop(L, 1);
}

void meet_lua_error_set(lua_State *L, const char *field, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

void meet_lua_error_push(lua_State *L, const struct meet_error *err)
{
    lua_createtable(L, 0, 12);
    meet_lua_error_set(L, "kind", meet_error_kind_name(err->kind));
    meet_lua_error_set(L, "origin", meet_error_origin_name(err->origin));
    lua_pushstring(L, err->message);
    meet_lua_error_make_plain(L);
    lua_setfield(L, -2, "message");
    meet_lua_error_set(L, "hint",
                       err->hint[0] ? err->hint
                                    : meet_error_hint(err->kind, false));
    luaL_setmetatable(L, MEET_LUA_ERROR_TYPE);
}

/***
 * Make an error table of origin client: core.error.new.
 * @param kind string: one of the kinds of error.h
 * @param message string
 * @param hint string: what to do; nil: that of the kind
 * @return the error table; raises on an unknown kind
 */
int meet_lua_error_new(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    struct meet_error err;
    enum meet_kind kind = MEET_TRANSPORT;

    while (kind < MEET_KINDS && strcmp(meet_error_kind_name(kind), name) != 0)
        kind++;
    if (kind == MEET_KINDS)
        return luaL_argerror(L, 1, "unknown kind");
    meet_error_set(&err, kind, "%s", luaL_checkstring(L, 2));
    if (!lua_isnoneornil(L, 3))
        meet_error_advise(&err, "%s", luaL_checkstring(L, 3));
    meet_lua_error_push(L, &err);
    return 1;
}

int meet_lua_error_fail(lua_State *L, const struct meet_error *err)
{
    lua_pushnil(L);
    meet_lua_error_push(L, err);
    return 2;
}
