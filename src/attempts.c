/* attempts.c - see attempts.h. */
#include "attempts.h"

#include "clock.h"
#include "flood.h"
#include "flow.h"
#include "library.h"
#include "outcome.h"
#include "permit.h"
#include "places.h"
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
    meet_sockets_deinit(&attempts->sockets);
    meet_trust_deinit(&attempts->trust);
}

bool meet_attempts_abandon(struct meet_attempts *attempts)
{
    if (!meet_sockets_is_child(&attempts->sockets))
        return false;
    meet_sockets_abandon(&attempts->sockets);
    attempts->active = NULL;
    attempts->multis = (struct meet_multis){0}; /* threads, too, do not fork */
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

void meet_attempts_forget(struct meet_attempts *attempts,
                          unsigned long network_serial)
{
    meet_pool_forget(&attempts->pool, network_serial);
    meet_library_scrub();
}

/* Commit the reservation of an attempt whose bytes have left. True: a script's
   limiter needs a report. */
static bool report_sent(const struct meet_transfer *transfer, int64_t now)
{
    struct meet_job *job = transfer->job;

    if (transfer->progress.sends == 0 || !job->has_reservation)
        return false;
    meet_dispatch_commit(job, now);
    if (job->permit.state == MEET_PERMIT_HELD)
        meet_permit_commit(job, transfer->progress.delay);
    return job->permit.state == MEET_PERMIT_LEFT;
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
    meet_permit_release(job);
    meet_dispatch_finish(attempts->dispatch, job, outcome, now,
                         meet_random_next(&attempts->random));
    meet_permit_pause(job);
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
    transfer->progress.arrives_by = meet_permit_ends(job);
    if (meet_multis_add(&attempts->multis, transfer))
        return 0;
    meet_error_set(err, MEET_MEMORY, "libcurl accepted no further transfer");
    return -1;
}

static void end(struct meet_attempts *attempts, struct meet_job *job,
                CURLcode result, int64_t now);

/* Launch it; a failure ends the attempt, or lets it wait for a descriptor,
   which a multi handle of newer versions of libcurl needs, too. */
static void launch_or_finish(struct meet_attempts *attempts,
                             struct meet_job *job, const char *folder,
                             int64_t now)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_outcome failed = {.ending = MEET_ENDED_FAILED,
                                  .server_delay = -1};

    if (launch(attempts, job, folder, &failed.error) == 0)
        return;
    if (failed.error.kind != MEET_MEMORY || !meet_sockets_lack(1)) {
        finish(attempts, job, &failed, now);
        return;
    }
    transfer->progress.starved = true;
    end(attempts, job, CURLE_FAILED_INIT, now);
}

