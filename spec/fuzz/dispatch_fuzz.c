/*
 * dispatch_fuzz.c - whatever the dispatcher is asked, in any order, the rules
 * of spec/sim hold and each job ends exactly once.
 *
 * The bytes are a script: an operation, then what it needs. Only operations
 * advance time; a request arrives within the dispatcher's margin of leaving.
 * The rules order requests and 429s by time, so every operation takes some.
 */
#include "../sim/sim.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ON_THE_WAY = 4 * SLOTS, MOST_ROUNDS = 100000 };
#define WAY  0.0149 /* longest, in seconds: as in spec/sim/simulate.c */
#define TICK 1e-6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sim sim;

static struct {
    const uint8_t *bytes, *end;
    struct {
        struct arrival arrival;
        int64_t at;
    } way[ON_THE_WAY];
    unsigned on_the_way;
} script;

void sim_fail(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr,
            "broken at %.9f after %lu requests: ", meet_ns_seconds(sim.now),
            sim.submitted);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}

int64_t sim_in(double seconds)
{
    return meet_ns_add(sim.now, meet_ns_from_seconds(seconds));
}

static unsigned take(unsigned limit)
{
    return script.bytes < script.end ? *script.bytes++ % limit : 0;
}

/* In [0, 1). */
static double take_part(void)
{
    return take(256) / 256.0;
}

static double take_seconds(void)
{
    static const double scales[] = {0,   1e-6, 0.001, 0.0075, 0.1, 1,
                                    1.1, 5,    15,    61,     600, 1e5};

    return scales[take(12)] * (1 + take_part());
}

/* -- time ------------------------------------------------------------------*/

/* The next arrival up to 'until', or NULL. */
static const struct arrival *next_arrival(int64_t until)
{
    static struct arrival arrival;
    unsigned first = 0;

    for (unsigned i = 1; i < script.on_the_way; i++)
        if (script.way[i].at < script.way[first].at)
            first = i;
    if (script.on_the_way == 0 || script.way[first].at > until)
        return NULL;
    sim.now = script.way[first].at;
    arrival = script.way[first].arrival;
    script.way[first] = script.way[--script.on_the_way];
    return &arrival;
}

static void go_on_until(int64_t until)
{
    const struct arrival *arrival;

    while ((arrival = next_arrival(until)))
        rules_arrived(arrival);
    sim.now = until;
}

static void leave(struct slot *slot)
{
    if (script.on_the_way == ON_THE_WAY)
        go_on_until(sim_in(WAY));
    script.way[script.on_the_way].arrival = slots_leave(slot);
    script.way[script.on_the_way++].at = sim_in(take_part() * WAY);
}

/* -- operations ------------------------------------------------------------*/

static void submit(void)
{
    struct slot *slot = slots_take();
    struct meet_job *job;
    enum meet_quota quota;
    unsigned choice;

    if (!slot)
        return;
    job = &slot->job;
    choice = take(256);
    slot->key = choice % KEYS;
    slot->account = choice / KEYS % ACCOUNTS;
    quota = (enum meet_quota)take(QUOTAS);
    job->request.verb = take(2) ? "GET" : "POST";
    job->retry =
        (struct meet_retry){1 + take(5), meet_ns_from_seconds(take_seconds()),
                            1.3, MEET_SECONDS(10)};
    job->deadline = take(8) ? sim_in(take_seconds()) : MEET_NEVER;
    job->request.timeout = meet_ns_from_seconds(take_seconds());
    job->external = take(2);
    job->has_listener = take(2);
    slots_submit(slot, quota);
}

/* A slot that is used, under way when 'started'; or NULL. */
static struct slot *choose(bool started)
{
    unsigned from = sim.high > 0 ? take(256) % sim.high : 0;

    for (unsigned i = 0; i < sim.high; i++) {
        struct slot *slot = &sim.slots[(from + i) % sim.high];

        if (slot->used && (slot->started || !started))
            return slot;
    }
    return NULL;
}

static void sent(void)
{
    struct slot *slot = choose(true);

    if (!slot || slot->left)
        return;
    leave(slot);
    meet_dispatch_commit(&slot->job, sim.now);
}

