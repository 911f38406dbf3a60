/*
 * stage.h - for tests of the dispatcher: the dispatcher, and jobs named by
 * their places, on a fake clock. JOBS may be defined before.
 */
#pragma once

#include "check.h"
#include "dispatch.h"
#include "seconds.h"

#include <math.h>

#ifndef JOBS
#define JOBS 32
#endif

enum { NOBODY = -1 };

struct stage {
    struct meet_dispatch dispatch;
    struct meet_stats stats;
    struct meet_job jobs[JOBS];
};

/*
 * Reads without a deadline that all have this pace, not submitted yet. Their
 * backoffs are below four seconds, two where half of that is drawn.
 */
static inline void begin(struct stage *stage, struct meet_pace pace)
{
    *stage = (struct stage){0};
    meet_dispatch_init(&stage->dispatch);
    for (int i = 0; i < JOBS; i++)
        stage->jobs[i] = (struct meet_job){.request.verb = "GET",
                                           .retry = {.max_attempts = 3,
                                                     .initial = MEET_SECONDS(4),
                                                     .multiplier = 1,
                                                     .max = MEET_SECONDS(4)},
                                           .deadline = MEET_NEVER,
                                           .request.timeout = MEET_NEVER,
                                           .pace = pace,
                                           .stats = &stage->stats};
}

static inline void end(struct stage *stage)
{
    for (int i = 0; i < JOBS; i++)
        meet_dispatch_cancel(&stage->dispatch, &stage->jobs[i]);
    meet_dispatch_deinit(&stage->dispatch);
}

static inline void submit(struct stage *stage, int i, double now)
{
    meet_dispatch_submit(&stage->dispatch, &stage->jobs[i], ns(now));
}

static inline int next(struct stage *stage, double now)
{
    struct meet_job *job =
        meet_dispatch_next_attempt(&stage->dispatch, ns(now));

    return job ? (int)(job - stage->jobs) : NOBODY;
}

static inline void sent(struct stage *stage, int i, double now)
{
    meet_dispatch_commit(&stage->jobs[i], ns(now));
}

static inline double wakeup(const struct stage *stage, double now)
{
    return in_seconds(meet_dispatch_next_wakeup(&stage->dispatch, ns(now)));
}

/* Its attempt is answered at 'now'; its own backoff would be 2. */
static inline void answer(struct stage *stage, int i, int status, bool google,
                          double server_delay, double now)
{
    struct meet_outcome outcome = {.ending = MEET_ENDED_ANSWERED,
                                   .sent = true,
                                   .google = google,
                                   .server_delay = ns(server_delay)};

    stage->jobs[i].response.status = status;
    meet_dispatch_finish(&stage->dispatch, &stage->jobs[i], &outcome, ns(now),
                         0.5);
}
