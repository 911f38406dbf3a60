/*
 * job.h - one request on its way to one outcome, over several attempts. Pure:
 * the state machine of attempts, which decides whether and when to retry. No
 * clock; random numbers are arguments.
 *
 * The binding owns the job; the dispatcher links it from submit to done.
 */
#pragma once

#include "heap.h"
#include "link.h"
#include "nanoseconds.h"
#include "request.h"
#include "response.h"

struct meet_retry {
    unsigned max_attempts; /* 1: no second attempt */
    int64_t initial;       /* first backoff */
    double multiplier;
    int64_t max; /* longest backoff */
};

/* What paces a job: jobs alike in every field wait in one lane. */
struct meet_pace {
    unsigned long long key;     /* hash of the API key */
    unsigned long long account; /* hash of the key and the connection */
    enum meet_quota quota;
    unsigned per_second;        /* for the key; 0: no limit */
    unsigned per_minute;        /* for the account and quota; 0: no limit */
    unsigned long long limiter; /* that several processes share; 0: none */
};

/* A place in the limit that several processes share, from the request for
   it to the report to its limiter. */
enum meet_permit_state {
    MEET_PERMIT_NONE,
    MEET_PERMIT_HELD,
    MEET_PERMIT_LEFT,  /* to be committed: the request has left */
    MEET_PERMIT_UNUSED /* to be released */
};

struct meet_permit {
    enum meet_permit_state state;
    uint64_t id;         /* of a limiter in C */
    int64_t asked_at;    /* by the boot clock */
    int64_t lease;       /* from then on; 0: the usual one */
    unsigned generation; /* of the process that asked, see fork.h */
    int64_t delay;       /* how long the request may take to arrive */
};

/* What a client has done so far. */
struct meet_stats {
    unsigned long requests, attempts, retries, waits, sockets_opened;
    int64_t waited;              /* in all */
    unsigned long limiter_waits; /* for a limiter; not in those above */
    int64_t limiter_waited;
    double bytes_sent, bytes_received; /* header sections included */
};

/* Events of a job, for a listener. */
enum meet_event_kind {
    MEET_EVENT_ATTEMPT,  /* an attempt starts */
    MEET_EVENT_RESPONSE, /* the attempt ended, with a status or an error */
    MEET_EVENT_RETRY,    /* another attempt follows after 'length' */
    MEET_EVENT_WAIT      /* the attempt has to wait 'length' for the pace */
};

struct meet_event {
    enum meet_event_kind kind;
    enum meet_kind error; /* MEET_OK when a server answered */
    unsigned attempt;
    int status;
    bool limiter;   /* a wait for the limiter that processes share */
    int64_t length; /* of the wait, or of the attempt */
};

#define MEET_MOST_EVENTS 16

enum meet_job_state {
    MEET_JOB_IDLE,    /* not submitted, or cancelled */
    MEET_JOB_QUEUED,  /* waits for its turn, or for its backoff to end */
    MEET_JOB_ASKING,  /* its turn has come; its limiter is asked */
    MEET_JOB_STARTED, /* an attempt is under way */
    MEET_JOB_DONE
};

struct meet_lane;
struct meet_file_limiter;

/* A place of a queued job among those with deadlines. */
struct meet_look {
    struct meet_heap_node node;
    struct meet_job *job;
};

struct meet_job {
    /* The binding's: set before it submits the job. */
    struct meet_request request;
    struct meet_retry retry;
    struct meet_pace pace;
    struct meet_stats *stats; /* the client's; its jobs end together */
    int64_t deadline;         /* absolute, on the caller's monotonic clock */
    bool background;          /* no caller waits for it yet */
    bool external;            /* a Lua function performs the attempts */
    bool has_listener;        /* 'events' are wanted */
    struct meet_file_limiter
        *limiter;               /* of 'pace'; NULL: a script's, or none */
    unsigned attempts_before;   /* with another key */
    struct meet_link of_client; /* among all of one client, in any state */

    /* The state machine's: see the functions below. */
    enum meet_job_state state;
    unsigned attempts;   /* started so far */
    unsigned restarts;   /* attempts repeated at once and not counted */
    int64_t queued_at;   /* when it began to wait for its next attempt */
    int64_t ready_at;    /* no attempt before then; a pause may raise it */
    int64_t started_at;  /* of the last attempt */
    int64_t gives_up_at; /* of that attempt: its timeout, or the deadline */
    int64_t left;        /* to repeat it, of its timeout; 0: all of that */
    bool sent;           /* some attempt may have reached the server */
    bool ambiguous;      /* once done: a write that may have been applied */
    int64_t retry_after; /* once done: until another call makes sense, or
                            < 0 */

