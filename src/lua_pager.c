/*
 * lua_pager.c - see lua_pager.h. User value 1 is the client, 2 the items of
 * the page at hand, 3 the function that names the parent, until it has, 5 the
 * one that sifts, or nil. Every page is asked for by the first one's request
 * with another token, so that page two repeats the filter.
 */
#include "lua_pager.h"

#include "lua_error.h"
#include "lua_page.h"

#include <lauxlib.h>
#include <string.h>

#define PAGER_TYPE "googlemeet.pager"

static int pager_gc(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    list->open = false;
    list->pager.count = list->pager.taken = 0;
    meet_pager_deinit(&list->pager);
    meet_request_deinit(&list->request);
    meet_buffer_deinit(&list->connection);
    return 0;
}

/* Let go of the page at hand: a loop that ended early keeps nothing. */
static int pager_close(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    if (list->open)
        meet_pager_close(&list->pager);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, 2);
    lua_settop(L, 1);
    meet_lua_page_drop(L, list);
    return 0;
}

int meet_lua_pager_give(lua_State *L, const char *token, long long limit)
{
    const struct meet_lua_exchange *first = lua_touserdata(L, -1);
    struct meet_lua_pager *list = lua_newuserdatauv(L, sizeof *list, 5);
    struct meet_error err;

    memset(list, 0, sizeof *list);
    luaL_setmetatable(L, PAGER_TYPE);
    for (const char *c = token ? token : ""; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return meet_lua_error_raise(L, "page_token holds a control byte");
    lua_pushvalue(L, -3);
    lua_setiuservalue(L, -2, 1);
    list->operation = first->operation;
    list->deadline = first->job.deadline;
    list->open = true;
    meet_request_init(&list->request);
    meet_lua_page_copy(L, &list->connection, &first->connection);
    if (meet_request_copy(&list->request, &first->job.request, &err) < 0 ||
        meet_pager_init(&list->pager, token, token ? strlen(token) : 0, limit,
                        &err) < 0)
        meet_lua_error_refuse(L, "list", &err);
    meet_lua_exchange_put_back(L, -2);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, -3);
    return 4;
}

static struct meet_lua_pager *check(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    if (!list->open) /* only a finalizer that comes later can ask it */
        meet_lua_error_raise(L, "the list was collected");
    return list;
}

/*
 * Items and next token, or nil and an error, are on top. Take them off, or
 * leave the error there and return false.
 */
static bool receive(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_error err;
    size_t length;
    const char *token;

    if (lua_isnil(L, -2))
        return false;
    meet_lua_page_sift(L);
    token = lua_tolstring(L, -1, &length);
    if (meet_pager_receive(&list->pager, lua_rawlen(L, -2), token, length,
                           &err) < 0) {
        err.origin = MEET_FROM_GATEWAY;
        meet_lua_error_push(L, &err);
        return false;
    }
    lua_pop(L, 1);
    lua_setiuservalue(L, 1, 2);
    return true;
}

/* Push item 'index', counted from 0, of the page at hand. */
static void push_item(lua_State *L, size_t index)
{
    lua_getiuservalue(L, 1, 2);
    lua_rawgeti(L, -1, (lua_Integer)index + 1);
}

/* What a step gives. */
enum { ONE_ITEM, ITEM_OR_RAISE, PAGE, ALL };

/* Set in a continuation's context once a page's answer is on the stack. */
#define RECEIVED 8

/* … and once a deferred list's answer is there. */
#define RESOLVED 16

/* Times the pages that had come when one was asked for, above those bits. */
#define COUNTED 32

int meet_lua_pager_defer(lua_State *L)
{
    check(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, 3);
    return 0;
}

int meet_lua_pager_keep(lua_State *L)
{
    struct meet_lua_pager *list = check(L);

    luaL_checktype(L, 2, LUA_TFUNCTION);
    list->pager.limit = luaL_optinteger(L, 3, -1);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, 5);
    return 0;
}

/*
 * A pager, or nil and an error, are on top. Take them off and the URL over, or
 * leave the error there and return false.
 */
static bool resolve(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_lua_pager *named = luaL_testudata(L, -2, PAGER_TYPE);
    struct meet_buffer url = list->request.url;

    if (!named)
        return false;
    if (lua_getiuservalue(L, 1, 3) != LUA_TFUNCTION) {
        lua_pop(L, 3); /* another task was faster */
        return true;
    }
    lua_pop(L, 1);
    list->request.url = named->request.url;
    named->request.url = url; /* freed with it */
    lua_pushnil(L);
    lua_setiuservalue(L, 1, 3);
    lua_pop(L, 2);
    return true;
}

/* Push the rest of the page at hand as an array of its own. */
static void push_rest(lua_State *L, struct meet_lua_pager *list)
{
    size_t whole = list->pager.count, first;
    size_t count = meet_pager_take_page(&list->pager, &first);

    lua_getiuservalue(L, 1, 2);
    if (count == whole)
        return; /* as it came */
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -2, (lua_Integer)(first + i) + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Move the items of the page at hand to the array at 2. */
static void collect(lua_State *L, struct meet_lua_pager *list)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);

    lua_getiuservalue(L, 1, 2);
    while (meet_pager_has_item(&list->pager)) {
        size_t index = meet_pager_take(&list->pager);

        lua_rawgeti(L, -1, (lua_Integer)index + 1);
        lua_rawseti(L, 2, ++count);
    }
    lua_pop(L, 1);
}

