/* lane.c - see lane.h. */
#include "lane.h"

void meet_lane_insert(struct meet_lane *lane, struct meet_job *job)
{
    struct meet_job *after = lane->last;

    while (after && after->sequence > job->sequence)
        after = after->lane_previous; /* a retried job belongs near the front */
    job->lane_previous = after;
    job->lane_next = after ? after->lane_next : lane->first;
    if (job->lane_next)
        job->lane_next->lane_previous = job;
    else
        lane->last = job;
    if (after)
        after->lane_next = job;
    else
        lane->first = job;
    job->waits_in_lane = true;
    lane->length++;
}

void meet_lane_remove(struct meet_lane *lane, struct meet_job *job)
{
    if (job->lane_previous)
        job->lane_previous->lane_next = job->lane_next;
    else
        lane->first = job->lane_next;
    if (job->lane_next)
        job->lane_next->lane_previous = job->lane_previous;
    else
        lane->last = job->lane_previous;
    job->lane_previous = job->lane_next = NULL;
    job->waits_in_lane = false;
    lane->length--;
}

bool meet_lane_is_open(const struct meet_lane *lane, int64_t now)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        if (!meet_gate_is_open(lane->gates[i], lane->limits[i], now))
            return false;
    return true;
}

int64_t meet_lane_opens(const struct meet_lane *lane, unsigned long ahead,
                        int64_t now)
{
    int64_t opens = MEET_ALWAYS;

    for (int i = 0; i < MEET_LANE_GATES; i++)
        opens =
            meet_ns_later(opens, meet_gate_opens(lane->gates[i],
                                                 lane->limits[i], ahead, now));
    return opens;
}

void meet_lane_reserve(struct meet_lane *lane, struct meet_job *job)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_reserve(lane->gates[i]);
    job->has_reservation = true;
}

void meet_lane_commit(struct meet_lane *lane, struct meet_job *job, int64_t now)
{
    if (!job->has_reservation)
        return;
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_commit(lane->gates[i], now);
    job->has_reservation = false;
}

void meet_lane_release(struct meet_lane *lane, struct meet_job *job)
{
    if (!job->has_reservation)
        return;
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_release(lane->gates[i]);
    job->has_reservation = false;
}
