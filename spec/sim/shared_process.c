/*
 * shared_process.c - a simulated process: a dispatcher whose limiter is far
 * away, as that of a script may be. It keeps to the states of permit.h.
 */
#include "shared.h"

#include <string.h>

/* Longest way to the server beyond the shortest, in seconds: less than the
   dispatcher's margin. */
#define JITTER 0.0145

/* -- its clock -------------------------------------------------------------*/

int64_t process_clock(const struct process *process)
{
    return shared.now + shared.now / 1000000 * process->ppm + process->set_by;
}

/* When its clock shows that. */
static int64_t true_time(const struct process *process, int64_t clock)
{
    int64_t length = clock - process_clock(process), at;

    if (clock == MEET_NEVER)
        return MEET_NEVER;
    at = shared.now + length - length / 1000000 * process->ppm;
    while (at + at / 1000000 * process->ppm + process->set_by < clock)
        at += 1000;
    return at;
}

/* -- events ----------------------------------------------------------------*/

static struct event *push(int64_t in, enum event_kind kind,
                          const struct process *process,
                          const struct caller *caller)
{
    struct event *event = shared_push(shared.now + in, kind);

    event->process = (unsigned)(process - shared.processes);
    event->life = process->life;
    if (caller) {
        event->caller = (unsigned)(caller - process->callers);
        event->run = caller->run;
    }
    return event;
}

/* The caller thinks, and makes a request. */
static void think(struct process *process, struct caller *caller)
{
    push(meet_ns_from_seconds(draw_exponential(shared.thinking)), SUBMIT,
         process, caller);
}

/* -- the store -------------------------------------------------------------*/

static bool is_cut(const struct process *process)
{
    return process->cut_until > shared.now;
}

/* What the process knows of the ledger's time, a little later. */
static struct meet_ledger_sight look(const struct process *process,
                                     int64_t later)
{
    int64_t clock = process_clock(process) + later;

    return (struct meet_ledger_sight){
        process->seen, clock - process->answered_at, clock - process->asked_at};
}

/* Send a message later; NULL: it is lost. */
static struct event *tell(struct process *process, struct caller *caller,
                          enum message_kind kind, int64_t later)
{
    struct event *event;

    if (is_cut(process))
        return NULL;
    event =
        push(later + draw_length(process->store_way, process->store_way * 1.5),
             EXECUTE, process, caller);
    event->message.kind = kind;
    event->message.id = caller->job.permit.id;
    event->message.holder = process->holder;
    event->message.sight = look(process, later);
    event->message.sent_at = process_clock(process);
    return event;
}

static void ask(struct process *process, struct caller *caller)
{
    struct meet_job *job = &caller->job;
    struct event *event;

    job->permit.id = ++shared.ids;
    job->permit.asked_at = process_clock(process);
    job->permit.lease = meet_permit_lease; /* no longer one follows */
    event = tell(process, caller, ASK, 0);
    if (event) {
        event->quota = job->pace.quota;
        return;
    }
    event = push(draw_length(0.001, 0.3), ANSWER, process, caller);
    event->message.id = job->permit.id;
    event->message.lost = true;
}

/* Some reports of a departure are lost or late. */
static void report_left(struct process *process, struct caller *caller)
{
    struct event *event;
    int64_t later = 0;

    if (shared.stormy && draw_below(20) == 0)
        return;
    if (shared.stormy && draw_below(50) == 0)
        later = meet_ns_from_seconds(draw_exponential(2));
    event = tell(process, caller, COMMIT, later);
    if (event)
        event->message.length = caller->job.permit.delay;
}

/* Report what is due, as the binding does. */
static void report(struct process *process, struct caller *caller)
{
    struct meet_job *job = &caller->job;
    struct event *event;

    if (job->permit.state == MEET_PERMIT_LEFT)
        report_left(process, caller);
    if (job->permit.state == MEET_PERMIT_UNUSED)
        tell(process, caller, RELEASE, 0);
    if (job->permit.state != MEET_PERMIT_HELD)
        job->permit.state = MEET_PERMIT_NONE;
    if (job->pause <= 0)
        return;
    event = tell(process, caller, PAUSE, 0);
    if (event) {
        event->message.window = meet_permit_paused(job);
        event->message.length = job->pause;
    }
    job->pause = 0;
}

