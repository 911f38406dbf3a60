/* dispatch.c - see dispatch.h. */
#include "dispatch.h"

#include <stdlib.h>

static bool is_ready_before(const struct meet_heap_node *a,
                            const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_job, place)->ready_at <
           MEET_OWNER(b, struct meet_job, place)->ready_at;
}

void meet_dispatch_init(struct meet_dispatch *dispatch)
{
    *dispatch = (struct meet_dispatch){.backoffs.before = is_ready_before,
                                       .looks.before = meet_look_before};
    meet_link_init(&dispatch->jobs);
    meet_registry_init(&dispatch->registry);
    meet_turns_init(&dispatch->turns);
}

void meet_dispatch_deinit(struct meet_dispatch *dispatch)
{
    meet_registry_deinit(&dispatch->registry);
    dispatch->ended = true;
}

static struct meet_entrance *entrance_of(const struct meet_job *job,
                                         enum meet_gate_kind kind)
{
    return job->lane->lines[kind]->entrance;
}

/* It is done: its lane may go with it. */
static void unlink_job(struct meet_dispatch *dispatch, struct meet_job *job)
{
    meet_link_leave(&job->link);
    meet_registry_leave(&dispatch->registry, job->lane);
    job->lane = NULL;
}

/* -- deadlines -------------------------------------------------------------*/

static void stop_looking(struct meet_job *job)
{
    for (int i = 0; i < 3; i++)
        meet_heap_remove(&job->looks[i].node);
}

static void look_again(struct meet_dispatch *dispatch, struct meet_job *job,
                       int64_t at)
{
    struct meet_heap *heaps[] = {&dispatch->looks,
                                 &entrance_of(job, MEET_OF_KEY)->looks,
                                 &entrance_of(job, MEET_OF_ACCOUNT)->looks};

    stop_looking(job);
    job->look_at = at;
    if (at == MEET_NEVER)
        return;
    for (int i = 0; i < 3; i++) {
        job->looks[i].job = job;
        meet_heap_insert(heaps[i], &job->looks[i].node);
    }
}

/* The first job of the heap, if it is to be looked at up to 'until'. */
static struct meet_job *first_look(const struct meet_heap *heap, int64_t until)
{
    const struct meet_look *look =
        MEET_HEAP_FIRST(heap, struct meet_look, node);

    return look && look->job->look_at <= until ? look->job : NULL;
}

/* -- waiting ---------------------------------------------------------------*/

static void enter_lane(struct meet_dispatch *dispatch, struct meet_job *job,
                       struct meet_line *closed, int64_t now)
{
    meet_lane_insert(job->lane, job);
    if (meet_lane_first(job->lane) == job)
        meet_turns_update(&dispatch->turns, job->lane, closed, now);
}

static void leave_lane(struct meet_dispatch *dispatch, struct meet_job *job)
{
    bool was_first = meet_lane_first(job->lane) == job;

    meet_lane_remove(job->lane, job);
    if (was_first)
        meet_turns_shift(&dispatch->turns, job->lane);
}

/* Take a queued job out of its lane, or of the backoffs. */
static void stop_waiting(struct meet_dispatch *dispatch, struct meet_job *job)
{
    stop_looking(job);
    if (job->place.heap == &dispatch->backoffs)
        meet_heap_remove(&job->place);
    else
        leave_lane(dispatch, job);
}

/* For so long after it would have been asked again, a limiter that could not be
   asked is why a job had no turn: to ask takes its time. */
#define RECENT_FAULT MEET_SECONDS(5)

/* The job's turn comes at 'opens', past its deadline: it is done. */
static void miss(struct meet_dispatch *dispatch, struct meet_job *job,
                 int64_t opens, int64_t now)
{
    const struct meet_entrance *limiter = entrance_of(job, MEET_OF_LIMITER);
    bool was_tried = job->attempts > 0;
    bool is_recent =
        now < meet_ns_add(limiter->gate.paused_until, RECENT_FAULT);
    const struct meet_error *fault = is_recent ? limiter->fault : NULL;

    unlink_job(dispatch, job);
    dispatch->missed++;
    meet_job_miss_deadline(job, opens > now ? meet_ns_between(now, opens) : -1);
    if (fault && !was_tried)
        job->error = *fault;
}

/* End the job if its deadline has passed, or comes before its turn. */
static void look(struct meet_dispatch *dispatch, struct meet_job *job,
                 int64_t now)
{
    int64_t opens =
        meet_ns_later(job->ready_at, meet_lane_hold(job->lane, 0, now).until);

    if (opens < job->deadline) {
        look_again(dispatch, job, job->deadline);
        return;
    }
    stop_waiting(dispatch, job);
    miss(dispatch, job, opens, now);
}