    /* The dispatcher's: places in its lists, and in the windows. */
    struct meet_link link;       /* among all, from submit to done */
    struct meet_heap_node place; /* in the lane, or until 'ready_at' */
    struct meet_look looks[3];   /* among all, of the key, of the account */
    int64_t look_at;             /* its deadline; MEET_ALWAYS: at once */
    struct meet_lane *lane;
    unsigned long long sequence; /* order of submission */
    bool has_reservation;        /* in the windows, until its bytes leave */
    bool pauses_quota;           /* its pause is that of the quota: Google's */
    int64_t pause; /* of the last attempt's limit, after a 429; 0: none */

    struct meet_permit permit; /* whoever performs the attempt keeps it */

    /* The engine's. */
    void *transfer; /* of the attempt under way, or NULL */

    struct meet_response response; /* of the last attempt */

    /* Large: 'error.kind' and 'event_count' say which parts are valid, so
     * that a new job need not clear the rest. */
    unsigned event_count;    /* since last cleared */
    struct meet_error error; /* kind ok: 'response' is a whole response */
    struct meet_event events[MEET_MOST_EVENTS];
};

/* True from its submission until it is done or cancelled. */
static inline bool meet_job_is_pending(const struct meet_job *job)
{
    return job->state == MEET_JOB_QUEUED || job->state == MEET_JOB_ASKING ||
           job->state == MEET_JOB_STARTED;
}

/* True for an answer that refuses because of a rate. */
static inline bool meet_job_is_refused(const struct meet_job *job,
                                       const struct meet_outcome *outcome)
{
    return outcome->ending == MEET_ENDED_ANSWERED &&
           (job->response.status == 429 || outcome->limited);
}

/* Reset the job and queue it at 'now'. */
void meet_job_submit(struct meet_job *job, int64_t now);

/* Record that the job waits about that long for the pace. */
void meet_job_wait(struct meet_job *job, int64_t length);

/* The same for the limiter. */
void meet_job_wait_for_limiter(struct meet_job *job, int64_t length);

/*
 * End the job without (another) attempt; 'retry_after' as in the job. The error
 * is the last attempt's, or of kind deadline if there was none.
 */
void meet_job_miss_deadline(struct meet_job *job, int64_t retry_after);

/* End the job with kind cancelled; 'why' begins the message. */
void meet_job_cancel(struct meet_job *job, const char *why);

/*
 * Start an attempt at 'now': count it, clear the last response, begin its
 * timeout, which in the background is the deadline.
 */
void meet_job_start(struct meet_job *job, int64_t now);

/* Begin the attempt's timeout at 'now': it leaves later than it started. */
void meet_job_begin_timeout(struct meet_job *job, int64_t now);

/* Somebody waits for it now: it leaves the background with a whole timeout. */
void meet_job_foreground(struct meet_job *job, int64_t now, int64_t deadline);

/*
 * The kind of the attempt's error as it ends at 'now'. Of two limits the
 * earlier one ended it, whichever was seen first.
 */
enum meet_kind meet_job_kind_of(const struct meet_job *job,
                                const struct meet_outcome *outcome,
                                int64_t now);

/*
 * End an attempt. The job is queued again, with 'ready_at' set, or done.
 * 'random' is uniform in [0, 1). Return the delay that the server or the
 * backoff asks for, whether or not another attempt follows; pauses in force are
 * in 'ready_at', not in the result.
 *
 * Retried, up to max_attempts: 429, a 403 that is about a rate, and attempts
 * that were not sent, for any method; 502, 503, 504, a lost socket and a
 * timeout for reads only (Google's service configuration retries reads on
 * UNAVAILABLE and writes never). What the outcome calls uncounted is repeated
 * at once a few times, within what is left of its timeout. The server's delay,
 * unless it is 0, wins over backoff with full jitter. A wait past the deadline
 * is not begun, but in the background, where another deadline begins as soon as
 * somebody waits.
 */
int64_t meet_job_finish(struct meet_job *job,
                        const struct meet_outcome *outcome, int64_t now,
                        double random);
