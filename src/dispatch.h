/*
 * dispatch.h - the queue of all requests: decides which may start when. Pure:
 * it never sends, sleeps or reads a clock. The engine (or an injected
 * transport) performs the attempts.
 *
 *     submit -> next_attempt -> commit -> finish -> (next_attempt …) -> done
 *
 * A job with a limiter, which processes share, has its turn first; then the
 * limiter is asked, and its answer is an argument:
 *
 *     next_attempt -> grant -> commit …
 *     next_attempt -> deny, fault -> (next_attempt …)
 *
 * Jobs of one key, account and quota start in order of submission, under the
 * windows of all three; windows outlive the jobs and the clients. A step takes
 * O(log n), whatever there are n of: jobs, lanes or keys.
 */
#pragma once

#include "registry.h"
#include "turns.h"

struct meet_dispatch {
    struct meet_link jobs;     /* submitted and not done */
    struct meet_heap backoffs; /* jobs to be retried, by ready_at */
    struct meet_heap looks;    /* at queued jobs, by look_at */
    struct meet_registry registry;
    struct meet_turns turns;
    unsigned long long sequence; /* of the last job submitted */
    unsigned long missed;        /* jobs that missed their deadlines so far */
    bool ended;                  /* no job is accepted */
};

void meet_dispatch_init(struct meet_dispatch *dispatch);

/*
 * Free windows and lanes. The callers own the jobs and removed them before. A
 * job that is submitted later is done at once, with kind cancelled.
 */
void meet_dispatch_deinit(struct meet_dispatch *dispatch);

/*
 * Queue the job. It stays linked until it is done or cancelled. It is done at
 * once, with kind deadline and retry_after set, when its turn cannot come
 * before its deadline.
 */
void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          int64_t now);

/*
 * Return the next job whose attempt is due, with the attempt counted and the
 * response cleared, or NULL. Ends the jobs past their deadlines. One with a
 * limiter is returned to ask for a place, and its attempt is not counted yet.
 */
struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            int64_t now);

/* The limiter gave the asking job a place: its attempt starts. False: the
   deadline has passed, the job is done and the place is unused. */
bool meet_dispatch_grant(struct meet_dispatch *dispatch, struct meet_job *job,
                         int64_t now);

/*
 * The limiter has no place for 'wait': until then it is not asked again for
 * this quota. The job keeps its turn, or is done with kind deadline when its
 * deadline comes first.
 */
void meet_dispatch_deny(struct meet_dispatch *dispatch, struct meet_job *job,
                        int64_t wait, int64_t now);

/*
 * The limiter could not be asked. With kind transport it is asked again soon,
 * and jobs whose deadlines come first end with 'err'; with another kind the job
 * is done.
 */
void meet_dispatch_fault(struct meet_dispatch *dispatch, struct meet_job *job,
                         const struct meet_error *err, int64_t now);

/*
 * The attempt's first bytes leave, or it is handed to a transport, which does
 * not report when they do: its place counts from now on, however the attempt
 * ends.
 */
void meet_dispatch_commit(struct meet_job *job, int64_t now);

/*
 * The attempt ended: the job is done, or queued for another one. A 429 from the
 * gateway pauses all requests of the key, one from Google those of the account.
 * Jobs whose deadlines fall within the pause are done at once, and so is this
 * one where its next turn comes past its deadline. 'random' is uniform in
 * [0, 1).
 */
void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, int64_t now,
                          double random);

/* The time at which next_attempt may have work; or MEET_NEVER. */
int64_t meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                  int64_t now);

/* A caller waits for the queued or started job now: meet_job_foreground. */
void meet_dispatch_foreground(struct meet_dispatch *dispatch,
                              struct meet_job *job, int64_t now,
                              int64_t deadline);

/* Remove the job in any state. Its attempt is left to the caller. */
void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job);
