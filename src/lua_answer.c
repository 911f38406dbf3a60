/* lua_answer.c - see lua_answer.h. */
#include "lua_answer.h"

#include "ascii.h"
#include "lua_error.h"
#include "lua_failure.h"
#include "lua_json.h"
#include "lua_resource.h"

#include <lauxlib.h>
#include <string.h>

static int unexpected(lua_State *L, struct meet_lua_exchange *exchange,
                      const char *what)
{
    struct meet_job *job = &exchange->job;

    meet_error_set(&job->error, MEET_DECODE, "%s", what);
    job->error.origin = MEET_FROM_GATEWAY;
    job->ambiguous = !meet_request_is_read(&job->request);
    lua_pushnil(L);
    meet_lua_failure_push(L, exchange->client, job, exchange->has_connection);
    return 2;
}

/* True for a table that is an array: an object has no index but a first key. */
static bool is_array(lua_State *L)
{
    if (!lua_istable(L, -1))
        return false;
    if (lua_rawlen(L, -1) > 0)
        return true;
    lua_pushnil(L);
    if (!lua_next(L, -2))
        return true;
    lua_pop(L, 2);
    return false;
}

/* True when the body starts with '{': {} and [] are the same table. */
static bool starts_object(const struct meet_buffer *body)
{
    return body->bytes[strspn(meet_buffer_string(body), " \t\r\n")] == '{';
}

/* Maton's own SDK takes a new connection's id from "id" where there is no
   "connection_id": so does the object on top. */
static void name_connection(lua_State *L)
{
    int object = lua_gettop(L);

    if (lua_getfield(L, object, "connection_id") == LUA_TNIL &&
        lua_getfield(L, object, "id") == LUA_TSTRING)
        lua_setfield(L, object, "connection_id");
    lua_settop(L, object);
}

/* Unwrap the object on top and make it a resource. */
static void to_resource(lua_State *L, const struct meet_operation *operation)
{
    if (operation->envelope) {
        if (lua_getfield(L, -1, operation->envelope) == LUA_TTABLE)
            lua_replace(L, -2);
        else
            lua_pop(L, 1);
    }
    if (operation->quota == MEET_QUOTA_NONE)
        name_connection(L);
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_resource_metatable(L, -1, operation->resource);
    lua_setmetatable(L, -3);
    lua_pop(L, 1);
}

/* Make each table of the array on top a resource; false: not all are tables. */
static bool to_resources(lua_State *L, const struct meet_operation *operation)
{
    lua_Unsigned count = lua_rawlen(L, -1);
    bool all = true;

    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_resource_metatable(L, -1, operation->resource);
    lua_replace(L, -2);
    for (lua_Unsigned i = 1; all && i <= count; i++) {
        all = lua_rawgeti(L, -2, (lua_Integer)i) == LUA_TTABLE;
        if (all) {
            if (operation->quota == MEET_QUOTA_NONE)
                name_connection(L);
            lua_pushvalue(L, -2);
            lua_setmetatable(L, -2);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return all;
}

/* Push the answer's array. The server omits an empty one. */
static bool push_items(lua_State *L, const struct meet_operation *operation)
{
    if (lua_getfield(L, -1, operation->items) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 0);
        return true;
    }
    return is_array(L) && to_resources(L, operation);
}

static int return_items(lua_State *L, struct meet_lua_exchange *exchange)
{
    const char *token = exchange->operation->token;

    if (!push_items(L, exchange->operation))
        return unexpected(
            L, exchange,
            "malformed response: the items are not an array of objects");
    if (exchange->shape == MEET_SHAPE_ITEMS)
        return 1;
    switch (lua_getfield(L, -2, token ? token : "nextPageToken")) {
    case LUA_TSTRING:
        return 2;
    case LUA_TNIL:
        lua_pop(L, 1);
        lua_pushliteral(L, "");
        return 2;
    default:
        return unexpected(L, exchange,
                          "malformed response: the page token is not a string");
    }
}

/* Add the value to the array under its name in lower case; table on top. */
static void add_header(lua_State *L, const struct meet_header *header)
{
    for (char *c = header->name; *c; c++)
        *c = (char)meet_ascii_lower(*c);
    luaL_getsubtable(L, -1, header->name);
    lua_pushstring(L, header->value);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
}

/* Replace the array on top by its values, joined (RFC 9110 section 5.3): once,
   since a server may repeat a name ten thousand times. */
static void join(lua_State *L)
{
    int array = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, array);
    luaL_Buffer joined;

    luaL_buffinit(L, &joined);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addstring(&joined, ", ");
        lua_rawgeti(L, array, i);
        luaL_addvalue(&joined);
    }
    luaL_pushresult(&joined);
    lua_replace(L, array);
}

