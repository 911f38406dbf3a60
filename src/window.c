/*
 * window.c - see window.h. The window owns its ring of times.
 */
#include "window.h"

#include <stdlib.h>

void meet_window_init(struct meet_window *window, int64_t span)
{
    *window = (struct meet_window){.span = span};
}

void meet_window_deinit(struct meet_window *window)
{
    free(window->events);
    meet_window_init(window, window->span);
}

/* The k-th newest event, k from 1 to the capacity. */
static int64_t newest(const struct meet_window *window, unsigned k)
{
    unsigned place = window->next + window->capacity - k;

    return window
        ->events[place < window->capacity ? place : place - window->capacity];
}

bool meet_window_grow(struct meet_window *window, unsigned limit)
{
    int64_t *events;

    if (limit <= window->capacity)
        return true;
    if (limit < 2 * window->capacity) /* limits that rise one by one */
        limit = 2 * window->capacity;
    events = malloc(limit * sizeof *events);
    if (!events)
        return false;
    for (unsigned i = 0; i < limit; i++) {
        unsigned age = limit - i; /* the oldest first, 'next' is 0 */

        events[i] = age <= window->capacity ? newest(window, age) : MEET_ALWAYS;
    }
    free(window->events);
    window->events = events;
    window->capacity = limit;
    window->next = 0;
    return true;
}

int64_t meet_window_opens(const struct meet_window *window, unsigned limit,
                          unsigned long ahead, int64_t now)
{
    int64_t opens;

    if (limit == 0)
        return MEET_ALWAYS;
    if (ahead < limit)
        return meet_ns_add(newest(window, limit - (unsigned)ahead),
                           window->span);
    opens = meet_ns_add(newest(window, limit - (unsigned)(ahead % limit)),
                        window->span);
    return meet_ns_add(
        meet_ns_later(opens, now),
        meet_ns_multiply(window->span, (int64_t)(ahead / limit)));
}

void meet_window_mark(struct meet_window *window, int64_t now)
{
    if (window->capacity == 0)
        return;
    window->events[window->next] = now;
    window->next = (window->next + 1) % window->capacity;
}

int64_t meet_window_idle_from(const struct meet_window *window)
{
    if (window->capacity == 0)
        return MEET_ALWAYS;
    return meet_ns_add(newest(window, 1), window->span);
}