/* -- requests --------------------------------------------------------------*/

/* Few make what has little quota, so that nobody waits too long for it. */
static enum meet_quota choose_quota(unsigned caller)
{
    if (caller == 0)
        return MEET_QUOTA_CREATE;
    if (caller <= 2)
        return MEET_QUOTA_WRITE;
    return draw_below(2) ? MEET_QUOTA_NONE : MEET_QUOTA_READ;
}

static void submit(struct process *process, struct caller *caller)
{
    struct meet_job *job = &caller->job;
    unsigned index = (unsigned)(caller - process->callers);
    enum meet_quota quota = choose_quota(index);
    int64_t clock = process_clock(process);

    if (shared.submitted == shared.wanted)
        return;
    if (index >= shared.busy) { /* it rests */
        push(MEET_SECONDS(5), SUBMIT, process, caller);
        return;
    }
    shared.submitted++;
    *caller = (struct caller){.run = caller->run + 1,
                              .busy = true,
                              .hurried = shared.stormy && draw_below(30) == 0,
                              .began_at = shared.now};
    meet_request_init(&job->request);
    meet_response_init(&job->response, 1000);
    job->request.verb = quota <= MEET_QUOTA_READ ? "GET" : "POST";
    job->request.timeout = MEET_SECONDS(30);
    job->retry = (struct meet_retry){8, MEET_SECONDS(1), 1.3, MEET_SECONDS(10)};
    job->stats = &process->stats;
    job->deadline = caller->hurried
                        ? clock + meet_ns_from_seconds(draw_exponential(3))
                        : MEET_NEVER;
    job->pace = (struct meet_pace){.key = 1,
                                   .account = 1,
                                   .quota = quota,
                                   .per_second = PER_SECOND,
                                   .per_minute = shared.per_minute[quota],
                                   .limiter = 1};
    meet_dispatch_submit(&process->dispatch, job, clock);
}

/* Its attempt has a place; it leaves as soon as a socket is ready. */
static void start(struct process *process, struct caller *caller)
{
    int64_t handshake = 0;

    if (draw_below(4) == 0)
        handshake = meet_ns_from_seconds(2 * process->server_way) +
                    draw_length(0, 0.02);
    if (shared.stormy && draw_below(30) == 0)
        handshake = draw_length(0.2, 0.4);
    if (shared.stormy && draw_below(200) == 0)
        handshake = draw_length(0, 4);
    if (draw_uniform() < shared.slow) /* about as long as the lease */
        handshake = draw_length(1.6, 2);
    push(handshake, LEAVE, process, caller);
    if (shared.stormy && draw_below(100) == 0)
        push(draw_length(0, 0.5), DIE, process, NULL);
}

static void take_answer(struct process *process, struct caller *caller,
                        const struct message *message)
{
    struct meet_job *job = &caller->job;
    int64_t clock = process_clock(process);
    struct meet_error err;

    if (message->lost || is_cut(process)) {
        meet_error_set(&err, MEET_TRANSPORT, "the store is away");
        meet_dispatch_fault(&process->dispatch, job, &err, clock);
        return;
    }
    process->seen = message->seen;
    process->asked_at = message->sent_at;
    process->answered_at = clock;
    process->denied_life[job->pace.quota] = message->life;
    if (message->wait > 0) {
        meet_dispatch_deny(&process->dispatch, job, message->wait, clock);
        return;
    }
    caller->store_life = message->life;
    job->permit.state = MEET_PERMIT_HELD;
    if (meet_dispatch_grant(&process->dispatch, job, clock))
        start(process, caller);
    else
        meet_permit_release(job);
}

static void finish(struct process *process, struct caller *caller,
                   const struct meet_outcome *outcome)
{
    meet_permit_release(&caller->job);
    meet_dispatch_finish(&process->dispatch, &caller->job, outcome,
                         process_clock(process), draw_uniform());
}

