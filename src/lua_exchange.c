/* lua_exchange.c - see lua_exchange.h. */
#include "lua_exchange.h"

#include "lua_answer.h"
#include "lua_credentials.h"
#include "lua_error.h"
#include "lua_event.h"
#include "lua_task.h"
#include "lua_transport.h"
#include "lua_wait.h"

#include "clock.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#define EXCHANGE_TYPE "googlemeet.exchange"

/* The client's user value that keeps an exchange for the next call. */
#define SPARE 2

/* Longest connection id or resource name: a header field's worth. */
#define LONGEST_ID 4096

enum state {
    ASK_CONNECTION,
    GOT_CONNECTION,
    ASK_KEY,
    GOT_KEY,
    SUBMIT,
    WAIT,
    TRANSPORT, /* lua_transport's continuation */
    DONE
};

#define MOST_KEPT ((size_t)256 * 1024) /* larger buffers go */

static void cancel(struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;

    meet_lua_task_forget(exchange);
    if (job->state == MEET_JOB_QUEUED || job->state == MEET_JOB_STARTED) {
        if (exchange->client->has_clock)
            meet_dispatch_cancel(exchange->client->dispatch, job);
        else /* one that has ended has forgotten its jobs */
            meet_engine_cancel(exchange->client->runtime->engine, job);
    }
    job->state = MEET_JOB_IDLE;
    if (exchange->choosing)
        exchange->client->asking = false;
    exchange->choosing = false;
    exchange->asker = NULL;
    exchange->ahead = false;
}

/* Free what it holds. May be repeated; it is usable again then. */
static void drop(struct meet_lua_exchange *exchange)
{
    cancel(exchange);
    meet_request_deinit(&exchange->job.request);
    meet_response_deinit(&exchange->job.response);
    meet_buffer_deinit(&exchange->name);
    meet_buffer_deinit(&exchange->connection);
    meet_headers_deinit(&exchange->headers);
    exchange->authorized = 0;
}

/* A finalizer that runs later may still resume the thread that waited. */
static int exchange_gc(lua_State *L)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);

    exchange->collected = true;
    drop(exchange); /* no script sees one: it is always one that comes here */
    return 0;
}

/* Forget the request; keep memory, and the header fields that every one has. */
static void empty(struct meet_lua_exchange *exchange)
{
    struct meet_request *request = &exchange->job.request;

    cancel(exchange);
    meet_buffer_recycle(&request->url, MOST_KEPT);
    meet_buffer_recycle(&request->body, MOST_KEPT);
    meet_response_recycle(&exchange->job.response, MOST_KEPT);
    meet_buffer_clear(&exchange->name);
    meet_buffer_clear(&exchange->connection);
    meet_headers_deinit(&exchange->headers);
    if (exchange->authorized != exchange->client->client.credentials) {
        meet_headers_deinit(&request->headers);
        exchange->authorized = 0;
    }
}

void meet_lua_exchange_put_back(lua_State *L, int index)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, index);

    if (!exchange->client->open || exchange->collected) {
        drop(exchange);
        return;
    }
    empty(exchange);
    index = lua_absindex(L, index);
    lua_pushnil(L);
    lua_setiuservalue(L, index, 2); /* the thread that waited for it */
    lua_getiuservalue(L, index, 1);
    lua_pushvalue(L, index);
    lua_setiuservalue(L, -2, SPARE);
    lua_pop(L, 1);
}

void meet_lua_exchange_drop_spare(lua_State *L, int client)
{
    client = lua_absindex(L, client);
    if (lua_getiuservalue(L, client, SPARE) == LUA_TUSERDATA)
        drop(lua_touserdata(L, -1));
    lua_pop(L, 1);
}

