/* lua_pager.c - see lua_pager.h. */
#include "lua_pager.h"

#include "lua_error.h"

#include <lauxlib.h>
#include <string.h>

#define PAGER_TYPE "googlemeet.pager"

static void release(struct meet_lua_owner *own)
{
    struct meet_lua_pager *list = MEET_OWNER(own, struct meet_lua_pager, owner);

    list->open = false;
    if (list->asked)
        list->asked->asked = NULL;
    list->asked = NULL;
    list->pager.count = list->pager.taken = 0;
    meet_pager_deinit(&list->pager);
    meet_request_deinit(&list->request);
}

static int pager_gc(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    meet_lua_runtime_release(&list->owner);
    return 0;
}

/***
 * Drop the current page and cancel a prefetch: a loop that ends early keeps
 * nothing. A new list resumes at pager:token().
 */
static int pager_close(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    if (list->open)
        meet_pager_close(&list->pager);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_ITEMS);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_CHECK);
    lua_settop(L, 1);
    meet_lua_page_drop(L, list);
    return 0;
}

struct meet_lua_pager *meet_lua_pager_push(lua_State *L, int client,
                                           const struct meet_operation *row)
{
    struct meet_lua_pager *list;

    client = lua_absindex(L, client);
    list = lua_newuserdatauv(L, sizeof *list, MEET_LUA_PAGER_USER_VALUES);
    memset(list, 0, sizeof *list);
    meet_request_init(&list->request);
    list->operation = row;
    list->client = lua_touserdata(L, client);
    luaL_setmetatable(L, PAGER_TYPE);
    lua_pushvalue(L, client);
    lua_setiuservalue(L, -2, MEET_LUA_PAGER_CLIENT);
    meet_lua_runtime_own(list->client->runtime, &list->owner, release);
    return list;
}

int meet_lua_pager_start(lua_State *L, const char *token, long long limit)
{
    struct meet_lua_pager *list = lua_touserdata(L, -1);
    struct meet_error err;

    for (const char *c = token ? token : ""; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return meet_lua_error_raise(L, "page_token has a control byte");
    if (meet_pager_init(&list->pager, token, token ? strlen(token) : 0, limit,
                        &err) < 0)
        return meet_lua_error_raise_misuse(L, "list", &err);
    list->open = true;
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, -3);
    return 4;
}

static struct meet_lua_pager *check(lua_State *L)
{
    struct meet_lua_pager *list = luaL_checkudata(L, 1, PAGER_TYPE);

    if (!list->open) /* only a later finalizer can call it */
        meet_lua_error_raise(L, "the list was collected");
    return list;
}

/*
 * Items and next token, or nil and an error, are on top. Pop and receive the
 * page, or leave the error and return false.
 */
static bool receive(lua_State *L, struct meet_lua_pager *list)
{
    struct meet_error err;
    size_t length;
    const char *token;

    if (lua_isnil(L, -2))
        return false;
    token = lua_tolstring(L, -1, &length);
    if (meet_pager_receive(&list->pager, (size_t)lua_rawlen(L, -2), token,
                           length, &err) < 0) {
        err.origin = MEET_FROM_GATEWAY;
        meet_lua_error_push(L, &err);
        return false;
    }
    lua_pop(L, 1);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_ITEMS);
    return true;
}

enum wants { ONE_ITEM, ITEM_OR_RAISE, PAGE, PAGE_OR_RAISE, ALL };

enum awaits { NOTHING, PARENT, ANSWER, CHECK };

/* One call of a pager: what it wants and awaits. A userdata at TURN. */
struct turn {
    enum wants wants;
    enum awaits awaits;
    unsigned long pages; /* received when it asked for the next one */
    int64_t gives_up;    /* waiting for a page that another asked for */
};

/* Stack positions during a call. */
enum { LIST = 1, TURN, ARRAY };

/***
 * Request nothing until a function has returned the parent:
 * core.list.defer.
 * @param pager the pager
 * @param parent function: returns the name, which replaces the one that the
 * list was opened with; or nil and an error
 */
int meet_lua_pager_defer(lua_State *L)
{
    check(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_PARENT);
    return 0;
}

/***
 * Check a list that turns out to be empty: core.list.check.
 * @param pager the pager
 * @param check function: called once, at the end of a list that had no item;
 *   returns true, or nil and an error, which the list gives in place of its end
 */
int meet_lua_pager_check(lua_State *L)
{
    check(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_CHECK);
    return 0;
}

/***
 * Filter the items of each page: core.list.filter.
 * @param pager the pager
 * @param passes function: called with each item as its page is received; may
 *   not yield
 * @param limit integer or nil: most items that the list returns
 */
int meet_lua_pager_filter(lua_State *L)
{
    struct meet_lua_pager *list = check(L);

    luaL_checktype(L, 2, LUA_TFUNCTION);
    list->pager.limit = luaL_optinteger(L, 3, -1);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, MEET_LUA_PAGER_FILTER);
    return 0;
}

/* Push what the turn wants of the current page, before a finalizer drops it. */
static int return_items(lua_State *L, struct meet_lua_pager *list,
                        const struct turn *turn)
{
    size_t index;

    if (turn->wants == PAGE || turn->wants == PAGE_OR_RAISE) {
        meet_lua_page_push_rest(L, list);
        meet_lua_page_prefetch(L, list);
        return 1;
    }
    index = meet_pager_take(&list->pager);
    meet_lua_page_push_item(L, index);
    if (index == 1) /* taking a second item starts the prefetch */
        meet_lua_page_prefetch(L, list);
    return 1;
}

