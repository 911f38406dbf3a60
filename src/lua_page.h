/*
 * lua_page.h - a list's pages: the next one is asked for, or prefetched while
 * the caller still works on the one at hand.
 */
#pragma once

#include "lua_call.h"
#include "pager.h"

struct meet_lua_pager {
    struct meet_pager pager;
    const struct meet_operation *operation;
    struct meet_lua_client *client;
    struct meet_request request;          /* of every page, but for the token */
    struct meet_lua_exchange *prefetched; /* user value, or NULL */
    struct meet_lua_exchange *asked;      /* user value, or NULL */
    bool open;
};

/* The pager's user values. */
enum {
    MEET_LUA_PAGER_CLIENT = 1,
    MEET_LUA_PAGER_ITEMS,      /* of the page at hand */
    MEET_LUA_PAGER_PARENT,     /* function that names it, until it has */
    MEET_LUA_PAGER_PREFETCHED, /* exchange of the next page */
    MEET_LUA_PAGER_ASKED,      /* exchange that a task waits for */
    MEET_LUA_PAGER_FILTER,     /* function, or nil */
    MEET_LUA_PAGER_USER_VALUES = MEET_LUA_PAGER_FILTER
};

/*
 * True when this thread is a task, and another one has asked for the page and
 * waits for it: yield, then look again. [-0, +0, -]
 */
bool meet_lua_page_is_asked(lua_State *L, const struct meet_lua_pager *list);

/*
 * For the pager at index 1: push the function that asks for the next page,
 * and its argument; or, where the server's token cannot be sent back, an
 * error and return false. A prefetched page is taken; one that failed unseen
 * is asked for again. [-0, +(2|1), e]
 */
bool meet_lua_page_ask(lua_State *L, struct meet_lua_pager *list);

/*
 * Send the request for the next page where there is one and the limit reaches
 * that far, unless a callback would have to run for it. [-0, +0, e]
 */
void meet_lua_page_prefetch(lua_State *L, struct meet_lua_pager *list);

/* Cancel a prefetch, for the pager at index 1. [-0, +0, e] */
void meet_lua_page_drop(lua_State *L, struct meet_lua_pager *list);

/*
 * For the pager at index 1, where it has a filter: replace the array at 'items'
 * by one of the items that pass. Raises what the function raises. [-0, +0, e]
 */
void meet_lua_page_filter(lua_State *L, int items);

/*
 * For the pager at index 1: push an item of the page at hand, counted from 0;
 * push what is left of the page as an array; or append that to the array at
 * 'array'. [-0, +1, -] [-0, +n, m] [-0, +0, m]
 */
void meet_lua_page_push_item(lua_State *L, size_t index);
void meet_lua_page_push_rest(lua_State *L, struct meet_lua_pager *list);
void meet_lua_page_collect(lua_State *L, struct meet_lua_pager *list,
                           int array);
