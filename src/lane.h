/*
 * lane.h - jobs of one key, account, quota and limits, waiting in order of
 * submission, and the gates that they pass. Pure.
 */
#pragma once

#include "gate.h"
#include "job.h"

/* Of the key, of the account behind it, of the quota. */
enum { MEET_LANE_GATES = 3 };

struct meet_lane {
    struct meet_pace pace; /* unique to the lane */
    struct meet_gate *gates[MEET_LANE_GATES];
    unsigned limits[MEET_LANE_GATES]; /* 0: no limit */
    struct meet_job *first, *last;    /* ready, by sequence */
    unsigned long length;
    struct meet_lane *next; /* the dispatcher's */
};

/* Insert the job by its sequence; remove it. */
void meet_lane_insert(struct meet_lane *lane, struct meet_job *job);
void meet_lane_remove(struct meet_lane *lane, struct meet_job *job);

/* True when the first job may start at 'now'. */
bool meet_lane_is_open(const struct meet_lane *lane, int64_t now);

/* The earliest time at which a job with 'ahead' jobs before it may start. */
int64_t meet_lane_opens(const struct meet_lane *lane, unsigned long ahead,
                        int64_t now);

/* Reserve the job's place at every gate; commit it; release it. */
void meet_lane_reserve(struct meet_lane *lane, struct meet_job *job);
void meet_lane_commit(struct meet_lane *lane, struct meet_job *job,
                      int64_t now);
void meet_lane_release(struct meet_lane *lane, struct meet_job *job);
