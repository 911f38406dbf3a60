/* lua_call.c - see lua_call.h. */
#include "lua_call.h"

#include "clock.h"
#include "lua_answer.h"
#include "lua_chunk.h"
#include "lua_credentials.h"
#include "lua_error.h"
#include "lua_event.h"
#include "lua_permit.h"
#include "lua_transport.h"

#include <lauxlib.h>

static void submit(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;
    int64_t now = meet_clock_now();

    if (!exchange->key_renewed)
        job->deadline =
            meet_ns_add(now, meet_lua_exchange_time(L, exchange, now));
    meet_engine_submit(exchange->client->runtime->engine, job, now);
}

static int step(lua_State *L, int status, lua_KContext context);

/* True while there is something to wait for. */
static bool is_under_way(const struct meet_lua_exchange *exchange)
{
    return exchange->job.state != MEET_JOB_DONE && !exchange->closed &&
           !meet_response_is_fed(&exchange->job.response);
}

/* Wait until the job is done, or the owner of a stream can go on: a task
   yields, other threads block. */
static int wait(lua_State *L, struct meet_lua_exchange *exchange)
{
    while (meet_lua_permit_step(L, exchange, meet_clock_now(), step))
        ;
    meet_lua_event_report(L, 1, &exchange->job);
    while (is_under_way(exchange)) {
        if (meet_lua_scheduler_may_yield(L, exchange->client->runtime)) {
            meet_lua_exchange_wait(exchange);
            return lua_yieldk(L, 0, 0, step);
        }
        meet_lua_step_block(L, exchange->client->runtime, MEET_SECONDS(1));
        while (meet_lua_permit_step(L, exchange, meet_clock_now(), step))
            ;
        meet_lua_event_report(L, 1, &exchange->job);
    }
    exchange->state = exchange->job.state == MEET_JOB_DONE || exchange->closed
                          ? MEET_STATE_DONE
                          : MEET_STATE_FED;
    return 0;
}

/* After a 401, ask a key function once more: the key may have been renewed. */
static bool renews_key(struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;

    if (!exchange->client->has_key_function || exchange->key_renewed ||
        job->error.kind != MEET_OK || job->response.status != 401)
        return false;
    exchange->key_renewed = true;
    job->attempts_before = job->attempts;
    return true;
}

/* Call the function on the stack; continue in 'next' with its two results. */
static int ask(lua_State *L, struct meet_lua_exchange *exchange, int arguments,
               enum meet_lua_state next)
{
    exchange->state = next;
    lua_callk(L, arguments, 2, 0, step);
    return 0;
}

static int run_transport(lua_State *L, struct meet_lua_exchange *exchange)
{
    meet_lua_event_report(L, 1, &exchange->job);
    while (meet_lua_transport_step(L, exchange, step))
        meet_lua_event_report(L, 1, &exchange->job);
    meet_lua_event_report(L, 1, &exchange->job);
    exchange->state = MEET_STATE_DONE;
    return 0;
}

static int authorize_and_submit(lua_State *L,
                                struct meet_lua_exchange *exchange)
{
    struct meet_error err;

    if (meet_lua_credentials_append(exchange, &err) < 0)
        return meet_lua_error_fail(L, &err);
    if (exchange->client->has_transport) {
        meet_lua_transport_submit(L, exchange);
        exchange->state = MEET_STATE_TRANSPORT;
    } else {
        submit(L, exchange);
        exchange->state = MEET_STATE_WAIT;
    }
    return 0;
}

/*
 * Another call asks for the connection that this one needs: wait for its
 * choice, at most for this call's deadline. A task yields; a client's own clock
 * can only be read again at each turn. Other threads drive the scheduler.
 */
static int wait_for_choice(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_lua_client *client = exchange->client;
    int64_t now = meet_lua_transport_now(L, exchange);

    if (exchange->waits_until == MEET_ALWAYS)
        exchange->waits_until =
            meet_ns_add(now, exchange->job.request.deadline);
    if (now >= exchange->waits_until) {
        meet_job_miss_deadline(&exchange->job, -1);
        exchange->state = MEET_STATE_DONE;
        return 0;
    }
    if (!meet_lua_credentials_are_asked(L, exchange)) /* clock.now ran */
        return 0;
    if (!meet_lua_scheduler_may_yield(L, client->runtime)) {
        meet_lua_step_drive(L, client->runtime,
                            client->has_clock
                                ? 0
                                : meet_ns_between(now, exchange->waits_until));
        return 0;
    }
    if (!client->has_clock)
        meet_lua_scheduler_wait(client->runtime,
                                meet_lua_credentials_latch(exchange),
                                exchange->waits_until);
    return lua_yieldk(L, 0, 0, step);
}

/* The connection is known, or this call has to ask: the rest of its deadline is
   left for it. */
static int ask_connection(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_request *request = &exchange->job.request;

    if (meet_lua_credentials_are_asked(L, exchange))
        return wait_for_choice(L, exchange);
    if (exchange->waits_until != MEET_ALWAYS)
        request->deadline = meet_ns_later(
            0, meet_ns_between(meet_lua_transport_now(L, exchange),
                               exchange->waits_until));
    exchange->state = MEET_STATE_ASK_KEY;
    return meet_lua_credentials_ask_connection(L, exchange)
               ? ask(L, exchange, 3, MEET_STATE_TAKE_CONNECTION)
               : 0;
}

