/* lua_request.c - see lua_request.h. */
#include "lua_request.h"

#include "ascii.h"
#include "lua_call.h"
#include "lua_encode.h"
#include "lua_error.h"
#include "lua_options.h"
#include "url.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

struct request_options {
    const char *connection;
    int64_t timeout, deadline;
};

#define AT(field) offsetof(struct request_options, field)

static const struct meet_lua_option request_rows[] = {
    {"query", MEET_OPTION_TABLE, 0, 0, 0, 0},
    {"headers", MEET_OPTION_TABLE, 0, 0, 0, 0},
    {"body", MEET_OPTION_TABLE | MEET_OPTION_BYTES, 0, 0, 0, 0},
    {"connection", MEET_OPTION_STRING | MEET_OPTION_ID, AT(connection), 0, 0,
     0},
    {"timeout", MEET_OPTION_SECONDS, AT(timeout), 0.001, 86400, 0},
    {"deadline", MEET_OPTION_SECONDS, AT(deadline), 0.001, 86400, 0},
    {NULL, 0, 0, 0, 0, 0},
};

static void fail(lua_State *L, const struct meet_error *err)
{
    meet_lua_error_raise_misuse(L, "request", err);
}

/* Push the number on top as text, with a point in every locale (there it may
   have several bytes), and with as many digits in every version of Lua. */
static void push_number(lua_State *L)
{
    char text[40];
    size_t whole, point;

    if (lua_isinteger(L, -1)) {
        luaL_tolstring(L, -1, NULL);
        return;
    }
    snprintf(text, sizeof text, "%.14g", lua_tonumber(L, -1));
    whole = strspn(text, "-0123456789");
    point = strcspn(text + whole, "0123456789e");
    if (!text[whole]) /* Lua, too, shows that it is a float */
        lua_pushfstring(L, "%s.0", text);
    else if (point == 0 || !text[whole + point]) /* 1e+300; not finite */
        lua_pushstring(L, text);
    else {
        text[whole] = '\0';
        lua_pushfstring(L, "%s.%s", text, text + whole + point);
    }
}

/* Push the value on top as text; raises when it is a table or the like. */
static const char *push_text(lua_State *L, const char *name, size_t *length)
{
    if (!lua_isstring(L, -1) && !lua_isboolean(L, -1))
        meet_lua_error_raise(L,
                             "request: '%s' must be a string, a number or a "
                             "boolean, got %s",
                             name, luaL_typename(L, -1));
    if (lua_type(L, -1) == LUA_TNUMBER)
        push_number(L);
    else
        luaL_tolstring(L, -1, NULL);
    return lua_tolstring(L, -1, length);
}

static void add_query(lua_State *L, struct meet_request *request,
                      const char *name)
{
    struct meet_error err;
    size_t length;
    const char *value = push_text(L, name, &length);

    if (meet_url_append_query(&request->url, name, value, length, &err) < 0)
        fail(L, &err);
    lua_pop(L, 1);
}

static const char *check_name(lua_State *L, const char *what)
{
    const char *name = meet_lua_options_string(L, -2);

    if (!name)
        meet_lua_error_raise(L,
                             "request: the names in '%s' must be strings "
                             "without NUL bytes",
                             what);
    return name;
}

/* The array of values for a repeated name, on top. The length of one with a
   gap is any border, so that what follows could be left out. */
static void add_values(lua_State *L, struct meet_request *request,
                       const char *name)
{
    lua_Integer entries = 0;

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        entries++;
    for (lua_Integer i = 1; i <= entries; i++) {
        lua_rawgeti(L, -1, i);
        add_query(L, request, name);
        lua_pop(L, 1);
    }
}

/* A value or an array of values for each name. Table on top. */
static void set_query(lua_State *L, struct meet_request *request)
{
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        const char *name = check_name(L, "query");

        if (lua_istable(L, -1))
            add_values(L, request, name);
        else
            add_query(L, request, name);
        lua_pop(L, 1);
    }
}

