/* lua_credentials.c - see lua_credentials.h. */
#include "lua_credentials.h"

#include "lua_error.h"

#include <string.h>

/* Without a window there is nothing to ask the limiter for. */
static void set_limiter(struct meet_lua_exchange *exchange)
{
    struct meet_pace *pace = &exchange->job.pace;

    if (pace->per_second == 0 && pace->per_minute == 0)
        return;
    pace->limiter = exchange->client->limiter_id;
    exchange->job.limiter = exchange->client->limiter;
}

int meet_lua_credentials_append(struct meet_lua_exchange *exchange,
                                struct meet_error *err)
{
    const struct meet_client *client = &exchange->client->client;
    struct meet_request *request = &exchange->job.request;
    const char *connection = request->connection.length
                                 ? request->connection.bytes
                                 : client->settings.connections[request->app];

    if (request->app == MEET_APP_GATEWAY)
        connection = NULL;
    meet_client_pace(client, request, connection, &exchange->job.pace);
    set_limiter(exchange);
    if (!exchange->key_renewed)
        exchange->given_headers = request->headers.count;
    else /* drop the old key's */
        meet_headers_truncate(&request->headers, exchange->given_headers);
    exchange->has_connection = connection != NULL;
    return meet_client_authorize(request, client->settings.api_key, connection,
                                 err);
}

/* The client's choice for the app that the call goes to. */
static struct meet_lua_choice *choice_of(const struct meet_lua_exchange *call)
{
    return &call->client->choices[call->job.request.app];
}

/* True for a call that needs a connection of the client, not chosen yet. */
static bool wants_choice(const struct meet_lua_exchange *exchange)
{
    return choice_of(exchange)->pending &&
           !exchange->job.request.connection.length;
}

bool meet_lua_credentials_are_known(const struct meet_lua_exchange *exchange)
{
    return !exchange->client->has_key_function && !wants_choice(exchange);
}

/* True when the running code is part of a choice: another one may then wait for
   this one, which must not wait for it. */
static bool is_choosing(const struct meet_lua_client *client)
{
    for (int app = 0; app < MEET_APPS; app++) {
        const struct meet_lua_exchange *chooser = client->choices[app].chooser;

        if (chooser &&
            meet_lua_nesting_is_inside(client->runtime, &chooser->call))
            return true;
    }
    return false;
}

bool meet_lua_credentials_are_asked(lua_State *L,
                                    const struct meet_lua_exchange *exchange)
{
    const struct meet_lua_client *client = exchange->client;
    const struct meet_lua_exchange *chooser = choice_of(exchange)->chooser;

    if (!chooser || !wants_choice(exchange))
        return false;
    if (meet_lua_nesting_is_inside(client->runtime, &chooser->call))
        meet_lua_error_raise(L, "the connection function calls the client that "
                                "waits for its result");
    return !is_choosing(client) &&
           meet_lua_nesting_goes_on(L, client->runtime, &chooser->call);
}

struct meet_lua_latch *
meet_lua_credentials_latch(const struct meet_lua_exchange *exchange)
{
    return &choice_of(exchange)->chooser->over;
}

bool meet_lua_credentials_ask_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange)
{
    enum meet_app app = exchange->job.request.app;

    if (!wants_choice(exchange))
        return false;
    choice_of(exchange)->chooser = exchange;
    meet_lua_runtime_table(L, "hooks");
    lua_getfield(L, -1, "connection");
    lua_remove(L, -2);
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_client_value(L, lua_gettop(L), meet_app_connection(app));
    lua_pushstring(L, meet_app_name(app));
    return true;
}

bool meet_lua_credentials_ask_key(lua_State *L,
                                  const struct meet_lua_exchange *exchange)
{
    if (!exchange->client->has_key_function)
        return false;
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_client_value(L, lua_gettop(L), "api_key");
    lua_remove(L, -2);
    return true;
}

/* Return the callback's nil, err; a plain string becomes an error table. */
static int callback_failed(lua_State *L, const char *what)
{
    struct meet_error err;

    if (lua_istable(L, -1)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    meet_error_set(&err, MEET_CONFIG, "%s: %s", what,
                   lua_isstring(L, -1) ? lua_tostring(L, -1)
                                       : "no string was returned");
    return meet_lua_error_fail(L, &err);
}

int meet_lua_credentials_take_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange)
{
    enum meet_app app = exchange->job.request.app;
    struct meet_lua_choice *choice = choice_of(exchange);
    struct meet_error err;
    size_t length;
    const char *id;

    if (choice->chooser == exchange)
        choice->chooser = NULL;
    meet_lua_latch_open(exchange->client->runtime, &exchange->over);
    if (!choice->pending) { /* another call was quicker */
        lua_pop(L, 2);
        return 0;
    }
    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the connection function returned no id");
    id = lua_tolstring(L, -2, &length);
    if (meet_client_set_connection(&exchange->client->client, app, id, length,
                                   &err) < 0)
        return meet_lua_error_fail(L, &err);
    choice->pending = false; /* resolved once, on first use */
    lua_pop(L, 2);
    return 0;
}

int meet_lua_credentials_take_key(lua_State *L,
                                  struct meet_lua_exchange *exchange)
{
    struct meet_error err;
    size_t length;
    const char *key;

    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the api_key function returned no key");
    key = lua_tolstring(L, -2, &length);
    if (meet_client_set_key(&exchange->client->client, key, length, &err) < 0)
        return meet_lua_error_fail(L, &err);
    lua_pop(L, 2);
    return 0;
}
