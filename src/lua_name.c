/* lua_name.c - see lua_name.h. */
#include "lua_name.h"

#include "name.h"

#include <lauxlib.h>

/* Longest name: four segments of the longest id. */
#define LONGEST_NAME 4096

int meet_lua_name(lua_State *L)
{
    size_t length;
    const char *pattern = luaL_checkstring(L, 1);
    const char *text = luaL_checklstring(L, 2, &length);
    struct meet_buffer name;
    struct meet_error err;
    char copy[LONGEST_NAME];
    size_t size = 0;
    bool code;
    int failed;

    meet_buffer_init(&name, sizeof copy);
    failed = meet_name_resolve(&name, pattern, text, length, &code, &err);
    for (; !failed && size < name.length; size++)
        copy[size] = name.bytes[size];
    meet_buffer_deinit(&name); /* before anything below may raise */
    if (failed) {
        lua_pushnil(L);
        lua_pushstring(L, err.message);
        return 2;
    }
    lua_pushlstring(L, copy, size);
    lua_pushboolean(L, code);
    return 2;
}

int meet_lua_name_is_code(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);

    lua_pushboolean(L, meet_name_is_code(text, length));
    return 1;
}
