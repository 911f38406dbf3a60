/* lua_chunk.c - see lua_chunk.h. */
#include "lua_chunk.h"

#include "flow.h"
#include "lua_answer.h"
#include "lua_error.h"

/* Status and headers, the body as a transport gave it, the seconds of the
   request's timeout, and how often it is tried. */
static int push_head(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_error err;

    if (meet_lua_answer_parse(exchange, &err) < 0)
        return meet_lua_error_fail(L, &err);
    meet_lua_answer_push_head(L, exchange);
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_BODY);
    lua_pushnumber(L, meet_ns_seconds(exchange->job.request.timeout));
    lua_pushinteger(L, exchange->job.retry.max_attempts);
    return 4;
}

/* The bytes that wait; nil: there are no more. */
static int push_bytes(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_buffer *body = &exchange->job.response.body;

    if (body->length == 0) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushlstring(L, body->bytes, body->length);
    meet_buffer_clear(body);
    return 1;
}

static int push_count(lua_State *L, const struct meet_lua_exchange *exchange)
{
    lua_pushinteger(L, exchange->job.response.stream.count);
    lua_pushboolean(L, exchange->job.state == MEET_JOB_DONE);
    return 2;
}

int meet_lua_chunk_push(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;
    const struct meet_response *response = &job->response;
    bool over = job->state == MEET_JOB_DONE;
    bool has_bytes = response->stream.begun && response->body.length > 0;

    lua_settop(L, 1);
    meet_link_leave(&exchange->call.link); /* until it goes on */
    if (!over)
        meet_flow_rest(job);
    else if ((job->error.kind != MEET_OK || response->status / 100 != 2) &&
             !(exchange->wish == MEET_WISH_CHUNK && has_bytes))
        return meet_lua_answer_push(L, exchange);
    switch (exchange->wish) {
    case MEET_WISH_HEAD:
        return push_head(L, exchange);
    case MEET_WISH_CHUNK:
        return push_bytes(L, exchange);
    case MEET_WISH_COUNT:
    default:
        return push_count(L, exchange);
    }
}
