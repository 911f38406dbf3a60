/*
 * window.c - sliding window: at most 'limit' events in any 'span' seconds.
 * Pure: no Lua, no libcurl, no clock. The window owns its ring of times.
 */
#include "window.h"

#include <math.h>
#include <stdlib.h>

bool meet_window_init(struct meet_window *window, unsigned limit, double span)
{
    *window = (struct meet_window){.span = span};
    if (limit == 0)
        return true;
    window->events = calloc(limit, sizeof *window->events);
    if (!window->events)
        return false;
    window->limit = limit;
    for (unsigned i = 0; i < limit; i++)
        window->events[i] = -INFINITY;
    return true;
}

void meet_window_deinit(struct meet_window *window)
{
    free(window->events);
    *window = (struct meet_window){.span = window->span};
}

double meet_window_wait(const struct meet_window *window, double now)
{
    double wait;

    if (window->limit == 0)
        return 0;
    /* The span is half-open: an event at t frees its slot at t + span. */
    wait = window->events[window->oldest] + window->span - now;
    return wait > 0 ? wait : 0;
}

void meet_window_mark(struct meet_window *window, double now)
{
    if (window->limit == 0)
        return;
    window->events[window->oldest] = now;
    window->oldest++;
    if (window->oldest == window->limit)
        window->oldest = 0;
}
