/*
 * attempts.h - the attempts under way: starts each on libcurl, and ends it in
 * time. May use libcurl. The dispatcher decides what follows an outcome.
 */
#pragma once

#include "dispatch.h"
#include "multi.h"
#include "pool.h"
#include "trust.h"

struct meet_attempts {
    struct meet_dispatch *dispatch; /* the engine's */
    struct meet_multis multis;      /* own the sockets */
    struct meet_sockets sockets;    /* theirs */
    struct meet_pool pool;
    struct meet_transfer *active; /* list */
    unsigned ended;               /* since a descriptor was looked for */
    int64_t looks_at; /* for one: then at the latest, or when one ended */
    struct meet_trust trust;
    unsigned long long random; /* for jitter */
};

void meet_attempts_init(struct meet_attempts *attempts,
                        struct meet_dispatch *dispatch);

/* Close every socket and free. All jobs are cancelled or done. */
void meet_attempts_deinit(struct meet_attempts *attempts);

/*
 * In a child of the process that started them: abandon its parent's sockets and
 * attempts; their jobs keep stale pointers. False in the parent.
 */
bool meet_attempts_abandon(struct meet_attempts *attempts);

/* Close all sockets unless an attempt is under way. */
void meet_attempts_close_idle(struct meet_attempts *attempts);

/* Free a closed client's idle handles. */
void meet_attempts_forget(struct meet_attempts *attempts,
                          unsigned long network_serial);

/* Start the attempt of a job that the dispatcher has started. */
void meet_attempts_start(struct meet_attempts *attempts, struct meet_job *job,
                         int64_t now);

/* The owner of a stream takes its bytes from now on. */
void meet_attempts_take(struct meet_attempts *attempts, struct meet_job *job,
                        int64_t now);

/* Cancel a job in any state. */
void meet_attempts_cancel(struct meet_attempts *attempts, struct meet_job *job);

/*
 * Transfer bytes, and finish what has ended or is out of time; true when there
 * was one. '*now' becomes the time after that.
 */
bool meet_attempts_run(struct meet_attempts *attempts, int64_t *now);

/* When the next attempt will be out of time, or a descriptor is looked for. */
int64_t meet_attempts_next_wakeup(const struct meet_attempts *attempts);
