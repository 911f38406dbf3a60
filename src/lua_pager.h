/*
 * lua_pager.h - lists: a callable pager in the four values of a generic for.
 */
#pragma once

#include "lua_exchange.h"

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