static void launch_again(struct meet_attempts *attempts, struct meet_job *job,
                         int64_t now)
{
    launch_or_finish(attempts, job,
                     meet_trust_folder(&attempts->trust, &job->request), now);
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
    transfer->replaces = false;
    meet_transfer_link(transfer, &attempts->active);
    if (!attempts->multis.flood && !job->request.network->plain &&
        meet_library_reads_on())
        attempts->multis.flood = meet_flood_new(&attempts->sockets);
    launch_again(attempts, job, now);
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

/* Milliseconds: another part of the process may close some at any time. */
enum { NEXT_LOOK = 50 };

/* Launch it in the place of an idle socket; false when there is none. */
static bool replaced_idle(struct meet_attempts *attempts, struct meet_job *job,
                          int64_t now)
{
    const struct meet_transfer *transfer;

    launch_again(attempts, job, now);
    transfer = job->transfer;
    if (!transfer)
        return true; /* that failed */
    if (!transfer->multi)
        return false; /* nor is there a descriptor for a multi handle */
    attempts->sockets.makes_room = true;
    meet_multis_perform_replacing(&attempts->multis);
    attempts->sockets.makes_room = false;
    if (meet_places_has_socket(transfer))
        return true;
    meet_places_wait(&attempts->multis, job->transfer);
    return false;
}

/*
 * Launch what waits for a descriptor again, when there may be one: an attempt
 * for each that ended, and now and then. True when there was one.
 */
static bool launch_waiting(struct meet_attempts *attempts, int64_t now)
{
    unsigned most = attempts->ended > 0 ? attempts->ended : 1;
    struct meet_job *job = meet_places_first_waiting(attempts->active);
    bool any = false, looks = attempts->ended > 0 || now >= attempts->looks_at;

    attempts->ended = 0;
    if (!job || !looks)
        return false;
    attempts->looks_at = now + MEET_MILLISECONDS(NEXT_LOOK);
    for (; job && most > 0;
         most--, job = meet_places_first_waiting(attempts->active)) {
        const struct meet_transfer *transfer = job->transfer;

        /* Every other time: nothing reports whether there is an idle socket. */
        if (!transfer->replaces || !meet_places_are_few())
            launch_again(attempts, job, now);
        else if (!replaced_idle(attempts, job, now))
            break;
        any = true;
    }
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
    if (meet_places_wait_after(&attempts->multis, attempts->active, transfer,
                               result) ||
        tried_default(attempts, job, result, now))
        return;
    if (transfer->progress.sends > 0 && !transfer->folder &&
        meet_trust_folder(&attempts->trust, &job->request))
        meet_trust_defaults(&attempts->trust);
    meet_multis_leave_failed(&attempts->multis, transfer, result);
    meet_outcome_read(transfer, result, &outcome);
    finish(attempts, job, &outcome, now);
}

int64_t meet_attempts_next_wakeup(const struct meet_attempts *attempts)
{
    return meet_places_next_wakeup(attempts->active, attempts->looks_at);
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

static void resume(struct meet_attempts *attempts, struct meet_job *job,
                   int64_t now)
{
    CURLcode result = meet_flow_resume(job->transfer);

    if (result != CURLE_OK)
        end(attempts, job, result, now);
}

void meet_attempts_take(struct meet_attempts *attempts, struct meet_job *job,
                        int64_t now)
{
    meet_flow_take(job, now);
    if (job->transfer)
        resume(attempts, job, now);
}

static void resume_files(struct meet_attempts *attempts, int64_t now)
{
    for (struct meet_transfer *each = attempts->active, *next; each;
         each = next) {
        struct meet_job *job = each->job;

        next = each->next;
        if (meet_flow_goes_on(&job->response.stream))
            resume(attempts, job, now);
    }
}

void meet_attempts_cancel(struct meet_attempts *attempts, struct meet_job *job)
{
    if (job->transfer)
        let_go(attempts, job, false, meet_clock_now());
    meet_permit_cancel(job);
    meet_dispatch_cancel(attempts->dispatch, job);
}

/* A job of the background is asked for again when somebody wants it. */
static void make_way(struct meet_attempts *attempts)
{
    struct meet_job *job = meet_places_in_the_way(attempts->active);

    if (!job)
        return;
    meet_attempts_cancel(attempts, job);
    meet_job_cancel(job, "a call needed its socket");
}

/* A step polls again for so long while an attempt that is out of time has more
   to read: libcurl with GnuTLS stops behind each record of TLS itself. A flood
   has more to read for ever, and holds each poll longer than this. */
#define POLLS_AGAIN MEET_MILLISECONDS(20)

bool meet_attempts_run(struct meet_attempts *attempts, int64_t *now)
{
    int64_t began = meet_clock_now();
    bool any = false;

    do {
        meet_multis_perform(&attempts->multis);
        *now = meet_clock_now(); /* connecting and TLS take time */
    } while (meet_ns_between(began, *now) < POLLS_AGAIN &&
             meet_places_any_unread(attempts->active, *now));
    for (struct meet_transfer *transfer = attempts->active; transfer;
         transfer = transfer->next)
        any = report_sent(transfer, *now) || any;
    any = meet_flow_look(attempts->active, *now) || any;
    any = collect(attempts, *now) || any;
    resume_files(attempts, *now);
    make_way(attempts);
    any = end_all_late(attempts, *now) || any;
    return launch_waiting(attempts, *now) || any;
}
