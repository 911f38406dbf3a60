/*
 * lua_page.h - a list's pages: requests the next one, or prefetches it while
 * the caller works on the current one.
 */
#pragma once

#include "lua_call.h"
#include "pager.h"

struct meet_lua_pager {
    struct meet_pager pager;
    const struct meet_operation *operation;
    struct meet_lua_client *client;
    struct meet_request request;          /* of every page, without the token */
    struct meet_lua_exchange *prefetched; /* user value, or NULL */
    struct meet_lua_exchange *asked; /* that somebody waits for; NULL once it
                                        is closed or collected */
    bool open;
    struct meet_lua_owner owner;
};

/* The pager's user values. */
enum {
    MEET_LUA_PAGER_CLIENT = 1,
    MEET_LUA_PAGER_ITEMS,      /* of the current page */
    MEET_LUA_PAGER_PARENT,     /* function that returns it, until called */
    MEET_LUA_PAGER_PREFETCHED, /* exchange of the next page */
    MEET_LUA_PAGER_FILTER,     /* function, or nil */
    MEET_LUA_PAGER_CHECK,      /* function for an empty list, until called */
    MEET_LUA_PAGER_USER_VALUES = MEET_LUA_PAGER_CHECK
};

/*
 * When this thread is a task, and somebody else waits for the same page and
 * will go on: wait with him and return true. Yield, then check again. It gives
 * up when a call's deadline has passed ('*gives_up', 0 at first). Raises when
 * the key or connection function of that page uses the list. [-0, +0, v]
 */
bool meet_lua_page_waits(lua_State *L, const struct meet_lua_pager *list,
                         int64_t *gives_up);

/*
 * For the pager at index 1: push the function that requests the next page, and
 * its argument. If the server's token cannot be sent back, push an error and
 * return false. Uses the prefetched page, unless it failed. [-0, +(2|1), e]
 */
bool meet_lua_page_ask(lua_State *L, struct meet_lua_pager *list);

/*
 * For the pager at index 1: the parent's name, or nil and an error, are on top.
 * Pop them and put the name into the URL, or leave an error and return false.
 * [-2, +(0|1), e]
 */
bool meet_lua_page_resolve(lua_State *L, struct meet_lua_pager *list);

/*
 * For the pager at index 1, at the end of its pages: when there was one page,
 * without an item, push the function that checks an empty list, once.
 * [-0, +(1|0), -]
 */
bool meet_lua_page_push_check(lua_State *L, const struct meet_lua_pager *list);

/*
 * Request the next page in the background if there is one within the limit,
 * unless a callback would have to run for it. [-0, +0, e]
 */
void meet_lua_page_prefetch(lua_State *L, struct meet_lua_pager *list);

/* Cancel a prefetch, for the pager at index 1. [-0, +0, e] */
void meet_lua_page_drop(lua_State *L, struct meet_lua_pager *list);

/*
 * For the pager at index 1, where it has a filter: replace the array at 'items'
 * by one with the items that pass. Errors of the function propagate.
 * [-0, +0, e]
 */
void meet_lua_page_filter(lua_State *L, int items);

/*
 * For the pager at index 1: push an item of the current page, counted from 0;
 * push the rest of the page as an array; or append the rest to the array at
 * 'array'. [-0, +2, -] [-0, +n, m] [-0, +0, m]
 */
void meet_lua_page_push_item(lua_State *L, size_t index);
void meet_lua_page_push_rest(lua_State *L, struct meet_lua_pager *list);
void meet_lua_page_collect(lua_State *L, struct meet_lua_pager *list,
                           int array);
