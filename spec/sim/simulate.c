/*
 * simulate.c - random schedules for the dispatcher on a simulated clock.
 *
 *     simulate [REQUESTS [SEED ...]]
 *
 * Submissions, handshakes, answers, faults, server delays, cancellations and
 * changed deadlines come at random times; after each step rules.c checks. One
 * line for each seed; the same seed repeats its run.
 */
#include "draw.h"
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EVENTS = 8 };
/*
 * Longest way to the server in seconds; two ways differ by less than the
 * dispatcher's margin.
 */
#define WAY 0.0149

enum event_kind { SUBMIT, LEAVE, ARRIVE, END, CANCEL, FOREGROUND };

struct event {
    int64_t at;
    enum event_kind kind;
    unsigned slot;
    unsigned long run;      /* of the slot then */
    struct arrival arrival; /* what arrives */
};

struct sim sim;

static struct {
    struct event heap[SLOTS * MOST_EVENTS];
    unsigned count;
    unsigned long wanted, cancelled;
    /* the weather, changed now and then */
    double gap, handshake, latency, trouble, stale;
} world;

static unsigned passed;

void sim_fail(const char *format, ...)
{
    va_list arguments;

    printf("broken at %.9f after %lu requests, seed %lu: ",
           meet_ns_seconds(sim.now), sim.submitted, sim.seed);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n%u passed, 1 failed\n", passed);
    exit(EXIT_FAILURE);
}

int64_t sim_in(double seconds)
{
    return meet_ns_add(sim.now, meet_ns_from_seconds(seconds));
}

/* -- events, a binary heap by time -----------------------------------------*/

static struct event *push(int64_t at, enum event_kind kind, unsigned slot)
{
    unsigned i = world.count++;

    if (world.count > SLOTS * MOST_EVENTS)
        sim_fail("the simulator's heap is too small");
    while (i > 0 && world.heap[(i - 1) / 2].at > at) {
        world.heap[i] = world.heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    world.heap[i] = (struct event){
        .at = at, .kind = kind, .slot = slot, .run = sim.slots[slot].run};
    return &world.heap[i];
}

static struct event pop(void)
{
    struct event top = world.heap[0], last = world.heap[--world.count];
    unsigned i = 0;

    for (;;) {
        unsigned child = 2 * i + 1;

        if (child >= world.count)
            break;
        if (child + 1 < world.count &&
            world.heap[child + 1].at < world.heap[child].at)
            child++;
        if (world.heap[child].at >= last.at)
            break;
        world.heap[i] = world.heap[child];
        i = child;
    }
    world.heap[i] = last;
    return top;
}

/* -- what happens ----------------------------------------------------------*/

static enum meet_quota choose_quota(void)
{
    enum meet_quota quota = (enum meet_quota)draw_below(QUOTAS);

