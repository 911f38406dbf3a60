/* engine.c - see engine.h. */
#include "engine.h"

#include "clock.h"
#include "flood.h"
#include "library.h"
#include "multi.h"
#include "outcome.h"
#include "pool.h"
#include "precedence.h"
#include "random.h"
#include "trace.h"
#include "trust.h"

#include <stdlib.h>

struct meet_engine {
    struct meet_multis multis;   /* own the sockets */
    struct meet_sockets sockets; /* theirs */
    struct meet_dispatch dispatch;
    struct meet_pool pool;
    struct meet_transfer *active; /* attempts under way */
    struct meet_trust trust;
    unsigned long long random;
};

double meet_engine_random(struct meet_engine *engine)
{
    return meet_random_next(&engine->random);
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
    meet_sockets_init(&engine->sockets);
    engine->pool.sockets = &engine->sockets;
    meet_dispatch_init(&engine->dispatch);
    engine->random = meet_random_seed(meet_clock_wall(), engine);
    return engine;
}

/* Commit the reservation of an attempt whose bytes have left. */
static void report_sent(struct meet_engine *engine,
                        struct meet_transfer *transfer, int64_t now)
{
    const struct meet_job *job = transfer->job;

    if (transfer->progress.sends > 0 && job->has_reservation)
        meet_dispatch_sent(&engine->dispatch, transfer->job, now);
}

/* Detach the transfer from the job and return it to the pool. */
static void put_back(struct meet_engine *engine, struct meet_job *job,
                     int64_t now)
{
    struct meet_transfer *transfer = job->transfer;

    report_sent(engine, transfer, now);
    job->transfer = NULL;
    meet_transfer_unlink(transfer, &engine->active);
    meet_multis_remove(&engine->multis, transfer);
    meet_pool_give(&engine->pool, transfer);
}

static void cancel_job(struct meet_engine *engine, struct meet_job *job)
{
    if (job->transfer)
        put_back(engine, job, meet_clock_now());
    meet_dispatch_cancel(&engine->dispatch, job);
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
    struct meet_job *job, *next;

    if (!meet_sockets_is_child(&engine->sockets))
        return;
    meet_sockets_abandon(&engine->sockets);
    engine->active = NULL;
    engine->multis = (struct meet_multis){0};
    for (job = engine->dispatch.first; job; job = next) {
        next = job->next;
        if (job->external) /* it uses no socket */
            continue;
        job->transfer = NULL;
        meet_dispatch_cancel(&engine->dispatch, job);
        meet_job_cancel(job, "the process was forked");
    }
}

void meet_engine_free(struct meet_engine *engine)
{
    if (!engine)
        return;
    meet_engine_after_fork(engine);
    while (engine->dispatch.first)
        cancel_job(engine, engine->dispatch.first);
    meet_pool_deinit(&engine->pool);
    meet_multis_close(&engine->multis);
    meet_flood_free(engine->sockets.flood);
    meet_sockets_deinit(&engine->sockets);
    meet_dispatch_deinit(&engine->dispatch);
    meet_trust_deinit(&engine->trust);
    free(engine);
}

void meet_engine_close_idle(struct meet_engine *engine)
{
    meet_engine_after_fork(engine);
    if (!engine->active)
        meet_multis_close(&engine->multis);
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
    job->background = false;
    job->gives_up_at =
        meet_ns_add(now, meet_ns_earlier(job->request.timeout, length));
    meet_dispatch_set_deadline(&engine->dispatch, job,
                               meet_ns_add(now, length));
}

void meet_engine_cancel(struct meet_engine *engine, struct meet_job *job)
{
    meet_engine_after_fork(engine);
    cancel_job(engine, job);
}

void meet_engine_cancel_all(struct meet_engine *engine,
                            const struct meet_stats *stats)
{
    struct meet_job *job, *next;

    meet_engine_after_fork(engine);
    for (job = engine->dispatch.first; job; job = next) {
        next = job->next;
        if (job->stats != stats)
            continue;
        cancel_job(engine, job);
        meet_job_cancel(job, "the client was closed");
    }
}

