/*
 * simulate.c - random schedules for the dispatcher on a made-up clock.
 *
 *     simulate [requests] [seed]
 *
 * Submissions, handshakes, answers, faults, advice and cancellations come at
 * random times; after each step the rules of dispatch.h are checked by books
 * of the simulator's own. The seed is printed; the same one repeats the run.
 */
#include "dispatch.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 3, ACCOUNTS = 3, QUOTAS = 4, SLOTS = 512, MOST_EVENTS = 8 };
enum { PER_SECOND = 10 };

static const unsigned per_minute[QUOTAS] = {0, 600, 100, 10};

/* The newest arrivals of one key, or of one quota of an account. */
struct book {
    double times[601];
    unsigned limit, next;
};

enum event_kind { SUBMIT, LEAVE, END, CANCEL };

struct event {
    double at;
    enum event_kind kind;
    unsigned slot;
    unsigned long run; /* of the slot, so that late events are known */
};

struct slot {
    struct meet_job job;
    unsigned long run;
    bool used, started, left, counted;
    unsigned key, account;
    bool may_have_happened; /* a write whose bytes left, not refused by 429 */
};

static struct {
    struct meet_dispatch dispatch;
    struct slot slots[SLOTS];
    struct event heap[SLOTS * MOST_EVENTS];
    unsigned heap_count;
    struct book seconds[KEYS], minutes[KEYS][ACCOUNTS][QUOTAS];
    unsigned long long last_started[KEYS][ACCOUNTS][QUOTAS];
    double refused_at[KEYS]; /* last 429 of any kind: the rate may be lower */
    double key_paused[KEYS], account_paused[KEYS][ACCOUNTS]; /* by advice */
    double now;
    unsigned long long random;
    unsigned long wanted, submitted, done, cancelled, arrivals, seed;
    struct meet_stats stats;
    /* the weather, changed now and then */
    double gap, handshake, latency, trouble;
} sim;

static void fail(const char *format, ...)
{
    va_list arguments;

    printf("broken at %.6f after %lu requests, seed %lu: ", sim.now,
           sim.submitted, sim.seed);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    exit(1);
}

static double uniform(void)
{
    sim.random ^= sim.random >> 12;
    sim.random ^= sim.random << 25;
    sim.random ^= sim.random >> 27;
    return (double)((sim.random * 2685821657736338717ULL) >> 11) /
           9007199254740992.0;
}

static unsigned below(unsigned limit)
{
    return (unsigned)(uniform() * limit);
}

static double exponential(double mean)
{
    return -mean * log(1 - uniform());
}

/* -- events, a binary heap by time ---------------------------------------- */

