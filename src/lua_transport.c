/* lua_transport.c - see lua_transport.h. */
#include "lua_transport.h"

#include "clock.h"
#include "lua_error.h"
#include "lua_event.h"
#include "lua_options.h"
#include "lua_permit.h"
#include "permit.h"

#include <lauxlib.h>
#include <string.h>

/* Most bytes kept of a body that is too large. */
#define BODY_START 1024

/* Of a transport: a table, or nil, a message, "sent" and a kind. */
#define RESULTS 4

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

/* The answer on top. */
static void take_answer(lua_State *L, struct meet_response *response,
                        struct meet_outcome *outcome)
{
    struct meet_error err;
    size_t length;
    const char *body;
    bool fits;
    int whole;

    lua_getfield(L, -1, "status");
    response->status = (int)lua_tointegerx(L, -1, &whole);
    if (!whole || response->status < 100 || response->status > 599)
        meet_lua_error_raise(L, "transport: 'status' must be 100 to 599");
    lua_pop(L, 1);
    if (lua_getfield(L, -1, "headers") == LUA_TTABLE)
        take_headers(L, response, &err);
    else if (!lua_isnil(L, -1))
        meet_lua_error_raise(L, "transport: 'headers' must be a table");
    lua_pop(L, 1);
    if (lua_getfield(L, -1, "body") != LUA_TNIL && !lua_isstring(L, -1))
        meet_lua_error_raise(L, "transport: 'body' must be a string");
    body = lua_tolstring(L, -1, &length);
    fits =
        !body || meet_buffer_append(&response->body, body, length, &err) == 0;
    meet_response_outcome(response, meet_clock_wall(), outcome);
    outcome->bytes_received = (double)length;
    if (!fits) {
        outcome->error = err;
        outcome->ending = MEET_ENDED_FAILED;
        if (length > BODY_START) /* enough to recognise it */
            meet_buffer_append(&response->body, body, BODY_START, &err);
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

static void time_out(struct meet_outcome *outcome)
{
    outcome->ending = MEET_ENDED_TIMED_OUT;
    outcome->sent = true;
    meet_error_set(&outcome->error, MEET_TIMEOUT,
                   "the transport did not return in time");
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

/* The transport's results, from 'index' on, are the attempt's outcome. An
   answer that is late by the client's clock is none, as with libcurl. */
static void take_results(lua_State *L, int index, bool late,
                         struct meet_job *job, struct meet_outcome *outcome)
{
    if (lua_isnil(L, index)) {
        take_failure(L, index + 1, outcome);
    } else if (!lua_istable(L, index)) {
        meet_lua_error_raise(L,
                             "transport: a table or nil and a message "
                             "expected, got %s",
                             luaL_typename(L, index));
    } else if (late) {
        time_out(outcome);
    } else {
        lua_settop(L, index);
        take_answer(L, &job->response, outcome);
    }
}

/* The transport raised, and its error is on top: ours, or the script's. */
static void take_raised(lua_State *L, bool late, struct meet_outcome *outcome)
{
    if (!late || !meet_lua_late_is_raised(L))
        lua_error(L);
    time_out(outcome);
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
    struct meet_outcome outcome = {.ending = MEET_ENDED_NOT_SENT,
                                   .server_delay = -1};
    int64_t at;

    meet_lua_late_end(exchange->client->runtime, &exchange->late);
    at = meet_lua_transport_now(L, exchange);
    exchange->performing = MEET_IDLE;
    if (lua_gettop(L) == 2)
        take_raised(L, late, &outcome);
    else
        take_results(L, 2, at > job->gives_up_at, job, &outcome);
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
 * Call the transport on the stack with the request and the seconds that it has:
 * up to the attempt's timeout, or the deadline. In a task the call ends then.
 * Nobody of ours resumes other threads.
 */
static void call(lua_State *L, struct meet_lua_exchange *exchange, int64_t at,
                 lua_KFunction continuation)
{
    struct meet_lua_runtime *runtime = exchange->client->runtime;

    int64_t length = meet_ns_between(at, exchange->job.gives_up_at);

    lua_pushnumber(L, meet_ns_seconds(length));
    exchange->performing = MEET_CALLED;
    if (!meet_lua_scheduler_may_yield(L, runtime)) {
        lua_callk(L, 2, RESULTS, 0, continuation);
        return;
    }
    meet_lua_late_begin(L, runtime, &exchange->late, length);
    lua_pcallk(L, 2, RESULTS, 0, 0, continuation);
}

/* The place was given for a shorter time, or to the parent of this process: ask
   for another one. */
static void give_up_place(struct meet_lua_exchange *exchange, int64_t at)
{
    struct meet_outcome outcome = {
        .ending = MEET_ENDED_NOT_SENT, .server_delay = -1, .uncounted = true};

    meet_error_set(&outcome.error, MEET_TRANSPORT,
                   "the limiter's place was given for a shorter time");
    finish_attempt(exchange, &outcome, at);
}

static void perform(lua_State *L, struct meet_lua_exchange *exchange,
                    int64_t at, lua_KFunction continuation)
{
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
    call(L, exchange, at, continuation);
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

bool meet_lua_transport_step(lua_State *L, struct meet_lua_exchange *exchange,
                             lua_KFunction continuation)
{
    struct meet_job *job = &exchange->job;
    int64_t at;

    if (exchange->performing == MEET_CALLED && job->state == MEET_JOB_STARTED)
        finish(L, exchange);
    if (exchange->performing == MEET_SLEPT && exchange->client->has_clock)
        exchange->client->slept_until =
            meet_ns_later(exchange->client->slept_until, exchange->wakes_at);
    exchange->performing = MEET_IDLE;
    if (meet_lua_permit_is_due(exchange) && /* else no look at the clock */
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
