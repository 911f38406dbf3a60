/* lua_service.c - see lua_service.h. */
#include "lua_service.h"

#include "lua_error.h"
#include "lua_encode.h"
#include "lua_options.h"
#include "lua_pager.h"
#include "name.h"
#include "url.h"

#include <lauxlib.h>
#include <string.h>

/* Options of one call, as they are read. */
struct call_options {
    const char *fields, *filter, *page_token, *update_mask, *connection;
    const char *app, *status, *method;
    long long page_size, limit;
    double timeout, deadline;
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
    {"limit", MEET_OPTION_INTEGER, AT(limit), 0, 9007199254740992.0, LIST_CALL},
    {"update_mask", MEET_OPTION_STRING, AT(update_mask), 0, 0, MASKED_CALL},
    {"connection", MEET_OPTION_STRING, AT(connection), 0, 0, MEET_CALL},
    {"app", MEET_OPTION_STRING, AT(app), 0, 0, APP_LIST_CALL},
    {"status", MEET_OPTION_STRING, AT(status), 0, 0, APP_LIST_CALL},
    {"method", MEET_OPTION_STRING, AT(method), 0, 0, APP_LIST_CALL},
    {"timeout", MEET_OPTION_NUMBER, AT(timeout), 0.001, 86400, 0},
    {"deadline", MEET_OPTION_NUMBER, AT(deadline), 0.001, 86400, 0},
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

/* What a call is doing, handed from step to step. */
struct call {
    lua_State *L;
    const struct meet_operation *row;
    const char *what; /* "spaces:get", for messages */
    struct meet_lua_exchange *exchange;
    struct call_options options;
};

static void fail(const struct call *call, const struct meet_error *err)
{
    meet_lua_error_refuse(call->L, call->what, err);
}

/* The text of the argument that names the resource: a string or its name. */
static const char *target_text(const struct call *call, size_t *length)
{
    lua_State *L = call->L;
    const char *field =
        call->row->quota == MEET_QUOTA_NONE ? "connection_id" : "name";

    if (lua_type(L, 2) == LUA_TSTRING)
        return lua_tolstring(L, 2, length);
    if (!lua_istable(L, 2))
        meet_lua_error_raise(L, "%s: a resource or its name expected, got %s",
                             call->what, luaL_typename(L, 2));
    if (lua_getfield(L, 2, field) != LUA_TSTRING)
        meet_lua_error_raise(L, "%s: the table given has no '%s'", call->what,
                             field);
    lua_replace(L, 2);
    return lua_tolstring(L, 2, length);
}

/* The pattern between the braces of the path. */
static void copy_pattern(const char *path, char pattern[64])
{
    const char *start = strchr(path, '{') + 1;
    size_t length = strcspn(start, "}");

    memcpy(pattern, start, length);
    pattern[length] = '\0';
}

static void set_target(struct call *call)
{
    struct meet_request *request = &call->exchange->job.request;
    struct meet_buffer *name = &call->exchange->name;
    struct meet_client *client = &call->exchange->client->client;
    char pattern[64];
    struct meet_error err;
    size_t length;
    const char *text;
    bool code = false;

    if (strchr(call->row->path, '{')) {
        text = target_text(call, &length);
        copy_pattern(call->row->path, pattern);
        if (meet_name_resolve(name, pattern, text, length, &code, &err) < 0)
            fail(call, &err);
        if (code && !(call->row->flags & MEET_TAKES_CODE))
            meet_lua_error_raise(call->L,
                                 "%s: a meeting code is no space id here; get "
                                 "the space first",
                                 call->what);
    }
    if (meet_client_begin(client, call->row, meet_buffer_string(name), request,
                          &err) < 0)
        fail(call, &err);
}

static void add_query(struct call *call, const char *name, const char *value)
{
    struct meet_error err;

    if (value && meet_url_append_query(&call->exchange->job.request.url, name,
                                       value, strlen(value), &err) < 0)
        fail(call, &err);
}

/* The fields asked for; a list cannot go on without its next token. */
static void add_fields(struct call *call)
{
    const char *fields = call->options.fields;

    if (!fields || call->row->page_size == 0 ||
        strstr(fields, "nextPageToken") || strstr(fields, "next_page_token") ||
        strcmp(fields, "*") == 0) {
        add_query(call, "fields", fields);
        return;
    }
    add_query(call, "fields",
              lua_pushfstring(call->L, "%s,nextPageToken", fields));
    lua_pop(call->L, 1);
}

static void set_query(struct call *call)
{
    const struct call_options *options = &call->options;
    long long size = options->page_size;
    char number[24];

    add_query(call, "app", options->app);
    add_query(call, "status", options->status);
    add_query(call, "method", options->method);
    add_fields(call);
    add_query(call, "filter", options->filter);
    if (call->row->flags & MEET_TAKES_MASK)
        add_query(call, "updateMask", options->update_mask);
    if (call->row->page_size == 0)
        return;
    if (size == 0 || size > call->row->page_size)
        size = call->row->page_size;
    if (options->limit > 0 && options->limit < size)
        size = options->limit;
    lua_pushinteger(call->L, size);
    strncpy(number, lua_tostring(call->L, -1), sizeof number - 1);
    number[sizeof number - 1] = '\0';
    lua_pop(call->L, 1);
    add_query(call, "pageSize", number);
}

/* Append JSON of the value at 'index'. */
static void encode(struct call *call, int index)
{
    struct meet_error err;

    if (meet_lua_encode(call->L, index, &call->exchange->job.request.body,
                        &err) < 0)
        fail(call, &err);
}

/* {"requests": [...], "updateMask": "..."} */
static void set_batch(struct call *call, int index)
{
    lua_State *L = call->L;

    luaL_checktype(L, index, LUA_TTABLE);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, index);
    lua_setfield(L, -2, "requests");
    if (call->options.update_mask) {
        lua_pushstring(L, call->options.update_mask);
        lua_setfield(L, -2, "updateMask");
    }
    encode(call, -1);
    lua_pop(L, 1);
}

