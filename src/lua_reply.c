/* lua_reply.c - see lua_reply.h. */
#include "lua_reply.h"

#include "clock.h"
#include "lua_error.h"
#include "lua_options.h"

#include <lauxlib.h>
#include <string.h>

/* Most bytes kept of a body that is too large. */
#define BODY_START 1024

static void append_field(lua_State *L, struct meet_response *response,
                         struct meet_error *err)
{
    size_t name_length, value_length;
    const char *name = luaL_tolstring(L, -2, &name_length);
    const char *value = luaL_tolstring(L, -2, &value_length);
    struct meet_buffer *head = &response->head;

    if (meet_buffer_append(head, name, name_length, err) ||
        meet_buffer_append(head, ": ", 2, err) ||
        meet_buffer_append(head, value, value_length, err) ||
        meet_buffer_append(head, "\r\n", 2, err))
        meet_lua_error_raise_misuse(L, "transport", err);
    lua_pop(L, 2);
}

/* Append the headers table on top as lines that a server would send. */
static void take_headers(lua_State *L, struct meet_response *response,
                         struct meet_error *err)
{
    meet_lua_options_copy(L, lua_gettop(L)); /* a __tostring may change it */
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        append_field(L, response, err);
        lua_pop(L, 1);
    }
}

/* The status of the answer on top; 0 if it has none. */
static int status_of(lua_State *L)
{
    int whole, status;

    lua_getfield(L, -1, "status");
    status = (int)lua_tointegerx(L, -1, &whole);
    lua_pop(L, 1);
    return whole && status >= 100 && status <= 599 ? status : 0;
}

/* The body is too large: keep enough to recognise it. */
static void keep_start(struct meet_response *response, const char *body,
                       size_t length)
{
    struct meet_error ignored;

    if (length > BODY_START && response->body.length == 0)
        meet_buffer_append(&response->body, body, BODY_START, &ignored);
}

/* Take the body on top, unless it has been read; false with 'err' set: it is
   too large. A stream's is left to its owner. */
static bool take_body(lua_State *L, struct meet_response *response,
                      struct meet_error *err)
{
    size_t length;
    const char *body;

    if (lua_isfunction(L, -1) || lua_isnil(L, -1) || lua_isstring(L, -1)) {
        if (meet_response_streams(response)) {
            lua_pushvalue(L, -1);
            lua_setiuservalue(L, 1, MEET_LUA_EXCHANGE_BODY);
            return true;
        }
    } else {
        meet_lua_error_raise(
            L, "transport: 'body' must be a string or a function");
    }
    body = lua_isstring(L, -1) ? lua_tolstring(L, -1, &length) : NULL;
    if (!body || meet_buffer_append(&response->body, body, length, err) == 0)
        return true;
    keep_start(response, body, length);
    return false;
}

/* The answer on top. */
static void take_answer(lua_State *L, struct meet_response *response,
                        struct meet_outcome *outcome)
{
    struct meet_error err;
    bool fits;

    response->status = status_of(L);
    if (response->status == 0)
        meet_lua_error_raise(L, "transport: 'status' must be 100 to 599");
    if (lua_getfield(L, -1, "headers") == LUA_TTABLE)
        take_headers(L, response, &err);
    else if (!lua_isnil(L, -1))
        meet_lua_error_raise(L, "transport: 'headers' must be a table");
    lua_pop(L, 1);
    lua_getfield(L, -1, "body");
    fits = take_body(L, response, &err);
    meet_response_outcome(response, meet_clock_wall(), outcome);
    outcome->bytes_received = (double)response->body.length;
    if (!fits) {
        outcome->error = err;
        outcome->ending = MEET_ENDED_FAILED;
    }
    lua_pop(L, 1);
}

/* True if the third result says that the request was sent. A number is an errno
   of who forwards the results of a socket. Whatever else is no "sent" raises:
   taken for nil, it would have a write sent again. */
static bool says_sent(lua_State *L, int index)
{
    int type = lua_type(L, index);

    if (!lua_toboolean(L, index) || type == LUA_TNUMBER)
        return false;
    if (type != LUA_TSTRING || strcmp(lua_tostring(L, index), "sent") != 0)
        meet_lua_error_raise(L, "transport: the third result must be \"sent\" "
                                "or nil");
    return true;
}

/* The kind of that name, of those that a transport may give; else MEET_OK. */
static enum meet_kind kind_named(const char *name)
{
    static const enum meet_kind kinds[] = {MEET_TRANSPORT, MEET_TIMEOUT,
                                           MEET_TLS};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(name, meet_error_kind_name(kinds[i])) == 0)
            return kinds[i];
    return MEET_OK;
}

