/* lua_service.c - see lua_service.h. */
#include "lua_service.h"

#include "lua_call.h"
#include "lua_encode.h"
#include "lua_error.h"
#include "lua_options.h"
#include "lua_pager.h"
#include "url.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* The options of one call. */
struct call_options {
    const char *fields, *filter, *page_token, *update_mask, *connection;
    const char *app, *status, *method;
    long long page_size, limit;
    int64_t timeout, deadline;
};

/* Kinds of call an option applies to. */
enum {
    MEET_CALL = 1,      /* to Google */
    PAGED_CALL = 2,     /* a list with pages */
    FILTERED_CALL = 4,  /* a list with a filter */
    MASKED_CALL = 8,    /* a patch */
    LIST_CALL = 16,     /* any list */
    APP_LIST_CALL = 32, /* the list of connections */
    PLAIN_CALL = 64
};

#define AT(field) offsetof(struct call_options, field)

static const struct meet_lua_option call_rows[] = {
    {"fields", MEET_OPTION_STRING, AT(fields), 0, 0, MEET_CALL},
    {"filter", MEET_OPTION_STRING, AT(filter), 0, 0, FILTERED_CALL},
    {"page_size", MEET_OPTION_INTEGER, AT(page_size), 1, 2147483647,
     PAGED_CALL},
    {"page_token", MEET_OPTION_STRING, AT(page_token), 0, 0, PAGED_CALL},
    {"limit", MEET_OPTION_INTEGER, AT(limit), 0, MEET_OPTION_ENDLESS,
     LIST_CALL},
    {"update_mask", MEET_OPTION_STRING, AT(update_mask), 0, 0, MASKED_CALL},
    {"connection", MEET_OPTION_STRING | MEET_OPTION_ID, AT(connection), 0, 0,
     MEET_CALL},
    {"app", MEET_OPTION_STRING, AT(app), 0, 0, APP_LIST_CALL},
    {"status", MEET_OPTION_STRING, AT(status), 0, 0, APP_LIST_CALL},
    {"method", MEET_OPTION_STRING, AT(method), 0, 0, APP_LIST_CALL},
    {"timeout", MEET_OPTION_SECONDS, AT(timeout), 0.001, 86400, 0},
    {"deadline", MEET_OPTION_SECONDS, AT(deadline), 0.001, 86400, 0},
    {NULL, 0, 0, 0, 0, 0},
};

static unsigned kinds_of(const struct meet_operation *row)
{
    unsigned kinds = PLAIN_CALL;

    if (row->quota != MEET_QUOTA_NONE)
        kinds |= MEET_CALL;
    if (row->page_size > 0)
        kinds |= PAGED_CALL | LIST_CALL;
    if (row->flags & MEET_TAKES_FILTER)
        kinds |= FILTERED_CALL;
    if (row->flags & (MEET_TAKES_MASK | MEET_SENDS_BATCH))
        kinds |= MASKED_CALL;
    if (row->flags & MEET_TAKES_APP)
        kinds |= APP_LIST_CALL | LIST_CALL;
    return kinds;
}

static enum meet_lua_shape shape_of(const struct meet_operation *row)
{
    if (row->page_size > 0 || (row->flags & MEET_TAKES_APP))
        return MEET_SHAPE_PAGE;
    if (row->items)
        return MEET_SHAPE_ITEMS;
    return row->resource ? MEET_SHAPE_RESOURCE : MEET_SHAPE_TRUE;
}

/* The arguments of a method. */
struct call {
    lua_State *L;
    const struct meet_operation *row;
    const char *what; /* "spaces:get", for messages */
    const struct meet_client *client;
    const char *target; /* text that names the resource; on the stack */
    size_t target_length;
    int body; /* place on the stack, 0: none */
    struct call_options options;
};

/* Read the argument that names the resource: a string or the resource. */
static void read_target(struct call *call)
{
    lua_State *L = call->L;
    const char *field =
        call->row->quota == MEET_QUOTA_NONE ? "connection_id" : "name";

    if (lua_istable(L, 2)) {
        if (lua_getfield(L, 2, field) != LUA_TSTRING)
            meet_lua_error_raise(L, "%s: the table has no '%s'", call->what,
                                 field);
        lua_replace(L, 2);
    } else if (lua_type(L, 2) != LUA_TSTRING) {
        meet_lua_error_raise(L, "%s: a resource or its name expected, got %s",
                             call->what, luaL_typename(L, 2));
    }
    call->target = lua_tolstring(L, 2, &call->target_length);
}

