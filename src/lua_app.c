/* lua_app.c - see lua_app.h. */
#include "lua_app.h"

#include <lauxlib.h>
#include <string.h>

/* Push the option of the app's connection: "connections.drive". */
static void push_option(lua_State *L, enum meet_app app)
{
    const char *entry = meet_app_entry(app);

    if (entry)
        lua_pushfstring(L, "connections.%s", entry);
    else
        lua_pushstring(L, "connection");
}

static void push_hint(lua_State *L, const char *app, const char *option)
{
    lua_pushfstring(
        L,
        "pass the id of an ACTIVE %s connection as the option '%s': "
        "client.connections:list { app = \"%s\" } lists them; "
        "client.connections:connect { app = \"%s\", on_url = … } creates "
        "one, also to replace a FAILED one",
        app, option, app, app);
}

void meet_lua_app_push_hint(lua_State *L, enum meet_app app)
{
    if (!meet_app_entry(app)) {
        lua_pushstring(L, meet_error_hint(MEET_CONNECTION, false));
        return;
    }
    push_option(L, app);
    push_hint(L, meet_app_name(app), lua_tostring(L, -1));
    lua_remove(L, -2);
}

/***
 * Say which option names the connection of an app: core.app.find.
 * @param app string: its name at the gateway
 * @return string: "connection", "connections.drive"; string: the hint when
 *   there is no usable one. An app that no option is for takes the option
 *   'connection' of each call
 */
int meet_lua_app_find(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    for (int app = 0; app < MEET_APP_GATEWAY; app++) {
        if (strcmp(meet_app_name((enum meet_app)app), name) != 0)
            continue;
        push_option(L, (enum meet_app)app);
        meet_lua_app_push_hint(L, (enum meet_app)app);
        return 2;
    }
    push_option(L, MEET_APP_MEET);
    push_hint(L, name, "connection");
    return 2;
}

/* Push what a client was given as the connection of an app, or nil. */
static int push_given(lua_State *L, int index, enum meet_app app)
{
    const struct meet_lua_client *client = lua_touserdata(L, index);

    if (client->choices[app].pending)
        return meet_lua_client_value(L, index, meet_app_connection(app));
    lua_pushstring(L, client->client.settings.connections[app]);
    return lua_type(L, -1);
}

/***
 * List the entries of a client's option 'connections': core.app.given.
 * @param client the client; raises when it is closed
 * @return array of { app =, option =, connection = }, in the order of the apps;
 *   the connection is its id, or "only" or a function that is not resolved
 */
int meet_lua_app_given(lua_State *L)
{
    lua_Integer count = 0;

    meet_lua_client_check(L, 1);
    lua_newtable(L);
    for (int app = 0; app < MEET_APP_GATEWAY; app++) {
        if (!meet_app_entry((enum meet_app)app))
            continue;
        if (push_given(L, 1, (enum meet_app)app) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        lua_createtable(L, 0, 3);
        lua_insert(L, -2);
        lua_setfield(L, -2, "connection");
        lua_pushstring(L, meet_app_name((enum meet_app)app));
        lua_setfield(L, -2, "app");
        push_option(L, (enum meet_app)app);
        lua_setfield(L, -2, "option");
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}
