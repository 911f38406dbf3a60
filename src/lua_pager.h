/*
 * lua_pager.h - lists: a callable pager in the four values of a generic for.
 */
#pragma once

#include "lua_exchange.h"
#include "pager.h"

struct meet_lua_pager {
    struct meet_pager pager;
    const struct meet_operation *operation;
    struct meet_request request; /* of every page, but for the token */
    struct meet_buffer connection;
    double deadline;                 /* seconds */
    struct meet_lua_exchange *ahead; /* user value 3, or NULL */
    struct meet_lua_exchange *asked; /* user value 4: what a task waits for */
    bool open;
};

/* Register the type. [-0, +0, m] */
void meet_lua_pager_open(lua_State *L);

/*
 * The exchange on top is the first page's request, without a token; its
 * client is below it. Push pager, nil, nil, pager and return 4; raises.
 */
int meet_lua_pager_give(lua_State *L, const char *token, long long limit);

/*
 * defer_list(pager, function): nothing is asked for before 'function' has
 * given the pager whose URL this one is to take, or nil and an error.
 */
int meet_lua_pager_defer(lua_State *L);

/*
 * keep_items(pager, function[, limit]): of each page only those items are there
 * for which the function gives true; the limit counts them. It is called as
 * the page is received, and may not yield.
 */
int meet_lua_pager_keep(lua_State *L);
