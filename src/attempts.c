/* attempts.c - see attempts.h. */
#include "attempts.h"

#include "clock.h"
#include "flood.h"
#include "library.h"
#include "outcome.h"
#include "precedence.h"
#include "random.h"
#include "trace.h"

#include <unistd.h>

void meet_attempts_init(struct meet_attempts *attempts,
                        struct meet_dispatch *dispatch)
{
    *attempts = (struct meet_attempts){.dispatch = dispatch};
    meet_sockets_init(&attempts->sockets);
    attempts->pool.sockets = &attempts->sockets;
    attempts->random = meet_random_seed(meet_clock_wall(), getpid(), attempts);
}

void meet_attempts_deinit(struct meet_attempts *attempts)
{
    meet_pool_deinit(&attempts->pool);
    meet_multis_close(&attempts->multis);
    meet_flood_free(attempts->sockets.flood);
    meet_sockets_deinit(&attempts->sockets);
    meet_trust_deinit(&attempts->trust);
}

bool meet_attempts_abandon(struct meet_attempts *attempts)
{
    if (!meet_sockets_is_child(&attempts->sockets))
        return false;
    meet_sockets_abandon(&attempts->sockets);
    attempts->active = NULL;
    attempts->multis = (struct meet_multis){0};
    attempts->random = meet_random_seed(meet_clock_wall(), getpid(), attempts);
    return true;
}

void meet_attempts_close_idle(struct meet_attempts *attempts)
{
    if (attempts->active)
        return;
    meet_pool_deinit(&attempts->pool); /* a handle may hold what it sent */
    meet_multis_close(&attempts->multis);
    meet_library_scrub();
}

/* Commit the reservation of an attempt whose bytes have left. */
static void report_sent(struct meet_attempts *attempts,
                        struct meet_transfer *transfer, int64_t now)
{
    const struct meet_job *job = transfer->job;

    if (transfer->progress.sends > 0 && job->has_reservation)
        meet_dispatch_sent(attempts->dispatch, transfer->job, now);
}

/* Detach the transfer from the job and return it to the pool. */
static void put_back(struct meet_attempts *attempts, struct meet_job *job,
                     int64_t now)
{
    struct meet_transfer *transfer = job->transfer;

    report_sent(attempts, transfer, now);
    job->transfer = NULL;
    meet_transfer_unlink(transfer, &attempts->active);
    meet_multis_remove(&attempts->multis, transfer);
    meet_pool_give(&attempts->pool, transfer);
}

static void finish(struct meet_attempts *attempts, struct meet_job *job,
                   const struct meet_outcome *outcome, int64_t now)
{
    if (job->transfer) {
        if (job->request.network->trace)
            meet_trace_write(job, job->transfer, outcome, now);
        put_back(attempts, job, now);
    }
    meet_dispatch_finish(attempts->dispatch, job, outcome, now,
                         meet_random_next(&attempts->random));
}

/* Start 'transfer' for the job; a failure becomes the attempt's outcome. */
static int launch(struct meet_attempts *attempts, struct meet_job *job,
                  struct meet_transfer *transfer, const char *folder,
                  struct meet_error *err)
{
    transfer->job = job;
    if (meet_transfer_start(transfer, &job->request, &job->response, folder,
                            err) < 0)
        return -1;
    if (meet_multis_add(&attempts->multis, transfer))
        return 0;
    meet_error_set(err, MEET_MEMORY, "libcurl accepted no further transfer");
    return -1;
}

void meet_attempts_start(struct meet_attempts *attempts, struct meet_job *job,
                         int64_t now)
{
    struct meet_outcome outcome = {.ending = MEET_ENDED_FAILED,
                                   .server_delay = -1};
    struct meet_transfer *transfer = meet_pool_take(&attempts->pool);
    int64_t most;

    if (!transfer) {
        meet_error_set(&outcome.error, MEET_MEMORY, "no memory for a transfer");
        finish(attempts, job, &outcome, now);
        return;
    }
    job->transfer = transfer;
    meet_transfer_link(transfer, &attempts->active);
    /* A prefetch's timeout starts when somebody waits for it. */
    most = job->background ? job->request.deadline : job->request.timeout;
    job->gives_up_at = meet_ns_earlier(meet_ns_add(now, most), job->deadline);
    if (!attempts->sockets.flood && !job->request.network->plain &&
        meet_library_version() < 0x080000)
        attempts->sockets.flood = meet_flood_new();
    if (launch(attempts, job, transfer,
               meet_trust_folder(&attempts->trust, &job->request),
               &outcome.error) < 0)
        finish(attempts, job, &outcome, now);
}

/*
 * The hashed folder may lack an authority of the bundle: try once more with
 * libcurl's defaults, within the same attempt since nothing was sent. If that
 * succeeds, the defaults are used from then on.
 */
