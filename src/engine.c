/* engine.c - see engine.h. */
#include "engine.h"

#include "attempts.h"
#include "clock.h"
#include "library.h"
#include "permit.h"
#include "places.h"
#include "random.h"

#include <stdlib.h>

struct meet_engine {
    struct meet_dispatch dispatch;
    struct meet_attempts attempts;
};

double meet_engine_random(struct meet_engine *engine)
{
    meet_engine_after_fork(engine);
    return meet_random_next(&engine->attempts.random);
}

struct meet_engine *meet_engine_new(struct meet_error *err)
{
    struct meet_engine *engine;

    if (meet_library_start(err) < 0)
        return NULL;
    engine = calloc(1, sizeof *engine);
    if (!engine) {
        meet_error_set(err, MEET_MEMORY, "no memory for the engine");
        return NULL;
    }
    meet_dispatch_init(&engine->dispatch);
    meet_attempts_init(&engine->attempts, &engine->dispatch);
    return engine;
}

/*
 * In a forked child the multi handles, the active transfers and the sockets are
 * copies of the parent's. Cleaning up would end the parent's TLS sessions
 * (curl_multi_cleanup closes each) and could wait for a resolver's lock that no
 * thread of the child will release. So they are leaked, once a fork, and only
 * their descriptors closed. The parent finishes the jobs; here they end as
 * cancelled.
 */
void meet_engine_after_fork(struct meet_engine *engine)
{
    struct meet_link *jobs = &engine->dispatch.jobs, *next;

    if (!meet_attempts_abandon(&engine->attempts))
        return;
    for (struct meet_link *link = jobs->next; link != jobs; link = next) {
        struct meet_job *job = MEET_OWNER(link, struct meet_job, link);

        next = link->next;
        if (job->external) /* it uses no socket */
            continue;
        job->transfer = NULL;
        job->permit.state = MEET_PERMIT_NONE; /* the parent has the place */
        meet_dispatch_cancel(&engine->dispatch, job);
        meet_job_cancel(job, "the process was forked");
    }
}

void meet_engine_free(struct meet_engine *engine)
{
    struct meet_job *job;

    if (!engine)
        return;
    meet_engine_after_fork(engine);
    while (
        (job = MEET_LINK_FIRST(&engine->dispatch.jobs, struct meet_job, link)))
        meet_attempts_cancel(&engine->attempts, job);
    meet_attempts_deinit(&engine->attempts);
    meet_dispatch_deinit(&engine->dispatch);
    free(engine);
}

void meet_engine_close_idle(struct meet_engine *engine)
{
    meet_engine_after_fork(engine);
    meet_attempts_close_idle(&engine->attempts);
}

void meet_engine_forget(struct meet_engine *engine,
                        unsigned long network_serial)
{
    meet_engine_after_fork(engine);
    meet_attempts_forget(&engine->attempts, network_serial);
}

struct meet_dispatch *meet_engine_dispatch(struct meet_engine *engine)
{
    return &engine->dispatch;
}

void meet_engine_submit(struct meet_engine *engine, struct meet_job *job,
                        int64_t now)
{
    meet_engine_after_fork(engine);
    meet_dispatch_submit(&engine->dispatch, job, now);
}

void meet_engine_foreground(struct meet_engine *engine, struct meet_job *job,
                            int64_t length)
{
    int64_t now = meet_clock_now();

    meet_engine_after_fork(engine);
    if (job->state == MEET_JOB_DONE)
        return;
    meet_dispatch_foreground(&engine->dispatch, job, now,
                             meet_ns_add(now, length));
}

void meet_engine_cancel(struct meet_engine *engine, struct meet_job *job)
{
    meet_engine_after_fork(engine);
    meet_attempts_cancel(&engine->attempts, job);
}

/* Start every attempt that is due; true when one ended at once, or a script's
   limiter is to be asked. */
static bool start_due(struct meet_engine *engine, int64_t now)
{
    struct meet_job *job;
    bool any = false;

    while ((job = meet_dispatch_next_attempt(&engine->dispatch, now))) {
        if (job->state == MEET_JOB_ASKING && job->limiter)
            meet_permit_ask(&engine->dispatch, job, now);
        if (job->state == MEET_JOB_STARTED && !job->external)
            meet_attempts_start(&engine->attempts, job, now);
        any =
            any || job->state == MEET_JOB_DONE || job->state == MEET_JOB_ASKING;
    }
    return any;
}

void meet_engine_start(struct meet_engine *engine, struct meet_job *job,
                       int64_t now)
{
    meet_engine_after_fork(engine);
    if (job->state == MEET_JOB_STARTED)
        meet_attempts_start(&engine->attempts, job, now);
}

void meet_engine_take(struct meet_engine *engine, struct meet_job *job,
                      int64_t now)
{
    meet_engine_after_fork(engine);
    if (job->state == MEET_JOB_STARTED)
        meet_attempts_take(&engine->attempts, job, now);
}

void meet_engine_step(struct meet_engine *engine, int64_t timeout)
{
    struct meet_attempts *attempts = &engine->attempts;
    unsigned long missed = engine->dispatch.missed;
    int64_t now = meet_clock_now(), until;
    bool any;

    meet_engine_after_fork(engine);
    any = start_due(engine, now);
    any = meet_attempts_run(attempts, &now) || any;
    if (any || timeout <= 0 || engine->dispatch.missed != missed)
        return;
    until = meet_ns_earlier(meet_attempts_next_wakeup(attempts),
                            meet_ns_add(now, timeout));
    until = meet_ns_earlier(until,
                            meet_dispatch_next_wakeup(&engine->dispatch, now));
    meet_multis_poll(&attempts->multis,
                     meet_ns_milliseconds(meet_ns_between(now, until)));
}

void meet_engine_let_go(struct meet_engine *engine, const long long *watches,
                        size_t count)
{
    meet_engine_after_fork(engine);
    meet_sockets_let_go(&engine->attempts.sockets, watches, count);
}

/* While attempts run. No watched socket shows that a name has been looked up,
   or that a socket has connected. */
static int64_t longest_pause(const struct meet_attempts *attempts)
{
    return meet_places_any_connects(attempts->active) ? MEET_MILLISECONDS(10)
                                                      : MEET_MILLISECONDS(100);
}

size_t
meet_engine_poll_set(struct meet_engine *engine,
                     struct meet_socket_events sockets[MEET_ENGINE_SOCKETS],
                     int64_t *wait, long long *watch)
{
    int64_t now = meet_clock_now();
    long milliseconds;
    size_t all, count = 0;

    meet_engine_after_fork(engine);
    milliseconds = meet_multis_timeout(&engine->attempts.multis);
    *wait = meet_ns_between(
        now,
        meet_ns_earlier(meet_attempts_next_wakeup(&engine->attempts),
                        meet_dispatch_next_wakeup(&engine->dispatch, now)));
    if (milliseconds >= 0)
        *wait = meet_ns_earlier(*wait, MEET_MILLISECONDS(milliseconds));
    if (engine->attempts.active)
        *wait = meet_ns_earlier(*wait, longest_pause(&engine->attempts));
    all = meet_multis_events(&engine->attempts.multis, sockets,
                             MEET_ENGINE_SOCKETS);
    *watch = meet_sockets_begin_watch(&engine->attempts.sockets);
    for (size_t i = 0; i < all; i++)
        if (meet_sockets_watch(&engine->attempts.sockets, sockets[i].fd))
            sockets[count++] = sockets[i];
    return count;
}
