/* lua_exchange.c - see lua_exchange.h. */
#include "lua_exchange.h"

#include "lua_clock.h"

#include <lauxlib.h>
#include <string.h>

#define EXCHANGE_TYPE "googlemeet.exchange"

static void cancel(struct meet_lua_exchange *exchange)
{
    struct meet_lua_client *client = exchange->client;
    struct meet_job *job = &exchange->job;

    meet_lua_step_forget(client->runtime, &exchange->waiter);
    meet_link_leave(&exchange->call.link);
    meet_lua_late_end(client->runtime, &exchange->late);
    if (meet_job_is_pending(job)) {
        if (client->has_clock)
            meet_lua_clock_cancel(client->dispatch, job);
        else /* the engine has ended, and its jobs with it */
            meet_engine_cancel(client->runtime->engine, job);
    }
    job->state = MEET_JOB_IDLE;
    if (client->choices[job->request.app].chooser == exchange)
        client->choices[job->request.app].chooser = NULL;
    if (exchange->asked)
        *exchange->asked = NULL;
    exchange->asked = NULL;
    meet_lua_latch_open(client->runtime, &exchange->over);
    exchange->prefetched = false;
}

/* Cancel the job and free what it holds. */
static void release(struct meet_lua_owner *owner)
{
    struct meet_lua_exchange *exchange =
        MEET_OWNER(owner, struct meet_lua_exchange, owner);

    exchange->closed = true;
    meet_link_leave(&exchange->job.of_client);
    cancel(exchange);
    meet_request_deinit(&exchange->job.request);
    meet_response_deinit(&exchange->job.response);
    meet_headers_deinit(&exchange->headers);
}

/* A later finalizer may still resume the thread that waited. */
static int exchange_gc(lua_State *L)
{
    struct meet_lua_exchange *exchange = luaL_checkudata(L, 1, EXCHANGE_TYPE);

    meet_lua_runtime_release(&exchange->owner);
    return 0;
}

static int exchange_close(lua_State *L)
{
    struct meet_lua_exchange *exchange = luaL_checkudata(L, 1, EXCHANGE_TYPE);

    if (exchange->state == MEET_STATE_WAIT ||
        exchange->state == MEET_STATE_TRANSPORT)
        meet_lua_step_abandon(exchange->client->runtime, &exchange->job);
    meet_lua_runtime_release(&exchange->owner);
    return 0;
}

void meet_lua_exchange_open(lua_State *L)
{
    luaL_newmetatable(L, EXCHANGE_TYPE);
    lua_pushcfunction(L, exchange_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, exchange_close);
    lua_setfield(L, -2, "__close");
    lua_pop(L, 1);
}

static void init_job(struct meet_job *job, struct meet_lua_client *client)
{
    const struct meet_settings *settings = &client->client.settings;

    memset(job, 0, offsetof(struct meet_job, error)); /* the rest is large */
    job->error.kind = MEET_OK;
    meet_request_init(&job->request);
    meet_response_init(&job->response, settings->max_response_bytes);
    job->stats = &client->client.stats;
    job->has_listener = client->has_listener;
    job->external = client->has_transport;
    job->retry = settings->retry;
}

struct meet_lua_exchange *
meet_lua_exchange_push(lua_State *L, int client,
                       const struct meet_operation *operation,
                       enum meet_lua_shape shape)
{
    struct meet_lua_exchange *exchange;

    client = lua_absindex(L, client);
    exchange =
        lua_newuserdatauv(L, sizeof *exchange, MEET_LUA_EXCHANGE_USER_VALUES);
    memset((char *)exchange + sizeof exchange->job, 0,
           sizeof *exchange - sizeof exchange->job);
    exchange->client = lua_touserdata(L, client);
    exchange->waits_until = MEET_ALWAYS;
    meet_lua_latch_init(&exchange->over, false);
    init_job(&exchange->job, exchange->client);
    exchange->operation = operation;
    exchange->shape = shape;
    lua_pushvalue(L, client);
    lua_setiuservalue(L, -2, MEET_LUA_EXCHANGE_CLIENT);
    luaL_setmetatable(L, EXCHANGE_TYPE);
    meet_link_join(&exchange->job.of_client, &exchange->client->jobs);
    meet_lua_runtime_own(exchange->client->runtime, &exchange->owner, release);
    return exchange;
}

struct meet_lua_exchange *meet_lua_exchange_get(lua_State *L, int index)
{
    return luaL_checkudata(L, index, EXCHANGE_TYPE);
}

struct meet_lua_exchange *meet_lua_exchange_check(lua_State *L, int index)
{
    struct meet_lua_exchange *exchange = meet_lua_exchange_get(L, index);

    luaL_argcheck(
        L, !exchange->closed && exchange->state == MEET_STATE_ASK_CONNECTION,
        index, "it was already sent");
    return exchange;
}

void meet_lua_exchange_begin(lua_State *L, struct meet_lua_exchange *exchange)
{
    lua_pushthread(L);
    lua_setiuservalue(L, 1, MEET_LUA_EXCHANGE_THREAD);
    if (exchange->shape == MEET_SHAPE_STREAM &&
        exchange->client->runtime->task) {
        meet_lua_scheduler_push(L, exchange->client->runtime->task);
        lua_setiuservalue(L, 1, MEET_LUA_EXCHANGE_TASK);
    }
    meet_lua_nesting_enter(L, exchange->client->runtime, &exchange->call);
}

int64_t meet_lua_exchange_time(lua_State *L,
                               const struct meet_lua_exchange *exchange,
                               int64_t now)
{
    const struct meet_lua_client *client = exchange->client;
    int64_t own = exchange->job.request.deadline;
    int64_t ends =
        meet_lua_scheduler_deadline(client->runtime, client->dispatch);

    if (ends > now && !client->has_clock &&
        meet_lua_scheduler_may_yield(L, client->runtime))
        return own; /* the task is closed where it waits */
    return meet_ns_earlier(own, meet_ns_later(0, meet_ns_between(now, ends)));
}

void meet_lua_exchange_wait(struct meet_lua_exchange *exchange)
{
    meet_lua_step_wait(exchange->client->runtime, &exchange->waiter,
                       &exchange->job);
}