static bool takes_body(const struct meet_operation *row)
{
    return (row->flags & (MEET_TAKES_BODY | MEET_TAKES_OPTIONAL_BODY |
                          MEET_SENDS_BATCH)) != 0;
}

static void check_body(const struct call *call)
{
    lua_State *L = call->L;
    bool optional = (call->row->flags & MEET_TAKES_OPTIONAL_BODY) != 0;

    if (!lua_istable(L, call->body) && !(optional && lua_isnil(L, call->body)))
        meet_lua_error_raise(L, "%s: the body must be a table, got %s",
                             call->what, luaL_typename(L, call->body));
}

/*
 * Read service:method([resource], [body], options) and leave the client on top;
 * raises on misuse. The row is upvalue 1, the service's metatable upvalue 2,
 * "service:method" upvalue 3.
 */
static void read_arguments(lua_State *L, struct call *call)
{
    int last = 2;

    *call = (struct call){.L = L,
                          .row = lua_touserdata(L, lua_upvalueindex(1)),
                          .what = lua_tostring(L, lua_upvalueindex(3)),
                          .options = {.limit = -1}};
    if (lua_type(L, 1) != LUA_TUSERDATA || !lua_getmetatable(L, 1) ||
        !lua_rawequal(L, -1, lua_upvalueindex(2)))
        meet_lua_error_raise(L, "%s: call it on the service, with a colon",
                             call->what);
    lua_pop(L, 1);
    if (strchr(call->row->path, '{'))
        last++;
    if (takes_body(call->row))
        call->body = last++;
    lua_settop(L, last);
    meet_lua_options_copy(L, last);
    meet_lua_options_read(L, last, call->what, call_rows, kinds_of(call->row),
                          &call->options);
    if (strchr(call->row->path, '{'))
        read_target(call);
    if (call->body)
        check_body(call);
    lua_getiuservalue(L, 1, 1);
    call->client = &meet_lua_client_get(L, -1)->client;
}

/* Append to the URL's query if there is a value. */
static int append_query(struct meet_request *request, const char *name,
                        const char *value, struct meet_error *err)
{
    return value ? meet_url_append_query(&request->url, name, value,
                                         strlen(value), err)
                 : 0;
}

/* Append the fields asked for, and nextPageToken, which a list needs. */
static int append_fields(const struct call *call, struct meet_request *request,
                         struct meet_error *err)
{
    static const char token[] = ",nextPageToken";
    const char *fields = call->options.fields;

    if (append_query(request, "fields", fields, err) < 0)
        return -1;
    if (!fields || call->row->page_size == 0 ||
        strstr(fields, "nextPageToken") || strstr(fields, "next_page_token") ||
        strcmp(fields, "*") == 0)
        return 0;
    return meet_url_append_encoded(&request->url, token, sizeof token - 1, err);
}

static int append_page_size(const struct call *call,
                            struct meet_request *request,
                            struct meet_error *err)
{
    const struct call_options *options = &call->options;
    long long size = options->page_size;
    char number[24];

    if (call->row->page_size == 0)
        return 0;
    if (size == 0 || size > call->row->page_size)
        size = call->row->page_size;
    if (options->limit > 0 && options->limit < size)
        size = options->limit;
    snprintf(number, sizeof number, "%lld", size);
    return append_query(request, "pageSize", number, err);
}

/* Fill the request, without its body, from the arguments. */
static int fill(const struct call *call, struct meet_request *request,
                struct meet_error *err)
{
    const struct call_options *options = &call->options;
    bool masked = (call->row->flags & MEET_TAKES_MASK) != 0;

    if (meet_client_begin(call->client, call->row, call->target,
                          call->target_length, request, err) ||
        append_query(request, "app", options->app, err) ||
        append_query(request, "status", options->status, err) ||
        append_query(request, "method", options->method, err) ||
        append_fields(call, request, err) ||
        append_query(request, "filter", options->filter, err) ||
        append_query(request, "updateMask",
                     masked ? options->update_mask : NULL, err) ||
        append_page_size(call, request, err))
        return -1;
    return meet_client_limit(request, options->connection, options->timeout,
                             options->deadline, err);
}

/* Push the body to send: the argument, an empty object, or a batch. */
static void push_body(const struct call *call)
{
    lua_State *L = call->L;
    bool given = call->body > 0 && !lua_isnil(L, call->body);

    if (call->row->flags & MEET_SENDS_BATCH) {
        lua_createtable(L, 0, 2);
        lua_pushvalue(L, call->body);
        lua_setfield(L, -2, "requests");
        lua_pushstring(L, call->options.update_mask); /* NULL gives nil */
        lua_setfield(L, -2, "updateMask");
    } else if (given) {
        lua_pushvalue(L, call->body);
    } else {
        lua_newtable(L);
    }
}