static void choose_outcome(struct slot *slot, struct meet_outcome *outcome)
{
    static const int statuses[] = {200, 204, 301, 400, 401, 404, 409,
                                   429, 429, 500, 501, 502, 503, 504};

    *outcome = (struct meet_outcome){.sent = slot->left, .server_delay = -1};
    outcome->ending = (enum meet_ending)take(MEET_ENDED_FAILED + 1);
    outcome->error.kind = take(2) ? MEET_TIMEOUT : MEET_TRANSPORT;
    outcome->uncounted = slot->left && take(4) == 0;
    if (take(2))
        outcome->server_delay = meet_ns_from_seconds(take_seconds());
    if (outcome->ending == MEET_ENDED_ANSWERED && !slot->left)
        outcome->ending = MEET_ENDED_NOT_SENT;
    if (outcome->ending == MEET_ENDED_NOT_SENT && slot->left)
        outcome->ending = MEET_ENDED_LOST;
    if (outcome->ending != MEET_ENDED_ANSWERED)
        return;
    outcome->error.kind = MEET_OK;
    outcome->google = take(2);
    outcome->uncounted = false;
    slot->job.response.status =
        statuses[take(sizeof statuses / sizeof *statuses)];
}

static void end(void)
{
    struct slot *slot = choose(true);
    struct meet_outcome outcome;

    if (!slot)
        return;
    if (!slot->left && take(4) == 0)
        leave(slot); /* not reported */
    choose_outcome(slot, &outcome);
    slots_finish(slot, &outcome, take_part());
}

static void cancel(void)
{
    struct slot *slot = choose(false);

    if (!slot)
        return;
    meet_dispatch_cancel(&sim.dispatch, &slot->job);
    meet_job_cancel(&slot->job, "it was cancelled");
}

static void foreground(void)
{
    struct slot *slot = choose(false);

    if (slot)
        slots_foreground(slot, sim_in(take_seconds()));
}

/* -- after each of them ----------------------------------------------------*/

/* The dispatcher links exactly the jobs that have not ended. */
static void check_links(void)
{
    const struct meet_link *ring = &sim.dispatch.jobs;
    unsigned long linked = 0;

    for (const struct meet_link *link = ring->next; link != ring;
         link = link->next, linked++) {
        const struct meet_job *job = MEET_OWNER(link, struct meet_job, link);

        if (link->previous->next != link ||
            (job->state != MEET_JOB_QUEUED && job->state != MEET_JOB_STARTED))
            sim_fail("the queue holds a job that has ended");
    }
    if (linked != sim.submitted - sim.done)
        sim_fail("%lu jobs are queued, %lu have not ended", linked,
                 sim.submitted - sim.done);
}

static void settle(void)
{
    while (slots_start())
        continue;
    slots_settle();
    check_links();
    rules_waiting();
}

static void wake_up(void)
{
    int64_t wakeup = meet_dispatch_next_wakeup(&sim.dispatch, sim.now);

    if (wakeup < MEET_NEVER)
        go_on_until(wakeup);
}

static void operate(void)
{
    go_on_until(sim_in(TICK));
    switch (take(8)) {
    case 0:
    case 1:
        submit();
        break;
    case 2:
        go_on_until(sim_in(take_seconds()));
        break;
    case 3:
        wake_up();
        break;
    case 4:
        sent();
        break;
    case 5:
        end();
        break;
    case 6:
        cancel();
        break;
    default:
        foreground();
    }
    settle();
}

/* Let the remaining jobs end. */
static void drain(void)
{
    for (unsigned round = 0; !meet_link_is_alone(&sim.dispatch.jobs); round++) {
        struct slot *slot = choose(true);

        if (round == MOST_ROUNDS)
            sim_fail("jobs wait for ever");
        go_on_until(sim_in(TICK));
        if (slot) {
            if (!slot->left)
                leave(slot);
            slot->job.response.status = 200;
            slots_finish(slot,
                         &(struct meet_outcome){.ending = MEET_ENDED_ANSWERED,
                                                .sent = true,
                                                .server_delay = -1},
                         0);
        } else {
            wake_up();
        }
        settle();
    }
    go_on_until(sim_in(WAY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memset(&sim, 0, sizeof sim);
    script.bytes = data;
    script.end = data + size;
    script.on_the_way = 0;
    rules_begin();
    meet_dispatch_init(&sim.dispatch);
    while (script.bytes < script.end)
        operate();
    drain();
    rules_end();
    meet_dispatch_deinit(&sim.dispatch);
    return 0;
}
