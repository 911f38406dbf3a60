/* lua_credentials.c - see lua_credentials.h. */
#include "lua_credentials.h"

#include "lua_error.h"

#include <string.h>

/* True for a call that Google answers, on behalf of a connection. */
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

/* Headers with nothing in them but the client's own key and connection. */
static bool is_plain(const struct meet_lua_exchange *exchange)
{
    return !exchange->given_headers && !exchange->connection.length &&
           !exchange->job.request.body.length;
}

/* True where the headers of the exchange's last request do for this one. */
static bool is_authorized(const struct meet_lua_exchange *exchange,
                          const char *connection)
{
    return exchange->authorized == exchange->client->client.credentials &&
           exchange->named == (connection != NULL) && is_plain(exchange);
}

static int append_headers(struct meet_lua_exchange *exchange,
                          const char *connection, struct meet_error *err)
{
    const struct meet_client *client = &exchange->client->client;
    struct meet_headers *headers = &exchange->job.request.headers;

    if (exchange->authorized)
        meet_headers_deinit(headers); /* another request's */
    exchange->authorized = 0;
    if (!exchange->asked_twice)
        exchange->given_headers = headers->count;
    else /* the old key's go */
        meet_headers_truncate(headers, exchange->given_headers);
    exchange->named = connection != NULL;
    if (meet_client_authorize(&exchange->job.request, client->settings.api_key,
                              connection, err) < 0)
        return -1;
    if (is_plain(exchange))
        exchange->authorized = client->credentials;
    return 0;
}

int meet_lua_credentials_append(struct meet_lua_exchange *exchange,
                                struct meet_error *err)
{
    const struct meet_client *client = &exchange->client->client;
    const char *connection = exchange->connection.length
                                 ? exchange->connection.bytes
                                 : client->settings.connection;

    if (!wants_connection(exchange))
        connection = NULL;
    meet_client_pace(client, connection, exchange->job.request.quota,
                     &exchange->job.pace);
    return is_authorized(exchange, connection)
               ? 0
               : append_headers(exchange, connection, err);
}

bool meet_lua_credentials_ask_connection(lua_State *L,
                                         struct meet_lua_exchange *exchange)
{
    if (!exchange->client->asks_connection || exchange->connection.length ||
        !wants_connection(exchange))
        return false;
    if (exchange->client->asking)
        meet_lua_error_raise(L, "the connection function asks the client that "
                                "waits for its choice");
    exchange->client->asking = exchange->choosing = true;
    meet_lua_runtime_table(L, "hooks");
    lua_getfield(L, -1, "connection");
    lua_remove(L, -2);
    lua_getiuservalue(L, 1, 1);
    meet_lua_client_value(L, lua_gettop(L), "connection");
    return true;
}

bool meet_lua_credentials_ask_key(lua_State *L,
                                  const struct meet_lua_exchange *exchange)
{
    if (!exchange->client->asks_key)
        return false;
    lua_getiuservalue(L, 1, 1);
    meet_lua_client_value(L, lua_gettop(L), "api_key");
    lua_remove(L, -2);
    return true;
}

/* nil, err of a callback: handed on, an error table made of plain text. */
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

    exchange->client->asking = exchange->choosing = false;
    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the connection function gave no id");
    id = lua_tolstring(L, -2, &length);
    if (meet_client_set_connection(&exchange->client->client, id, length,
                                   &err) < 0)
        return meet_lua_error_fail(L, &err);
    exchange->client->asks_connection = false; /* once, at first use */
    lua_pop(L, 2);
    return 0;
}

int meet_lua_credentials_take_key(lua_State *L,
                                  struct meet_lua_exchange *exchange)
{
    struct meet_client *client = &exchange->client->client;
    unsigned long before = client->credentials;
    struct meet_error err;
    size_t length;
    const char *key;

    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the api_key function gave no key");
    key = lua_tolstring(L, -2, &length);
    if (meet_client_set_key(client, key, length, &err) < 0)
        return meet_lua_error_fail(L, &err);
    lua_pop(L, 2);
    lua_getiuservalue(L, 1, 1);
    if (client->credentials != before) /* the old key is in its headers */
        meet_lua_exchange_drop_spare(L, -1);
    lua_pop(L, 1);
    return 0;
}
