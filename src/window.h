/*
 * window.h - sliding window: at most 'limit' events in any 'span' seconds.
 * Pure: no Lua, no libcurl, no clock; callers pass the time.
 */
#pragma once

#include <stdbool.h>

struct meet_window {
    double span;     /* seconds */
    unsigned limit;  /* most events in any span; 0 means no limit */
    unsigned oldest; /* place of the oldest event in the ring */
    double *events;  /* ring of 'limit' times, -infinity where none */
};

/* Make a window without events. False when there is no memory. */
bool meet_window_init(struct meet_window *window, unsigned limit, double span);
void meet_window_deinit(struct meet_window *window);

/* Return the seconds until one more event fits, 0 if it fits at 'now'. */
double meet_window_wait(const struct meet_window *window, double now);

/* Record an event at 'now'. The caller has seen meet_window_wait() give 0. */
void meet_window_mark(struct meet_window *window, double now);