static void refuse(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (dispatch->ended)
        meet_error_set(&job->error, MEET_CANCELLED, "the queue has ended");
    else
        meet_error_set(&job->error, MEET_MEMORY, "no memory for the queue");
    job->state = MEET_JOB_DONE;
}

void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          int64_t now)
{
    struct meet_hold hold;

    meet_job_submit(job, now);
    job->lane = dispatch->ended
                    ? NULL
                    : meet_registry_enter(&dispatch->registry, &job->pace, now);
    if (!job->lane) {
        refuse(dispatch, job);
        return;
    }
    job->sequence = ++dispatch->sequence;
    meet_link_join(&job->link, &dispatch->jobs);
    hold = meet_lane_hold(job->lane, job->lane->length, now);
    if (hold.until >= job->deadline) {
        miss(dispatch, job, hold.until, now);
        return;
    }
    enter_lane(dispatch, job, hold.line, now);
    look_again(dispatch, job, job->deadline);
    if (hold.line) /* jobs ahead count too, even in an open lane */
        meet_job_wait(job, meet_ns_between(now, hold.until));
}

/* -- attempts --------------------------------------------------------------*/

static void end_overdue(struct meet_dispatch *dispatch, int64_t now)
{
    struct meet_job *job;

    while ((job = first_look(&dispatch->looks, now)))
        look(dispatch, job, now);
}

/* Return jobs whose backoff is over to their places in the lane. */
static void end_backoffs(struct meet_dispatch *dispatch, int64_t now)
{
    struct meet_job *job;

    while (
        (job = MEET_HEAP_FIRST(&dispatch->backoffs, struct meet_job, place)) &&
        job->ready_at <= now) {
        meet_heap_remove(&job->place);
        enter_lane(dispatch, job, meet_lane_hold(job->lane, 0, now).line, now);
    }
}

struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            int64_t now)
{
    struct meet_lane *lane;
    struct meet_job *job;

    end_overdue(dispatch, now);
    end_backoffs(dispatch, now);
    lane = meet_turns_next(&dispatch->turns, now);
    if (!lane)
        return NULL;
    job = meet_lane_first(lane);
    stop_waiting(dispatch, job);
    meet_lane_reserve(lane, job);
    if (job->pace.limiter)
        job->state = MEET_JOB_ASKING;
    else
        meet_job_start(job, now);
    return job;
}

/* -- the limiter that processes share --------------------------------------*/

/* How long until one is asked again that could not be. */
#define ASKS_AGAIN MEET_MILLISECONDS(250)

/* Give the asking job's places back, and let others have them. */
static void return_places(struct meet_dispatch *dispatch, struct meet_job *job)
{
    meet_lane_release(job->lane, job);
    meet_turns_recheck(&dispatch->turns, job->lane);
}

/* The limiter could not be asked, or could (NULL). Without memory it is as if
   it had no place. */
static void note_fault(const struct meet_job *job, const struct meet_error *err)
{
    struct meet_entrance *entrance = entrance_of(job, MEET_OF_LIMITER);

    if (err && !entrance->fault)
        entrance->fault = malloc(sizeof *err);
    if (err && entrance->fault)
        *entrance->fault = *err;
    if (err)
        return;
    free(entrance->fault);
    entrance->fault = NULL;
}

bool meet_dispatch_grant(struct meet_dispatch *dispatch, struct meet_job *job,
                         int64_t now)
{
    note_fault(job, NULL);
    if (now < job->deadline) {
        meet_job_start(job, now);
        return true;
    }
    return_places(dispatch, job);
    miss(dispatch, job, now, now);
    return false;
}

/* It asks again from 'opens' on. */
static void ask_again(struct meet_dispatch *dispatch, struct meet_job *job,
                      int64_t opens, int64_t now)
{
    struct meet_entrance *entrance = entrance_of(job, MEET_OF_LIMITER);

    return_places(dispatch, job);
    meet_gate_close(&entrance->gate, opens);
    if (now >= job->deadline ||
        (opens >= job->deadline && !entrance->fault && !job->background)) {
        miss(dispatch, job, opens, now);
        return;
    }
    job->state = MEET_JOB_QUEUED;
    enter_lane(dispatch, job, meet_lane_hold(job->lane, 0, now).line, now);
    look_again(dispatch, job, job->deadline);
    meet_job_wait_for_limiter(job, meet_ns_between(now, opens));
}

