/* dispatch.c - see dispatch.h. */
#include "dispatch.h"

#include <stdlib.h>

/*
 * The server counts arrivals, we count departures: two requests sent a second
 * apart arrive closer together when the first is delayed more. On one reused
 * socket the order holds and the delays differ by a few milliseconds; 15 ms
 * costs 1.5 % of the rate.
 */
const int64_t meet_dispatch_margin = MEET_MILLISECONDS(15);

/* Most idle gates; an api_key function may bring many keys over time. */
#define MOST_IDLE_GATES 64

enum gate_kind { OF_KEY, OF_ACCOUNT, OF_QUOTA };

struct meet_dispatch_gate {
    struct meet_gate gate;
    enum gate_kind kind;
    unsigned long long id;
    enum meet_quota quota;
    struct meet_dispatch_gate *next;
};

void meet_dispatch_init(struct meet_dispatch *dispatch)
{
    *dispatch = (struct meet_dispatch){.next_deadline = MEET_NEVER};
}

void meet_dispatch_deinit(struct meet_dispatch *dispatch)
{
    struct meet_dispatch_gate *gate;
    struct meet_lane *lane;

    while ((lane = dispatch->lanes)) {
        dispatch->lanes = lane->next;
        free(lane);
    }
    while ((gate = dispatch->gates)) {
        dispatch->gates = gate->next;
        meet_gate_deinit(&gate->gate);
        free(gate);
    }
}

static void link_job(struct meet_dispatch *dispatch, struct meet_job *job)
{
    job->previous = dispatch->last;
    job->next = NULL;
    if (dispatch->last)
        dispatch->last->next = job;
    else
        dispatch->first = job;
    dispatch->last = job;
}

static void unlink_job(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (job->previous)
        job->previous->next = job->next;
    else
        dispatch->first = job->next;
    if (job->next)
        job->next->previous = job->previous;
    else
        dispatch->last = job->previous;
    job->previous = job->next = NULL;
}

/* Sorted by ready_at; the list is short. */
static void insert_backoff(struct meet_dispatch *dispatch, struct meet_job *job)
{
    struct meet_job **place = &dispatch->backoff;

    while (*place && (*place)->ready_at <= job->ready_at)
        place = &(*place)->lane_next;
    job->lane_next = *place;
    *place = job;
}

/* Take a waiting job out of its lane, or of the backoff list. */
static void stop_waiting(struct meet_dispatch *dispatch, struct meet_job *job)
{
    struct meet_job **place = &dispatch->backoff;

    if (job->waits_in_lane) {
        meet_lane_remove(job->lane, job);
        return;
    }
    while (*place != job)
        place = &(*place)->lane_next;
    *place = job->lane_next;
    job->lane_next = NULL;
}

static bool is_wanted(const struct meet_dispatch *dispatch,
                      const struct meet_dispatch_gate *gate, int64_t now)
{
    if (gate->gate.reserved > 0 || now < gate->gate.paused_until ||
        meet_gate_is_reduced(&gate->gate, now) ||
        !meet_window_is_idle(&gate->gate.window, now))
        return true;
    for (const struct meet_job *job = dispatch->first; job; job = job->next)
        for (int i = 0; i < MEET_LANE_GATES; i++)
            if (job->lane->gates[i] == &gate->gate)
                return true;
    return false;
}

static void drop_lanes_of(struct meet_dispatch *dispatch,
                          const struct meet_gate *gate)
{
    struct meet_lane **place = &dispatch->lanes, *lane;

    while ((lane = *place)) {
        if (lane->gates[OF_KEY] != gate && lane->gates[OF_ACCOUNT] != gate &&
            lane->gates[OF_QUOTA] != gate) {
            place = &lane->next;
            continue;
        }
        *place = lane->next;
        free(lane);
    }
}

/* Free gates that delay no request any more, once there are many. */
static void drop_idle_gates(struct meet_dispatch *dispatch, int64_t now)
{
    struct meet_dispatch_gate **place = &dispatch->gates, *gate;
    unsigned count = 0;

    for (gate = dispatch->gates; gate; gate = gate->next)
        count++;
    while (count > MOST_IDLE_GATES && (gate = *place)) {
        if (is_wanted(dispatch, gate, now)) {
            place = &gate->next;
            continue;
        }
        *place = gate->next;
        drop_lanes_of(dispatch, &gate->gate);
        meet_gate_deinit(&gate->gate);
        free(gate);
    }
}

static struct meet_gate *find_gate(struct meet_dispatch *dispatch,
                                   enum gate_kind kind, unsigned long long id,
                                   enum meet_quota quota)
{
    struct meet_dispatch_gate *gate = dispatch->gates;

