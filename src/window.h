/*
 * window.h - sliding window: at most so many events in any 'span' of time.
 * Pure: no Lua, no libcurl, no clock; callers pass the time. The limit is an
 * argument, so that callers with different limits can share one window.
 */
#pragma once

#include "nanoseconds.h"

#include <stdbool.h>

struct meet_window {
    int64_t span;
    unsigned capacity; /* how many of the newest events it keeps */
    unsigned next;     /* place of the next event in the ring */
    int64_t *events;   /* ring of times, MEET_ALWAYS if none */
};

/* Make a window without events, of capacity 0. */
void meet_window_init(struct meet_window *window, int64_t span);
void meet_window_deinit(struct meet_window *window);

/*
 * Keep at least the newest 'limit' events from now on. False when there is no
 * memory; the window is then unchanged.
 */
bool meet_window_grow(struct meet_window *window, unsigned limit);

/*
 * The time from which one more event fits under 'limit' after 'ahead' others:
 * MEET_ALWAYS when it always did. An event at t frees its place at t + span.
 * 'ahead' may exceed the limit: each full round takes at least one more span
 * after 'now'. 'limit' is at most the capacity; 0: no limit.
 */
int64_t meet_window_opens(const struct meet_window *window, unsigned limit,
                          unsigned long ahead, int64_t now);

/* Record an event at 'now'; times must not go back. */
void meet_window_mark(struct meet_window *window, int64_t now);

/* The time from which no event delays another: MEET_ALWAYS without events. */
int64_t meet_window_idle_from(const struct meet_window *window);
