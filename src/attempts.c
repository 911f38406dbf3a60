/* attempts.c - see attempts.h. */
#include "attempts.h"

#include "clock.h"
#include "flood.h"
#include "library.h"
#include "outcome.h"
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
    meet_flood_free(attempts->flood);
    meet_sockets_deinit(&attempts->sockets);
    meet_trust_deinit(&attempts->trust);
}

bool meet_attempts_abandon(struct meet_attempts *attempts)
{
    if (!meet_sockets_is_child(&attempts->sockets))
        return false;
    meet_sockets_abandon(&attempts->sockets);
    attempts->flood = NULL; /* its thread is the parent's */
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
    meet_flood_free(attempts->flood);
    attempts->flood = NULL;
    meet_library_scrub();
}

/* Commit the reservation of an attempt whose bytes have left. */
static void report_sent(const struct meet_transfer *transfer, int64_t now)
{
    const struct meet_job *job = transfer->job;

    if (transfer->progress.sends > 0 && job->has_reservation)
        meet_dispatch_commit(transfer->job, now);
}

/*
 * Detach the transfer from the job. Only a handle that got an answer is kept:
 * libcurl may keep a refusal on one that failed.
 */
static void let_go(struct meet_attempts *attempts, struct meet_job *job,
                   bool answered, int64_t now)
{
    struct meet_transfer *transfer = job->transfer;

    report_sent(transfer, now);
    job->transfer = NULL;
    meet_transfer_unlink(transfer, &attempts->active);
    meet_multis_remove(&attempts->multis, transfer);
    attempts->ended++;
    if (answered)
        meet_pool_give(&attempts->pool, transfer);
    else
        meet_transfer_free(transfer);
}

static void finish(struct meet_attempts *attempts, struct meet_job *job,
                   const struct meet_outcome *outcome, int64_t now)
{
    if (job->transfer) {
        if (job->request.network->trace)
            meet_trace_write(job, job->transfer, outcome, now);
        let_go(attempts, job, outcome->ending == MEET_ENDED_ANSWERED, now);
    }
    meet_dispatch_finish(attempts->dispatch, job, outcome, now,
                         meet_random_next(&attempts->random));
}

/* Start the job's transfer, or start it again: nothing was sent. */
static int launch(struct meet_attempts *attempts, struct meet_job *job,
                  const char *folder, struct meet_error *err)
{
    struct meet_transfer *transfer = job->transfer;

    meet_multis_remove(&attempts->multis, transfer);
    meet_response_clear(&job->response);
    if (meet_transfer_start(transfer, &job->request, &job->response, folder,
                            err) < 0)
        return -1;
    if (meet_multis_add(&attempts->multis, transfer))
        return 0;
    meet_error_set(err, MEET_MEMORY, "libcurl accepted no further transfer");
    return -1;
}

/* Launch it; a failure ends the attempt. */
static void launch_or_finish(struct meet_attempts *attempts,
                             struct meet_job *job, const char *folder,
                             int64_t now)
{
    struct meet_outcome failed = {.ending = MEET_ENDED_FAILED,
                                  .server_delay = -1};

    if (launch(attempts, job, folder, &failed.error) < 0)
        finish(attempts, job, &failed, now);
}

void meet_attempts_start(struct meet_attempts *attempts, struct meet_job *job,
                         int64_t now)
{
    struct meet_transfer *transfer = meet_pool_take(&attempts->pool);

    if (!transfer) {
        struct meet_outcome outcome = {.ending = MEET_ENDED_FAILED,
                                       .server_delay = -1};

        meet_error_set(&outcome.error, MEET_MEMORY, "no memory for a transfer");
        finish(attempts, job, &outcome, now);
        return;
    }
    job->transfer = transfer;
    transfer->job = job;
    meet_transfer_link(transfer, &attempts->active);
    if (!attempts->flood && !job->request.network->plain &&
        meet_library_version() < 0x080800) /* see flood.h */
        attempts->flood = meet_flood_new(&attempts->sockets);
    launch_or_finish(attempts, job,
                     meet_trust_folder(&attempts->trust, &job->request), now);
}

/*
 * The hashed folder may lack an authority of the bundle: try once more with
 * libcurl's defaults, within the same attempt since nothing was sent. If that
 * succeeds, the defaults are used from then on.
 */
static bool tried_default(struct meet_attempts *attempts, struct meet_job *job,
                          CURLcode result, int64_t now)
{
    const struct meet_transfer *transfer = job->transfer;

    if (result != CURLE_PEER_FAILED_VERIFICATION || !transfer->folder ||
        transfer->progress.sends > 0)
        return false;
    launch_or_finish(attempts, job, NULL, now);
    return true;
}