    while (gate &&
           (gate->kind != kind || gate->id != id || gate->quota != quota))
        gate = gate->next;
    if (gate)
        return &gate->gate;
    gate = malloc(sizeof *gate);
    if (!gate)
        return NULL;
    meet_gate_init(&gate->gate, MEET_SECONDS(kind == OF_QUOTA ? 60 : 1) +
                                    meet_dispatch_margin);
    gate->kind = kind;
    gate->id = id;
    gate->quota = quota;
    gate->next = dispatch->gates;
    dispatch->gates = gate;
    return &gate->gate;
}

static bool set_gates(struct meet_dispatch *dispatch, struct meet_lane *lane)
{
    const struct meet_pace *pace = &lane->pace;

    lane->gates[OF_KEY] =
        find_gate(dispatch, OF_KEY, pace->key, MEET_QUOTA_NONE);
    lane->gates[OF_ACCOUNT] =
        find_gate(dispatch, OF_ACCOUNT, pace->account, MEET_QUOTA_NONE);
    lane->gates[OF_QUOTA] =
        find_gate(dispatch, OF_QUOTA, pace->account, pace->quota);
    lane->limits[OF_KEY] = pace->per_second;
    lane->limits[OF_QUOTA] = pace->per_minute;
    for (int i = 0; i < MEET_LANE_GATES; i++)
        if (!lane->gates[i] ||
            !meet_window_grow(&lane->gates[i]->window, lane->limits[i]))
            return false;
    return true;
}

static bool same_pace(const struct meet_pace *a, const struct meet_pace *b)
{
    return a->key == b->key && a->account == b->account &&
           a->quota == b->quota && a->per_second == b->per_second &&
           a->per_minute == b->per_minute;
}

static struct meet_lane *find_lane(struct meet_dispatch *dispatch,
                                   const struct meet_pace *pace, int64_t now)
{
    struct meet_lane *lane = dispatch->lanes;

    while (lane && !same_pace(&lane->pace, pace))
        lane = lane->next;
    if (lane)
        return lane;
    drop_idle_gates(dispatch, now);
    lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->pace = *pace;
    if (!set_gates(dispatch, lane)) {
        free(lane);
        return NULL;
    }
    lane->next = dispatch->lanes;
    dispatch->lanes = lane;
    return lane;
}

static void miss_deadline(struct meet_dispatch *dispatch, struct meet_job *job,
                          int64_t opens, int64_t now)
{
    stop_waiting(dispatch, job);
    unlink_job(dispatch, job);
    meet_job_miss_deadline(job, opens > now ? meet_ns_between(now, opens) : -1);
}

void meet_dispatch_submit(struct meet_dispatch *dispatch, struct meet_job *job,
                          int64_t now)
{
    struct meet_lane *lane = find_lane(dispatch, &job->pace, now);
    int64_t opens;

    meet_job_submit(job, now);
    if (!lane) {
        meet_error_set(&job->error, MEET_MEMORY, "no memory for the queue");
        job->state = MEET_JOB_DONE;
        return;
    }
    job->lane = lane;
    job->sequence = ++dispatch->sequence;
    opens = meet_lane_opens(lane, lane->length, now);
    link_job(dispatch, job);
    meet_lane_insert(lane, job);
    if (meet_ns_later(opens, now) >= job->deadline) {
        miss_deadline(dispatch, job, opens, now);
        return;
    }
    if (job->deadline < dispatch->next_deadline)
        dispatch->next_deadline = job->deadline;
    if (opens > now) /* jobs ahead count too, even in an open lane */
        meet_job_wait(job, meet_ns_between(now, opens));
}

/* The earliest time at which a queued job can start. */
static int64_t earliest(const struct meet_job *job, int64_t now)
{
    return meet_ns_later(job->ready_at, meet_lane_opens(job->lane, 0, now));
}

/* End queued jobs whose deadline has passed, or comes before their turn. */
static void end_overdue(struct meet_dispatch *dispatch, int64_t now)
{
    struct meet_job *job, *next;

    if (now < dispatch->next_deadline)
        return;
    dispatch->next_deadline = MEET_NEVER;
    for (job = dispatch->first; job; job = next) {
        next = job->next;
        if (job->state != MEET_JOB_QUEUED)
            continue;
        if (meet_ns_later(now, earliest(job, now)) >= job->deadline)
            miss_deadline(dispatch, job, earliest(job, now), now);
        else if (job->deadline < dispatch->next_deadline)
            dispatch->next_deadline = job->deadline;
    }
}