void meet_dispatch_deny(struct meet_dispatch *dispatch, struct meet_job *job,
                        int64_t wait, int64_t now)
{
    note_fault(job, NULL);
    ask_again(dispatch, job, meet_ns_add(now, wait), now);
}

void meet_dispatch_fault(struct meet_dispatch *dispatch, struct meet_job *job,
                         const struct meet_error *err, int64_t now)
{
    if (err->kind == MEET_TRANSPORT) {
        note_fault(job, err);
        ask_again(dispatch, job, meet_ns_add(now, ASKS_AGAIN), now);
        return;
    }
    return_places(dispatch, job);
    unlink_job(dispatch, job);
    job->error = *err;
    job->retry_after = -1;
    job->state = MEET_JOB_DONE;
}

/* -- attempts under way ----------------------------------------------------*/

void meet_dispatch_commit(struct meet_job *job, int64_t now)
{
    job->sent = job->sent || !job->external; /* a transport says at its end */
    meet_lane_commit(job->lane, job, now);
}

/* A pause may keep jobs waiting past their deadlines: end those at once. */
static void pause(struct meet_dispatch *dispatch,
                  struct meet_entrance *entrance, int64_t until, int64_t now)
{
    struct meet_job *job;

    meet_gate_pause(&entrance->gate, until);
    while ((job = first_look(&entrance->looks, until)))
        look(dispatch, job, now);
}

/* The server refused: nobody asks it again for 'wait'. */
static void refuse_all(struct meet_dispatch *dispatch, struct meet_job *job,
                       bool google, int64_t wait, int64_t now)
{
    struct meet_entrance *key = entrance_of(job, MEET_OF_KEY);
    struct meet_entrance *account = entrance_of(job, MEET_OF_ACCOUNT);

    job->pause = google && job->pace.quota == MEET_QUOTA_NONE ? 0 : wait;
    job->pauses_quota = google;
    pause(dispatch, google ? account : key, meet_ns_add(now, wait), now);
    if (!google)
        meet_gate_reduce(&key->gate, job->pace.per_second, now);
}

void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, int64_t now,
                          double random)
{
    int64_t wait;

    for (int i = 0; i < MEET_OF_LIMITER; i++)
        job->ready_at = meet_ns_later(
            job->ready_at, job->lane->lines[i]->entrance->gate.paused_until);
    if (outcome->sent)
        meet_lane_commit(job->lane, job, now);
    else
        meet_lane_release(job->lane, job);
    wait = meet_job_finish(job, outcome, now, random);
    if (meet_job_is_refused(job, outcome))
        refuse_all(dispatch, job, outcome->google, wait, now);
    meet_turns_recheck(&dispatch->turns, job->lane);
    if (job->state == MEET_JOB_DONE) {
        unlink_job(dispatch, job);
        return;
    }
    meet_heap_insert(&dispatch->backoffs, &job->place);
    if (job->background) /* another deadline begins when somebody waits */
        look_again(dispatch, job, job->deadline);
    else
        look(dispatch, job, now);
}

int64_t meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                  int64_t now)
{
    const struct meet_look *look =
        MEET_HEAP_FIRST(&dispatch->looks, struct meet_look, node);
    const struct meet_job *job =
        MEET_HEAP_FIRST(&dispatch->backoffs, struct meet_job, place);
    int64_t wakeup = meet_turns_wakeup(&dispatch->turns);

    if (look)
        wakeup = meet_ns_earlier(wakeup, look->job->look_at);
    if (job)
        wakeup = meet_ns_earlier(wakeup, job->ready_at);
    return meet_ns_later(wakeup, now);
}

void meet_dispatch_foreground(struct meet_dispatch *dispatch,
                              struct meet_job *job, int64_t now,
                              int64_t deadline)
{
    meet_job_foreground(job, now, deadline);
    if (job->state == MEET_JOB_QUEUED)
        look_again(dispatch, job, MEET_ALWAYS);
}

void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (job->state == MEET_JOB_QUEUED)
        stop_waiting(dispatch, job);
    if (job->state == MEET_JOB_STARTED && job->external &&
        !job->has_reservation)
        job->sent = true; /* the transport may have sent it */
    if (job->state != MEET_JOB_QUEUED && job->has_reservation)
        return_places(dispatch, job);
    if (meet_job_is_pending(job))
        unlink_job(dispatch, job);
    job->state = MEET_JOB_IDLE;
}
