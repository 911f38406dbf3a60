/*
 * turns.h - which lane is next: lanes wait in lines, lines at the entrance that
 * holds them back, entrances by the time when they open. Pure.
 *
 * A line in 'open' is believed to be open: an attempt that starts may close it,
 * which is noticed when its turn comes.
 */
#pragma once

#include "lane.h"

struct meet_turns {
    struct meet_heap open;   /* lines, by their first jobs */
    struct meet_heap closed; /* entrances that hold lines back, by 'due' */
};

void meet_turns_init(struct meet_turns *turns);

/* The lane has a first job, or another one. 'closed': what holds that back. */
void meet_turns_update(struct meet_turns *turns, struct meet_lane *lane,
                       struct meet_line *closed, int64_t now);

/* The lane has lost its first job, and perhaps there is no other one. */
void meet_turns_shift(struct meet_turns *turns, struct meet_lane *lane);

/* The lane's gates have changed: check them at the next step. */
void meet_turns_recheck(struct meet_turns *turns, const struct meet_lane *lane);

/* The lane whose first job may start now; of several, the oldest one's. */
struct meet_lane *meet_turns_next(struct meet_turns *turns, int64_t now);

/* When there may be one; in the past: now. */
int64_t meet_turns_wakeup(const struct meet_turns *turns);