/* The body at 'index'; 0: the operation takes none from the caller. */
static void set_body(struct call *call, int index)
{
    lua_State *L = call->L;
    unsigned flags = call->row->flags;
    bool given = index > 0 && !lua_isnil(L, index);

    call->exchange->job.request.has_body = true;
    if (flags & MEET_SENDS_BATCH) {
        set_batch(call, index);
        return;
    }
    if (!given && (flags & (MEET_SENDS_EMPTY_BODY | MEET_TAKES_OPTIONAL_BODY)))
        lua_newtable(L);
    else if (!lua_istable(L, index))
        meet_lua_error_raise(L, "%s: the body must be a table, got %s",
                             call->what, luaL_typename(L, index));
    else
        lua_pushvalue(L, index);
    encode(call, -1);
    lua_pop(L, 1);
}

static void set_limits(struct call *call)
{
    const struct call_options *options = &call->options;
    struct meet_error err;

    if (meet_lua_exchange_limit(call->exchange, options->connection,
                                options->timeout, options->deadline, &err) < 0)
        fail(call, &err);
}

static bool takes_body(const struct meet_operation *row)
{
    return (row->flags & (MEET_TAKES_BODY | MEET_TAKES_OPTIONAL_BODY |
                          MEET_SENDS_BATCH)) != 0;
}

/*
 * service:method([resource], [body], options): all 28 operations. The row is
 * upvalue 1, the service's metatable upvalue 2, "service:method" upvalue 3; 4
 * is true where the arguments are to be checked and nothing is to be sent.
 */
static int service_method(lua_State *L)
{
    struct call call = {.L = L,
                        .row = lua_touserdata(L, lua_upvalueindex(1)),
                        .what = lua_tostring(L, lua_upvalueindex(3)),
                        .options = {.limit = -1}};
    int argument = 2, body;

    if (!lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(2)))
        return meet_lua_error_raise(L,
                                    "%s: call it on the service, with a "
                                    "colon",
                                    call.what);
    lua_pop(L, 1);
    if (strchr(call.row->path, '{'))
        argument++;
    body = argument;
    if (takes_body(call.row))
        argument++;
    lua_settop(L, argument);
    meet_lua_options_copy(L, argument);
    lua_getiuservalue(L, 1, 1);
    meet_lua_client_get(L, -1);
    meet_lua_options_read(L, argument, call.what, call_rows, kinds_of(call.row),
                          &call.options);
    call.exchange = meet_lua_exchange_push(L, -1, call.row, shape_of(call.row));
    set_target(&call);
    set_query(&call);
    if (takes_body(call.row) || (call.row->flags & MEET_SENDS_EMPTY_BODY))
        set_body(&call, takes_body(call.row) ? body : 0);
    set_limits(&call);
    if (lua_toboolean(L, lua_upvalueindex(4)))
        return 0; /* nothing to blame the caller for */
    if (call.exchange->shape == MEET_SHAPE_PAGE)
        return meet_lua_pager_give(L, call.options.page_token,
                                   call.options.limit);
    lua_replace(L, 1);
    return meet_lua_exchange_run(L);
}

bool meet_lua_service_push(lua_State *L, int client, const char *name)
{
    client = lua_absindex(L, client);
    meet_lua_runtime_table(L, "service_types");
    if (lua_getfield(L, -1, name) != LUA_TTABLE) {
        lua_pop(L, 2);
        return false;
    }
    lua_newuserdatauv(L, 0, 1);
    lua_pushvalue(L, client);
    lua_setiuservalue(L, -2, 1);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_replace(L, -2);
    return true;
}

int meet_lua_service_client(lua_State *L)
{
    if (!lua_isuserdata(L, 1) || lua_getiuservalue(L, 1, 1) != LUA_TUSERDATA)
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

/* Push the row's method; the service's metatable is on top. [-0, +1, m] */
static void push_method(lua_State *L, const struct meet_operation *row,
                        bool checks)
{
    lua_pushlightuserdata(L, (void *)row);
    lua_pushvalue(L, -2);
    lua_pushfstring(L, "%s:%s", row->service, row->method);
    lua_pushboolean(L, checks);
    lua_pushcclosure(L, service_method, 4);
}

void meet_lua_service_open(lua_State *L)
{
    meet_lua_runtime_table(L, "checks");
    meet_lua_runtime_table(L, "operations"); /* as the core has them */
    for (const struct meet_operation *row = meet_operations; row->id; row++) {
        push_type(L, row->service);
        push_method(L, row, true);
        lua_setfield(L, -4, row->id);
        push_method(L, row, false);
        lua_pushvalue(L, -1);
        lua_setfield(L, -4, row->id);
        lua_getfield(L, -2, "__index");
        if (lua_getfield(L, -1, row->method) == LUA_TNIL) {
            lua_pushvalue(L, -3); /* opened again: the prelude's stay */
            lua_setfield(L, -3, row->method);
        }
        lua_pop(L, 4);
    }
    lua_pop(L, 2);
}
