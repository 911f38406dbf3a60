/*
 * dispatch.h - the queue every request goes through: who may start when.
 * Pure: decides; never sends, sleeps or reads a clock. The engine (or an
 * injected transport) performs the attempts.
 *
 *     submit -> next_attempt -> sent -> finish -> (next_attempt …) -> done
 *
 * Jobs of one key, account and quota start in order of submission, under the
 * windows of all three; windows outlive the jobs and the clients.
 */
#pragma once

#include "lane.h"

/* Added to each window: see dispatch.c. Seconds. */
extern const double meet_dispatch_margin;

struct meet_dispatch_gate;

struct meet_dispatch {
    struct meet_job *first, *last; /* submitted and not done */
    struct meet_job *backoff;      /* to be tried again, by ready_at */
    struct meet_lane *lanes;
    struct meet_dispatch_gate *gates;
    unsigned long long sequence; /* of the last job submitted */
    double next_deadline;        /* no queued job's is before it */
};

void meet_dispatch_init(struct meet_dispatch *dispatch);

/* Free windows and lanes. The jobs are the callers', and gone before. */
void meet_dispatch_deinit(struct meet_dispatch *dispatch);

/*
 * Queue the job. It stays linked until it is done or cancelled. It is done at
 * once, with kind deadline and retry_after set, when what is ahead of it
 * cannot end before its deadline.
 */
void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          double now);

/*
 * The next job whose attempt has to start now, its attempt counted and its
 * response cleared; or NULL. Jobs past their deadlines become done here.
 */
struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            double now);

/* The attempt's bytes began to leave: commit its reservation. */
void meet_dispatch_sent(struct meet_dispatch *dispatch, struct meet_job *job,
                        double now);

/*
 * The attempt ended: the job is done, or queued for another one. A 429 of the
 * gateway pauses all requests of the key, one of Google's those of the key
 * and connection; those whose deadlines come first are done here as well.
 * 'random' is uniform in [0, 1).
 */
void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, double now,
                          double random);

/* When next_attempt may have something new, or HUGE_VAL for never. */
double meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                 double now);

/* Set the deadline of a job that waits or is under way. */
void meet_dispatch_set_deadline(struct meet_dispatch *dispatch,
                                struct meet_job *job, double deadline);

/* Forget the job in whatever state it is. Its attempt is the caller's. */
void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job);
