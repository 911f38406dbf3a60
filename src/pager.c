/* pager.c - see pager.h. */
#include "pager.h"

#include <string.h>

#define LONGEST_TOKEN ((size_t)32 * 1024)

static int replace(struct meet_buffer *buffer, const char *bytes, size_t length,
                   struct meet_error *err)
{
    meet_buffer_clear(buffer);
    return length ? meet_buffer_append(buffer, bytes, length, err) : 0;
}

int meet_pager_init(struct meet_pager *pager, const char *token,
                    size_t token_length, long long limit,
                    struct meet_error *err)
{
    memset(pager, 0, sizeof *pager);
    meet_buffer_init(&pager->token, LONGEST_TOKEN);
    meet_buffer_init(&pager->page, LONGEST_TOKEN);
    meet_buffer_init(&pager->mark, LONGEST_TOKEN);
    pager->next_mark = 1;
    pager->limit = limit;
    return replace(&pager->token, token, token_length, err);
}

void meet_pager_deinit(struct meet_pager *pager)
{
    meet_buffer_deinit(&pager->token);
    meet_buffer_deinit(&pager->page);
    meet_buffer_deinit(&pager->mark);
}

bool meet_pager_has_item(const struct meet_pager *pager)
{
    return pager->taken < pager->count && pager->limit != 0;
}

bool meet_pager_wants_page(const struct meet_pager *pager)
{
    return pager->taken == pager->count && !pager->ended && pager->limit != 0;
}

size_t meet_pager_take(struct meet_pager *pager)
{
    if (pager->limit > 0)
        pager->limit--;
    return pager->taken++;
}

size_t meet_pager_take_page(struct meet_pager *pager, size_t *first)
{
    size_t rest = pager->count - pager->taken;

    if (pager->limit >= 0 && rest > (unsigned long long)pager->limit)
        rest = (size_t)pager->limit;
    if (pager->limit > 0)
        pager->limit -= (long long)rest;
    *first = pager->taken;
    pager->taken += rest;
    return rest;
}

static bool equals(const struct meet_buffer *buffer, const char *bytes,
                   size_t length)
{
    return buffer->length == length &&
           memcmp(meet_buffer_string(buffer), bytes, length) == 0;
}

/*
 * Brent's cycle search: one remembered token, moved at each power of two,
 * finds a cycle of any length without remembering every token.
 */
static bool is_repeated(const struct meet_pager *pager, const char *token,
                        size_t length)
{
    return length > 0 && (equals(&pager->token, token, length) ||
                          equals(&pager->mark, token, length));
}

static int move_mark(struct meet_pager *pager, const char *token, size_t length,
                     struct meet_error *err)
{
    if (length == 0 || pager->pages + 1 < pager->next_mark)
        return 0;
    if (replace(&pager->mark, token, length, err) < 0)
        return -1;
    pager->next_mark *= 2;
    return 0;
}

int meet_pager_receive(struct meet_pager *pager, size_t count,
                       const char *token, size_t token_length,
                       struct meet_error *err)
{
    struct meet_buffer asked = pager->token;

    if (is_repeated(pager, token, token_length)) {
        meet_error_set(err, MEET_DECODE,
                       "the server sent the same page token again after %lu "
                       "pages; the list would never end",
                       pager->pages + 1);
        return -1;
    }
    /* Replace the old token last: a failed page may be requested again. */
    if (replace(&pager->page, token, token_length, err) < 0 ||
        move_mark(pager, token, token_length, err) < 0)
        return -1;
    pager->token = pager->page;
    pager->page = asked;
    pager->pages++;
    pager->count = count;
    pager->taken = 0;
    pager->ended = token_length == 0;
    return 0;
}

void meet_pager_close(struct meet_pager *pager)
{
    struct meet_buffer next = pager->token;

    if (pager->taken < pager->count) { /* resume at the current page */
        pager->token = pager->page;
        pager->page = next;
    }
    pager->count = pager->taken = 0;
    pager->ended = true;
}

const char *meet_pager_token(const struct meet_pager *pager, size_t *length)
{
    const struct meet_buffer *token =
        pager->taken < pager->count ? &pager->page : &pager->token;

    *length = token->length;
    return token->length ? token->bytes : NULL;
}
