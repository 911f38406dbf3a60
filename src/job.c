/* job.c - see job.h. */
#include "job.h"

#include <string.h>

static bool may_try_again(const struct meet_job *job,
                          const struct meet_outcome *outcome)
{
    int status = job->response.status;

    switch (outcome->ending) {
    case MEET_ENDED_NOT_SENT:
        return true;
    case MEET_ENDED_ANSWERED:
        return meet_job_is_refused(job, outcome) ||
               ((status == 502 || status == 503 || status == 504) &&
                meet_request_is_read(&job->request));
    case MEET_ENDED_LOST:
    case MEET_ENDED_TIMED_OUT:
        return meet_request_is_read(&job->request);
    case MEET_ENDED_FAILED:
    default:
        return false;
    }
}

/* Full jitter: anything from zero to the exponential backoff. */
static int64_t backoff(const struct meet_retry *retry, unsigned attempts,
                       double random)
{
    double most = (double)retry->max, wait = (double)retry->initial;

    for (unsigned i = 1; i < attempts && wait < most; i++)
        wait *= retry->multiplier;
    return (int64_t)(random * (wait < most ? wait : most));
}

/*
 * A write that the server may or may not have applied. 303 says that it was,
 * and points to its answer; 301 and 302 are used alike (RFC 9110 15.4).
 */
static bool is_ambiguous(const struct meet_job *job,
                         const struct meet_outcome *outcome)
{
    int status = job->response.status;

    if (meet_request_is_read(&job->request) || !outcome->sent)
        return false;
    return outcome->ending != MEET_ENDED_ANSWERED || status >= 500 ||
           status < 200 || (status >= 301 && status <= 303);
}

static void add_event(struct meet_job *job, enum meet_event_kind kind,
                      int64_t length)
{
    struct meet_event *event;

    if (!job->has_listener || job->event_count == MEET_MOST_EVENTS)
        return;
    event = &job->events[job->event_count++];
    event->kind = kind;
    event->error = job->error.kind;
    event->attempt = job->attempts;
    event->status = job->response.status;
    event->limiter = false;
    event->length = length;
}

void meet_job_submit(struct meet_job *job, int64_t now)
{
    job->state = MEET_JOB_QUEUED;
    job->attempts = 0;
    job->restarts = 0;
    job->left = 0;
    job->queued_at = job->ready_at = now;
    job->sent = false;
    job->ambiguous = false;
    job->retry_after = -1;
    job->event_count = 0;
    job->pause = 0;
    job->permit.state = MEET_PERMIT_NONE;
    job->permit.lease = 0;
    job->error.kind = MEET_OK;
    job->stats->requests++;
}

void meet_job_wait(struct meet_job *job, int64_t length)
{
    job->stats->waits++;
    job->stats->waited = meet_ns_add(job->stats->waited, length);
    add_event(job, MEET_EVENT_WAIT, length);
}

void meet_job_wait_for_limiter(struct meet_job *job, int64_t length)
{
    unsigned before = job->event_count;

    job->stats->limiter_waits++;
    job->stats->limiter_waited =
        meet_ns_add(job->stats->limiter_waited, length);
    add_event(job, MEET_EVENT_WAIT, length);
    if (job->event_count > before)
        job->events[before].limiter = true;
}

void meet_job_miss_deadline(struct meet_job *job, int64_t retry_after)
{
    job->retry_after = retry_after;
    job->state = MEET_JOB_DONE;
    if (job->attempts > 0)
        return; /* the last attempt's error says more */
    meet_error_set(&job->error, MEET_DEADLINE,
                   retry_after > 0
                       ? "the next attempt would have to wait %.3f seconds, "
                         "past the deadline"
                       : "the deadline passed before an attempt could start",
                   meet_ns_seconds(retry_after));
}

void meet_job_cancel(struct meet_job *job, const char *why)
{
    meet_error_set(&job->error, MEET_CANCELLED,
                   "%s while the request was under way", why);
    job->ambiguous = job->sent && !meet_request_is_read(&job->request);
    job->state = MEET_JOB_DONE;
}

void meet_job_begin_timeout(struct meet_job *job, int64_t now)
{
    int64_t length = job->left > 0 ? job->left : job->request.timeout;

    job->gives_up_at = job->deadline;
    if (!job->background)
        job->gives_up_at =
            meet_ns_earlier(meet_ns_add(now, length), job->deadline);
    job->left = 0;
}

