/* lua_make.c - see lua_make.h. */
#include "lua_make.h"

#include "lua_client.h"
#include "lua_clock.h"
#include "lua_error.h"
#include "lua_limiter.h"
#include "lua_options.h"
#include "lua_settings.h"

#include <lauxlib.h>
#include <string.h>

/* Names of the options whose Lua values the client holds. */
static const char *const held[] = {"api_key",  "on_event", "transport", "clock",
                                   "dispatch", "limiter",  NULL};

/* Push the connection of an app that the options at 'options' name, or nil. */
static int push_connection(lua_State *L, int options, enum meet_app app)
{
    const char *entry = meet_app_entry(app);

    if (!entry)
        return meet_lua_options_get(L, options, "connection");
    if (meet_lua_options_get(L, options, "connections") == LUA_TTABLE) {
        meet_lua_options_get(L, -1, entry);
        lua_remove(L, -2);
    }
    return lua_type(L, -1);
}

/* Note which of the values at 'values' change how a call runs. */
static void note_values(lua_State *L, int values, struct meet_lua_client *made)
{
    int top = lua_gettop(L);

    made->has_key_function =
        lua_getfield(L, values, "api_key") == LUA_TFUNCTION;
    for (int app = 0; app < MEET_APP_GATEWAY; app++)
        made->choices[app].pending =
            lua_getfield(L, values, meet_app_connection((enum meet_app)app)) ==
                LUA_TFUNCTION ||
            (lua_isstring(L, -1) && strcmp(lua_tostring(L, -1), "only") == 0);
    made->has_listener = lua_getfield(L, values, "on_event") == LUA_TFUNCTION;
    made->has_transport = lua_getfield(L, values, "transport") == LUA_TFUNCTION;
    made->has_clock = lua_getfield(L, values, "clock") == LUA_TTABLE;
    lua_settop(L, top);
}

/* Put the limiter that the options name into the values on top. */
static void hold_limiter(lua_State *L, int options)
{
    int values = lua_gettop(L);

    if (meet_lua_options_get(L, options, "rate") == LUA_TNIL) {
        lua_settop(L, values);
        return;
    }
    if (!lua_istable(L, -1))
        lua_pushboolean(L, false);
    else if (meet_lua_options_get(L, -1, "limiter") == LUA_TTABLE)
        meet_lua_limiter_check(L, -1);
    if (!lua_isnil(L, -1)) /* false: no more */
        lua_setfield(L, values, "limiter");
    lua_settop(L, values);
}

/* The client on top shares the limit of the limiter in its values. */
static void take_limiter(lua_State *L, struct meet_lua_client *made)
{
    lua_getiuservalue(L, -1, MEET_LUA_CLIENT_VALUES);
    if (lua_getfield(L, -1, "limiter") == LUA_TTABLE) {
        made->limiter = meet_file_limiter_keep(meet_lua_limiter_in_c(L, -1));
        made->limiter_id = meet_lua_limiter_number(L, -1);
    }
    lua_pop(L, 2);
}

/* Put the connections that the table at 'options' has into the values. */
static void hold_connections(lua_State *L, int options, int values)
{
    for (int app = 0; app < MEET_APP_GATEWAY; app++) {
        if (push_connection(L, options, (enum meet_app)app) == LUA_TNIL)
            lua_pop(L, 1);
        else
            lua_setfield(L, values, meet_app_connection((enum meet_app)app));
    }
}

/* Copy the options that are Lua values into the values of the client on top. */
static void hold_values(lua_State *L, int options, struct meet_lua_client *made)
{
    int values, client = lua_gettop(L);

    lua_getiuservalue(L, client, MEET_LUA_CLIENT_VALUES);
    values = lua_gettop(L);
    for (const char *const *name = held; lua_istable(L, options) && *name;
         name++) {
        if (meet_lua_options_get(L, options, *name) == LUA_TNIL)
            lua_pop(L, 1);
        else
            lua_setfield(L, values, *name);
    }
    if (lua_istable(L, options)) {
        hold_connections(L, options, values);
        lua_pushvalue(L, values);
        hold_limiter(L, options);
        lua_pop(L, 1);
    }
    if (lua_istable(L, options) &&
        meet_lua_options_get(L, options, "clock") == LUA_TTABLE) {
        lua_pushnil(L); /* another clock has another queue */
        lua_setfield(L, values, "dispatch");
    }
    note_values(L, values, made);
    if (!made->has_key_function) { /* the key is kept in C only */
        lua_pushnil(L);
        lua_setfield(L, values, "api_key");
    }
    lua_settop(L, client);
}

/*
 * Finish the client on top. A missing key is a fault of the environment, not
 * misuse: nil, err. A malformed option raises.
 */
static int start(lua_State *L, struct meet_lua_client *made,
                 struct meet_settings *settings)
{
    struct meet_error err;