/* Push what 'gives' asks for of the page at hand. */
static int give(lua_State *L, struct meet_lua_pager *list, lua_KContext gives)
{
    if (gives == PAGE) {
        push_rest(L, list);
        meet_lua_page_send_ahead(L, list);
    } else {
        size_t index = meet_pager_take(&list->pager);

        if (index == 1) /* who takes a second one will want more */
            meet_lua_page_send_ahead(L, list);
        push_item(L, index);
    }
    return 1;
}

/* The error on top, raised or given. */
static int give_error(lua_State *L, lua_KContext gives)
{
    if (gives == ITEM_OR_RAISE)
        return lua_error(L);
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

/*
 * Take the answer on top over. One that came too late is dropped: the list was
 * closed, or another thread got the same page, or a later one, meanwhile.
 */
static bool take_answer(lua_State *L, struct meet_lua_pager *list,
                        lua_KContext context)
{
    if (context & RESOLVED)
        return resolve(L, list);
    if (!(context & RECEIVED))
        return true;
    if (!list->pager.ended &&
        context / COUNTED == (lua_KContext)list->pager.pages)
        return receive(L, list);
    lua_pop(L, 2);
    return true;
}

/* Ask for pages until something can be given; its own continuation. */
static int step(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_pager *list = lua_touserdata(L, 1);
    lua_KContext gives = context & (RECEIVED - 1);

    (void)status;
    for (;;) {
        if (!take_answer(L, list, context))
            return give_error(L, gives);
        if (gives == ALL)
            collect(L, list);
        else if (meet_pager_has_item(&list->pager))
            return give(L, list, gives);
        if (!meet_pager_wants_page(&list->pager)) {
            lua_settop(L, 2);
            return gives == ALL; /* the array, or nothing */
        }
        if (meet_lua_page_is_asked(L, list))
            return lua_yieldk(L, 0, gives, step);
        if (lua_getiuservalue(L, 1, 3) == LUA_TFUNCTION) {
            lua_callk(L, 0, 2, gives | RESOLVED, step);
            if (!resolve(L, list))
                return give_error(L, gives);
        } else {
            lua_pop(L, 1);
        }
        if (!meet_lua_page_ask(L, list))
            return give_error(L, gives);
        context = gives | RECEIVED | (lua_KContext)list->pager.pages * COUNTED;
        lua_callk(L, 1, 2, context, step);
    }
}

static int start(lua_State *L, lua_KContext gives)
{
    check(L);
    lua_settop(L, 1);
    if (gives == ALL)
        lua_newtable(L);
    return step(L, LUA_OK, gives);
}

/*
 * pager(): the next item, nothing at the end; raises the error table. Runs
 * once an item, so the type is known by the metatable, upvalue 1.
 */
static int pager_call(lua_State *L)
{
    struct meet_lua_pager *list = lua_touserdata(L, 1);

    if (!lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(1)) ||
        !meet_pager_has_item(&list->pager) ||
        list->pager.taken == 1) /* the second one sends for the next page */
        return start(L, ITEM_OR_RAISE);
    push_item(L, meet_pager_take(&list->pager));
    return 1;
}

/* pager:first(): the next item, nothing when there is none, or nil, err. */
static int pager_first(lua_State *L)
{
    return start(L, ONE_ITEM);
}

/* pager:next_page(): an array, nothing at the end, or nil, err. */
static int pager_next_page(lua_State *L)
{
    return start(L, PAGE);
}

/* pager:all(): array of every item left, or nil, err. */
static int pager_all(lua_State *L)
{
    return start(L, ALL);
}

/* Raise where next_page gave nil, err above the pager at 1. */
static int page_or_raise(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    if (lua_gettop(L) == 3)
        return lua_error(L);
    return lua_gettop(L) - 1;
}

/* The step of pager:pages(), the pager an upvalue. */
static int pages_step(lua_State *L)
{
    lua_settop(L, 0);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcfunction(L, pager_next_page);
    lua_pushvalue(L, 1);
    lua_callk(L, 1, LUA_MULTRET, 0, page_or_raise);
    return page_or_raise(L, LUA_OK, 0);
}

/* pager:pages(): iterator over arrays of items, in four values. */
static int pager_pages(lua_State *L)
{
    check(L);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, pages_step, 1);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 1);
    return 4;
}

/* pager:token(): where a new list resumes; nil at the start and the end. */
static int pager_token(lua_State *L)
{
    size_t length;
    const char *token = meet_pager_token(&check(L)->pager, &length);

    lua_pushlstring(L, token ? token : "", length);
    if (!token)
        lua_pushnil(L);
    return 1;
}

static const luaL_Reg pager_methods[] = {
    {"pages", pager_pages}, {"next_page", pager_next_page},
    {"all", pager_all},     {"first", pager_first},
    {"token", pager_token}, {"close", pager_close},
    {NULL, NULL},
};

void meet_lua_pager_open(lua_State *L)
{
    luaL_newmetatable(L, PAGER_TYPE);
    lua_pushcfunction(L, pager_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, pager_close);
    lua_setfield(L, -2, "__close");
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, pager_call, 1);
    lua_setfield(L, -2, "__call");
    luaL_newlib(L, pager_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
