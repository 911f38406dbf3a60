/* lua_name.c - see lua_name.h. */
#include "lua_name.h"

#include "name.h"

#include <lauxlib.h>

/* Longest name: four segments of the longest id. */
#define LONGEST_NAME 4096

/***
 * Resolve a text to the full resource name: core.name.resolve.
 * @param pattern string: "spaces/ *", without the blank
 * @param text string: a name, an id, or for a space a meeting code or URL
 * @return string and whether it has a meeting code, or nil and a message
 */
int meet_lua_name_resolve(lua_State *L)
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

/***
 * Whether a text has the form of a meeting code: core.name.is_meeting_code.
 * @param text string
 * @return boolean: true for three groups of letters in any case
 */
int meet_lua_name_is_meeting_code(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);

    lua_pushboolean(L, meet_name_is_meeting_code(text, length));
    return 1;
}
