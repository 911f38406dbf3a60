/* lua_unread.c - see lua_unread.h. */
#include "lua_unread.h"

#include "lua_client.h"
#include "lua_error.h"
#include "plain.h"
#include "secrets.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* Most bytes that are shown of a failure. */
#define LONGEST ((size_t)1000)

/* Most bytes that are searched: a key that is cut would not be found. */
#define SEARCHED (2 * LONGEST)

/* True for an error table of kind "cancelled" at 1. [-0, +0, m] */
static bool is_cancellation(lua_State *L)
{
    bool is_one = false;

    if (luaL_getmetafield(L, 1, "__name") == LUA_TSTRING &&
        strcmp(lua_tostring(L, -1), MEET_LUA_ERROR_TYPE) == 0) {
        lua_pushliteral(L, "kind");
        is_one = lua_rawget(L, 1) == LUA_TSTRING &&
                 strcmp(lua_tostring(L, -1), "cancelled") == 0;
    }
    lua_settop(L, 2);
    return is_one;
}

/* Give the failure at 1 of a task of the client at 2 as one line, without its
   secrets, or nothing where it is no news. */
static int describe(lua_State *L)
{
    const struct meet_lua_client *client =
        luaL_checkudata(L, 2, MEET_LUA_CLIENT_TYPE);
    size_t length;
    const char *text;
    luaL_Buffer line;
    char *copy;

    if (is_cancellation(L))
        return 0;
    text = luaL_tolstring(L, 1, &length);
    length = length < SEARCHED ? length : SEARCHED;
    copy = luaL_buffinitsize(L, &line, length);
    memcpy(copy, text, length);
    meet_secrets_redact(&client->client, NULL, copy, length);
    if (length > LONGEST) /* cut between two characters of UTF-8 */
        for (length = LONGEST; length > 0 && (copy[length] & 0xC0) == 0x80;)
            length--;
    luaL_pushresultsize(&line, meet_plain(copy, length));
    return 1;
}

static bool is_news(const struct meet_lua_task *task)
{
    if (task->is_read || task->group)
        return false;
    return task->state == MEET_TASK_RAISED ||
           (task->state == MEET_TASK_FAILED && !task->is_cancelled);
}

int meet_lua_unread_gc(lua_State *L)
{
    const struct meet_lua_task *task =
        luaL_checkudata(L, 1, MEET_LUA_TASK_TYPE);
    const char *place = "an unknown line", *text = "(it cannot be shown)";

    if (!is_news(task))
        return 0;
    lua_settop(L, 1);
    if (lua_getiuservalue(L, 1, MEET_LUA_TASK_PLACE) == LUA_TSTRING)
        place = lua_tostring(L, 2);
    lua_pushcfunction(L, describe);
    lua_getiuservalue(L, 1, MEET_LUA_TASK_FAILURE);
    lua_getiuservalue(L, 1, MEET_LUA_TASK_OWNER);
    if (lua_pcall(L, 2, 1, 0) == LUA_OK) {
        if (lua_isnil(L, 3))
            return 0;
        text = lua_tostring(L, 3);
    }
    fprintf(stderr,
            "googlemeet: nobody took the result of the task submitted at %s, "
            "which failed: %s\n",
            place, text);
    return 0;
}