/* Return jobs whose backoff is over to their places in the lane. */
static void end_backoffs(struct meet_dispatch *dispatch, int64_t now)
{
    struct meet_job *job;

    while ((job = dispatch->backoff) && job->ready_at <= now) {
        dispatch->backoff = job->lane_next;
        meet_lane_insert(job->lane, job);
    }
}

struct meet_job *meet_dispatch_next_attempt(struct meet_dispatch *dispatch,
                                            int64_t now)
{
    struct meet_job *next = NULL;

    end_overdue(dispatch, now);
    end_backoffs(dispatch, now);
    for (struct meet_lane *lane = dispatch->lanes; lane; lane = lane->next)
        if (lane->first && (!next || lane->first->sequence < next->sequence) &&
            meet_lane_is_open(lane, now))
            next = lane->first;
    if (!next)
        return NULL;
    meet_lane_remove(next->lane, next);
    meet_lane_reserve(next->lane, next);
    meet_job_start(next, now);
    return next;
}

void meet_dispatch_sent(struct meet_dispatch *dispatch, struct meet_job *job,
                        int64_t now)
{
    (void)dispatch;
    job->sent = true;
    meet_lane_commit(job->lane, job, now);
}

/* A pause may keep jobs waiting past their deadlines: end those at once. */
static void pause(struct meet_dispatch *dispatch, struct meet_gate *gate,
                  int64_t until, int64_t now)
{
    struct meet_job *job, *next;

    meet_gate_pause(gate, until);
    for (job = dispatch->first; job; job = next) {
        next = job->next;
        if (job->state == MEET_JOB_QUEUED && until >= job->deadline &&
            (job->lane->gates[OF_KEY] == gate ||
             job->lane->gates[OF_ACCOUNT] == gate))
            miss_deadline(dispatch, job, until, now);
    }
}

void meet_dispatch_finish(struct meet_dispatch *dispatch, struct meet_job *job,
                          const struct meet_outcome *outcome, int64_t now,
                          double random)
{
    struct meet_lane *lane = job->lane;
    int64_t wait;

    for (int i = 0; i < MEET_LANE_GATES; i++)
        job->ready_at =
            meet_ns_later(job->ready_at, lane->gates[i]->paused_until);
    if (outcome->sent)
        meet_lane_commit(lane, job, now);
    else
        meet_lane_release(lane, job);
    wait = meet_job_finish(job, outcome, now, random);
    if (job->state == MEET_JOB_DONE) {
        unlink_job(dispatch, job);
    } else {
        insert_backoff(dispatch, job);
        if (job->deadline < dispatch->next_deadline)
            dispatch->next_deadline = job->deadline;
    }
    if (job->response.status != 429 || outcome->ending != MEET_ENDED_ANSWERED)
        return;
    pause(dispatch, lane->gates[outcome->google ? OF_ACCOUNT : OF_KEY],
          meet_ns_add(now, wait), now);
    if (!outcome->google)
        meet_gate_reduce(lane->gates[OF_KEY], lane->limits[OF_KEY], now);
}

int64_t meet_dispatch_next_wakeup(const struct meet_dispatch *dispatch,
                                  int64_t now)
{
    int64_t wakeup = dispatch->first ? dispatch->next_deadline : MEET_NEVER;

    if (dispatch->backoff)
        wakeup = meet_ns_earlier(wakeup, dispatch->backoff->ready_at);
    for (const struct meet_lane *lane = dispatch->lanes; lane;
         lane = lane->next)
        if (lane->first)
            wakeup = meet_ns_earlier(wakeup, meet_lane_opens(lane, 0, now));
    return meet_ns_later(wakeup, now);
}

void meet_dispatch_set_deadline(struct meet_dispatch *dispatch,
                                struct meet_job *job, int64_t deadline)
{
    job->deadline = deadline;
    dispatch->next_deadline = MEET_ALWAYS; /* check at once */
}

void meet_dispatch_cancel(struct meet_dispatch *dispatch, struct meet_job *job)
{
    if (job->state == MEET_JOB_QUEUED)
        stop_waiting(dispatch, job);
    if (job->state == MEET_JOB_STARTED && job->external)
        job->sent = true; /* the transport may have sent it */
    if (job->state == MEET_JOB_STARTED && job->has_reservation)
        meet_lane_release(job->lane, job);
    if (job->state == MEET_JOB_QUEUED || job->state == MEET_JOB_STARTED)
        unlink_job(dispatch, job);
    job->state = MEET_JOB_IDLE;
}