/* Run one state of the exchange; return the number of results, 0 to go on. */
static int advance(lua_State *L, struct meet_lua_exchange *exchange)
{
    switch (exchange->state) {
    case MEET_STATE_ASK_CONNECTION:
        return ask_connection(L, exchange);
    case MEET_STATE_TAKE_CONNECTION:
        exchange->state = MEET_STATE_ASK_KEY;
        return meet_lua_credentials_take_connection(L, exchange);
    case MEET_STATE_ASK_KEY:
        exchange->state = MEET_STATE_SUBMIT;
        return meet_lua_credentials_ask_key(L, exchange)
                   ? ask(L, exchange, 0, MEET_STATE_TAKE_KEY)
                   : 0;
    case MEET_STATE_TAKE_KEY:
        exchange->state = MEET_STATE_SUBMIT;
        return meet_lua_credentials_take_key(L, exchange);
    case MEET_STATE_SUBMIT:
        return authorize_and_submit(L, exchange);
    case MEET_STATE_WAIT:
        return wait(L, exchange);
    case MEET_STATE_TRANSPORT:
        return run_transport(L, exchange);
    case MEET_STATE_FED:
        exchange->state = MEET_STATE_WAIT;
        return meet_lua_chunk_push(L, exchange);
    case MEET_STATE_DONE:
    default:
        if (!renews_key(exchange))
            return exchange->shape == MEET_SHAPE_STREAM
                       ? meet_lua_chunk_push(L, exchange)
                       : meet_lua_answer_push(L, exchange);
        exchange->state = MEET_STATE_ASK_KEY;
        return 0;
    }
}

/* True until it is submitted: closing the client cancels submitted jobs. */
static bool needs_open_client(const struct meet_lua_exchange *exchange)
{
    return exchange->state < MEET_STATE_WAIT;
}

static int step(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);
    int results = 0;

    (void)status;
    (void)context;
    meet_lua_runtime_engine(L, exchange->client->runtime);
    /* If it raises for this call, that is over. */
    if (!meet_lua_late_raises(&exchange->late))
        meet_lua_late_check(L, exchange->client->runtime);
    while (results == 0) {
        if (exchange->closed) /* by a callback, or before a later finalizer */
            return meet_lua_error_raise(L, "the request was collected");
        if (needs_open_client(exchange) && !exchange->client->open)
            return meet_lua_error_raise(L, "the client is closed");
        results = advance(L, exchange);
    }
    return results;
}

void meet_lua_call_prefetch(struct meet_lua_exchange *exchange)
{
    struct meet_engine *engine = exchange->client->runtime->engine;
    struct meet_job *job = &exchange->job;
    int64_t now = meet_clock_now();
    struct meet_error err;

    if (!meet_lua_client_may_prefetch(exchange->client) ||
        meet_lua_credentials_append(exchange, &err) < 0)
        return; /* it then runs from its start and reports why */
    exchange->prefetched = true;
    exchange->state = MEET_STATE_WAIT;
    job->deadline = meet_ns_add(now, job->request.deadline);
    job->background = true;
    meet_engine_submit(engine, job, now);
    meet_engine_step(engine, 0);
}

int meet_lua_call_run(lua_State *L)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);

    lua_settop(L, 1);
    lua_toclose(L, 1);
    meet_lua_exchange_begin(L, exchange);
    if (exchange->prefetched)
        meet_engine_foreground(
            exchange->client->runtime->engine, &exchange->job,
            meet_lua_exchange_time(L, exchange, meet_clock_now()));
    else if (meet_lua_credentials_are_known(exchange))
        exchange->state = MEET_STATE_SUBMIT;
    exchange->prefetched = false;
    return step(L, LUA_OK, 0);
}

int meet_lua_call_go_on(lua_State *L, enum meet_lua_wish wish)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);

    lua_settop(L, 1);
    exchange->wish = wish;
    meet_lua_exchange_begin(L, exchange);
    if (exchange->state == MEET_STATE_WAIT)
        meet_engine_take(exchange->client->runtime->engine, &exchange->job,
                         meet_clock_now());
    return step(L, LUA_OK, 0);
}

/***
 * Send an exchange that core.shared.prepare made: core.call.send.
 * @param exchange the exchange, not sent before
 * @param name string: of the resource, in place of the one it was made with
 * @return the operation's results, or nil and an error
 */
int meet_lua_call_send(lua_State *L)
{
    struct meet_lua_exchange *exchange = meet_lua_exchange_check(L, 1);
    size_t length;
    const char *name = luaL_checklstring(L, 2, &length);
    struct meet_error err;

    if (!exchange->client->open)
        return meet_lua_error_raise(L, "the client is closed");
    if (meet_client_rename(&exchange->client->client, exchange->operation, name,
                           length, &exchange->job.request, &err) < 0)
        return meet_lua_error_fail(L, &err);
    return meet_lua_call_run(L);
}
