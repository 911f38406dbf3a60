/*
 * lua_pager.h - lists: a callable pager in the four values of a generic for.
 */
#pragma once

#include "lua_page.h"

/* Register the type. [-0, +0, m] */
void meet_lua_pager_open(lua_State *L);

/*
 * Push a pager for the client at 'client'. The caller fills its request, the
 * first page's without a token, then starts it. [-0, +1, m]
 */
struct meet_lua_pager *meet_lua_pager_push(lua_State *L, int client,
                                           const struct meet_operation *row);

/*
 * Start the pager on top at the token (NULL: the first page), for 'limit' items
 * (< 0: all), and return the number of values pushed: pager, nil, nil, pager.
 * [-0, +3, v]
 */
int meet_lua_pager_start(lua_State *L, const char *token, long long limit);

/* lua_CFunction: see lua_pager.c. [-2, +0, v] */
int meet_lua_pager_defer(lua_State *L);

/* lua_CFunction: see lua_pager.c. [-2, +0, v] */
int meet_lua_pager_check(lua_State *L);

/* lua_CFunction: see lua_pager.c. [-3, +0, v] */
int meet_lua_pager_filter(lua_State *L);
