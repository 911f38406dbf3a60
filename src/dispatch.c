/* dispatch.c - see dispatch.h. */
#include "dispatch.h"

#include <math.h>

static void unlink_job(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (job->previous)
        job->previous->next = job->next;
    else
        dispatch->first = job->next;
    if (job->next)
        job->next->previous = job->previous;
    else
        dispatch->last = job->previous;
    job->previous = job->next = NULL;
}

void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          double now)
{
    job->state = MEET_JOB_QUEUED;
    job->attempts = 0;
    job->ready_at = now;
    job->sent = false;
    job->ambiguous = false;
    job->retry_after = -1;
    job->event_count = 0;
    job->stats->requests++;
    job->error.kind = MEET_OK;
    job->previous = dispatch->last;
    job->next = NULL;
    if (dispatch->last)
        dispatch->last->next = job;
    else
        dispatch->first = job;
    dispatch->last = job;
}

static void miss_deadline(struct meet_dispatch *dispatch, struct meet_job *job)
{
    meet_error_set(&job->error, MEET_DEADLINE,
                   "the deadline passed before an attempt could start");
    job->state = MEET_JOB_DONE;
    unlink_job(dispatch, job);
}

struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            double now)
{
    struct meet_job *next;

    for (struct meet_job *job = dispatch->first; job; job = next) {
        next = job->next;
        if (job->state != MEET_JOB_QUEUED || now < job->ready_at)
            continue;
        if (now >= job->deadline) {
            miss_deadline(dispatch, job);
            continue;
        }
        meet_job_start(job, now);
        return job;
    }
    return NULL;
}

void meet_dispatch_sent(struct meet_dispatch *dispatch, struct meet_job *job,
                        double now)
{
    (void)dispatch;
    (void)now;
    job->sent = true;
}

void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, double now,
                          double random)
{
    meet_job_finish(job, outcome, now, random);
    if (job->state == MEET_JOB_DONE)
        unlink_job(dispatch, job);
}

double meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                 double now)
{
    double wakeup = HUGE_VAL;

    for (const struct meet_job *job = dispatch->first; job; job = job->next) {
        double at = job->ready_at > now ? job->ready_at : now;

        if (job->state == MEET_JOB_QUEUED && at < wakeup)
            wakeup = at;
    }
    return wakeup;
}

void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (job->state == MEET_JOB_QUEUED || job->state == MEET_JOB_STARTED)
        unlink_job(dispatch, job);
    job->state = MEET_JOB_IDLE;
}
