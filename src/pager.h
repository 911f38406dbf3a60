/*
 * pager.h - state machine of a list: which page to ask for, what to hand out.
 * Pure: tokens and counts. Only a missing or empty token ends a list; an
 * empty page with a token goes on; a token seen before is an error, since a
 * server that repeats one would never end.
 */
#pragma once

#include "buffer.h"

#include <stdbool.h>

struct meet_pager {
    struct meet_buffer token; /* of the next page to ask for */
    struct meet_buffer page;  /* token of the page at hand */
    struct meet_buffer mark;  /* an earlier token, moved at powers of two */
    unsigned long pages;      /* received so far */
    unsigned long next_mark;  /* page at which 'mark' moves */
    long long limit;          /* items still to hand out; < 0: no limit */
    size_t count, taken;      /* items of the page at hand */
    bool ended;               /* no further page */
};

/* 'limit' < 0 means all. A 'token' resumes an earlier list; it may be NULL. */
int meet_pager_init(struct meet_pager *pager, const char *token,
                    size_t token_length, long long limit,
                    struct meet_error *err);
void meet_pager_deinit(struct meet_pager *pager);

/* True when an item of the page at hand is to be handed out next. */
bool meet_pager_has_item(const struct meet_pager *pager);

/* True when a page has to be asked for before anything can be handed out. */
bool meet_pager_wants_page(const struct meet_pager *pager);

/* Index from 0 of the next item, which counts as handed out. */
size_t meet_pager_take(struct meet_pager *pager);

/* Take the rest of the page at hand as one: its length from 'first' on. */
size_t meet_pager_take_page(struct meet_pager *pager, size_t *first);

/*
 * A page with 'count' items and a next token arrived. -1 with kind decode
 * when the token was seen before, or with kind memory or too_large.
 */
int meet_pager_receive(struct meet_pager *pager, size_t count,
                       const char *token, size_t token_length,
                       struct meet_error *err);

/* Forget the page at hand; nothing more is handed out. */
void meet_pager_close(struct meet_pager *pager);

/*
 * Token at which a new list goes on without losing an item: of the page at
 * hand while some of it is left, else of the next one. NULL at the end and
 * for a first page.
 */
const char *meet_pager_token(const struct meet_pager *pager, size_t *length);