/* An attempt that waits for a descriptor is on no multi handle. */
static bool any_runs(const struct meet_attempts *attempts)
{
    const struct meet_transfer *transfer = attempts->active;

    while (transfer && !transfer->multi)
        transfer = transfer->next;
    return transfer;
}

enum { RESOLVER = 2 }; /* descriptors that it takes */

/*
 * Without a descriptor for a socket the attempt is launched once more, in the
 * place of an idle one, and then waits until another one ends. If there is
 * none, idle sockets are closed, and it is tried again a few times.
 */
static bool waits_for_descriptor(struct meet_attempts *attempts,
                                 struct meet_transfer *transfer,
                                 CURLcode result)
{
    if (result == CURLE_OK || transfer->progress.sends > 0 ||
        transfer->progress.stopped.kind != MEET_OK ||
        (!transfer->progress.starved &&
         !meet_sockets_lack(transfer->progress.opened ? 1 : RESOLVER)))
        return false;
    transfer->progress.starved = true;
    meet_multis_remove(&attempts->multis, transfer);
    if (!any_runs(attempts)) {
        meet_multis_close(&attempts->multis);
        return false;
    }
    if (!attempts->replaces_idle)
        attempts->ended++;
    return true;
}

/* Of those that wait for a descriptor, the first that came; or NULL. */
static struct meet_job *first_waiting(const struct meet_attempts *attempts)
{
    struct meet_job *job = NULL;

    for (const struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next)
        if (!transfer->multi)
            job = transfer->job;
    return job;
}

/*
 * Launch what waits for a descriptor again: one for each attempt that ended,
 * and left a socket, perhaps idle, or a descriptor. True when there was one.
 */
static bool launch_waiting(struct meet_attempts *attempts, int64_t now)
{
    struct meet_job *job;
    bool any = false;

    while (attempts->ended > 0 && (job = first_waiting(attempts))) {
        attempts->ended--;
        launch_or_finish(attempts, job,
                         meet_trust_folder(&attempts->trust, &job->request),
                         now);
        any = true;
    }
    attempts->ended = 0;
    if (any != attempts->replaces_idle)
        meet_multis_replace_idle(&attempts->multis, any);
    attempts->replaces_idle = any;
    return any;
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
    meet_outcome_late(transfer, &outcome);
    finish(attempts, job, &outcome, now);
}

static void end(struct meet_attempts *attempts, struct meet_job *job,
                CURLcode result, int64_t now)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_outcome outcome;

    if (job->gives_up_at <= now && !meet_outcome_is_known(transfer, result)) {
        end_late(attempts, job, now);
        return;
    }
    if (waits_for_descriptor(attempts, transfer, result) ||
        tried_default(attempts, job, result, now))
        return;
    if (transfer->progress.sends > 0 && !transfer->folder &&
        meet_trust_folder(&attempts->trust, &job->request))
        meet_trust_defaults(&attempts->trust);
    meet_outcome_read(transfer, result, &outcome);
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
        let_go(attempts, job, false, meet_clock_now());
    meet_dispatch_cancel(attempts->dispatch, job);
}

static bool has_socket(const struct meet_transfer *transfer)
{
    return transfer->multi &&
           (transfer->progress.opened || transfer->progress.sends > 0);
}

/*
 * The job of the background that may hold the socket of one that somebody waits
 * for: the oldest with a socket, when there are none left for all. Or NULL.
 */
static struct meet_job *in_the_way(const struct meet_attempts *attempts)
{
    struct meet_job *held = NULL;
    unsigned count = 0;
    bool waits = false, none_left = false;

    for (const struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next) {
        struct meet_job *job = transfer->job;

        count++;
        none_left = none_left || !transfer->multi;
        if (!has_socket(transfer))
            waits = waits || !job->background;
        else if (job->background)
            held = job;
    }
    return waits && (none_left || count > MEET_MOST_SOCKETS) ? held : NULL;
}

/* A job of the background is asked for again when somebody wants it. */
static void make_way(struct meet_attempts *attempts)
{
    struct meet_job *job = in_the_way(attempts);

    if (!job)
        return;
    meet_attempts_cancel(attempts, job);
    meet_job_cancel(job, "a call needed its socket");
}

bool meet_attempts_run(struct meet_attempts *attempts, int64_t *now)
{
    bool any;

    meet_flood_enter(attempts->flood);
    meet_multis_perform(&attempts->multis);
    meet_flood_leave(attempts->flood);
    *now = meet_clock_now(); /* connecting and TLS take time */
    for (struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next)
        report_sent(transfer, *now);
    any = collect(attempts, *now);
    make_way(attempts);
    any = end_all_late(attempts, *now) || any;
    return launch_waiting(attempts, *now) || any;
}