/* Raise the error on top, or return nil and it. */
static int return_error(lua_State *L, const struct turn *turn)
{
    if (turn->wants == ITEM_OR_RAISE || turn->wants == PAGE_OR_RAISE)
        return lua_error(L);
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

static bool is_late(const struct meet_lua_pager *list, const struct turn *turn)
{
    return list->pager.ended || turn->pages != list->pager.pages;
}

/*
 * Pop what the turn awaited; false: an error is on top. A page that came too
 * late is dropped: the list was closed, or another thread received that page or
 * a later one.
 */
static bool take_awaited(lua_State *L, struct meet_lua_pager *list,
                         struct turn *turn)
{
    enum awaits awaits = turn->awaits;

    turn->awaits = NOTHING;
    if (awaits == PARENT)
        return meet_lua_page_resolve(L, list);
    if (awaits == NOTHING)
        return true;
    if (awaits == CHECK && lua_isnil(L, -2))
        return false;
    if (awaits == ANSWER && !is_late(list, turn) && !lua_isnil(L, -2))
        meet_lua_page_filter(L, lua_gettop(L) - 1);
    if (awaits == ANSWER && !is_late(list, turn)) /* the filter ran Lua code */
        return receive(L, list);
    lua_pop(L, 2);
    return true;
}

enum { AT_END = -2, FAILED = -1 };

/* Push the function to call next and its arguments; return how many, FAILED
   with an error on top, or AT_END with nothing. */
static int push_question(lua_State *L, struct meet_lua_pager *list,
                         struct turn *turn)
{
    if (!meet_pager_wants_page(&list->pager)) {
        turn->awaits = CHECK;
        return meet_lua_page_push_check(L, list) ? 0 : AT_END;
    }
    turn->awaits = PARENT;
    if (lua_getiuservalue(L, LIST, MEET_LUA_PAGER_PARENT) == LUA_TFUNCTION)
        return 0;
    lua_pop(L, 1);
    turn->awaits = ANSWER;
    turn->pages = list->pager.pages; /* a finalizer may receive one meanwhile */
    return meet_lua_page_ask(L, list) ? 1 : FAILED;
}

/* Request pages until there is something to return; its own continuation. */
static int step(lua_State *L, int status, lua_KContext context)
{
    struct meet_lua_pager *list = lua_touserdata(L, LIST);
    struct turn *turn = lua_touserdata(L, TURN);

    (void)status;
    (void)context;
    if (!list->open) /* a later finalizer resumed the thread */
        return meet_lua_error_raise(L, "the list was collected");
    meet_lua_late_check(L, list->client->runtime);
    for (;;) {
        int arguments;

        if (!take_awaited(L, list, turn))
            return return_error(L, turn);
        if (turn->wants == ALL)
            meet_lua_page_collect(L, list, ARRAY);
        else if (meet_pager_has_item(&list->pager))
            return return_items(L, list, turn);
        if (meet_pager_wants_page(&list->pager) &&
            meet_lua_page_waits(L, list, &turn->gives_up))
            return lua_yieldk(L, 0, 0, step);
        turn->gives_up = 0;
        arguments = push_question(L, list, turn);
        if (arguments == FAILED)
            return return_error(L, turn);
        if (arguments == AT_END) {
            lua_settop(L, ARRAY);
            return turn->wants == ALL; /* return the array, or nothing */
        }
        lua_callk(L, arguments, 2, 0, step);
    }
}

static int start(lua_State *L, enum wants wants)
{
    struct turn *turn;

    check(L);
    lua_settop(L, LIST);
    turn = lua_newuserdatauv(L, sizeof *turn, 0);
    memset(turn, 0, sizeof *turn);
    turn->wants = wants;
    if (wants == ALL)
        lua_newtable(L);
    return step(L, LUA_OK, 0);
}

/*** pager(): the next item, nothing at the end; raises the error table. */
/* Runs for each item, so it checks the type by the metatable, upvalue 1. */
static int pager_call(lua_State *L)
{
    struct meet_lua_pager *list = lua_touserdata(L, 1);

    if (lua_type(L, 1) != LUA_TUSERDATA || !lua_getmetatable(L, 1) ||
        !lua_rawequal(L, -1, lua_upvalueindex(1)) ||
        !meet_pager_has_item(&list->pager) ||
        list->pager.taken == 1) /* the second one prefetches the next page */
        return start(L, ITEM_OR_RAISE);
    meet_lua_page_push_item(L, meet_pager_take(&list->pager));
    return 1;
}

/*** pager:first(): the next item, nothing when there is none, or nil, err. */
static int pager_first(lua_State *L)
{
    return start(L, ONE_ITEM);
}

/*** pager:next_page(): an array, nothing at the end, or nil, err. */
static int pager_next_page(lua_State *L)
{
    return start(L, PAGE);
}

/*** pager:all(): array of every item left, or nil, err. */
static int pager_all(lua_State *L)
{
    return start(L, ALL);
}

/* The step of pager:pages(), the pager an upvalue. */
static int pages_step(lua_State *L)
{
    lua_settop(L, 0);
    lua_pushvalue(L, lua_upvalueindex(1));
    return start(L, PAGE_OR_RAISE);
}

/*** pager:pages(): iterator over arrays of items, in four values. */
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

/*** pager:token(): where a new list resumes; nil at the start and the end. */
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
    meet_lua_runtime_table(L, "pager"); /* the prelude refuses other names */
    luaL_setfuncs(L, pager_methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