    if (quota == MEET_QUOTA_CREATE && draw_below(4))
        return MEET_QUOTA_READ; /* else the minute quota is all there is */
    return quota;
}

static void submit(void)
{
    struct slot *slot;
    struct meet_job *job;
    enum meet_quota quota;
    unsigned index;

    push(sim_in(draw_exponential(world.gap)), SUBMIT, 0);
    slot = slots_take();
    if (!slot)
        return;
    index = (unsigned)(slot - sim.slots);
    job = &slot->job;
    quota = choose_quota();
    slot->key = draw_below(KEYS);
    /* Even seeds have so many that the dispatcher forgets idle gates. */
    slot->account =
        draw_below(sim.seed % 2 == 0 && !draw_below(4) ? ACCOUNTS : 3);
    job->request.verb =
        quota == MEET_QUOTA_READ || quota == MEET_QUOTA_NONE ? "GET" : "POST";
    job->retry = (struct meet_retry){1 + draw_below(5), MEET_SECONDS(1), 1.3,
                                     MEET_SECONDS(10)};
    job->deadline = sim_in(draw_below(4) ? 600 : draw_exponential(20));
    job->request.timeout = meet_ns_from_seconds(draw_exponential(5));
    job->external = draw_below(10) == 0;
    job->background = draw_below(10) == 0;
    slots_submit(slot, quota);
    if (draw_below(20) == 0)
        push(sim_in(draw_exponential(2)), CANCEL, index);
    if (draw_below(20) == 0)
        push(sim_in(draw_exponential(2)), FOREGROUND, index);
}

static void leave(struct slot *slot)
{
    push(sim_in(draw_uniform() * WAY), ARRIVE, 0)->arrival = slots_leave(slot);
}

static void start(struct slot *slot)
{
    unsigned index = (unsigned)(slot - sim.slots);
    double handshake = draw_below(3) ? 0 : draw_exponential(world.handshake);

    if (slot->job.external) { /* it arrives, whatever its transport says */
        leave(slot);
        meet_dispatch_commit(&slot->job, sim.now);
        push(sim_in(draw_exponential(world.latency)), END, index);
        return;
    }
    if (draw_below(50) == 0 && world.trouble > 0) {
        push(sim_in(handshake), END, index); /* never sent */
        return;
    }
    slot->silent = draw_below(50) == 0;
    if (!slot->silent)
        push(sim_in(handshake), LEAVE, index);
    push(sim_in(handshake + draw_exponential(world.latency)), END, index);
}

static void choose_answer(struct slot *slot, struct meet_outcome *outcome)
{
    static const int statuses[] = {429, 429, 503, 500, 404, 502};
    int status = draw_uniform() < world.trouble ? statuses[draw_below(6)] : 200;

    outcome->ending = MEET_ENDED_ANSWERED;
    outcome->error.kind = MEET_OK;
    slot->job.response.status = status;
    if (status == 429)
        outcome->google = draw_below(2);
    if (status == 429 || status == 503)
        outcome->server_delay =
            draw_below(2)
                ? meet_ns_from_seconds(draw_exponential(draw_below(8) ? 5 : 40))
                : -1;
}

static void choose_outcome(struct slot *slot, struct meet_outcome *outcome)
{
    *outcome = (struct meet_outcome){.sent = slot->left, .server_delay = -1};
    outcome->error.kind = MEET_TRANSPORT;
    if (slot->job.external && draw_below(3) == 0)
        outcome->sent = false;
    if (sim.now >= slot->job.gives_up_at)
        outcome->error.kind = MEET_TIMEOUT;
    if (!outcome->sent) {
        outcome->ending = MEET_ENDED_NOT_SENT;
    } else if (outcome->error.kind == MEET_TIMEOUT) {
        outcome->ending = MEET_ENDED_TIMED_OUT;
    } else if (draw_uniform() < world.stale) {
        outcome->ending = MEET_ENDED_LOST;
        outcome->uncounted = true;
    } else if (draw_uniform() >= world.trouble || draw_below(2)) {
        choose_answer(slot, outcome);
    } else {
        outcome->ending =
            draw_below(2) ? MEET_ENDED_LOST : MEET_ENDED_TIMED_OUT;
        if (outcome->ending == MEET_ENDED_TIMED_OUT)
            outcome->error.kind = MEET_TIMEOUT;
    }
}

static void end(struct slot *slot)
{
    struct meet_outcome outcome;
    double random = draw_uniform();

    if (slot->silent)
        leave(slot);
    choose_outcome(slot, &outcome);
    slots_finish(slot, &outcome, random);
}

static void cancel(struct slot *slot)
{
    meet_dispatch_cancel(&sim.dispatch, &slot->job);
    world.cancelled++;
    slot->job.state = MEET_JOB_DONE;
}

static void happen(const struct event *event)
{
    struct slot *slot = &sim.slots[event->slot];

    if (event->kind == SUBMIT && sim.submitted < world.wanted)
        submit();
    if (event->kind == ARRIVE)
        rules_arrived(&event->arrival);
    if (event->kind == SUBMIT || event->kind == ARRIVE ||
        event->run != slot->run || !slot->used)
        return; /* or of a job that is gone */
    if (event->kind == LEAVE && slot->started) {
        leave(slot);
        meet_dispatch_commit(&slot->job, sim.now);
    } else if (event->kind == END && slot->started) {
        end(slot);
    } else if (event->kind == CANCEL) {
        cancel(slot);
    } else if (event->kind == FOREGROUND) {
        slots_foreground(slot, sim_in(draw_exponential(20)));
    }
}

static void change_weather(void)
{
    static const double gaps[] = {0.002, 0.03, 0.1, 0.5, 20};
    static const double handshakes[] = {0.05, 0.3, 3};
    static const double latencies[] = {0.02, 0.2, 2};
    static const double troubles[] = {0, 0.02, 0.3};
    static const double stales[] = {0, 0.01, 0.2, 0.9};

    world.gap = gaps[draw_below(5)];
    world.handshake = handshakes[draw_below(3)];
    world.latency = latencies[draw_below(3)];
    world.trouble = troubles[draw_below(3)];
    world.stale = stales[draw_below(4)];
}

static void step(unsigned long round)
{
    int64_t wakeup = meet_dispatch_next_wakeup(&sim.dispatch, sim.now);
    struct slot *slot;

    if (world.count > 0 && world.heap[0].at <= wakeup) {
        struct event event = pop();

        sim.now = event.at;
        happen(&event);
    } else if (wakeup < MEET_NEVER) {
        sim.now = wakeup;
    }
    while ((slot = slots_start()))
        start(slot);
    slots_settle();
    if (round % 32 == 0)
        rules_waiting();
    if (round % 2000 == 0)
        change_weather();
}

static void run(unsigned long requests, unsigned long seed)
{
    unsigned long round = 0;

    memset(&sim, 0, sizeof sim);
    memset(&world, 0, sizeof world);
    world.wanted = requests;
    draw_begin(seed);
    sim.seed = seed;
    rules_begin();
    meet_dispatch_init(&sim.dispatch);
    change_weather();
    push(0, SUBMIT, 0);
    while (world.count > 0 || !meet_link_is_alone(&sim.dispatch.jobs))
        step(round++);
    rules_end();
    meet_dispatch_deinit(&sim.dispatch);
    printf("seed %lu: %lu requests, %lu arrivals, %lu cancelled, %lu retries, "
           "%lu restarts, %.0f s of simulated time, all rules held\n",
           seed, sim.submitted, sim.arrivals, world.cancelled,
           sim.stats.retries, sim.restarts, meet_ns_seconds(sim.now));
    fflush(stdout);
    passed++;
}

int main(int count, char **arguments)
{
    unsigned long requests =
        count > 1 ? strtoul(arguments[1], NULL, 10) : 50000;

    for (int i = 2; i < count; i++)
        run(requests, strtoul(arguments[i], NULL, 10));
    for (unsigned long seed = 1; count <= 2 && seed <= 2; seed++)
        run(requests, seed);
    printf("%u passed, 0 failed\n", passed);
    return EXIT_SUCCESS;
}
