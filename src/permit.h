/*
 * permit.h - the places of jobs at a limiter: requests them, and passes the
 * answers to the dispatcher. A file limiter is asked here; a script's limiter
 * is asked by the binding, which follows the same states.
 */
#pragma once

#include "dispatch.h"
#include "file_limiter.h"

/* The first lease of a call. */
extern const int64_t meet_permit_lease;

/* Most windows of one job. */
enum { MEET_PERMIT_LIMITS = 2 };

/* Fill in the windows of the pace; return how many. */
size_t meet_permit_limits(const struct meet_pace *pace,
                          struct meet_limit limits[MEET_PERMIT_LIMITS]);

/*
 * The job's limiter is asked from now on. Return the lease: how long the
 * request may take until it has arrived, for a place is free at the end of its
 * lease and a span if nobody has reported. It becomes longer when it ends
 * unused: otherwise a handshake that takes longer would be repeated for ever.
 */
int64_t meet_permit_begin(struct meet_job *job);

/* Ask for the job, which is asking. True: its attempt has started. */
bool meet_permit_ask(struct meet_dispatch *dispatch, struct meet_job *job,
                     int64_t now);

/* The boot clock's time by which the job's request must arrive; 0: any. */
int64_t meet_permit_ends(const struct meet_job *job);

/* True if that time has passed, or the place belongs to the parent of this
   process: nothing may be sent with it. */
bool meet_permit_is_over(const struct meet_job *job);

/* The request has left, and arrives within 'delay'; or it has ended and has not
   left. */
void meet_permit_commit(struct meet_job *job, int64_t delay);
void meet_permit_release(struct meet_job *job);

/* The job is cancelled: its place is free, unless its request may have left. */
void meet_permit_cancel(struct meet_job *job);

/* Share the pause that the job's answer asks for. */
void meet_permit_pause(struct meet_job *job);

/* A report of an attempt is due, whether it is over or under way. */
bool meet_permit_has_report(const struct meet_job *job);

/* True while a script's limiter has to be asked, or needs a report. */
bool meet_permit_is_due(const struct meet_job *job);

/* The name of the window that it pauses. */
const char *meet_permit_paused(const struct meet_job *job);
