/*
 * lua_page.h - the request for a list's next page, sent ahead while the
 * caller still works on this one; and the sifting of what came.
 */
#pragma once

#include "lua_pager.h"

/* Make 'to' a copy; raises without memory. [-0, +0, e] */
void meet_lua_page_copy(lua_State *L, struct meet_buffer *to,
                        const struct meet_buffer *from);

/*
 * True when this thread is a task, and another one has asked for the page and
 * waits for it: give way, then look again. [-0, +0, -]
 */
bool meet_lua_page_is_asked(lua_State *L, const struct meet_lua_pager *list);

/*
 * For the pager at index 1: push the function that asks for the next page,
 * and its argument; or, where the server's token cannot be sent back, an
 * error and return false. A page that was sent for ahead is taken up; one
 * that failed unseen is asked for again. [-0, +(2|1), e]
 */
bool meet_lua_page_ask(lua_State *L, struct meet_lua_pager *list);

/*
 * Send for the next page where there is one and the limit reaches that far,
 * unless a callback would have to run for it. [-0, +0, e]
 */
void meet_lua_page_send_ahead(lua_State *L, struct meet_lua_pager *list);

/* Cancel what was sent for ahead, for the pager at index 1. [-0, +0, e] */
void meet_lua_page_drop(lua_State *L, struct meet_lua_pager *list);

/*
 * For the pager at index 1, where it sifts: put in the place of the items below
 * the top an array of those that its function lets through. Raises what the
 * function raises. [-0, +0, e]
 */
void meet_lua_page_sift(lua_State *L);