/* True for a header that only the client sets. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = {
        "Authorization",  "Maton-Connection",  "Host",
        "Content-Length", "Connection",        "User-Agent",
        "Expect",         "Transfer-Encoding", "Accept-Encoding"};

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (meet_ascii_equal(name, ours[i]))
            return true;
    return false;
}

static void set_headers(lua_State *L, struct meet_request *request)
{
    struct meet_error err;

    lua_pushnil(L);
    while (lua_next(L, -2)) {
        const char *name = check_name(L, "headers"), *value;
        size_t length;

        if (is_ours(name))
            meet_lua_error_raise(
                L, "request: the header '%s' is set by the client", name);
        value = push_text(L, name, &length);
        if (meet_headers_append(&request->headers, name, value, length, &err) <
            0)
            fail(L, &err);
        lua_pop(L, 2);
    }
}

static void set_body(lua_State *L, struct meet_request *request)
{
    struct meet_error err;
    size_t length;
    const char *bytes;
    int failed;

    switch (lua_getfield(L, 4, "body")) {
    case LUA_TTABLE:
        failed = meet_lua_encode(L, -1, &request->body, &err);
        break;
    case LUA_TSTRING:
        bytes = lua_tolstring(L, -1, &length);
        failed = meet_buffer_append(&request->body, bytes, length, &err);
        break;
    default:
        lua_pop(L, 1);
        return;
    }
    if (failed)
        fail(L, &err);
    lua_pop(L, 1);
    if (meet_request_is_read(request))
        meet_lua_error_raise(L, "request: GET takes no body");
    request->has_body = true;
}

/* Push the option, a copy of it if it is a table: reading it may change it. */
static bool push_table(lua_State *L, const char *name)
{
    lua_getfield(L, 4, name);
    meet_lua_options_copy(L, lua_gettop(L));
    return lua_istable(L, -1);
}

static void set_limits(lua_State *L, struct meet_request *request,
                       const struct request_options *options)
{
    struct meet_error err;

    if (meet_client_limit(request, options->connection, options->timeout,
                          options->deadline, &err) < 0)
        fail(L, &err);
}

static void set_options(lua_State *L, struct meet_request *request,
                        const struct request_options *options)
{
    if (lua_istable(L, 4)) {
        if (push_table(L, "query"))
            set_query(L, request);
        lua_pop(L, 1);
        if (push_table(L, "headers"))
            set_headers(L, request);
        lua_pop(L, 1);
        set_body(L, request);
    }
    set_limits(L, request, options);
}

/* The verb at index 2. */
static const char *check_verb(lua_State *L)
{
    const char *name = meet_lua_options_string(L, 2);
    const char *verb = name ? meet_request_verb(name) : NULL;

    if (verb)
        return verb;
    meet_lua_error_raise(
        L, "request: method must be GET, POST, PUT, PATCH or DELETE");
    return ""; /* it has raised */
}

/*
 * Replace the arguments, as for client:request, by an exchange with the shape;
 * 'deadline' is that of a call that names none.
 */
static void prepare(lua_State *L, enum meet_lua_shape shape, int64_t deadline)
{
    const struct meet_lua_client *client = meet_lua_client_check(L, 1);
    struct request_options options = {.deadline = deadline};
    struct meet_request *request;
    struct meet_error err;
    size_t length;
    const char *path, *verb;

    lua_settop(L, 4);
    if (lua_type(L, 2) != LUA_TSTRING || lua_type(L, 3) != LUA_TSTRING)
        meet_lua_error_raise(
            L, "request: a method and a path expected, both strings");
    verb = check_verb(L);
    path = lua_tolstring(L, 3, &length);
    meet_lua_options_copy(L, 4);
    meet_lua_options_read(L, 4, "request", request_rows, 0, &options);
    request = &meet_lua_exchange_push(L, 1, NULL, shape)->job.request;
    if (meet_client_begin_path(&client->client, verb, path, length, request,
                               &err) < 0)
        fail(L, &err);
    request->has_body = strcmp(verb, "GET") != 0 && strcmp(verb, "DELETE") != 0;
    set_options(L, request, &options);
    lua_replace(L, 1);
    lua_settop(L, 1);
}

/***
 * Send a request to a path under the base URL.
 * @param method string: GET, POST, PUT, PATCH or DELETE
 * @param path string: begins with '/'; no '..', no control bytes, no query
 * @param options table or nil: query (names to values or arrays of them),
 *   headers, body (table: sent as JSON; string: sent as it is), connection,
 *   timeout, deadline (seconds)
 * @return the body (decoded when it is JSON, true when there is none) and
 *   { status =, headers = { [name in lower case] = value } }; or nil and an
 *   error; raises on a malformed argument
 */
int meet_lua_request(lua_State *L)
{
    prepare(L, MEET_SHAPE_RAW, 0);
    return meet_lua_call_run(L);
}

/***
 * Prepare a GET whose body is taken while it comes: core.stream.prepare. It has
 * no deadline unless one is given, and no limit of size.
 * @param client, path, options as for client:request
 * @return stream, for core.stream.open; closing it ends it
 */
int meet_lua_request_stream(lua_State *L)
{
    struct meet_lua_exchange *exchange;

    lua_settop(L, 3);
    lua_pushliteral(L, "GET");
    lua_insert(L, 2);
    prepare(L, MEET_SHAPE_STREAM, MEET_NEVER);
    exchange = lua_touserdata(L, 1);
    exchange->job.response.stream.wanted = true;
    return 1;
}