static void push(double at, enum event_kind kind, unsigned slot)
{
    unsigned i = sim.heap_count++;

    if (sim.heap_count > SLOTS * MOST_EVENTS)
        fail("the simulator's heap is too small");
    while (i > 0 && sim.heap[(i - 1) / 2].at > at) {
        sim.heap[i] = sim.heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    sim.heap[i] = (struct event){at, kind, slot, sim.slots[slot].run};
}

static struct event pop(void)
{
    struct event top = sim.heap[0], last = sim.heap[--sim.heap_count];
    unsigned i = 0;

    for (;;) {
        unsigned child = 2 * i + 1;

        if (child >= sim.heap_count)
            break;
        if (child + 1 < sim.heap_count &&
            sim.heap[child + 1].at < sim.heap[child].at)
            child++;
        if (sim.heap[child].at >= last.at)
            break;
        sim.heap[i] = sim.heap[child];
        i = child;
    }
    sim.heap[i] = last;
    return top;
}

/* -- the books --------------------------------------------------------------
 */

/* An arrival: the one 'limit' before it must be a whole span away. */
static void enter(struct book *book, unsigned limit, double span,
                  const char *what)
{
    if (limit == 0)
        return;
    if (sim.now - book->times[book->next] < span)
        fail("more than %u in %g s of %s", limit, span, what);
    book->times[book->next] = sim.now;
    book->next = (book->next + 1) % limit;
}

static void arrive(struct slot *slot)
{
    const struct meet_pace *pace = &slot->job.pace;

    sim.arrivals++;
    enter(&sim.seconds[slot->key], PER_SECOND, 1, "a key");
    enter(&sim.minutes[slot->key][slot->account][pace->quota],
          per_minute[pace->quota], 60, "an account's quota");
}

static void settle(struct slot *slot)
{
    struct meet_job *job = &slot->job;

    if (job->state != MEET_JOB_DONE || slot->counted)
        return;
    slot->counted = true;
    sim.done++;
    if (job->error.kind == MEET_DEADLINE && slot->started == false &&
        job->attempts > 0 && job->retry_after < -1)
        fail("a deadline without a reason");
    meet_request_deinit(&job->request);
    meet_response_deinit(&job->response);
    slot->used = false;
    slot->run++;
}

/* Jobs may end in any call: look at all of them. */
static void settle_all(void)
{
    for (unsigned i = 0; i < SLOTS; i++)
        if (sim.slots[i].used)
            settle(&sim.slots[i]);
}

/* -- what happens -----------------------------------------------------------
 */

static void choose_pace(struct slot *slot)
{
    struct meet_job *job = &slot->job;
    enum meet_quota quota = (enum meet_quota)below(QUOTAS);

    if (quota == MEET_QUOTA_CREATE && below(4))
        quota = MEET_QUOTA_READ; /* else the minute quota is all there is */
    slot->key = below(KEYS);
    slot->account = below(ACCOUNTS);
    job->pace.key = slot->key + 1;
    job->pace.account = (slot->key + 1) * 100ULL + slot->account;
    job->pace.quota = quota;
    job->pace.per_second = PER_SECOND;
    job->pace.per_minute = per_minute[quota];
    job->request.verb =
        quota == MEET_QUOTA_READ || quota == MEET_QUOTA_NONE ? "GET" : "POST";
}

static void submit(void)
{
    struct slot *slot = sim.slots;
    struct meet_job *job;

    while (slot < sim.slots + SLOTS && slot->used)
        slot++;
    push(sim.now + exponential(sim.gap), SUBMIT, 0);
    if (slot == sim.slots + SLOTS)
        return; /* callers wait, too */
    job = &slot->job;
    memset(job, 0, sizeof *job);
    meet_request_init(&job->request);
    meet_response_init(&job->response, 1000);
    choose_pace(slot);
    job->retry = (struct meet_retry){1 + below(5), 1, 1.3, 10};
    job->deadline = sim.now + (below(4) ? 600 : exponential(20));
    job->stats = &sim.stats;
    slot->used = true;
    slot->started = slot->left = slot->counted = false;
    slot->may_have_happened = false;
    sim.submitted++;
    meet_dispatch_submit(&sim.dispatch, job, sim.now);
    if (below(20) == 0)
        push(sim.now + exponential(2), CANCEL, (unsigned)(slot - sim.slots));
}

static void check_start(struct slot *slot)
{
    struct meet_job *job = &slot->job;
    const struct meet_pace *pace = &job->pace;
    unsigned long long *last =
        &sim.last_started[slot->key][slot->account][pace->quota];

    if (!slot->used || slot->started)
        fail("a job started that is not waiting");
    if (sim.now >= job->deadline)
        fail("a start after the deadline");
    if (sim.now < job->ready_at)
        fail("a start before the backoff's end");
    if (sim.now < sim.key_paused[slot->key] ||
        sim.now < sim.account_paused[slot->key][slot->account])
        fail("a start within a pause");
    if (slot->may_have_happened)
        fail("a write was sent again");
    if (job->attempts > job->retry.max_attempts)
        fail("more attempts than allowed");
    if (job->attempts == 1 && job->restarts == 0) {
        if (job->sequence < *last)
            fail("order lost within a quota");
        *last = job->sequence;
    }
}

static void start(struct meet_job *job)
{
    struct slot *slot = (struct slot *)(void *)job; /* its first member */
    unsigned index = (unsigned)(slot - sim.slots);
    double handshake = below(3) ? 0 : exponential(sim.handshake);

    check_start(slot);
    slot->started = true;
    slot->left = false;
    if (below(50) == 0 && sim.trouble > 0) {
        push(sim.now + handshake, END, index); /* never sent */
        return;
    }
    push(sim.now + handshake, LEAVE, index);
    push(sim.now + handshake + exponential(sim.latency), END, index);
}

static void leave(struct slot *slot)
{
    slot->left = true;
    arrive(slot);
    meet_dispatch_sent(&sim.dispatch, &slot->job, sim.now);
    if (!meet_request_is_read(&slot->job.request))
        slot->may_have_happened = true;
}

static void note_pause(const struct slot *slot,
                       const struct meet_outcome *outcome)
{
    double *paused = outcome->google
                         ? &sim.account_paused[slot->key][slot->account]
                         : &sim.key_paused[slot->key];

    *paused = fmax(*paused, sim.now + outcome->advice);
}

static void choose_outcome(struct slot *slot, struct meet_outcome *outcome)
{
    static const int statuses[] = {429, 429, 503, 500, 404, 502};
    struct meet_job *job = &slot->job;

    memset(outcome, 0, sizeof *outcome);
    outcome->sent = slot->left;
    outcome->advice = -1;
    outcome->error.kind = MEET_TRANSPORT;
    if (!slot->left) {
        outcome->ending = MEET_ENDED_NOT_SENT;
        return;
    }
    if (uniform() >= sim.trouble || below(2)) {
        outcome->ending = MEET_ENDED_ANSWERED;
        outcome->error.kind = MEET_OK;
        job->response.status = 200;
        if (uniform() < sim.trouble)
            job->response.status = statuses[below(6)];
        if (job->response.status == 429) {
            slot->may_have_happened = false;
            sim.refused_at[slot->key] = sim.now;
            outcome->google = below(2);
            outcome->advice = below(2) ? exponential(5) : -1;
            note_pause(slot, outcome);
        }
        return;
    }
    outcome->ending = below(2) ? MEET_ENDED_LOST : MEET_ENDED_TIMED_OUT;
    outcome->stale = outcome->ending == MEET_ENDED_LOST && below(2);
    outcome->error.kind = below(2) ? MEET_TRANSPORT : MEET_TIMEOUT;
}

static void end(struct slot *slot)
{
    struct meet_outcome outcome;

    choose_outcome(slot, &outcome);
    slot->started = false;
    meet_dispatch_finish(&sim.dispatch, &slot->job, &outcome, sim.now,
                         uniform());
}

static void cancel(struct slot *slot)
{
    meet_dispatch_cancel(&sim.dispatch, &slot->job);
    sim.cancelled++;
    slot->job.state = MEET_JOB_DONE;
}

static void handle(const struct event *event)
{
    struct slot *slot = &sim.slots[event->slot];

    if (event->kind == SUBMIT) {
        if (sim.submitted < sim.wanted)
            submit();
        return;
    }
    if (event->run != slot->run || !slot->used)
        return; /* of a job that is gone */
    if (event->kind == LEAVE && slot->started)
        leave(slot);
    else if (event->kind == END && slot->started)
        end(slot);
    else if (event->kind == CANCEL)
        cancel(slot);
}

/* Attempts of the key that started and have not left yet. */
static unsigned places_kept(unsigned key)
{
    unsigned count = 0;

    for (unsigned i = 0; i < SLOTS; i++)
        count += sim.slots[i].used && sim.slots[i].key == key &&
                 sim.slots[i].started && !sim.slots[i].left;
    return count;
}

/* Nothing waits that may go: by the simulator's own books. */
static void check_progress(void)
{
    double wakeup = meet_dispatch_next_wakeup(&sim.dispatch, sim.now);

    for (unsigned i = 0; i < SLOTS; i++) {
        const struct slot *slot = &sim.slots[i];
        const struct meet_job *job = &slot->job;
        const struct book *second = &sim.seconds[slot->key];

        if (!slot->used || job->state != MEET_JOB_QUEUED)
            continue;
        if (job->deadline < sim.now)
            fail("a queued job outlived its deadline");
        if (wakeup > job->deadline)
            fail("nobody wakes up for a deadline");
        if (job->pace.quota == MEET_QUOTA_NONE && job->attempts == 0 &&
            sim.now - sim.refused_at[slot->key] > 300 &&
            sim.now - second->times[second->next] > 2 &&
            places_kept(slot->key) == 0)
            fail("a job waits though its windows are free");
    }
}

static void change_weather(void)
{
    static const double gaps[] = {0.002, 0.03, 0.1, 0.5, 20};
    static const double handshakes[] = {0.05, 0.3, 3};
    static const double latencies[] = {0.02, 0.2, 2};
    static const double troubles[] = {0, 0, 0.02, 0.3};

    sim.gap = gaps[below(5)];
    sim.handshake = handshakes[below(3)];
    sim.latency = latencies[below(3)];
    sim.trouble = troubles[below(4)];
}

static void step(unsigned long round)
{
    double wakeup = meet_dispatch_next_wakeup(&sim.dispatch, sim.now);
    struct meet_job *job;

    if (sim.heap_count > 0 && sim.heap[0].at <= wakeup) {
        struct event event = pop();

        sim.now = event.at;
        handle(&event);
    } else if (wakeup < HUGE_VAL) {
        sim.now = wakeup;
    }
    while ((job = meet_dispatch_next_attempt(&sim.dispatch, sim.now)))
        start(job);
    if (meet_dispatch_next_wakeup(&sim.dispatch, sim.now) <= sim.now)
        fail("it asks to be woken at once, again and again");
    settle_all();
    if (round % 64 == 0)
        check_progress();
    if (round % 20000 == 0)
        change_weather();
}

static void empty_books(struct book *book)
{
    for (unsigned i = 0; i < 601; i++)
        book->times[i] = -INFINITY;
}

static void begin(unsigned long requests, unsigned long seed)
{
    sim.wanted = requests;
    sim.seed = seed;
    sim.random = seed * 2654435769ULL + 88172645463325252ULL;
    for (unsigned key = 0; key < KEYS; key++) {
        empty_books(&sim.seconds[key]);
        sim.refused_at[key] = -INFINITY;
        for (unsigned account = 0; account < ACCOUNTS; account++)
            for (unsigned quota = 0; quota < QUOTAS; quota++)
                empty_books(&sim.minutes[key][account][quota]);
    }
    meet_dispatch_init(&sim.dispatch);
    change_weather();
    push(0, SUBMIT, 0);
}

int main(int count, char **arguments)
{
    unsigned long requests =
        count > 1 ? strtoul(arguments[1], NULL, 10) : 1000000;
    unsigned long seed = count > 2 ? strtoul(arguments[2], NULL, 10) : 1;
    unsigned long round = 0;

    begin(requests, seed);
    while (sim.heap_count > 0 || sim.dispatch.first)
        step(round++);
    if (sim.done != sim.submitted)
        fail("%lu of %lu jobs ended", sim.done, sim.submitted);
    if (sim.dispatch.first || sim.dispatch.backoff)
        fail("something is left in the queue");
    meet_dispatch_deinit(&sim.dispatch);
    printf("seed %lu: %lu requests, %lu arrivals, %lu cancelled, %lu retries, "
           "%.0f s of made-up time, all rules kept\n",
           seed, sim.submitted, sim.arrivals, sim.cancelled, sim.stats.retries,
           sim.now);
    return 0;
}