static void finish(struct meet_engine *engine, struct meet_job *job,
                   const struct meet_outcome *outcome, int64_t now)
{
    if (job->transfer) {
        if (job->request.network->trace)
            meet_trace_write(job, job->transfer, outcome, now);
        put_back(engine, job, now);
    }
    meet_dispatch_finish(&engine->dispatch, job, outcome, now,
                         meet_engine_random(engine));
}

/* Start 'transfer' for the job; a failure becomes the attempt's outcome. */
static int launch(struct meet_engine *engine, struct meet_job *job,
                  struct meet_transfer *transfer, const char *folder,
                  struct meet_error *err)
{
    transfer->job = job;
    if (meet_transfer_start(transfer, &job->request, &job->response, folder,
                            err) < 0)
        return -1;
    if (meet_multis_add(&engine->multis, transfer))
        return 0;
    meet_error_set(err, MEET_MEMORY, "libcurl accepted no further transfer");
    return -1;
}

static void start(struct meet_engine *engine, struct meet_job *job, int64_t now)
{
    struct meet_outcome outcome = {.ending = MEET_ENDED_FAILED,
                                   .server_delay = -1};
    struct meet_transfer *transfer = meet_pool_take(&engine->pool);

    if (!transfer) {
        meet_error_set(&outcome.error, MEET_MEMORY, "no memory for a transfer");
        finish(engine, job, &outcome, now);
        return;
    }
    job->transfer = transfer;
    meet_transfer_link(transfer, &engine->active);
    job->gives_up_at =
        meet_ns_earlier(meet_ns_add(now, job->request.timeout), job->deadline);
    if (!engine->sockets.flood && !meet_request_is_plain(&job->request) &&
        meet_library_version() < 0x080000)
        engine->sockets.flood = meet_flood_new();
    if (launch(engine, job, transfer,
               meet_trust_folder(&engine->trust, &job->request),
               &outcome.error) < 0)
        finish(engine, job, &outcome, now);
}

static void start_due(struct meet_engine *engine, int64_t now)
{
    struct meet_job *job;

    while ((job = meet_dispatch_next_attempt(&engine->dispatch, now)))
        if (!job->external)
            start(engine, job, now);
}

/*
 * The hashed folder may lack an authority of the bundle: try once more with
 * libcurl's defaults, within the same attempt since nothing was sent. If that
 * succeeds, the defaults are used from then on.
 */
static bool tried_default(struct meet_engine *engine, struct meet_job *job,
                          CURLcode result)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_error err;

    if (result != CURLE_PEER_FAILED_VERIFICATION || !transfer->folder)
        return false;
    meet_multis_remove(&engine->multis, transfer);
    meet_response_clear(&job->response);
    return launch(engine, job, transfer, NULL, &err) == 0;
}

/*
 * Without a descriptor for a socket the attempt waits for those of others, and
 * fails only when there are none.
 */
static bool waits_for_descriptor(struct meet_engine *engine,
                                 struct meet_transfer *transfer,
                                 CURLcode result)
{
    if (result == CURLE_OK || transfer->progress.sends > 0 ||
        transfer->progress.stopped.kind != MEET_OK ||
        (!transfer->progress.starved && !meet_sockets_none_left()))
        return false;
    transfer->progress.starved = true;
    if (!engine->active->next)
        return false;
    meet_multis_limit(&engine->multis, engine->sockets.count);
    return true;
}

/*
 * End an attempt that is out of time. libcurl times no transfer that waits for
 * a socket, for another one's handshake, or for frames among many others. On
 * HTTP/2 only the stream ends: others may wait for answers on the socket, and
 * new requests are kept off it.
 */
static void end_late(struct meet_engine *engine, struct meet_job *job,
                     int64_t now)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_outcome outcome;

    if (transfer->progress.sends > 0 && !transfer->progress.http1)
        meet_multis_retire(&engine->multis, transfer);
    meet_outcome_late(transfer,
                      job->gives_up_at < job->deadline ? MEET_TIMEOUT
                                                       : MEET_DEADLINE,
                      &outcome);
    finish(engine, job, &outcome, now);
}

