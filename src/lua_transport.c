/* lua_transport.c - see lua_transport.h. */
#include "lua_transport.h"

#include "clock.h"
#include "lua_error.h"
#include "lua_event.h"
#include "lua_permit.h"
#include "lua_reply.h"
#include "permit.h"

#include <lauxlib.h>
#include <string.h>

static void push_value(lua_State *L, const char *name)
{
    lua_getiuservalue(L, 1, MEET_LUA_EXCHANGE_CLIENT);
    meet_lua_client_value(L, lua_gettop(L), name);
    lua_remove(L, -2);
}

int64_t meet_lua_transport_now(lua_State *L,
                               const struct meet_lua_exchange *exchange)
{
    int64_t time;

    if (!exchange->client->has_clock)
        return meet_clock_now();
    push_value(L, "clock");
    lua_getfield(L, -1, "now");
    lua_call(L, 0, 1);
    if (!lua_isnumber(L, -1))
        meet_lua_error_raise(L, "clock.now returned no number");
    time = meet_ns_from_seconds(lua_tonumber(L, -1));
    lua_pop(L, 2);
    return meet_ns_later(time, exchange->client->slept_until);
}

void meet_lua_transport_submit(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;
    int64_t at = meet_lua_transport_now(L, exchange);

    if (!exchange->client->open) /* clock.now closed it */
        meet_lua_error_raise(L, "the client is closed");
    if (!exchange->key_renewed)
        job->deadline =
            meet_ns_add(at, meet_lua_exchange_time(L, exchange, at));
    exchange->performing = MEET_IDLE;
    meet_dispatch_submit(exchange->client->dispatch, job, at);
}

/* { method =, url =, headers =, body = } */
static void push_request(lua_State *L, const struct meet_request *request)
{
    lua_createtable(L, 0, 4);
    lua_pushstring(L, request->verb);
    lua_setfield(L, -2, "method");
    lua_pushlstring(L, meet_buffer_string(&request->url), request->url.length);
    lua_setfield(L, -2, "url");
    lua_createtable(L, 0, (int)request->headers.count + 1);
    for (size_t i = 0; i < request->headers.count; i++) {
        lua_pushstring(L, request->headers.fields[i].value);
        lua_setfield(L, -2, request->headers.fields[i].name);
    }
    lua_pushstring(L, request->network->user_agent);
    lua_setfield(L, -2, "User-Agent");
    lua_setfield(L, -2, "headers");
    if (!request->has_body)
        return;
    lua_pushlstring(L, meet_buffer_string(&request->body),
                    request->body.length);
    lua_setfield(L, -2, "body");
}

/* The transport raised, and its error is on top: ours, or the script's. */
static void take_raised(lua_State *L, bool late, struct meet_outcome *outcome)
{
    if (!late || !meet_lua_late_is_raised(L))
        lua_error(L);
    meet_lua_reply_time_out(outcome);
}

/* Its place in the limiter has been used by now, or never will be. */
static void finish_attempt(struct meet_lua_exchange *exchange,
                           const struct meet_outcome *outcome, int64_t at)
{
    struct meet_job *job = &exchange->job;

    if (outcome->sent)
        meet_permit_commit(job, 0);
    meet_permit_release(job);
    meet_dispatch_finish(exchange->client->dispatch, job, outcome, at,
                         meet_engine_random(exchange->client->runtime->engine));
    meet_permit_pause(job);
}

/* Finish the attempt: its results, or one error, are above the exchange. */
static void finish(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;
    bool late = meet_lua_late_raises(&exchange->late);
    bool was_read = exchange->performing == MEET_READ;
    bool raised = lua_gettop(L) == (was_read ? 3 : 2);
    struct meet_outcome outcome = {.ending = MEET_ENDED_NOT_SENT,
                                   .server_delay = -1};
    int64_t at;

    meet_lua_late_end(exchange->client->runtime, &exchange->late);
    at = meet_lua_transport_now(L, exchange);
    exchange->performing = MEET_IDLE;
    if (raised)
        take_raised(L, late, &outcome);
    else
        meet_lua_reply_take(L, exchange, was_read, at > job->gives_up_at,
                            &outcome);
    if (job->state != MEET_JOB_STARTED)
        return; /* a callback closed the client: the job is cancelled */
    finish_attempt(exchange, &outcome, at);
}

/* Wait for the next attempt, on the client's clock or the machine's. */
static void sleep(lua_State *L, struct meet_lua_exchange *exchange,
                  int64_t from, lua_KFunction continuation)
{
    int64_t until = meet_dispatch_next_wakeup(exchange->client->dispatch, from);

    if (!exchange->client->has_clock &&
        meet_lua_scheduler_may_yield(L, exchange->client->runtime)) {
        exchange->performing = MEET_SLEPT;
        meet_lua_exchange_wait(exchange);
        lua_yieldk(L, 0, 0, continuation);
    }
    if (!exchange->client->has_clock) {
        meet_lua_step_block(L, exchange->client->runtime,
                            meet_ns_between(from, until));
        return;
    }
    push_value(L, "clock");
    lua_getfield(L, -1, "sleep");
    lua_pushnumber(L, meet_ns_seconds(meet_ns_between(from, until)));
    exchange->wakes_at = until;
    exchange->performing = MEET_SLEPT;
    lua_callk(L, 1, 0, 0, continuation);
}