static bool tried_default(struct meet_attempts *attempts, struct meet_job *job,
                          CURLcode result)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_error err;

    if (result != CURLE_PEER_FAILED_VERIFICATION || !transfer->folder)
        return false;
    meet_multis_remove(&attempts->multis, transfer);
    meet_response_clear(&job->response);
    return launch(attempts, job, transfer, NULL, &err) == 0;
}

/*
 * Without a descriptor for a socket the attempt waits for those of others, and
 * fails only when there are none.
 */
static bool waits_for_descriptor(struct meet_attempts *attempts,
                                 struct meet_transfer *transfer,
                                 CURLcode result)
{
    if (result == CURLE_OK || transfer->progress.sends > 0 ||
        transfer->progress.stopped.kind != MEET_OK ||
        (!transfer->progress.starved && !meet_sockets_none_left()))
        return false;
    transfer->progress.starved = true;
    if (!attempts->active->next)
        return false;
    meet_multis_limit(&attempts->multis, attempts->sockets.count);
    return true;
}

/*
 * End an attempt that is out of time. libcurl times no transfer that waits for
 * a socket, for another one's handshake, or for frames among many others. On
 * HTTP/2 only the stream ends: others may wait for answers on the socket, and
 * new requests are kept off it.
 */
static void end_late(struct meet_attempts *attempts, struct meet_job *job,
                     int64_t now)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_outcome outcome;

    if (transfer->progress.sends > 0 && !transfer->progress.http1)
        meet_multis_retire(&attempts->multis, transfer);
    meet_outcome_late(transfer,
                      job->gives_up_at < job->deadline ? MEET_TIMEOUT
                                                       : MEET_DEADLINE,
                      &outcome);
    finish(attempts, job, &outcome, now);
}

static void end(struct meet_attempts *attempts, struct meet_job *job,
                CURLcode result, int64_t now)
{
    struct meet_outcome outcome;
    struct meet_transfer *transfer = job->transfer;
    bool waits;

    if (result != CURLE_OK) /* libcurl may keep a refusal on the handle */
        transfer->network_serial = 0;
    if (result != CURLE_OK && job->gives_up_at <= now) {
        end_late(attempts, job, now);
        return;
    }
    waits = waits_for_descriptor(attempts, transfer, result);
    if (tried_default(attempts, job, result))
        return;
    if (transfer->progress.sends > 0 && !transfer->folder &&
        meet_trust_folder(&attempts->trust, &job->request))
        meet_trust_defaults(&attempts->trust);
    meet_outcome_read(transfer, result, &outcome);
    outcome.stale = outcome.stale || waits;
    finish(attempts, job, &outcome, now);
}

int64_t meet_attempts_next_late(const struct meet_attempts *attempts)
{
    int64_t soonest = MEET_NEVER;

    for (const struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next) {
        const struct meet_job *job = transfer->job;

        soonest = meet_ns_earlier(soonest, job->gives_up_at);
    }
    return soonest;
}

/* End the attempts that are out of time; true when there was one. */
static bool end_all_late(struct meet_attempts *attempts, int64_t now)
{
    bool any = false;

    for (struct meet_transfer *transfer = attempts->active, *next; transfer;
         transfer = next) {
        struct meet_job *job = transfer->job;

        next = transfer->next;
        if (job->gives_up_at > now)
            continue;
        end_late(attempts, job, now);
        any = true;
    }
    return any;
}

/* Finish every transfer that ended; true when there was one. */
static bool collect(struct meet_attempts *attempts, int64_t now)
{
    struct meet_transfer *transfer;
    CURLcode result;
    bool any = false;

    while ((transfer = meet_multis_ended(&attempts->multis, &result))) {
        end(attempts, transfer->job, result, now);
        any = true;
    }
    return any;
}

void meet_attempts_cancel(struct meet_attempts *attempts, struct meet_job *job)
{
    if (job->transfer)
        put_back(attempts, job, meet_clock_now());
    meet_dispatch_cancel(attempts->dispatch, job);
}

/* A job of the background is asked for again when somebody wants it. */
static void make_way(struct meet_attempts *attempts)
{
    struct meet_job *job = meet_precedence_yields(attempts->active);

    if (!job)
        return;
    meet_attempts_cancel(attempts, job);
    meet_job_cancel(job, "a call needed its socket");
}

/* libcurl returns sooner, unless it is flooded. */
#define MOST_WORK MEET_MILLISECONDS(40)

bool meet_attempts_run(struct meet_attempts *attempts, int64_t *now)
{
    bool any;

    if (attempts->sockets.flood)
        meet_flood_enter(
            attempts->sockets.flood,
            meet_ns_later(meet_attempts_next_late(attempts), *now + MOST_WORK));
    meet_multis_perform(&attempts->multis);
    meet_flood_leave(attempts->sockets.flood);
    *now = meet_clock_now(); /* connecting and TLS take time */
    for (struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next)
        report_sent(attempts, transfer, *now);
    any = collect(attempts, *now);
    make_way(attempts);
    return end_all_late(attempts, *now) || any;
}
