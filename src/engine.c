/* engine.c - see engine.h. */
#include "engine.h"

#include "clock.h"
#include "library.h"
#include "outcome.h"
#include "pool.h"
#include "random.h"
#include "trace.h"

#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

struct meet_engine {
    CURLM *multi;                /* NULL until a step; owns its sockets */
    struct meet_sockets sockets; /* the multi handle's */
    struct meet_dispatch dispatch;
    struct meet_pool pool;
    struct meet_transfer *active; /* attempts under way */
    bool searched; /* for 'folder', by the first attempt over TLS */
    char *folder;  /* hashed certificate folder, NULL: libcurl's default */
    unsigned long long random;
};

double meet_engine_random(struct meet_engine *engine)
{
    meet_engine_after_fork(engine);
    return meet_random_next(&engine->random);
}

/* To one host, without HTTP/2: ten requests a second at 1.5 s of latency. */
#define MOST_SOCKETS 16L

/* Without memory it stays NULL, and every attempt fails. */
static void need_multi(struct meet_engine *engine)
{
    if (engine->multi)
        return;
    engine->multi = curl_multi_init();
    curl_multi_setopt(engine->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      MOST_SOCKETS);
    curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, 2 * MOST_SOCKETS);
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
    engine->random = meet_random_seed(meet_clock_wall(), getpid(), engine);
    return engine;
}

/* Commit the reservation of an attempt whose bytes have left. */
static void report_sent(struct meet_engine *engine,
                        struct meet_transfer *transfer, int64_t now)
{
    if (transfer->sends == 0 || transfer->sent_reported)
        return;
    transfer->sent_reported = true;
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
    curl_multi_remove_handle(engine->multi, transfer->easy);
    meet_pool_give(&engine->pool, transfer);
}

static void cancel_job(struct meet_engine *engine, struct meet_job *job)
{
    if (job->transfer)
        put_back(engine, job, meet_clock_now());
    meet_dispatch_cancel(&engine->dispatch, job);
}

/*
 * In a forked child the multi handle, the active transfers and the sockets are
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
    engine->multi = NULL;
    engine->random = meet_random_seed(meet_clock_wall(), getpid(), engine);
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
    curl_multi_cleanup(engine->multi);
    meet_sockets_deinit(&engine->sockets);
    meet_dispatch_deinit(&engine->dispatch);
    free(engine->folder);
    free(engine);
}

void meet_engine_close_idle(struct meet_engine *engine)
{
    meet_engine_after_fork(engine);
    if (engine->active)
        return;
    curl_multi_cleanup(engine->multi);
    engine->multi = NULL;
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
    if (job->transfer)
        put_back(engine, job, now);
    meet_dispatch_finish(&engine->dispatch, job, outcome, now,
                         meet_engine_random(engine));
}

/* Start 'transfer' for the job; a failure becomes the attempt's outcome. */
static int launch(struct meet_engine *engine, struct meet_job *job,
                  struct meet_transfer *transfer, const char *folder,
                  int64_t now, struct meet_error *err)
{
    int64_t timeout = meet_ns_earlier(job->request.timeout,
                                      meet_ns_between(now, job->deadline));

    timeout = job->background ? 0 : meet_ns_later(timeout, 1); /* 0: none */
    job->gives_up_at = MEET_NEVER;
    transfer->job = job;
    if (meet_transfer_start(transfer, &job->request, &job->response, timeout,
                            folder, err) < 0)
        return -1;
    if (curl_multi_add_handle(engine->multi, transfer->easy) == CURLM_OK)
        return 0;
    meet_error_set(err, MEET_MEMORY, "libcurl accepted no further transfer");
    return -1;
}