static void set_body(const struct call *call, struct meet_request *request)
{
    struct meet_error err;

    if (!takes_body(call->row) && !(call->row->flags & MEET_SENDS_EMPTY_BODY))
        return;
    request->has_body = true;
    push_body(call);
    if (meet_lua_encode(call->L, -1, &request->body, &err) < 0)
        meet_lua_error_raise_misuse(call->L, call->what, &err);
    lua_pop(call->L, 1);
}

/* Push an exchange with the request of a method's arguments. */
static void push_exchange(lua_State *L, struct call *call)
{
    struct meet_lua_exchange *exchange;
    struct meet_error err;

    exchange = meet_lua_exchange_push(L, -1, call->row, shape_of(call->row));
    if (fill(call, &exchange->job.request, &err) < 0)
        meet_lua_error_raise_misuse(L, call->what, &err);
    set_body(call, &exchange->job.request);
}

static int open_list(lua_State *L, struct call *call)
{
    struct meet_lua_pager *list = meet_lua_pager_push(L, -1, call->row);
    struct meet_error err;

    if (fill(call, &list->request, &err) < 0)
        meet_lua_error_raise_misuse(L, call->what, &err);
    return meet_lua_pager_start(L, call->options.page_token,
                                call->options.limit);
}

/***
 * service:method([resource], [body], options): all 28 operations.
 * @return the operation's results, or nil and an error; a list: a pager in the
 *   four values of a generic for; raises on misuse
 */
static int service_method(lua_State *L)
{
    struct call call;

    read_arguments(L, &call);
    if (shape_of(call.row) == MEET_SHAPE_PAGE)
        return open_list(L, &call);
    push_exchange(L, &call);
    lua_replace(L, 1);
    return meet_lua_call_run(L);
}

/***
 * Make the request of service:method(…), except a list's, without sending it:
 * core.shared.prepare[id].
 * @return the exchange, for core.call.send; raises on misuse
 */
static int service_prepare(lua_State *L)
{
    struct call call;

    read_arguments(L, &call);
    push_exchange(L, &call);
    return 1;
}

/***
 * Return the client of a service: core.client.of_service.
 * @param service the service; raises on anything else, and when the client is
 *   closed
 */
int meet_lua_service_client(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TUSERDATA ||
        lua_getiuservalue(L, 1, 1) != LUA_TUSERDATA)
        return meet_lua_error_raise(L, "call it on the service, with a colon");
    meet_lua_client_check(L, -1);
    return 1;
}

/* The metatable of one service, its methods under services[name]. */
static void push_type(lua_State *L, const char *service)
{
    meet_lua_runtime_table(L, "service_types");
    if (lua_getfield(L, -1, service) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 2);
        lua_pushfstring(L, "googlemeet.%s", service);
        lua_setfield(L, -2, "__name");
        meet_lua_runtime_table(L, "services");
        luaL_getsubtable(L, -1, service);
        lua_setfield(L, -3, "__index");
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, service);
    }
    lua_replace(L, -2);
}

/* Push a closure of the row; the service's metatable is on top. [-0, +1, m] */
static void push_method(lua_State *L, const struct meet_operation *row,
                        lua_CFunction function)
{
    lua_pushlightuserdata(L, (void *)row);
    lua_pushvalue(L, -2);
    lua_pushfstring(L, "%s:%s", row->service, row->method);
    lua_pushcclosure(L, function, 3);
}

void meet_lua_service_open(lua_State *L)
{
    meet_lua_runtime_table(L, "prepare");
    meet_lua_runtime_table(L, "operations"); /* the core's methods */
    for (const struct meet_operation *row = meet_operations; row->id; row++) {
        push_type(L, row->service);
        push_method(L, row, service_prepare);
        lua_setfield(L, -4, row->id);
        push_method(L, row, service_method);
        lua_pushvalue(L, -1);
        lua_setfield(L, -4, row->id);
        lua_getfield(L, -2, "__index");
        lua_pushstring(L, row->method);
        if (lua_rawget(L, -2) == LUA_TNIL) {
            lua_pushvalue(L, -3); /* reopened: the prelude's methods stay */
            lua_setfield(L, -3, row->method);
        }
        lua_pop(L, 4);
    }
    lua_pop(L, 2);
}
