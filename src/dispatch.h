/*
 * dispatch.h - the queue every request goes through.
 * Pure: decides which attempt starts when; never sends, sleeps or reads a
 * clock. The engine (or an injected transport) performs the attempts.
 *
 *     submit -> next_attempt -> sent -> finish -> (next_attempt …) -> done
 */
#pragma once

#include "job.h"

struct meet_dispatch {
    struct meet_job *first, *last; /* submitted and not done, in that order */
};

/* Zeroed memory is an empty dispatcher; it owns nothing. */

/* Queue the job. It stays linked until it is done or cancelled. */
void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          double now);

/*
 * The next job whose attempt has to start now, its attempt counted and its
 * response cleared; or NULL. A job past its deadline becomes done here.
 */
struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            double now);

/* The attempt's bytes began to leave. */
void meet_dispatch_sent(struct meet_dispatch *dispatch, struct meet_job *job,
                        double now);

/* The attempt ended: the job is done, or queued for another one. */
void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, double now,
                          double random);

/* When next_attempt may have something new, or HUGE_VAL for never. */
double meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                 double now);

/* Forget the job in whatever state it is. Its attempt is the caller's. */
void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job);