/* The certificate folder for the job's attempt; NULL: libcurl's defaults. */
static const char *folder_for(struct meet_engine *engine,
                              const struct meet_job *job)
{
    if (!meet_request_needs_certificates(&job->request))
        return NULL;
    if (!engine->searched)
        engine->folder = meet_library_folder();
    engine->searched = true;
    return engine->folder;
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
    transfer->sent_reported = false;
    transfer->sends = 0;
    meet_transfer_link(transfer, &engine->active);
    if (launch(engine, job, transfer, folder_for(engine, job), now,
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
                          CURLcode result, int64_t now)
{
    struct meet_transfer *transfer = job->transfer;
    struct meet_error err;

    if (result != CURLE_PEER_FAILED_VERIFICATION || !transfer->folder)
        return false;
    curl_multi_remove_handle(engine->multi, transfer->easy);
    meet_response_clear(&job->response);
    return launch(engine, job, transfer, NULL, now, &err) == 0;
}

static void end(struct meet_engine *engine, struct meet_job *job,
                CURLcode result, int64_t now)
{
    struct meet_outcome outcome;
    struct meet_transfer *transfer = job->transfer;

    if (tried_default(engine, job, result, now))
        return;
    /* libcurl's default verified a server that the folder did not. */
    if (transfer->sends > 0 && !transfer->folder && engine->folder &&
        meet_request_needs_certificates(&job->request)) {
        free(engine->folder);
        engine->folder = NULL;
    }
    meet_outcome_read(transfer, result, job->started_at, &outcome);
    if (job->request.network->trace)
        meet_trace_write(job, transfer, &outcome, now);
    finish(engine, job, &outcome, now);
}

/*
 * End foreground attempts that libcurl does not time out. Return the time
 * of the next end.
 */
static int64_t give_up(struct meet_engine *engine, int64_t now)
{
    int64_t soonest = MEET_NEVER;

    for (struct meet_transfer *transfer = engine->active, *next; transfer;
         transfer = next) {
        struct meet_job *job = transfer->job;

        next = transfer->next;
        soonest = meet_ns_earlier(soonest, job->gives_up_at);
        if (job->gives_up_at <= now)
            end(engine, job, CURLE_OPERATION_TIMEDOUT, now);
    }
    return soonest;
}

/* Finish every transfer that ended; true when there was one. */
static bool collect(struct meet_engine *engine, int64_t now)
{
    struct CURLMsg *message;
    bool any = false;
    int left;

    while ((message = curl_multi_info_read(engine->multi, &left))) {
        struct meet_transfer *transfer = NULL;
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue; /* no other message exists yet */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        end(engine, transfer->job, result, now);
        any = true;
    }
    return any;
}

void meet_engine_step(struct meet_engine *engine, int64_t timeout)
{
    int64_t now = meet_clock_now(), soonest;
    int running;
    bool any;

    meet_engine_after_fork(engine);
    need_multi(engine);
    engine->sockets.now = now;
    start_due(engine, now);
    curl_multi_perform(engine->multi, &running);
    now = meet_clock_now(); /* connecting and TLS take time */
    for (struct meet_transfer *transfer = engine->active; transfer;
         transfer = transfer->next)
        report_sent(engine, transfer, now);
    any = collect(engine, now);
    soonest = give_up(engine, now);
    if (any || timeout <= 0)
        return;
    soonest = meet_ns_earlier(soonest, meet_ns_add(now, timeout));
    soonest = meet_ns_earlier(
        soonest, meet_dispatch_next_wakeup(&engine->dispatch, now));
    curl_multi_poll(engine->multi, NULL, 0,
                    meet_ns_milliseconds(meet_ns_between(now, soonest)), NULL);
}

#define LONGEST_PAUSE MEET_MILLISECONDS(100) /* while attempts run */

size_t
meet_engine_poll_set(struct meet_engine *engine,
                     struct meet_engine_socket sockets[MEET_ENGINE_SOCKETS],
                     int64_t *wait)
{
    int64_t now = meet_clock_now();
    fd_set reads, writes, errors;
    int highest = -1;
    long milliseconds = -1;
    size_t count = 0;

    meet_engine_after_fork(engine);
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&errors);
    curl_multi_fdset(engine->multi, &reads, &writes, &errors, &highest);
    curl_multi_timeout(engine->multi, &milliseconds);
    *wait =
        meet_ns_between(now, meet_dispatch_next_wakeup(&engine->dispatch, now));
    if (milliseconds >= 0)
        *wait = meet_ns_earlier(*wait, MEET_MILLISECONDS(milliseconds));
    if (engine->active) /* no socket shows that a resolver has ended */
        *wait = meet_ns_earlier(*wait, LONGEST_PAUSE);
    for (int fd = 0; fd <= highest; fd++) {
        bool read = FD_ISSET(fd, &reads), write = FD_ISSET(fd, &writes);

        if (read || write)
            sockets[count++] = (struct meet_engine_socket){fd, read, write};
    }
    return count;
}
