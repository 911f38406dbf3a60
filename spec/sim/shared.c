/*
 * shared.c - processes that share one limit, on simulated clocks.
 *
 *     shared [REQUESTS [SEED ...]]
 *
 * Three stages for each seed: some processes near the store, for the rate that
 * they get; one far from it among seven that are near, for its share; and a
 * storm of all that may go wrong. The rules hold in each. One line for each
 * seed; the same seed repeats its run.
 */
#include "shared.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of what the limit allows, at least so much is used where all are near. */
#define LEAST_RATE 0.9

/* Of what each should get, the least that one of the near gets, and the far
   one. */
#define LEAST_SHARE     0.75
#define LEAST_FAR_SHARE 0.75

/* Arrivals that show no rate yet. */
#define FEW 500

struct shared shared;

static struct {
    struct meet_heap heap;
    unsigned long sequence, losses;
    int64_t lost_at;
} events;

static unsigned passed;

void shared_fail(const char *format, ...)
{
    va_list arguments;

    printf("broken at %.9f after %lu requests, seed %lu: ",
           meet_ns_seconds(shared.now), shared.submitted, shared.seed);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n%u passed, 1 failed\n", passed);
    exit(EXIT_FAILURE);
}

/* -- events ----------------------------------------------------------------*/

static bool is_before(const struct meet_heap_node *a,
                      const struct meet_heap_node *b)
{
    const struct event *one = MEET_OWNER(a, struct event, node);
    const struct event *other = MEET_OWNER(b, struct event, node);

    return one->at == other->at ? one->sequence < other->sequence
                                : one->at < other->at;
}

struct event *shared_push(int64_t at, enum event_kind kind)
{
    struct event *event = calloc(1, sizeof *event);

    if (!event)
        shared_fail("no memory");
    event->at = at;
    event->kind = kind;
    event->sequence = ++events.sequence;
    meet_heap_insert(&events.heap, &event->node);
    return event;
}

/* -- trouble ---------------------------------------------------------------*/

static struct process *any_process(void)
{
    return &shared.processes[draw_below(shared.count)];
}

static void cut_some(void)
{
    int64_t until = shared.now + draw_length(0.2, 8);

    for (unsigned i = 0; i < shared.count; i++)
        if (draw_below(2))
            shared.processes[i].cut_until = until;
}

static void change_weather(void)
{
    static const double thinking[] = {0.01, 0.01, 0.3, 10};
    static const double slow[] = {0, 0, 0.03, 0.1};
    static const double trouble[] = {2, 4, 10, 20};
    static const unsigned busy[] = {1, CALLERS, CALLERS, CALLERS};

    shared.thinking = thinking[draw_below(4)];
    shared.busy = busy[draw_below(4)];
    shared.slow = slow[draw_below(4)];
    shared.trouble = trouble[draw_below(4)];
}

/* Not twice within the time after which all that was given before is over. */
static void lose(bool restore)
{
    if (shared.now - events.lost_at < MEET_SECONDS(10))
        return;
    events.lost_at = shared.now;
    events.losses++;
    store_lose(restore);
}

static void make_trouble(void)
{
    unsigned choice = draw_below(100);

    if (choice < 25)
        any_process()->stalled_until = shared.now + draw_length(0.1, 5);
    else if (choice < 37)
        cut_some();
    else if (choice < 50)
        store_save();
    else if (choice < 56)
        lose(choice % 2);
    else if (choice < 62)
        store_set_clock(-MEET_SECONDS(3600));
    else if (choice < 68)
        store_set_clock(MEET_SECONDS(3600));
    else if (choice < 74)
        shared.refusals = 1 + draw_below(3);
    else
        change_weather();
    if (shared.submitted < shared.wanted)
        shared_push(shared.now +
                        meet_ns_from_seconds(draw_exponential(shared.trouble)),
                    TROUBLE);
}

/* -- steps -----------------------------------------------------------------*/

static void happen(struct event *event)
{
    struct process *process = &shared.processes[event->process];

    if (event->kind == EXECUTE) {
        store_execute(event);
    } else if (event->kind == ARRIVE) {
        process->arrivals++;
        rules_arrived(event->quota, event->message.life);
    } else if (event->kind == TROUBLE) {
        make_trouble();
    } else if (process->stalled_until > shared.now &&
               event->kind != DIE) { /* it sees that later */
        event->at = process->stalled_until;
        meet_heap_insert(&events.heap, &event->node);
        return;
    } else {
        process_happen(process, event);
        process_run(process);
    }
    free(event);
}

static struct process *first_to_wake(void)
{
    struct process *first = &shared.processes[0];

    for (unsigned i = 1; i < shared.count; i++)
        if (shared.processes[i].wakes_at < first->wakes_at)
            first = &shared.processes[i];
    return first;
}

/* False: there is nothing left to happen. */
static bool step(void)
{
    struct event *event = MEET_HEAP_FIRST(&events.heap, struct event, node);
    struct process *process = first_to_wake();

    if (event && event->at <= process->wakes_at) {
        meet_heap_remove(&event->node);
        shared.now = meet_ns_later(shared.now, event->at);
        happen(event);
        return true;
    }
    if (process->wakes_at == MEET_NEVER)
        return false;
    shared.now = meet_ns_later(shared.now, process->wakes_at);
    process_run(process);
    return true;
}

