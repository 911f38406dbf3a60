/* lua_page.c - see lua_page.h. */
#include "lua_page.h"

#include "lua_error.h"
#include "lua_task.h"
#include "url.h"

#include <lauxlib.h>

void meet_lua_page_copy(lua_State *L, struct meet_buffer *to,
                        const struct meet_buffer *from)
{
    struct meet_error err;

    to->limit = from->limit;
    meet_buffer_clear(to);
    if (meet_buffer_append(to, meet_buffer_string(from), from->length, &err) <
        0)
        meet_lua_error_refuse(L, "list", &err);
}

static bool push_fresh(lua_State *L, struct meet_lua_pager *list)
{
    const struct meet_buffer *token = &list->pager.token;
    struct meet_lua_exchange *exchange;
    struct meet_request *request;
    struct meet_error err;

    lua_pushcfunction(L, meet_lua_exchange_run);
    lua_getiuservalue(L, 1, 1);
    exchange = meet_lua_exchange_push(L, -1, list->operation, MEET_SHAPE_PAGE);
    lua_replace(L, -2);
    request = &exchange->job.request;
    if (meet_request_copy(request, &list->request, &err) < 0)
        meet_lua_error_refuse(L, "list", &err);
    meet_lua_page_copy(L, &exchange->connection, &list->connection);
    exchange->job.deadline = list->deadline;
    if (token->length &&
        meet_url_append_query(&request->url, "pageToken", token->bytes,
                              token->length, &err) < 0) {
        if (err.kind != MEET_MEMORY)
            meet_error_set(&err, MEET_DECODE, "the page token: %s",
                           err.message);
        if (list->pager.pages > 0)
            err.origin = MEET_FROM_GATEWAY;
        meet_lua_error_push(L, &err);
        return false;
    }
    return true;
}

/* True when it ended, and not with a good answer. */
static bool has_failed(const struct meet_lua_exchange *exchange)
{
    const struct meet_job *job = &exchange->job;

    meet_engine_leave_parent(exchange->client->runtime->engine);
    return job->state == MEET_JOB_DONE &&
           (job->error.kind != MEET_OK || job->response.status / 100 != 2);
}

bool meet_lua_page_is_asked(lua_State *L, const struct meet_lua_pager *list)
{
    return list->asked && list->asked->asker == list &&
           meet_lua_task_may_yield(L, list->asked->client->runtime);
}

/* A task that waits for the exchange on top: others need not ask as well. */
static void note_asked(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_lua_exchange *exchange = lua_touserdata(L, -1);

    if (!meet_lua_task_may_yield(L, exchange->client->runtime))
        return;
    list->asked = exchange;
    list->asked->asker = list;
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, 4);
}

bool meet_lua_page_ask(lua_State *L, struct meet_lua_pager *list)
{
    lua_getiuservalue(L, 1, 1);
    meet_lua_client_get(L, -1);
    lua_pop(L, 1);
    if (list->ahead) /* what has come meanwhile is still unread */
        meet_engine_step(list->ahead->client->runtime->engine, 0);
    if (list->ahead && has_failed(list->ahead))
        meet_lua_page_drop(L, list);
    if (list->ahead) {
        lua_pushcfunction(L, meet_lua_exchange_run);
        lua_getiuservalue(L, 1, 3);
        lua_pushnil(L);
        lua_setiuservalue(L, 1, 3);
        list->ahead = NULL;
    } else if (!push_fresh(L, list)) {
        return false;
    }
    note_asked(L, list);
    return true;
}

/* True when the page after this one will be wanted, as far as can be told. */
static bool wants_next(const struct meet_pager *pager)
{
    size_t rest = pager->count - pager->taken;

    return !pager->ended &&
           (pager->limit < 0 || (unsigned long long)pager->limit > rest);
}

void meet_lua_page_send_ahead(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_lua_exchange *exchange;
    int top = lua_gettop(L);

    if (list->ahead || !wants_next(&list->pager))
        return;
    lua_getiuservalue(L, 1, 1);
    if (!meet_lua_client_may_send_ahead(L, -1) || !push_fresh(L, list)) {
        lua_settop(L, top);
        return;
    }
    exchange = lua_touserdata(L, -1);
    lua_setiuservalue(L, 1, 3);
    list->ahead = exchange;
    meet_lua_exchange_send_ahead(exchange);
    lua_settop(L, top);
}

void meet_lua_page_drop(lua_State *L, struct meet_lua_pager *list)
{
    if (!list->ahead)
        return;
    list->ahead = NULL;
    lua_getiuservalue(L, 1, 3);
    luaL_callmeta(L, -1, "__close");
    lua_pop(L, 2);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, 3);
}

void meet_lua_page_sift(lua_State *L)
{
    int items = lua_gettop(L) - 1, keep = items + 2, kept = items + 3;
    lua_Unsigned length = lua_rawlen(L, items);
    lua_Integer count = 0;

    if (lua_getiuservalue(L, 1, 5) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return;
    }
    lua_createtable(L, 0, 0);
    for (lua_Unsigned i = 1; i <= length; i++) {
        lua_pushvalue(L, keep);
        lua_rawgeti(L, items, (lua_Integer)i);
        lua_call(L, 1, 1);
        if (lua_toboolean(L, -1)) {
            lua_rawgeti(L, items, (lua_Integer)i);
            lua_rawseti(L, kept, ++count);
        }
        lua_pop(L, 1);
    }
    lua_replace(L, items);
    lua_pop(L, 1);
}