static int exchange_close(lua_State *L)
{
    const struct meet_lua_exchange *exchange = lua_touserdata(L, 1);

    if (exchange->state == WAIT || exchange->state == TRANSPORT)
        meet_lua_task_give_up(exchange);
    meet_lua_exchange_put_back(L, 1);
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

static void push_new(lua_State *L, int client)
{
    struct meet_lua_client *of = lua_touserdata(L, client);
    struct meet_lua_exchange *exchange =
        lua_newuserdatauv(L, sizeof *exchange, 2);

    memset(exchange, 0, sizeof *exchange);
    exchange->client = of;
    meet_request_init(&exchange->job.request);
    meet_response_init(&exchange->job.response,
                       of->client.settings.max_response_bytes);
    meet_buffer_init(&exchange->name, LONGEST_ID);
    meet_buffer_init(&exchange->connection, LONGEST_ID);
    lua_pushvalue(L, client);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, EXCHANGE_TYPE);
}

/* Push the one that the client keeps, or nothing. */
static bool push_spare(lua_State *L, int client)
{
    if (lua_getiuservalue(L, client, SPARE) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushnil(L);
    lua_setiuservalue(L, client, SPARE);
    return true;
}

/* An idle job for the client; request and response keep their memory. */
static void reset_job(struct meet_job *job, struct meet_lua_client *client)
{
    const struct meet_request request = {.url = job->request.url,
                                         .headers = job->request.headers,
                                         .body = job->request.body};
    const struct meet_response response = job->response;

    memset(job, 0, offsetof(struct meet_job, error));
    job->error.kind = MEET_OK;
    job->request = request;
    job->response = response;
    job->stats = &client->client.stats;
    job->listens = client->listens;
    job->external = client->transports;
    job->retry = client->client.settings.retry;
    job->deadline = client->client.settings.deadline; /* a length so far */
}

struct meet_lua_exchange *
meet_lua_exchange_push(lua_State *L, int client,
                       const struct meet_operation *operation,
                       enum meet_lua_shape shape)
{
    struct meet_lua_exchange *exchange;

    client = lua_absindex(L, client);
    if (!push_spare(L, client))
        push_new(L, client);
    exchange = lua_touserdata(L, -1);
    reset_job(&exchange->job, exchange->client);
    exchange->operation = operation;
    exchange->shape = shape;
    exchange->state = ASK_CONNECTION;
    exchange->performing = 0;
    exchange->asked_twice = false;
    exchange->given_headers = 0;
    if (!operation) { /* the caller's headers come first */
        meet_headers_deinit(&exchange->job.request.headers);
        exchange->authorized = 0;
    }
    return exchange;
}

int meet_lua_exchange_limit(struct meet_lua_exchange *exchange,
                            const char *connection, double timeout,
                            double deadline, struct meet_error *err)
{
    if (timeout > 0)
        exchange->job.request.timeout = timeout;
    if (deadline > 0)
        exchange->job.deadline = deadline;
    if (!connection)
        return 0;
    if (strcmp(connection, "only") == 0) {
        meet_error_set(err, MEET_CONFIG,
                       "connection 'only' is for new and with; one call takes "
                       "an id");
        return -1;
    }
    if (meet_auth_check("connection", connection, strlen(connection), err) < 0)
        return -1;
    return meet_buffer_append_string(&exchange->connection, connection, err);
}

static void submit(struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;

    if (!exchange->asked_twice)
        job->deadline += meet_clock_now();
    meet_engine_submit(exchange->client->runtime->engine, job);
}

static int step(lua_State *L, int status, lua_KContext context);

/* Until the job is done: a task gives way to others, anybody else blocks. */
static int wait(lua_State *L, struct meet_lua_exchange *exchange)
{
    meet_lua_event_tell(L, exchange);
    while (exchange->job.state != MEET_JOB_DONE) {
        if (meet_lua_task_may_yield(L, exchange->client->runtime)) {
            meet_lua_task_wait(L, exchange);
            return lua_yieldk(L, 0, 0, step);
        }
        meet_lua_wait_slice(L, exchange->client->runtime, 1);
        meet_lua_event_tell(L, exchange);
    }
    return 0;
}

/* A 401 with a key function: the key may have been renewed meanwhile. */
static bool asks_again(struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;

    if (!exchange->client->asks_key || exchange->asked_twice ||
        job->error.kind != MEET_OK || job->response.status != 401)
        return false;
    exchange->asked_twice = true;
    job->attempts_before = job->attempts;
    return true;
}

/* Call the function on the stack, go on in 'next' with two results. */
static int ask(lua_State *L, struct meet_lua_exchange *exchange, int arguments,
               enum state next)
{
    exchange->state = (int)next;
    lua_callk(L, arguments, 2, 0, step);
    return 0;
}

static int run_transport(lua_State *L, struct meet_lua_exchange *exchange)
{
    exchange->state = TRANSPORT;
    meet_lua_event_tell(L, exchange);
    while (meet_lua_transport_step(L, exchange, step))
        meet_lua_event_tell(L, exchange);
    meet_lua_event_tell(L, exchange);
    exchange->state = DONE;
    return 0;
}

/* One state of the exchange; results to return, or 0 to go on. */
static int advance(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_error err;

    if (exchange->state != TRANSPORT && /* that one ends as cancelled */
        !exchange->client->open)
        meet_lua_error_raise(L, "the client is closed");
    switch ((enum state)exchange->state) {
    case ASK_CONNECTION:
        exchange->state = ASK_KEY;
        return meet_lua_credentials_ask_connection(L, exchange)
                   ? ask(L, exchange, 2, GOT_CONNECTION)
                   : 0;
    case GOT_CONNECTION:
        exchange->state = ASK_KEY;
        return meet_lua_credentials_take_connection(L, exchange);
    case ASK_KEY:
        exchange->state = SUBMIT;
        return meet_lua_credentials_ask_key(L, exchange)
                   ? ask(L, exchange, 0, GOT_KEY)
                   : 0;
    case GOT_KEY:
        exchange->state = SUBMIT;
        return meet_lua_credentials_take_key(L, exchange);
    case SUBMIT:
        if (meet_lua_credentials_append(exchange, &err) < 0)
            return meet_lua_error_fail(L, &err);
        if (exchange->client->transports)
            meet_lua_transport_submit(L, exchange);
        else
            submit(exchange);
        exchange->state = exchange->client->transports ? TRANSPORT : WAIT;
        return 0;
    default: /* TRANSPORT */
        return run_transport(L, exchange);
    }
}

static int step(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);
    int results;

    (void)status;
    (void)context;
    if (exchange->collected)
        meet_lua_error_raise(L, "the request was collected");
    meet_lua_runtime_engine(L, exchange->client->runtime);
    for (;;) {
        if (exchange->state == WAIT) {
            wait(L, exchange);
            exchange->state = DONE;
        }
        if (exchange->state == DONE) {
            if (!asks_again(exchange))
                return meet_lua_answer_give(L, exchange);
            exchange->state = ASK_KEY;
        }
        results = advance(L, exchange);
        if (results > 0)
            return results;
    }
}

void meet_lua_exchange_send_ahead(struct meet_lua_exchange *exchange)
{
    struct meet_job *job = &exchange->job;
    struct meet_error err;

    /* Unreached: a finalizer has closed the client; but make stress does. */
    if (!exchange->client->open ||
        meet_lua_credentials_append(exchange, &err) < 0)
        return; /* it is run from its start then, and tells */
    exchange->seconds = job->deadline;
    exchange->ahead = true;
    exchange->state = WAIT;
    job->deadline = HUGE_VAL;
    job->unattended = true;
    meet_engine_submit(exchange->client->runtime->engine, job);
    meet_engine_step(exchange->client->runtime->engine, 0);
}

/* Somebody waits now for what was sent ahead. */
static void attend(struct meet_lua_exchange *exchange)
{
    exchange->ahead = false;
    meet_engine_attend(exchange->client->runtime->engine, &exchange->job,
                       exchange->seconds);
}

int meet_lua_exchange_run(lua_State *L)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);

    lua_settop(L, 1);
    lua_toclose(L, 1);
    if (exchange->ahead)
        attend(exchange);
    return step(L, LUA_OK, 0);
}