/* -- stages ----------------------------------------------------------------*/

/* The first one may be far from everything. */
static void begin_processes(bool has_far)
{
    static const double store_ways[] = {0.00005, 0.002, 0.03};
    static const double server_ways[] = {0.001, 0.01, 0.06};
    unsigned choices = shared.stormy ? 3 : 2;

    for (unsigned i = 0; i < shared.count; i++)
        if (i == 0 && has_far)
            process_begin(&shared.processes[i], 0.06, 0.06);
        else
            process_begin(
                &shared.processes[i],
                store_ways[draw_below(choices)] * (0.5 + draw_uniform() / 2),
                server_ways[draw_below(choices)] * (0.5 + draw_uniform() / 2));
}

static void begin(unsigned count, bool has_far, bool stormy,
                  unsigned long requests)
{
    unsigned long seed = shared.seed;

    memset(&shared, 0, sizeof shared);
    shared.seed = seed;
    shared.count = count;
    shared.wanted = requests;
    shared.stormy = stormy;
    shared.thinking = 0.01;
    shared.trouble = 10;
    shared.busy = CALLERS;
    shared.per_minute[MEET_QUOTA_READ] = seed % 2 ? 300 : 600;
    shared.per_minute[MEET_QUOTA_WRITE] = seed % 3 ? 100 : 60;
    shared.per_minute[MEET_QUOTA_CREATE] = 10;
    rules_begin();
    store_begin();
    begin_processes(has_far);
    if (stormy)
        shared_push(MEET_SECONDS(5), TROUBLE);
}

/* What happened while there were requests to make. */
struct result {
    double rate, asks;
    double share, far_share, most_share; /* of an equal one */
};

static struct result judge(bool has_far, int64_t from)
{
    struct result result = {.share = 100};

    if (shared.arrivals < FEW)
        return (struct result){NAN, NAN, NAN, NAN, NAN};
    result.rate = (double)shared.arrivals / meet_ns_seconds(shared.now - from);
    result.asks = (double)shared.asks / (double)shared.arrivals;
    for (unsigned i = 0; i < shared.count; i++) {
        double share = (double)shared.processes[i].arrivals * shared.count /
                       (double)shared.arrivals;

        if (i == 0)
            result.far_share = share;
        if (i == 0 && has_far)
            continue;
        if (share < result.share)
            result.share = share;
        if (share > result.most_share)
            result.most_share = share;
    }
    return result;
}

static struct result run_stage(unsigned count, bool has_far, bool stormy,
                               unsigned long requests)
{
    struct result result = {0};
    int64_t from = MEET_NEVER;
    bool judged = false;

    begin(count, has_far, stormy, requests);
    for (unsigned long round = 0; step(); round++) {
        if (from == MEET_NEVER && shared.arrivals > 0)
            from = shared.now;
        if (!judged && shared.submitted == shared.wanted) {
            judged = true;
            result = judge(has_far, from);
        }
        if (round % 64 == 0)
            rules_waiting();
    }
    if (shared.ended != shared.submitted)
        shared_fail("%lu of %lu requests ended", shared.ended,
                    shared.submitted);
    for (unsigned i = 0; i < shared.count; i++)
        process_end(&shared.processes[i]);
    store_end();
    return result;
}

static void run(unsigned long requests, unsigned long seed)
{
    double most = (double)PER_SECOND / meet_ns_seconds(meet_registry_second);
    unsigned count = (unsigned)(seed - 1) % PROCESSES + 1;
    struct result near, far, storm;

    draw_begin(seed);
    events.heap = (struct meet_heap){.before = is_before};
    events.lost_at = 0;
    events.losses = 0;
    shared.seed = seed;
    near = run_stage(count, false, false, requests / 10);
    if (near.rate < LEAST_RATE * most)
        shared_fail("%.2f a second of %.2f", near.rate, most);
    if (near.share < LEAST_SHARE)
        shared_fail("one of %u got %.2f of its share", count, near.share);
    far = run_stage(PROCESSES, true, false, requests / 10);
    if (far.far_share < LEAST_FAR_SHARE)
        shared_fail("a far one got %.2f of its share", far.far_share);
    storm = run_stage(PROCESSES, seed % 2 == 0, true, requests - requests / 5);
    printf("seed %lu: %lu requests; %u near %.2f a second, %.2f asks each, "
           "shares from %.2f to %.2f; one far among them %.2f of its share, "
           "%.2f a second; storm %.2f a second, %.2f asks, %lu deaths, %lu "
           "losses, longest wait %.0f s; all rules held\n",
           seed, requests, count, near.rate, near.asks, near.share,
           near.most_share, far.far_share, far.rate, storm.rate, storm.asks,
           shared.deaths, events.losses, rules_longest());
    fflush(stdout);
    passed++;
}

int main(int count, char **arguments)
{
    unsigned long requests =
        count > 1 ? strtoul(arguments[1], NULL, 10) : 10000;

    for (int i = 2; i < count; i++)
        run(requests, strtoul(arguments[i], NULL, 10));
    if (count <= 2)
        run(requests, 8);
    printf("%u passed, 0 failed\n", passed);
    return EXIT_SUCCESS;
}
