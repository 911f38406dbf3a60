/* lua_credentials.c - see lua_credentials.h. */
#include "lua_credentials.h"

#include "lua_error.h"

#include <string.h>

/* True for a call to Google, which needs a connection. */
static bool wants_connection(const struct meet_lua_exchange *exchange)
{
    const struct meet_request *request = &exchange->job.request;
    const char *path;

    if (exchange->operation)
        return exchange->operation->quota != MEET_QUOTA_NONE;
    path = meet_buffer_string(&request->url) +
           strlen(exchange->client->client.settings.base_url);
    return strncmp(path, "/connections", 12) != 0 || !strchr("/?", path[12]);
}

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
                                 : client->settings.connection;

    if (!wants_connection(exchange))
        connection = NULL;
    meet_client_pace(client, connection, request->quota, &exchange->job.pace);
    set_limiter(exchange);
    if (!exchange->key_renewed)
        exchange->given_headers = request->headers.count;
    else /* drop the old key's */
        meet_headers_truncate(&request->headers, exchange->given_headers);
    exchange->has_connection = connection != NULL;
    return meet_client_authorize(request, client->settings.api_key, connection,
                                 err);
}

bool meet_lua_credentials_are_known(const struct meet_lua_client *client)
{
    return !client->has_key_function && !client->must_choose;
}

/* True for a call that needs the client's connection, not chosen yet. */
static bool wants_choice(const struct meet_lua_exchange *exchange)
{
    return exchange->client->must_choose &&
           !exchange->job.request.connection.length &&
           wants_connection(exchange);
}

bool meet_lua_credentials_are_asked(lua_State *L,
                                    const struct meet_lua_exchange *exchange)
{
    const struct meet_lua_runtime *runtime = exchange->client->runtime;
    const struct meet_lua_exchange *chooser = exchange->client->chooser;

    if (!chooser || !wants_choice(exchange))
        return false;
    if (meet_lua_nesting_is_inside(runtime, &chooser->call))
        meet_lua_error_raise(L, "the connection function calls the client that "
                                "waits for its result");
    return meet_lua_nesting_goes_on(L, runtime, &chooser->call);
}

bool meet_lua_credentials_ask_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange)
{
    if (!wants_choice(exchange))
        return false;
    exchange->client->chooser = exchange;
    meet_lua_runtime_table(L, "hooks");
    lua_getfield(L, -1, "connection");
    lua_remove(L, -2);
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_client_value(L, lua_gettop(L), "connection");
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
    struct meet_error err;
    size_t length;
    const char *id;

    if (exchange->client->chooser == exchange)
        exchange->client->chooser = NULL;
    meet_lua_latch_open(exchange->client->runtime, &exchange->over);
    if (!exchange->client->must_choose) { /* another call was quicker */
        lua_pop(L, 2);
        return 0;
    }
    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the connection function returned no id");
    id = lua_tolstring(L, -2, &length);
    if (meet_client_set_connection(&exchange->client->client, id, length,
                                   &err) < 0)
        return meet_lua_error_fail(L, &err);
    exchange->client->must_choose = false; /* resolved once, on first use */
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