    meet_lua_runtime_engine(L, made->runtime);
    if (made->has_clock && !made->has_transport)
        return meet_lua_error_raise(
            L, "new: option 'clock' needs option 'transport'");
    for (int app = 0; app < MEET_APPS; app++)
        if (made->choices[app].pending)
            settings->connections[app] = NULL;
    if (!settings->api_key && !made->has_key_function) {
        meet_error_set(&err, MEET_CONFIG,
                       "no API key: set the environment variable "
                       "MATON_API_KEY or the option 'api_key'");
        return meet_lua_error_fail(L, &err);
    }
    if (meet_client_init(&made->client, settings, ++made->runtime->serial,
                         &err) < 0)
        return err.kind == MEET_MEMORY
                   ? meet_lua_error_fail(L, &err)
                   : meet_lua_error_raise(L, "new: %s", err.message);
    take_limiter(L, made);
    if (made->has_clock && made->limiter)
        return meet_lua_error_raise(
            L, "new: a file limiter counts real seconds: a client with the "
               "option 'clock' takes no limiter or a custom one");
    made->dispatch = meet_engine_dispatch(made->runtime->engine);
    if (made->has_clock) {
        lua_getiuservalue(L, -1, MEET_LUA_CLIENT_VALUES);
        made->dispatch = meet_lua_clock_dispatch(L, -1);
        lua_pop(L, 1);
    }
    made->slept_until = MEET_ALWAYS;
    made->open = true;
    made->runtime->open_clients++;
    made->runtime->asking_clients += meet_lua_client_asks(made);
    return 1;
}

/*
 * Read what the options of the client on top leave to the environment; -1 with
 * kind config.
 */
static int read_environment(lua_State *L, struct meet_lua_client *made,
                            struct meet_settings *settings,
                            struct meet_error *err)
{
    int values, client = lua_gettop(L);

    lua_getiuservalue(L, client, MEET_LUA_CLIENT_VALUES);
    values = lua_gettop(L);
    if (meet_lua_settings_connection(L, values, settings, err) < 0)
        return -1;
    note_values(L, values, made);
    lua_settop(L, client);
    /* Last: a finalizer may change the environment, and so free its strings. */
    return meet_lua_settings_environment(settings, !made->has_key_function,
                                         err);
}

/***
 * Make a client. Nothing is sent before its first call.
 * @param options table or nil: see the manual's options of a client
 * @return the client, or nil and an error of kind config when there is no key
 *   or a variable of the environment is malformed; raises on an unknown or
 *   malformed option
 */
int meet_lua_make_client(lua_State *L)
{
    struct meet_settings settings;
    struct meet_lua_client *made;
    struct meet_error err;

    lua_settop(L, 1);
    meet_lua_options_copy(L, 1);
    meet_settings_init(&settings);
    meet_lua_settings_read(L, 1, "new", &settings);
    made = meet_lua_client_push_closed(L);
    hold_values(L, 1, made);
    if (read_environment(L, made, &settings, &err) < 0)
        return meet_lua_error_fail(L, &err);
    return start(L, made, &settings);
}

/*
 * Copy the values of the client at 'from' to the client on top. A connection
 * that is resolved stays so: it is among the settings.
 */
static void copy_values(lua_State *L, int from)
{
    const struct meet_lua_client *source = lua_touserdata(L, from);
    int client = lua_gettop(L);

    lua_getiuservalue(L, from, MEET_LUA_CLIENT_VALUES);
    lua_getiuservalue(L, client, MEET_LUA_CLIENT_VALUES);
    for (const char *const *name = held; *name; name++) {
        lua_getfield(L, -2, *name);
        lua_setfield(L, -2, *name);
    }
    for (int app = 0; app < MEET_APP_GATEWAY; app++) {
        const char *name = meet_app_connection((enum meet_app)app);

        if (!source->choices[app].pending)
            continue;
        lua_getfield(L, -2, name);
        lua_setfield(L, -2, name);
    }
    lua_settop(L, client);
}

/***
 * Make a sibling with some options changed; it shares sockets and pace.
 * @param options table: as for new
 * @return the client; raises on an unknown or malformed option
 */
int meet_lua_make_sibling(lua_State *L)
{
    struct meet_lua_client *client = meet_lua_client_check(L, 1);
    struct meet_settings settings;
    struct meet_lua_client *made;

    lua_settop(L, 2);
    if (!lua_istable(L, 2))
        return meet_lua_error_raise(L, "with: options must be a table, got %s",
                                    luaL_typename(L, 2));
    meet_lua_options_copy(L, 2);
    settings = client->client.settings;
    meet_settings_forget_strings(&settings);
    meet_lua_settings_read(L, 2, "with", &settings);
    made = meet_lua_client_push_closed(L);
    copy_values(L, 1);
    hold_values(L, 2, made);
    /* A finalizer may have run that closed the client or renewed its key. */
    meet_lua_client_check(L, 1);
    meet_settings_inherit_strings(&settings, &client->client.settings);
    return start(L, made, &settings);
}
