/* permit.c - see permit.h. */
#include "permit.h"

#include "clock.h"

const int64_t meet_permit_lease = MEET_SECONDS(2);

/*
 * What of the lease is left for the way to the server: the place of a request
 * that leaves at the end of its lease has to hold for a span from its arrival.
 */
#define WAY MEET_MILLISECONDS(250)

static const char second[] = "second";

/* NULL: Google does not count it. */
static const char *const quota_names[] = {
    [MEET_QUOTA_NONE] = NULL,
    [MEET_QUOTA_READ] = "reads",
    [MEET_QUOTA_WRITE] = "writes",
    [MEET_QUOTA_CREATE] = "creates",
};

size_t meet_permit_limits(const struct meet_pace *pace,
                          struct meet_limit limits[MEET_PERMIT_LIMITS])
{
    size_t count = 0;

    if (pace->per_second > 0)
        limits[count++] =
            (struct meet_limit){second, pace->per_second, meet_registry_second};
    if (pace->per_minute > 0 && quota_names[pace->quota])
        limits[count++] = (struct meet_limit){
            quota_names[pace->quota], pace->per_minute, meet_registry_minute};
    return count;
}

bool meet_permit_ask(struct meet_dispatch *dispatch, struct meet_job *job,
                     int64_t now)
{
    struct meet_limit limits[MEET_PERMIT_LIMITS];
    size_t count = meet_permit_limits(&job->pace, limits);
    struct meet_error err;
    int64_t wait;

    job->permit.asked_at = meet_clock_boot();
    wait = meet_file_limiter_reserve(job->limiter, limits, count,
                                     meet_permit_lease, &job->permit.id, &err);
    if (wait > 0) {
        meet_dispatch_deny(dispatch, job, wait, now);
    } else if (wait < 0) {
        meet_dispatch_fault(dispatch, job, &err, now);
    } else {
        job->permit.state = MEET_PERMIT_HELD;
        if (meet_dispatch_grant(dispatch, job, now))
            return true;
        meet_permit_release(job);
    }
    return false;
}

int64_t meet_permit_ends(const struct meet_job *job)
{
    return job->permit.state == MEET_PERMIT_HELD
               ? job->permit.asked_at + meet_permit_lease - WAY
               : 0;
}

void meet_permit_commit(struct meet_job *job, int64_t delay)
{
    if (job->permit.state != MEET_PERMIT_HELD)
        return;
    job->permit.delay = delay;
    job->permit.state = job->limiter ? MEET_PERMIT_NONE : MEET_PERMIT_LEFT;
    if (job->limiter)
        meet_file_limiter_commit(job->limiter, job->permit.id, delay);
}

void meet_permit_release(struct meet_job *job)
{
    if (job->permit.state != MEET_PERMIT_HELD)
        return;
    job->permit.state = job->limiter ? MEET_PERMIT_NONE : MEET_PERMIT_UNUSED;
    if (job->limiter)
        meet_file_limiter_release(job->limiter, job->permit.id);
}

const char *meet_permit_paused(const struct meet_job *job)
{
    const char *quota = quota_names[job->pace.quota];

    return job->pauses_quota && quota ? quota : second;
}

bool meet_permit_is_due(const struct meet_job *job)
{
    return job->pace.limiter && !job->limiter &&
           (job->state == MEET_JOB_ASKING || job->pause > 0 ||
            job->permit.state == MEET_PERMIT_LEFT ||
            job->permit.state == MEET_PERMIT_UNUSED);
}

void meet_permit_pause(struct meet_job *job)
{
    if (job->pause <= 0 || !job->limiter)
        return;
    meet_file_limiter_pause(job->limiter, meet_permit_paused(job), job->pause);
    job->pause = 0;
}
