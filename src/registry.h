/*
 * registry.h - the lanes, lines and entrances of a dispatcher: found by hash,
 * made when they are needed, dropped when they have been idle. Pure.
 */
#pragma once

#include "lane.h"

struct meet_registry {
    struct meet_table lanes, lines, entrances;
    struct meet_link idle; /* lanes that no job uses, the oldest first */
    unsigned idle_count;
    struct meet_heap unused; /* entrances without lines */
};

/* The span of a second's window, and of a minute's: see registry.c. */
extern const int64_t meet_registry_second, meet_registry_minute;

/* Idle lanes that are kept; an api_key function may bring many keys. */
enum { MEET_MOST_IDLE = 64 };

void meet_registry_init(struct meet_registry *registry);

/* Free everything; no job may use a lane. */
void meet_registry_deinit(struct meet_registry *registry);

/*
 * The lane of that pace, for one more job; NULL without memory. Lanes that
 * delay nobody are freed first.
 */
struct meet_lane *meet_registry_enter(struct meet_registry *registry,
                                      const struct meet_pace *pace,
                                      int64_t now);

/* A job no longer uses its lane, which may be freed. */
void meet_registry_leave(struct meet_registry *registry,
                         struct meet_lane *lane);
