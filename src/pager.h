/*
 * pager.h - state machine of a list: which page to request, which items to
 * return. Pure: tokens and counts. Only a missing or empty token ends a list;
 * after an empty page with a token the list continues; a token seen before is
 * an error, because the list would never end.
 */
#pragma once

#include "buffer.h"

#include <stdbool.h>

struct meet_pager {
    struct meet_buffer token; /* of the next page to request */
    struct meet_buffer page;  /* token of the current page */
    struct meet_buffer mark;  /* an earlier token, moved at powers of two */
    unsigned long pages;      /* received so far */
    unsigned long next_mark;  /* page at which 'mark' moves */
    long long limit;          /* items still to return; < 0: no limit */
    size_t count, taken;      /* items of the current page */
    bool ended;               /* no further page */
};

/* 'limit' < 0: no limit. 'token' resumes an earlier list; it may be NULL. */
int meet_pager_init(struct meet_pager *pager, const char *token,
                    size_t token_length, long long limit,
                    struct meet_error *err);
void meet_pager_deinit(struct meet_pager *pager);

/* True when the next item is in the current page. */
bool meet_pager_has_item(const struct meet_pager *pager);

/* True when the next item needs another page. */
bool meet_pager_wants_page(const struct meet_pager *pager);

/* Return the index from 0 of the next item and count it as returned. */
size_t meet_pager_take(struct meet_pager *pager);

/* Take the rest of the current page; return its length from 'first' on. */
size_t meet_pager_take_page(struct meet_pager *pager, size_t *first);

/*
 * A page with 'count' items and a next token arrived. -1 with kind decode
 * when the token was seen before, or with kind memory or too_large.
 */
int meet_pager_receive(struct meet_pager *pager, size_t count,
                       const char *token, size_t token_length,
                       struct meet_error *err);

/* Drop the current page and end the list. */
void meet_pager_close(struct meet_pager *pager);

/*
 * Token with which a new list resumes without losing an item: of the current
 * page while items of it are left, else of the next page. NULL at the end and
 * for the first page.
 */
const char *meet_pager_token(const struct meet_pager *pager, size_t *length);