void meet_job_foreground(struct meet_job *job, int64_t now, int64_t deadline)
{
    job->background = false;
    job->deadline = deadline;
    job->left = 0;
    meet_job_begin_timeout(job, now);
}

void meet_job_start(struct meet_job *job, int64_t now)
{
    meet_response_clear(&job->response);
    job->error.kind = MEET_OK;
    job->state = MEET_JOB_STARTED;
    job->pause = 0;
    job->started_at = now;
    meet_job_begin_timeout(job, now);
    job->attempts++;
    job->stats->attempts++;
    if (job->attempts > 1)
        job->stats->retries++;
    add_event(job, MEET_EVENT_ATTEMPT, 0);
}

/* Uncounted restarts of one job: more than a pool of dead sockets needs. */
#define MOST_RESTARTS 8

/* Repeat an uncounted attempt if that is safe. */
static bool restarts(struct meet_job *job, const struct meet_outcome *outcome,
                     int64_t now)
{
    if (!outcome->uncounted ||
        (outcome->sent && !meet_request_is_read(&job->request)) ||
        job->restarts == MOST_RESTARTS || now >= job->gives_up_at ||
        meet_ns_later(now, job->ready_at) >= job->deadline)
        return false;
    job->restarts++;
    job->left = meet_ns_between(now, job->gives_up_at);
    if (job->attempts > 1) /* counted again at its next start */
        job->stats->retries--;
    job->attempts--;
    job->stats->attempts--;
    job->ready_at = meet_ns_later(now, job->ready_at);
    job->state = MEET_JOB_QUEUED;
    return true;
}

static void count(struct meet_job *job, const struct meet_outcome *outcome)
{
    job->stats->sockets_opened += outcome->sockets_opened;
    job->stats->bytes_sent += outcome->bytes_sent;
    job->stats->bytes_received += outcome->bytes_received;
}

static bool is_good(const struct meet_job *job,
                    const struct meet_outcome *outcome)
{
    return outcome->ending == MEET_ENDED_ANSWERED && job->response.status < 400;
}

enum meet_kind meet_job_kind_of(const struct meet_job *job,
                                const struct meet_outcome *outcome, int64_t now)
{
    if (outcome->error.kind == MEET_TIMEOUT && now >= job->deadline &&
        job->gives_up_at >= job->deadline)
        return MEET_DEADLINE;
    return outcome->error.kind;
}

/* Record how the attempt ended; the job is done unless it is queued again. */
static void take_outcome(struct meet_job *job,
                         const struct meet_outcome *outcome, int64_t now)
{
    job->sent = job->sent || outcome->sent;
    if (outcome->error.kind != MEET_OK)
        job->error = outcome->error;
    job->error.kind = meet_job_kind_of(job, outcome, now);
    job->ambiguous = is_ambiguous(job, outcome);
    job->retry_after = outcome->server_delay;
    job->queued_at = now;
    job->state = MEET_JOB_DONE;
    count(job, outcome);
}

/* Queue another attempt after 'delay', unless the deadline comes first. */
static void try_again(struct meet_job *job, int64_t delay, int64_t now)
{
    int64_t ready_at = meet_ns_later(meet_ns_add(now, delay), job->ready_at);
    int64_t wait = meet_ns_between(now, ready_at);

    if (ready_at >= job->deadline && !job->background) {
        job->retry_after = wait;
        return;
    }
    job->sent = false; /* a retried request has not been applied */
    job->ready_at = ready_at;
    job->state = MEET_JOB_QUEUED;
    job->stats->waits++;
    job->stats->waited = meet_ns_add(job->stats->waited, wait);
    add_event(job, MEET_EVENT_RETRY, wait);
}

int64_t meet_job_finish(struct meet_job *job,
                        const struct meet_outcome *outcome, int64_t now,
                        double random)
{
    int64_t delay = outcome->server_delay > 0 /* 0: no advice */
                        ? outcome->server_delay
                        : backoff(&job->retry, job->attempts, random);

    take_outcome(job, outcome, now);
    if (restarts(job, outcome, now))
        return 0;
    add_event(job, MEET_EVENT_RESPONSE, meet_ns_between(job->started_at, now));
    if (is_good(job, outcome))
        return delay;
    if (job->error.kind != MEET_DEADLINE &&
        job->attempts < job->retry.max_attempts && may_try_again(job, outcome))
        try_again(job, delay, now);
    return delay;
}