/* The socket is ready. Past the lease the request stays, as in progress.c. */
static void leave(struct process *process, struct caller *caller)
{
    struct meet_job *job = &caller->job;
    struct meet_outcome kept = {.ending = MEET_ENDED_NOT_SENT,
                                .uncounted = true,
                                .server_delay = -1,
                                .error.kind = MEET_TRANSPORT};
    int64_t clock = process_clock(process), ends = meet_permit_ends(job);
    int64_t shortest = meet_ns_from_seconds(process->server_way);
    int64_t way = shortest + draw_length(0, JITTER);
    int64_t delay = 2 * shortest + draw_length(0, JITTER);
    struct event *event;

    if (ends > 0 && clock + delay >= ends) {
        finish(process, caller, &kept);
        return;
    }
    meet_dispatch_commit(job, clock);
    meet_permit_commit(job, delay);
    event = push(way, ARRIVE, process, caller);
    event->quota = job->pace.quota;
    event->message.life = caller->store_life;
    push(way + shortest + draw_length(0.01, 0.1), END, process, caller);
}

static void end(struct process *process, struct caller *caller)
{
    struct meet_outcome outcome = {
        .ending = MEET_ENDED_ANSWERED, .sent = true, .server_delay = -1};

    caller->job.response.status = 200;
    if (shared.refusals > 0) {
        shared.refusals--;
        caller->job.response.status = 429;
        outcome.google = draw_below(2);
        outcome.server_delay = draw_length(0.5, 20);
    }
    finish(process, caller, &outcome);
}

/* -- its life --------------------------------------------------------------*/

static void forget(struct caller *caller)
{
    meet_request_deinit(&caller->job.request);
    meet_response_deinit(&caller->job.response);
    caller->busy = false;
    caller->run++;
}

static void live(struct process *process)
{
    meet_dispatch_init(&process->dispatch);
    process->alive = true;
    process->holder = ++shared.ids;
    process->seen = MEET_ALWAYS;
    process->asked_at = process->answered_at = 0;
    process->stalled_until = process->cut_until = MEET_ALWAYS;
    process->wakes_at = MEET_NEVER;
    for (unsigned i = 0; i < CALLERS; i++)
        think(process, &process->callers[i]);
}

/* With all its places. Its requests are made again. */
static void die(struct process *process)
{
    for (unsigned i = 0; i < CALLERS; i++) {
        struct caller *caller = &process->callers[i];

        if (!caller->busy)
            continue;
        meet_dispatch_cancel(&process->dispatch, &caller->job);
        forget(caller);
        shared.ended++;
    }
    meet_dispatch_deinit(&process->dispatch);
    process->alive = false;
    process->life++;
    process->wakes_at = MEET_NEVER;
    shared.deaths++;
    push(draw_length(0.05, 3), RESTART, process, NULL);
}

void process_begin(struct process *process, double store_way, double server_way)
{
    memset(process, 0, sizeof *process);
    process->ppm = (int64_t)draw_below(201) - 100;
    process->set_by = draw_length(0, 1e6);
    process->store_way = store_way;
    process->server_way = server_way;
    live(process);
}

void process_end(struct process *process)
{
    if (process->alive)
        meet_dispatch_deinit(&process->dispatch);
}

void process_run(struct process *process)
{
    int64_t clock = process_clock(process);
    struct meet_job *job;

    if (!process->alive)
        return;
    for (unsigned i = 0; i < CALLERS; i++)
        if (process->callers[i].busy)
            report(process, &process->callers[i]);
    while ((job = meet_dispatch_next_attempt(&process->dispatch, clock)))
        ask(process, (struct caller *)(void *)job);
    for (unsigned i = 0; i < CALLERS; i++) {
        struct caller *caller = &process->callers[i];

        if (!caller->busy)
            continue;
        if (caller->job.state != MEET_JOB_DONE)
            continue;
        rules_done(caller);
        forget(caller);
        think(process, caller);
    }
    process->wakes_at = meet_ns_later(
        true_time(process,
                  meet_dispatch_next_wakeup(&process->dispatch, clock)),
        process->stalled_until);
}

void process_happen(struct process *process, const struct event *event)
{
    struct caller *caller = &process->callers[event->caller];

    if (event->kind == RESTART)
        live(process);
    if (event->life != process->life || !process->alive)
        return; /* it has died since */
    if (event->kind == DIE)
        die(process);
    else if (event->kind == SUBMIT && !caller->busy)
        submit(process, caller);
    if (!caller->busy || event->run != caller->run)
        return;
    if (event->kind == ANSWER && event->message.id == caller->job.permit.id)
        take_answer(process, caller, &event->message);
    else if (event->kind == LEAVE)
        leave(process, caller);
    else if (event->kind == END)
        end(process, caller);
}
