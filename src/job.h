/*
 * job.h - one request on its way to one outcome, over several attempts.
 * Pure: the state machine of attempts says whether an outcome may be tried
 * again, and when. No clock; random numbers come in as arguments.
 *
 * The binding owns the job; from submit to done the dispatcher links it.
 */
#pragma once

#include "request.h"
#include "response.h"

struct meet_retry {
    unsigned max_attempts; /* 1: no second attempt */
    double initial;        /* first backoff, seconds */
    double multiplier;
    double max; /* longest backoff, seconds */
};

/* What paces a job: jobs alike in all of it wait in one line. */
struct meet_pace {
    unsigned long long key;     /* stands for the API key */
    unsigned long long account; /* for the key and the connection */
    enum meet_quota quota;
    unsigned per_second; /* for the key; 0: no limit */
    unsigned per_minute; /* for the account and quota; 0: no limit */
};

/* What a client has done so far. */
struct meet_stats {
    unsigned long requests, attempts, retries, waits, sockets_opened;
    double seconds_waited;
    double bytes_sent, bytes_received; /* header sections included */
};

/* What happened to a job, for a listener. */
enum meet_event_kind {
    MEET_EVENT_ATTEMPT,  /* an attempt starts */
    MEET_EVENT_RESPONSE, /* it ended, with a status or an error */
    MEET_EVENT_RETRY,    /* another one will follow after 'seconds' */
    MEET_EVENT_WAIT      /* the attempt has to wait 'seconds' for the pace */
};

struct meet_event {
    enum meet_event_kind kind;
    enum meet_kind error; /* MEET_OK when a server answered */
    unsigned attempt;
    int status;
    double seconds; /* of a wait; how long the attempt took */
};

#define MEET_MOST_EVENTS 16

enum meet_job_state {
    MEET_JOB_IDLE,    /* not submitted, or cancelled */
    MEET_JOB_QUEUED,  /* waits for its turn, or for a backoff's end */
    MEET_JOB_STARTED, /* an attempt is on its way */
    MEET_JOB_DONE
};

struct meet_lane;

struct meet_job {
    /* The binding's: set before it submits the job. */
    struct meet_request request;
    struct meet_retry retry;
    struct meet_pace pace;
    struct meet_stats *stats; /* the client's; its jobs end together */
    double deadline;          /* absolute, on the caller's monotonic clock */
    bool background;          /* no caller waits yet: no attempt times out */
    bool external;            /* a Lua function performs the attempts */
    bool has_listener;        /* 'events' are wanted */
    unsigned attempts_before; /* with another key */

    /* The state machine's: see the functions below. */
    enum meet_job_state state;
    unsigned attempts;  /* started so far */
    unsigned restarts;  /* reads sent again after a reused socket had died */
    double queued_at;   /* since when it has waited for its next attempt */
    double ready_at;    /* no attempt before; a pause may raise it */
    double started_at;  /* of the last attempt */
    bool sent;          /* some attempt may have reached the server */
    bool ambiguous;     /* once done: a write that may have been applied */
    double retry_after; /* once done: seconds until another call makes sense,
                           or < 0 */

    /* The dispatcher's: places in its lists, and in the windows. */
    struct meet_job *previous, *next;
    struct meet_job *lane_previous, *lane_next;
    struct meet_lane *lane;
    unsigned long long sequence; /* order of submission */
    bool waits_in_lane;
    bool has_reservation; /* in the windows, until its bytes leave */

    /* The engine's. */
    void *transfer;     /* of the attempt under way, or NULL */
    double gives_up_at; /* of that attempt, once in the foreground */

    struct meet_response response; /* of the last attempt */

    /* Large. 'error.kind' and 'event_count' say what of it has a meaning, so
     * that a job which begins anew need not clear the rest. */
    unsigned event_count;    /* since last cleared */
    struct meet_error error; /* kind ok: 'response' is a whole response */
    struct meet_event events[MEET_MOST_EVENTS];
};

/* Make the job a fresh one, queued at 'now'. */
void meet_job_submit(struct meet_job *job, double now);

/* It has to wait for the pace, about that long. */
void meet_job_wait(struct meet_job *job, double seconds);

/*
 * Done without (another) attempt; 'retry_after' as in the job. The error is
 * that of the last attempt; of kind deadline when there was none.
 */
void meet_job_miss_deadline(struct meet_job *job, double retry_after);

/* Done by what happened meanwhile: 'why' begins the message. */
void meet_job_cancel(struct meet_job *job, const char *why);

/* An attempt starts at 'now': count it, forget the response before it. */
void meet_job_start(struct meet_job *job, double now);

/*
 * An attempt ended. The job is queued again, with 'ready_at' set, or done.
 * 'random' is uniform in [0, 1). Return the delay in seconds that the server
 * or the backoff asks for, whether or not there is another attempt; the pauses
 * of other requests are in 'ready_at' and not in it.
 *
 * Tried again, up to max_attempts: 429 and attempts that were not sent, for
 * any method; 502, 503, 504, a lost socket and a timeout for reads only
 * (Google's service configuration retries reads on UNAVAILABLE and writes
 * never). A read whose reused socket had died starts again at once, and that
 * does not count as an attempt. The server's delay wins over backoff with full
 * jitter. A wait that would end after the deadline is not begun.
 */
double meet_job_finish(struct meet_job *job, const struct meet_outcome *outcome,
                       double now, double random);