void meet_lua_answer_push_head(lua_State *L, struct meet_lua_exchange *exchange)
{
    const struct meet_headers *headers = &exchange->headers;

    lua_createtable(L, 0, 2);
    lua_pushinteger(L, exchange->job.response.status);
    lua_setfield(L, -2, "status");
    lua_createtable(L, 0, (int)headers->count);
    for (size_t i = 0; i < headers->count; i++)
        add_header(L, &headers->fields[i]);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        join(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_setfield(L, -2, "headers");
}

int meet_lua_answer_parse(struct meet_lua_exchange *exchange,
                          struct meet_error *err)
{
    const struct meet_buffer *head = &exchange->job.response.head;

    return meet_headers_parse(&exchange->headers, meet_buffer_string(head),
                              head->length, err);
}

/* True when the answer's Content-Type is JSON. */
static bool claims_json(const struct meet_lua_exchange *exchange)
{
    const char *type = meet_headers_get(&exchange->headers, "Content-Type");

    return type && strstr(type, "json");
}

static int return_raw(lua_State *L, struct meet_lua_exchange *exchange,
                      bool decoded)
{
    const struct meet_response *response = &exchange->job.response;
    const struct meet_buffer *body = &response->body;
    struct meet_error err;

    if (meet_lua_answer_parse(exchange, &err) < 0)
        return meet_lua_error_fail(L, &err);
    if (!decoded && body->length > 0 && claims_json(exchange))
        return unexpected(L, exchange, "the body is not JSON");
    if (!decoded && body->length > 0)
        lua_pushlstring(L, body->bytes, body->length);
    else if (!decoded || lua_isnil(L, -1))
        lua_pushboolean(L, true); /* there is no body */
    meet_lua_answer_push_head(L, exchange);
    return 2;
}

static int return_answer(lua_State *L, struct meet_lua_exchange *exchange)
{
    const struct meet_buffer *body = &exchange->job.response.body;
    struct meet_error err;
    bool decoded;

    if (exchange->shape == MEET_SHAPE_TRUE) {
        lua_pushboolean(L, true);
        return 1;
    }
    decoded = body->length > 0 &&
              meet_lua_json_decode(L, body->bytes, body->length, &err);
    if (exchange->shape == MEET_SHAPE_RAW)
        return return_raw(L, exchange, decoded);
    if (!decoded)
        return unexpected(L, exchange,
                          body->length > 0 ? err.message
                                           : "the body is empty, not JSON");
    if (!starts_object(body))
        return unexpected(L, exchange, "malformed response: not a JSON object");
    if (exchange->shape != MEET_SHAPE_RESOURCE)
        return return_items(L, exchange);
    to_resource(L, exchange->operation);
    return 1;
}

int meet_lua_answer_push(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;

    lua_settop(L, 1);
    if (job->error.kind == MEET_OK && job->response.status / 100 == 2)
        return return_answer(L, exchange);
    lua_pushnil(L);
    meet_lua_failure_push(L, exchange->client, job, exchange->has_connection);
    return 2;
}
