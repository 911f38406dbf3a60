/* lua_page.c - see lua_page.h. */
#include "lua_page.h"

#include "clock.h"
#include "lua_error.h"
#include "url.h"

#include <lauxlib.h>

/* Push the error of the next token. */
static void push_token_error(lua_State *L, const struct meet_lua_pager *list,
                             struct meet_error *err)
{
    if (err->kind != MEET_MEMORY)
        meet_error_set(err, MEET_DECODE, "the page token: %s", err->message);
    if (list->pager.pages > 0)
        err->origin = MEET_FROM_GATEWAY;
    meet_lua_error_push(L, err);
}

/* Push meet_lua_call_run and a new exchange for the next page; or an error. */
static bool push_fresh(lua_State *L, struct meet_lua_pager *list)
{
    const struct meet_buffer *token = &list->pager.token;
    struct meet_request *request;
    struct meet_error err;

    lua_pushcfunction(L, meet_lua_call_run);
    lua_getiuservalue(L, 1, MEET_LUA_PAGER_CLIENT);
    request = &meet_lua_exchange_push(L, -1, list->operation, MEET_SHAPE_PAGE)
                   ->job.request;
    lua_replace(L, -2);
    if (meet_request_copy(request, &list->request, &err) < 0)
        meet_lua_error_raise_misuse(L, "list", &err);
    if (token->length &&
        meet_url_append_query(&request->url, "pageToken", token->bytes,
                              token->length, &err) < 0) {
        push_token_error(L, list, &err);
        return false;
    }
    return true;
}

/* True when it ended without a good answer. */
static bool has_failed(const struct meet_lua_exchange *exchange)
{
    const struct meet_job *job = &exchange->job;

    meet_engine_after_fork(exchange->client->runtime->engine);
    return job->state == MEET_JOB_DONE &&
           (job->error.kind != MEET_OK || job->response.status / 100 != 2);
}

/* True when somebody else waits for the page, and this task may wait, too. */
static bool is_asked(lua_State *L, const struct meet_lua_pager *list)
{
    const struct meet_lua_runtime *runtime = list->client->runtime;

    if (!list->asked)
        return false;
    if (meet_lua_nesting_is_inside(runtime, &list->asked->call)) {
        if (list->asked->state < MEET_STATE_SUBMIT)
            meet_lua_error_raise(L, "a callback for the key or the connection "
                                    "uses the list that waits for it");
        return false; /* a transport may ask, too: the later page is dropped */
    }
    return meet_lua_scheduler_may_yield(L, runtime) &&
           meet_lua_nesting_goes_on(L, runtime, &list->asked->call);
}

bool meet_lua_page_waits(lua_State *L, const struct meet_lua_pager *list,
                         int64_t *gives_up)
{
    int64_t now = meet_clock_now();

    if (!is_asked(L, list) || (*gives_up > 0 && now >= *gives_up))
        return false;
    if (*gives_up <= 0)
        *gives_up = meet_ns_add(now, list->request.deadline);
    meet_lua_scheduler_wait(list->client->runtime, &list->asked->over,
                            *gives_up);
    return true;
}

/* Note that somebody waits for the exchange, so that tasks do not ask. */
static void note_asked(struct meet_lua_pager *list,
                       struct meet_lua_exchange *exchange)
{
    if (list->asked)
        list->asked->asked = NULL;
    list->asked = exchange;
    exchange->asked = &list->asked;
}

bool meet_lua_page_ask(lua_State *L, struct meet_lua_pager *list)
{
    lua_getiuservalue(L, 1, MEET_LUA_PAGER_CLIENT);
    meet_lua_client_get(L, -1);
    lua_pop(L, 1);
    if (list->prefetched) /* read what has arrived meanwhile */
        meet_engine_step(list->client->runtime->engine, 0);
    if (list->prefetched && has_failed(list->prefetched))
        meet_lua_page_drop(L, list);
    if (list->prefetched) {
        lua_pushcfunction(L, meet_lua_call_run);
        lua_getiuservalue(L, 1, MEET_LUA_PAGER_PREFETCHED);
        lua_pushnil(L);
        lua_setiuservalue(L, 1, MEET_LUA_PAGER_PREFETCHED);
        list->prefetched = NULL;
    } else if (!push_fresh(L, list)) {
        return false;
    }
    note_asked(list, lua_touserdata(L, -1));
    return true;
}

