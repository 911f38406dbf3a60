/*
 * shared_rules.c - what holds over all processes, checked by records of the
 * simulator's own.
 */
#include "shared.h"

#include <string.h>

/* Longest wait for a turn, with all that may happen meanwhile. */
#define FOR_EVER MEET_SECONDS(600)

/* What a place may come later than its lease and its span end: ways, and the
   moment for which it is kept for others. After a trouble the ledger's time
   stands still for a while, too. */
#define LATE          MEET_MILLISECONDS(700)
#define AFTER_TROUBLE MEET_SECONDS(4)

/* The newest arrivals. */
struct book {
    int64_t times[600];
    unsigned next;
};

/* Windows by the names that they have in the ledger. */
static const char *const names[QUOTAS] = {"second", "reads", "writes",
                                          "creates"};

static struct {
    struct book second;
    struct book minutes[2][QUOTAS]; /* of this life of the store, and of the
                                       one before */
    unsigned life;
    int64_t paused_until[QUOTAS];
    int64_t granted_at, troubled_at;
    int64_t wanted_since[PROCESSES]; /* MEET_NEVER: nothing is wanted */
    int64_t longest;
} rules;

static void empty(struct book *book)
{
    for (unsigned i = 0; i < 600; i++)
        book->times[i] = MEET_ALWAYS;
    book->next = 0;
}

void rules_begin(void)
{
    memset(&rules, 0, sizeof rules);
    empty(&rules.second);
    for (unsigned i = 0; i < QUOTAS; i++) {
        empty(&rules.minutes[0][i]);
        empty(&rules.minutes[1][i]);
        rules.paused_until[i] = MEET_ALWAYS;
    }
    for (unsigned i = 0; i < PROCESSES; i++)
        rules.wanted_since[i] = MEET_NEVER;
    rules.granted_at = shared.now;
}

/* -- arrivals --------------------------------------------------------------*/

static void enter(struct book *book, unsigned limit, int64_t span,
                  const char *what)
{
    int64_t ago = meet_ns_between(book->times[book->next], shared.now);

    if (ago < span)
        shared_fail("more than %u within %g s of %s", limit,
                    meet_ns_seconds(ago), what);
    book->times[book->next] = shared.now;
    book->next = (book->next + 1) % limit;
}

/* What a store has lost, it may give once more: for a minute, not for a
   second, as nobody gets a place until all places that were lost are free. */
void rules_arrived(enum meet_quota quota, unsigned life)
{
    unsigned limit = shared.per_minute[quota];

    shared.arrivals++;
    enter(&rules.second, PER_SECOND, MEET_SECONDS(1), "a key");
    if (limit == 0)
        return;
    for (; rules.life < life; rules.life++)
        for (unsigned i = 0; i < QUOTAS; i++)
            empty(&rules.minutes[(rules.life + 1) % 2][i]);
    enter(&rules.minutes[life % 2][quota], limit, MEET_SECONDS(60),
          names[quota]);
}

/* -- places ----------------------------------------------------------------*/

static int64_t *paused_until(const char *window)
{
    for (unsigned i = 0; i < QUOTAS; i++)
        if (strcmp(window, names[i]) == 0)
            return &rules.paused_until[i];
    shared_fail("nobody knows the window %s", window);
}

void rules_granted(const struct meet_limit *limits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (shared.now + MEET_MILLISECONDS(10) < *paused_until(limits[i].name))
            shared_fail("a place of %s within a pause", limits[i].name);
    rules.granted_at = shared.now;
}

/* A place may be free a span from now: its request may be about to leave. */
void rules_denied(const struct meet_limit *limits, size_t count, int64_t wait)
{
    int64_t longest = 0;

    if (shared.now < rules.troubled_at)
        return;
    for (size_t i = 0; i < count; i++) {
        if (store_is_paused(limits[i].name))
            return;
        longest = meet_ns_later(longest, limits[i].span);
    }
    if (wait > longest)
        shared_fail("denied for %g s, longer than %g", meet_ns_seconds(wait),
                    meet_ns_seconds(longest));
}

void rules_paused(const char *window, int64_t length)
{
    int64_t *until = paused_until(window);

    *until = meet_ns_later(*until, shared.now + length);
}

void rules_lost(void)
{
    for (unsigned i = 0; i < QUOTAS; i++)
        rules.paused_until[i] = MEET_ALWAYS;
    rules.troubled_at = shared.now + AFTER_TROUBLE;
}

void rules_troubled(void)
{
    rules.troubled_at = shared.now + AFTER_TROUBLE;
}

/* -- waiting ---------------------------------------------------------------*/

void rules_done(const struct caller *caller)
{
    const struct meet_job *job = &caller->job;
    int64_t waited = shared.now - caller->began_at;

    shared.ended++;
    rules.longest = meet_ns_later(rules.longest, waited);
    if (job->error.kind == MEET_DEADLINE && !caller->hurried)
        shared_fail("a request missed a deadline that it does not have");
    if (job->error.kind != MEET_OK && job->error.kind != MEET_DEADLINE &&
        job->error.kind != MEET_TRANSPORT)
        shared_fail("a request ended with kind %s",
                    meet_error_kind_name(job->error.kind));
}

/* It waits for the limiter, and for nothing else. */
static bool is_held(const struct meet_job *job, int64_t clock)
{
    const struct meet_lane *lane = job->lane;
    const struct meet_line *line, *shared_line = lane->lines[MEET_OF_LIMITER];

    if (job->ready_at > clock || shared_line->entrance->fault)
        return false;
    line = meet_lane_hold(lane, 0, clock).line;
    return !line || line == shared_line;
}

/*
 * The process waits for a place of the second, and may ask for one. What it was
 * denied before the store lost its data, it waits out.
 */
static bool wants(const struct process *process)
{
    int64_t clock = process_clock(process);

    if (!process->alive || process->stalled_until > shared.now ||
        process->cut_until > shared.now ||
        process->denied_life[MEET_QUOTA_NONE] != shared.store_life ||
        store_is_paused(names[0]))
        return false;
    for (unsigned i = 0; i < CALLERS; i++) {
        const struct meet_job *job = &process->callers[i].job;

        if (process->callers[i].busy && job->state == MEET_JOB_QUEUED &&
            job->pace.quota == MEET_QUOTA_NONE && is_held(job, clock))
            return true;
    }
    return false;
}

static void check_age(const struct process *process)
{
    for (unsigned i = 0; i < CALLERS; i++)
        if (process->callers[i].busy &&
            shared.now - process->callers[i].began_at > FOR_EVER)
            shared_fail("process %d waits for ever",
                        (int)(process - shared.processes));
}

void rules_waiting(void)
{
    int64_t longest = meet_permit_lease + meet_registry_second + LATE;

    for (unsigned i = 0; i < shared.count; i++) {
        int64_t *since = &rules.wanted_since[i];

        check_age(&shared.processes[i]);
        if (!wants(&shared.processes[i]))
            *since = MEET_NEVER;
        else if (*since == MEET_NEVER)
            *since = shared.now;
        else if (shared.now -
                     meet_ns_later(*since, meet_ns_later(rules.granted_at,
                                                         rules.troubled_at)) >
                 longest)
            shared_fail("process %u waits, though all places are free", i);
    }
}

double rules_longest(void)
{
    return meet_ns_seconds(rules.longest);
}
