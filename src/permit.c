/* permit.c - see permit.h. */
#include "permit.h"

#include "clock.h"
#include "fork.h"

const int64_t meet_permit_lease = MEET_SECONDS(2);

/* The longest lease. */
#define LONGEST MEET_SECONDS(32)

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

int64_t meet_permit_begin(struct meet_job *job)
{
    if (job->permit.lease == 0)
        job->permit.lease = meet_permit_lease;
    job->permit.generation = meet_fork_generation();
    job->permit.asked_at = meet_clock_boot();
    return job->permit.lease;
}

bool meet_permit_ask(struct meet_dispatch *dispatch, struct meet_job *job,
                     int64_t now)
{
    struct meet_limit limits[MEET_PERMIT_LIMITS];
    size_t count = meet_permit_limits(&job->pace, limits);
    struct meet_error err;
    int64_t lease = meet_permit_begin(job), wait;

    wait = meet_file_limiter_reserve(job->limiter, limits, count, lease,
                                     &job->permit.id, &err);
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
               ? job->permit.asked_at + job->permit.lease
               : 0;
}

/* True in a child: the parent goes on with the attempt, in that place. */
static bool is_parents(const struct meet_job *job)
{
    return job->permit.generation != meet_fork_generation();
}

bool meet_permit_is_over(const struct meet_job *job)
{
    return job->permit.state == MEET_PERMIT_HELD &&
           (is_parents(job) || meet_clock_boot() >= meet_permit_ends(job));
}

/* The place is no longer held: 'state' is what the report to a script's limiter
   says. False: there is none that this process could report. */
static bool leave_place(struct meet_job *job, enum meet_permit_state state)
{
    if (job->permit.state != MEET_PERMIT_HELD)
        return false;
    job->permit.state =
        job->limiter || is_parents(job) ? MEET_PERMIT_NONE : state;
    return !is_parents(job);
}

void meet_permit_commit(struct meet_job *job, int64_t delay)
{
    job->permit.delay = delay;
    if (leave_place(job, MEET_PERMIT_LEFT) && job->limiter)
        meet_file_limiter_commit(job->limiter, job->permit.id, delay);
}

void meet_permit_release(struct meet_job *job)
{
    bool is_over = meet_permit_is_over(job);

    if (!leave_place(job, MEET_PERMIT_UNUSED))
        return;
    if (is_over) /* it was too short */
        job->permit.lease = meet_ns_earlier(2 * job->permit.lease, LONGEST);
    if (job->limiter)
        meet_file_limiter_release(job->limiter, job->permit.id);
}

void meet_permit_cancel(struct meet_job *job)
{
    if (job->has_reservation)
        meet_permit_release(job);
}

const char *meet_permit_paused(const struct meet_job *job)
{
    const char *quota = quota_names[job->pace.quota];

    return job->pauses_quota && quota ? quota : second;
}

bool meet_permit_has_report(const struct meet_job *job)
{
    return job->permit.state == MEET_PERMIT_LEFT ||
           job->permit.state == MEET_PERMIT_UNUSED || job->pause > 0;
}

bool meet_permit_is_due(const struct meet_job *job)
{
    return job->pace.limiter && !job->limiter &&
           (job->state == MEET_JOB_ASKING || meet_permit_has_report(job));
}

void meet_permit_pause(struct meet_job *job)
{
    if (job->pause <= 0 || !job->limiter)
        return;
    meet_file_limiter_pause(job->limiter, meet_permit_paused(job), job->pause);
    job->pause = 0;
}