/* The kind that the fourth result names. */
static enum meet_kind kind_of(lua_State *L, int index)
{
    enum meet_kind kind = MEET_TRANSPORT;

    if (lua_type(L, index) == LUA_TSTRING)
        kind = kind_named(lua_tostring(L, index));
    if (kind == MEET_OK)
        meet_lua_error_raise(L, "transport: the fourth result must be "
                                "\"transport\", \"timeout\", \"tls\" or nil");
    return kind;
}

/* nil, and from 'index' on message, "sent" and kind. */
static void take_failure(lua_State *L, int index, struct meet_outcome *outcome)
{
    enum meet_kind kind = kind_of(L, index + 2);

    outcome->sent = says_sent(L, index + 1);
    if (outcome->sent)
        outcome->ending =
            kind == MEET_TIMEOUT ? MEET_ENDED_TIMED_OUT : MEET_ENDED_LOST;
    meet_error_set(&outcome->error, kind, "%s",
                   !lua_isnil(L, index) ? luaL_tolstring(L, index, NULL)
                   : outcome->sent      ? "the transport lost the answer"
                                        : "the transport sent nothing");
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

void meet_lua_reply_time_out(struct meet_outcome *outcome)
{
    outcome->ending = MEET_ENDED_TIMED_OUT;
    outcome->sent = true;
    meet_error_set(&outcome->error, MEET_TIMEOUT,
                   "the transport did not return in time");
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

bool meet_lua_reply_is_read(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_response *response = &exchange->job.response;
    bool has_reader;

    if (!lua_istable(L, 2))
        return false;
    has_reader = lua_getfield(L, 2, "body") == LUA_TFUNCTION;
    lua_pushvalue(L, 2);
    response->status = status_of(L);
    lua_pop(L, 2);
    if (!has_reader || response->status == 0 || meet_response_streams(response))
        return false;
    lua_settop(L, 2);
    return true;
}

void meet_lua_reply_push_reader(lua_State *L)
{
    lua_getfield(L, 2, "body");
}

bool meet_lua_reply_take_chunk(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_error ignored;
    size_t length;
    const char *chunk;

    if (lua_type(L, 3) != LUA_TSTRING)
        return false;
    chunk = lua_tolstring(L, 3, &length);
    if (meet_buffer_append(&exchange->job.response.body, chunk, length,
                           &ignored) < 0)
        return false;
    lua_settop(L, 2);
    return true;
}

/* What the function that gives the body returned last, from index 3 on; true:
   it is whole. */
static bool take_end(lua_State *L, struct meet_response *response,
                     struct meet_outcome *outcome)
{
    size_t length;
    const char *chunk;

    if (lua_isnil(L, 3) && lua_isnil(L, 4))
        return true;
    outcome->sent = true;
    if (lua_isnil(L, 3)) {
        outcome->ending = MEET_ENDED_LOST;
        meet_error_set(&outcome->error, MEET_TRANSPORT, "%s",
                       luaL_tolstring(L, 4, NULL));
        outcome->error.origin = MEET_FROM_TRANSPORT;
        return false;
    }
    if (lua_type(L, 3) != LUA_TSTRING)
        meet_lua_error_raise(L, "transport: 'body' gave a %s, not a string",
                             luaL_typename(L, 3));
    chunk = lua_tolstring(L, 3, &length); /* it does not fit */
    outcome->ending = MEET_ENDED_FAILED;
    if (meet_buffer_append(&response->body, chunk, length, &outcome->error) < 0)
        keep_start(response, chunk, length);
    return false;
}

/* The answer at index 2. */
static void take_whole(lua_State *L, struct meet_response *response,
                       bool was_read, bool late, struct meet_outcome *outcome)
{
    if (late) {
        meet_lua_reply_time_out(outcome);
    } else if (!was_read || take_end(L, response, outcome)) {
        lua_settop(L, 2);
        take_answer(L, response, outcome);
    }
}

void meet_lua_reply_take(lua_State *L, struct meet_lua_exchange *exchange,
                         bool was_read, bool late, struct meet_outcome *outcome)
{
    if (lua_isnil(L, 2))
        take_failure(L, 3, outcome);
    else if (!lua_istable(L, 2))
        meet_lua_error_raise(L,
                             "transport: a table or nil and a message "
                             "expected, got %s",
                             luaL_typename(L, 2));
    else
        take_whole(L, &exchange->job.response, was_read, late, outcome);
}
