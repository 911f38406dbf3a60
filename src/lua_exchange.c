/* lua_exchange.c - see lua_exchange.h. */
#include "lua_exchange.h"

#include "lua_answer.h"
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

/* Longest connection id: a header field's worth. */
#define LONGEST_ID   4096
#define LONGEST_NAME 4096

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

static int exchange_close(lua_State *L)
{
    struct meet_lua_exchange *exchange = luaL_checkudata(L, 1, EXCHANGE_TYPE);
    struct meet_job *job = &exchange->job;

    meet_lua_task_forget(L, exchange);
    exchange->asker = NULL;
    if (job->state == MEET_JOB_QUEUED || job->state == MEET_JOB_STARTED) {
        if (exchange->client->has_clock)
            meet_dispatch_cancel(exchange->client->dispatch, job);
        else if (exchange->client->runtime->engine)
            meet_engine_cancel(exchange->client->runtime->engine, job);
    }
    job->state = MEET_JOB_IDLE;
    meet_request_deinit(&job->request);
    meet_response_deinit(&job->response);
    meet_buffer_deinit(&exchange->name);
    meet_buffer_deinit(&exchange->connection);
    meet_headers_deinit(&exchange->headers);
    return 0;
}

void meet_lua_exchange_open(lua_State *L)
{
    luaL_newmetatable(L, EXCHANGE_TYPE);
    lua_pushcfunction(L, exchange_close);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, exchange_close);
    lua_setfield(L, -2, "__close");
    lua_pop(L, 1);
}

struct meet_lua_exchange *
meet_lua_exchange_push(lua_State *L, int client,
                       const struct meet_operation *operation,
                       enum meet_lua_shape shape)
{
    struct meet_lua_client *of = lua_touserdata(L, client);
    const struct meet_settings *settings = &of->client.settings;
    struct meet_lua_exchange *exchange;

    client = lua_absindex(L, client);
    exchange = lua_newuserdatauv(L, sizeof *exchange, 1);
    memset(exchange, 0, sizeof *exchange);
    exchange->client = of;
    exchange->operation = operation;
    exchange->shape = shape;
    exchange->job.stats = &of->client.stats;
    exchange->job.listens = of->listens;
    exchange->job.retry = settings->retry;
    exchange->job.deadline = settings->deadline; /* a length until submitted */
    meet_request_init(&exchange->job.request);
    meet_response_init(&exchange->job.response, settings->max_response_bytes);
    meet_buffer_init(&exchange->name, LONGEST_NAME);
    meet_buffer_init(&exchange->connection, LONGEST_ID);
    lua_pushvalue(L, client);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, EXCHANGE_TYPE);
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

static int authorize(struct meet_lua_exchange *exchange, struct meet_error *err)
{
    const struct meet_settings *settings = &exchange->client->client.settings;
    struct meet_headers *headers = &exchange->job.request.headers;
    const char *connection = exchange->connection.length
                                 ? exchange->connection.bytes
                                 : settings->connection;

    if (!exchange->asked_twice)
        exchange->given_headers = headers->count;
    else /* the old key's go */
        meet_headers_truncate(headers, exchange->given_headers);
    if (!wants_connection(exchange))
        connection = NULL;
    exchange->named = connection != NULL;
    exchange->job.external = exchange->client->transports;
    meet_client_pace(&exchange->client->client, connection,
                     exchange->job.request.quota, &exchange->job.pace);
    return meet_client_authorize(&exchange->job.request, settings->api_key,
                                 connection, err);
}

/* Push what asks for a connection's id: the prelude's hook and arguments. */
static bool push_connection_question(lua_State *L,
                                     const struct meet_lua_exchange *exchange)
{
    if (!exchange->client->asks_connection || exchange->connection.length ||
        !wants_connection(exchange))
        return false;
    meet_lua_runtime_table(L, "hooks");
    lua_getfield(L, -1, "connection");
    lua_remove(L, -2);
    lua_getiuservalue(L, 1, 1);
    meet_lua_client_value(L, lua_gettop(L), "connection");
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

/* The callback's id and message are on top; 0, or results to return. */
static int take_connection(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_error err;
    size_t length;
    const char *id;

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

static int take_key(lua_State *L, struct meet_lua_exchange *exchange)
{
    struct meet_error err;
    size_t length;
    const char *key;

    if (lua_type(L, -2) != LUA_TSTRING)
        return callback_failed(L, "the api_key function gave no key");
    key = lua_tolstring(L, -2, &length);
    if (meet_client_set_key(&exchange->client->client, key, length, &err) < 0)
        return meet_lua_error_fail(L, &err);
    lua_pop(L, 2);
    return 0;
}

static void check_open(lua_State *L, const struct meet_lua_exchange *exchange)
{
    if (!exchange->client->open)
        meet_lua_error_raise(L, "the client is closed");
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
        if (meet_lua_task_may_yield(L)) {
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

    if (exchange->state != TRANSPORT) /* that one ends as cancelled */
        check_open(L, exchange);
    switch ((enum state)exchange->state) {
    case ASK_CONNECTION:
        exchange->state = ASK_KEY;
        return push_connection_question(L, exchange)
                   ? ask(L, exchange, 2, GOT_CONNECTION)
                   : 0;
    case GOT_CONNECTION:
        exchange->state = ASK_KEY;
        return take_connection(L, exchange);
    case ASK_KEY:
        exchange->state = SUBMIT;
        if (!exchange->client->asks_key)
            return 0;
        lua_getiuservalue(L, 1, 1);
        meet_lua_client_value(L, lua_gettop(L), "api_key");
        lua_remove(L, -2);
        return ask(L, exchange, 0, GOT_KEY);
    case GOT_KEY:
        exchange->state = SUBMIT;
        return take_key(L, exchange);
    case SUBMIT:
        if (authorize(exchange, &err) < 0)
            return meet_lua_error_fail(L, &err);
        if (exchange->client->transports)
            meet_lua_transport_submit(L, exchange);
        else
            submit(exchange);
        exchange->state = exchange->client->transports ? TRANSPORT : WAIT;
        return 0;
    case TRANSPORT:
        return run_transport(L, exchange);
    case WAIT:
    case DONE:
    default:
        return 0;
    }
}

static int step(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, 1);
    int results;

    (void)status;
    (void)context;
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

    if (authorize(exchange, &err) < 0)
        return; /* it is run from its start then, and tells */
    exchange->seconds = job->deadline;
    exchange->ahead = true;
    exchange->state = WAIT;
    job->deadline = HUGE_VAL;
    job->unattended = true;
    meet_engine_submit(exchange->client->runtime->engine, job);
    meet_engine_step(exchange->client->runtime->engine, 0);
}

bool meet_lua_exchange_has_failed(const struct meet_lua_exchange *exchange)
{
    const struct meet_job *job = &exchange->job;

    return job->state == MEET_JOB_DONE &&
           (job->error.kind != MEET_OK || job->response.status / 100 != 2);
}

void meet_lua_exchange_drop(lua_State *L, int index)
{
    lua_pushcfunction(L, exchange_close);
    lua_pushvalue(L, index < 0 ? index - 1 : index);
    lua_call(L, 1, 0);
}

/* Somebody waits now for what was sent ahead. */
static void attend(struct meet_lua_exchange *exchange)
{
    exchange->ahead = false;
    if (exchange->job.state != MEET_JOB_DONE)
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