bool meet_lua_page_resolve(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_error err;
    size_t length;
    const char *name = lua_tolstring(L, -2, &length);

    if (!name)
        return false;
    if (lua_getiuservalue(L, 1, MEET_LUA_PAGER_PARENT) == LUA_TFUNCTION) {
        if (!list->client->open)
            meet_lua_error_raise(L, "the client is closed");
        if (meet_client_rename(&list->client->client, list->operation, name,
                               length, &list->request, &err) < 0) {
            meet_lua_error_push(L, &err);
            return false;
        }
        lua_pushnil(L);
        lua_setiuservalue(L, 1, MEET_LUA_PAGER_PARENT);
    } /* else another task has done it */
    lua_pop(L, 3);
    return true;
}

bool meet_lua_page_push_check(lua_State *L, const struct meet_lua_pager *list)
{
    if (list->pager.pages != 1 || list->pager.count > 0)
        return false;
    if (lua_getiuservalue(L, 1, MEET_LUA_PAGER_CHECK) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushnil(L);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_CHECK);
    return true;
}

/* True when the next page may be wanted. */
static bool wants_next(const struct meet_pager *pager)
{
    size_t rest = pager->count - pager->taken;

    return !pager->ended &&
           (pager->limit < 0 || (unsigned long long)pager->limit > rest);
}

void meet_lua_page_prefetch(lua_State *L, struct meet_lua_pager *list)
{
    int top = lua_gettop(L);

    if (list->prefetched || !wants_next(&list->pager) ||
        !meet_lua_client_may_prefetch(list->client))
        return;
    /* Making it may run a finalizer that prefetches or closes the list. */
    if (push_fresh(L, list) && !list->prefetched && !list->pager.ended) {
        list->prefetched = lua_touserdata(L, -1);
        lua_setiuservalue(L, 1, MEET_LUA_PAGER_PREFETCHED);
        meet_lua_call_prefetch(list->prefetched);
    }
    lua_settop(L, top);
}

void meet_lua_page_drop(lua_State *L, struct meet_lua_pager *list)
{
    if (!list->prefetched)
        return;
    list->prefetched = NULL;
    lua_getiuservalue(L, 1, MEET_LUA_PAGER_PREFETCHED);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_PREFETCHED);
    luaL_callmeta(L, -1, "__close");
    lua_pop(L, 2);
}

void meet_lua_page_filter(lua_State *L, int items)
{
    int filter = lua_gettop(L) + 1, passed = filter + 1;
    lua_Unsigned length = lua_rawlen(L, items);
    lua_Integer count = 0;

    if (lua_getiuservalue(L, 1, MEET_LUA_PAGER_FILTER) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return;
    }
    lua_createtable(L, 0, 0);
    for (lua_Unsigned i = 1; i <= length; i++) {
        lua_pushvalue(L, filter);
        lua_rawgeti(L, items, (lua_Integer)i);
        lua_call(L, 1, 1);
        if (lua_toboolean(L, -1)) {
            lua_rawgeti(L, items, (lua_Integer)i);
            lua_rawseti(L, passed, ++count);
        }
        lua_pop(L, 1);
    }
    lua_replace(L, items);
    lua_pop(L, 1);
}

void meet_lua_page_push_item(lua_State *L, size_t index)
{
    lua_getiuservalue(L, 1, MEET_LUA_PAGER_ITEMS);
    lua_rawgeti(L, -1, (lua_Integer)index + 1);
}

void meet_lua_page_push_rest(lua_State *L, struct meet_lua_pager *list)
{
    size_t whole = list->pager.count, first;
    size_t count = meet_pager_take_page(&list->pager, &first);

    lua_getiuservalue(L, 1, MEET_LUA_PAGER_ITEMS);
    if (count == whole)
        return; /* unfiltered */
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -2, (lua_Integer)(first + i) + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

void meet_lua_page_collect(lua_State *L, struct meet_lua_pager *list, int array)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, array);

    lua_getiuservalue(L, 1, MEET_LUA_PAGER_ITEMS);
    while (meet_pager_has_item(&list->pager)) {
        size_t index = meet_pager_take(&list->pager);

        lua_rawgeti(L, -1, (lua_Integer)index + 1);
        lua_rawseti(L, array, ++count);
    }
    lua_pop(L, 1);
}
