/*
 * job_fixture.h - a job and the outcomes of its attempts.
 */
#pragma once

#include "check.h"
#include "job.h"
#include "seconds.h"

/* A job that is about to start; no memory is held unless a test appends. */
static inline struct meet_job make(const char *verb, struct meet_stats *stats)
{
    return (struct meet_job){
        .request = {.verb = verb, .timeout = MEET_SECONDS(1000000)},
        .retry = {.max_attempts = 5,
                  .initial = MEET_SECONDS(1),
                  .multiplier = 2,
                  .max = MEET_SECONDS(8)},
        .deadline = MEET_SECONDS(1000000000),
        .stats = stats,
        .retry_after = -1,
    };
}

static inline struct meet_outcome end(enum meet_ending ending, bool sent)
{
    struct meet_outcome outcome = {
        .ending = ending, .sent = sent, .server_delay = -1};

    if (ending != MEET_ENDED_ANSWERED)
        outcome.error.kind =
            ending == MEET_ENDED_TIMED_OUT ? MEET_TIMEOUT : MEET_TRANSPORT;
    return outcome;
}