static void end(struct meet_engine *engine, struct meet_job *job,
                CURLcode result, int64_t now)
{
    struct meet_outcome outcome;
    struct meet_transfer *transfer = job->transfer;
    bool waits;

    if (result != CURLE_OK && job->gives_up_at <= now) {
        end_late(engine, job, now);
        return;
    }
    waits = waits_for_descriptor(engine, transfer, result);
    if (tried_default(engine, job, result))
        return;
    if (transfer->progress.sends > 0 && !transfer->folder &&
        meet_trust_folder(&engine->trust, &job->request))
        meet_trust_defaults(&engine->trust);
    meet_outcome_read(transfer, result, &outcome);
    outcome.stale = outcome.stale || waits;
    finish(engine, job, &outcome, now);
}

/* When the next attempt will be out of time. */
static int64_t next_late(const struct meet_engine *engine)
{
    int64_t soonest = MEET_NEVER;

    for (const struct meet_transfer *transfer = engine->active; transfer;
         transfer = transfer->next) {
        const struct meet_job *job = transfer->job;

        soonest = meet_ns_earlier(soonest, job->gives_up_at);
    }
    return soonest;
}

/* End the attempts that are out of time; true when there was one. */
static bool end_all_late(struct meet_engine *engine, int64_t now)
{
    bool any = false;

    for (struct meet_transfer *transfer = engine->active, *next; transfer;
         transfer = next) {
        struct meet_job *job = transfer->job;

        next = transfer->next;
        if (job->gives_up_at > now)
            continue;
        end_late(engine, job, now);
        any = true;
    }
    return any;
}

/* Finish every transfer that ended; true when there was one. */
static bool collect(struct meet_engine *engine, int64_t now)
{
    struct meet_transfer *transfer;
    CURLcode result;
    bool any = false;

    while ((transfer = meet_multis_ended(&engine->multis, &result))) {
        end(engine, transfer->job, result, now);
        any = true;
    }
    return any;
}

/* A job of the background is asked for again when somebody wants it. */
static void make_way(struct meet_engine *engine)
{
    struct meet_job *job = meet_precedence_yields(engine->active);

    if (!job)
        return;
    cancel_job(engine, job);
    meet_job_cancel(job, "a call needed its socket");
}

/* libcurl returns sooner, unless it is flooded. */
#define MOST_WORK MEET_MILLISECONDS(40)

void meet_engine_step(struct meet_engine *engine, int64_t timeout)
{
    int64_t now = meet_clock_now(), soonest;
    bool any;

    meet_engine_after_fork(engine);
    start_due(engine, now);
    meet_flood_enter(engine->sockets.flood,
                     meet_ns_later(next_late(engine), now + MOST_WORK));
    meet_multis_perform(&engine->multis);
    meet_flood_leave(engine->sockets.flood);
    now = meet_clock_now(); /* connecting and TLS take time */
    for (struct meet_transfer *transfer = engine->active; transfer;
         transfer = transfer->next)
        report_sent(engine, transfer, now);
    any = collect(engine, now);
    make_way(engine);
    any = end_all_late(engine, now) || any;
    if (any || timeout <= 0)
        return;
    soonest = meet_ns_earlier(next_late(engine), meet_ns_add(now, timeout));
    soonest = meet_ns_earlier(
        soonest, meet_dispatch_next_wakeup(&engine->dispatch, now));
    meet_multis_poll(&engine->multis,
                     meet_ns_milliseconds(meet_ns_between(now, soonest)));
}

#define LONGEST_PAUSE MEET_MILLISECONDS(100) /* while attempts run */

size_t
meet_engine_poll_set(struct meet_engine *engine,
                     struct meet_socket_events sockets[MEET_ENGINE_SOCKETS],
                     int64_t *wait)
{
    int64_t now = meet_clock_now();
    long milliseconds;

    meet_engine_after_fork(engine);
    milliseconds = meet_multis_timeout(&engine->multis);
    *wait =
        meet_ns_between(now, meet_dispatch_next_wakeup(&engine->dispatch, now));
    if (milliseconds >= 0)
        *wait = meet_ns_earlier(*wait, MEET_MILLISECONDS(milliseconds));
    if (engine->active) /* no socket shows that a resolver has ended */
        *wait = meet_ns_earlier(*wait, LONGEST_PAUSE);
    return meet_multis_events(&engine->multis, sockets, MEET_ENGINE_SOCKETS);
}