/*
 * Call a function of the transport on the stack, and give it 'length' of time.
 * In a task the call ends then. Nobody of ours resumes other threads.
 */
static void call(lua_State *L, struct meet_lua_exchange *exchange,
                 int arguments, int results, int64_t length,
                 lua_KFunction continuation)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    if (!meet_lua_scheduler_may_yield(L, runtime)) {
        lua_callk(L, arguments, results, 0, continuation);
        return;
    }
    meet_lua_late_begin(L, runtime, &exchange->late, length);
    lua_pcallk(L, arguments, results, 0, 0, continuation);
}

/* Call the function that gives the body, for the next chunk. */
static void read_on(lua_State *L, struct meet_lua_exchange *exchange,
                    int64_t at, lua_KFunction continuation)
{
    meet_lua_reply_push_reader(L);
    call(L, exchange, 0, MEET_LUA_REPLY_CHUNK,
         meet_ns_between(at, exchange->job.gives_up_at), continuation);
}

/* True after a call of the transport with whose answer comes a body to read, or
   after one for a chunk of it. Its time is the attempt's. */
static bool reads_on(lua_State *L, struct meet_lua_exchange *exchange,
                     int64_t *at)
{
    bool more =
        exchange->performing == MEET_CALLED
            ? lua_gettop(L) > 2 && meet_lua_reply_is_read(L, exchange)
            : lua_gettop(L) > 3 && meet_lua_reply_take_chunk(L, exchange);

    if (!more)
        return false;
    exchange->performing = MEET_READ;
    meet_lua_late_end(exchange->client->runtime, &exchange->late);
    *at = meet_lua_transport_now(L, exchange);
    return *at <= exchange->job.gives_up_at &&
           exchange->job.state == MEET_JOB_STARTED;
}

/* The place was given for a shorter time, or to the parent of this process: ask
   for another one. */
static void give_up_place(struct meet_lua_exchange *exchange, int64_t at)
{
    struct meet_outcome outcome = {
        .ending = MEET_ENDED_NOT_SENT, .server_delay = -1, .uncounted = true};

    meet_error_set(&outcome.error, MEET_TRANSPORT,
                   "the limiter's place expires before the request would "
                   "arrive");
    finish_attempt(exchange, &outcome, at);
}

/* Call the transport with the request and the seconds that it has: up to the
   attempt's timeout, or the deadline. */
static void perform(lua_State *L, struct meet_lua_exchange *exchange,
                    int64_t at, lua_KFunction continuation)
{
    int64_t length;

    meet_lua_event_report(L, 1, &exchange->job);
    if (exchange->job.state != MEET_JOB_STARTED)
        return; /* the listener closed the client */
    push_value(L, "transport");
    push_request(L, &exchange->job.request);
    if (exchange->job.state != MEET_JOB_STARTED)
        return; /* a finalizer did */
    if (meet_permit_is_over(&exchange->job)) {
        give_up_place(exchange, at);
        return;
    }
    meet_job_begin_timeout(&exchange->job, at);
    meet_dispatch_commit(&exchange->job, at);
    length = meet_ns_between(at, exchange->job.gives_up_at);
    lua_pushnumber(L, meet_ns_seconds(length));
    exchange->performing = MEET_CALLED;
    call(L, exchange, 2, MEET_LUA_REPLY_RESULTS, length, continuation);
}

/* Start every due job; each exchange performs its own. */
static void pump(struct meet_lua_exchange *exchange, int64_t at)
{
    struct meet_dispatch *dispatch = exchange->client->dispatch;
    struct meet_job *job;

    if (!exchange->client->has_clock) {
        meet_engine_step(exchange->client->runtime->engine, 0);
        return;
    }
    while ((job = meet_dispatch_next_attempt(dispatch, at)))
        if (job->state == MEET_JOB_ASKING && job->limiter)
            meet_permit_ask(dispatch, job, at);
}

/* True after a call of the transport, or of its body's function. */
static bool is_called(const struct meet_lua_exchange *exchange)
{
    return (exchange->performing == MEET_CALLED ||
            exchange->performing == MEET_READ) &&
           exchange->job.state == MEET_JOB_STARTED;
}

bool meet_lua_transport_step(lua_State *L, struct meet_lua_exchange *exchange,
                             lua_KFunction continuation)
{
    struct meet_job *job = &exchange->job;
    int64_t at;

    if (is_called(exchange) && reads_on(L, exchange, &at)) {
        read_on(L, exchange, at, continuation);
        return true;
    }
    if (is_called(exchange))
        finish(L, exchange);
    if (exchange->performing == MEET_SLEPT && exchange->client->has_clock)
        exchange->client->slept_until =
            meet_ns_later(exchange->client->slept_until, exchange->wakes_at);
    exchange->performing = MEET_IDLE;
    if (meet_lua_permit_is_due(exchange) && /* else the clock is not read */
        meet_lua_permit_step(L, exchange, meet_lua_transport_now(L, exchange),
                             continuation))
        return true;
    lua_settop(L, 1);
    if (job->state == MEET_JOB_DONE || exchange->closed)
        return false;
    at = meet_lua_transport_now(L, exchange);
    pump(exchange, at);
    if (job->state == MEET_JOB_STARTED)
        perform(L, exchange, at, continuation);
    else if (job->state == MEET_JOB_QUEUED)
        sleep(L, exchange, at, continuation);
    return true;
}
