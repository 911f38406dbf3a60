/*
 * window.c - see window.h. The window owns its ring of times.
 */
#include "window.h"

#include <math.h>
#include <stdlib.h>

void meet_window_init(struct meet_window *window, double span)
{
    *window = (struct meet_window){.span = span};
}

void meet_window_deinit(struct meet_window *window)
{
    free(window->events);
    meet_window_init(window, window->span);
}

/* The k-th newest event, k from 1 to the capacity. */
static double newest(const struct meet_window *window, unsigned k)
{
    unsigned place = window->next + window->capacity - k;

    return window->events[place % window->capacity];
}

bool meet_window_grow(struct meet_window *window, unsigned limit)
{
    double *events;

    if (limit <= window->capacity)
        return true;
    events = malloc(limit * sizeof *events);
    if (!events)
        return false;
    for (unsigned i = 0; i < limit; i++) {
        unsigned age = limit - i; /* the oldest first, 'next' is 0 */

        events[i] = age <= window->capacity ? newest(window, age) : -INFINITY;
    }
    free(window->events);
    window->events = events;
    window->capacity = limit;
    window->next = 0;
    return true;
}

double meet_window_opens(const struct meet_window *window, unsigned limit,
                         unsigned long ahead, double now)
{
    unsigned long rounds;
    double opens;

    if (limit == 0)
        return -INFINITY;
    rounds = ahead / limit;
    opens = newest(window, limit - (unsigned)(ahead % limit)) + window->span;
    if (rounds == 0)
        return opens;
    return fmax(opens, now) + (double)rounds * window->span;
}

void meet_window_mark(struct meet_window *window, double now)
{
    if (window->capacity == 0)
        return;
    window->events[window->next] = now;
    window->next = (window->next + 1) % window->capacity;
}

bool meet_window_is_idle(const struct meet_window *window, double now)
{
    return window->capacity == 0 || newest(window, 1) + window->span <= now;
}
