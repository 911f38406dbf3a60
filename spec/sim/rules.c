/*
 * rules.c - the rules of dispatch.h, checked by separate records of the
 * simulator.
 */
#include "sim.h"

#include <math.h>
#include <string.h>

const unsigned rules_per_minute[QUOTAS] = {0, 600, 100, 10};

/* The newest arrivals of one key, or of one quota of an account. */
struct book {
    int64_t times[601];
    unsigned limit, next;
};

/* Newest requests of one key: when they started, left, arrived. */
struct trace {
    int64_t started[PER_SECOND], at[PER_SECOND];
    unsigned next;
};

static struct {
    struct book seconds[KEYS], minutes[KEYS][ACCOUNTS][QUOTAS]; /* arrivals */
    struct book left_minutes[KEYS][ACCOUNTS][QUOTAS];
    unsigned long long last_started[KEYS][ACCOUNTS][QUOTAS];
    struct trace left[KEYS], arrived[KEYS];
    int64_t key_paused[KEYS], account_paused[KEYS][ACCOUNTS];
    unsigned reduced_limit[KEYS]; /* after a 429; 0: none */
    int64_t reduced_at[KEYS];
    /* Of the attempt that is ending: */
    bool goes_on;     /* the job has to be queued again */
    bool is_restart;  /* at once, not counted as an attempt */
    bool is_too_late; /* it would be queued again but for its deadline */
} rules;

static void empty_book(struct book *book)
{
    for (unsigned i = 0; i < 601; i++)
        book->times[i] = MEET_ALWAYS;
}

static void empty_trace(struct trace *trace)
{
    for (unsigned i = 0; i < PER_SECOND; i++)
        trace->at[i] = trace->started[i] = MEET_ALWAYS;
}

void rules_begin(void)
{
    memset(&rules, 0, sizeof rules);
    for (unsigned key = 0; key < KEYS; key++) {
        empty_book(&rules.seconds[key]);
        empty_trace(&rules.left[key]);
        empty_trace(&rules.arrived[key]);
        rules.key_paused[key] = rules.reduced_at[key] = MEET_ALWAYS;
        for (unsigned account = 0; account < ACCOUNTS; account++) {
            rules.account_paused[key][account] = MEET_ALWAYS;
            for (unsigned quota = 0; quota < QUOTAS; quota++) {
                empty_book(&rules.minutes[key][account][quota]);
                empty_book(&rules.left_minutes[key][account][quota]);
            }
        }
    }
}

/* -- windows ---------------------------------------------------------------*/

/* How long ago that was. */
static int64_t since(int64_t time)
{
    return meet_ns_between(time, sim.now);
}

static void write_down(struct book *book, unsigned limit)
{
    book->times[book->next] = sim.now;
    book->next = (book->next + 1) % limit;
}

/* An arrival: the one 'limit' before it must be a whole span away. */
static void enter(struct book *book, unsigned limit, int64_t length,
                  const char *what)
{
    if (limit == 0)
        return;
    if (since(book->times[book->next]) < length)
        sim_fail("more than %u in %g s of %s", limit, meet_ns_seconds(length),
                 what);
    write_down(book, limit);
}

static int64_t span(void)
{
    return meet_registry_second;
}

/* Requests a second, as reduced by the gateway's 429s. */
static unsigned allowed(unsigned key)
{
    int64_t risen = since(rules.reduced_at[key]) / (10 * span());

    if (rules.reduced_limit[key] == 0 ||
        rules.reduced_limit[key] + risen >= PER_SECOND)
        return PER_SECOND;
    return rules.reduced_limit[key] + (unsigned)risen;
}

static void lower(unsigned key)
{
    unsigned now_allowed = allowed(key);

    if (since(rules.reduced_at[key]) < span())
        return;
    rules.reduced_limit[key] = now_allowed > 1 ? now_allowed / 2 : 1;
    rules.reduced_at[key] = sim.now;
}

static void note(struct trace *trace, int64_t started_at)
{
    trace->started[trace->next] = started_at;
    trace->at[trace->next] = sim.now;
    trace->next = (trace->next + 1) % PER_SECOND;
}

/* Those within the last 'length' that started at 'first' or later. */
static unsigned recent(const struct trace *trace, int64_t length, int64_t first)
{
    unsigned count = 0;

    for (unsigned i = 0; i < PER_SECOND; i++)
        count += since(trace->at[i]) < length && trace->started[i] >= first;
    return count;
}

void rules_left(const struct slot *slot)
{
    enum meet_quota quota = slot->job.pace.quota;

    note(&rules.left[slot->key], slot->started_at);
    if (rules_per_minute[quota] > 0)
        write_down(&rules.left_minutes[slot->key][slot->account][quota],
                   rules_per_minute[quota]);
}

void rules_arrived(const struct arrival *arrival)
{
    unsigned key = arrival->key;
    struct trace *trace = &rules.arrived[key];

    sim.arrivals++;
    enter(&rules.seconds[key], PER_SECOND, MEET_SECONDS(1), "a key");
    enter(&rules.minutes[key][arrival->account][arrival->quota],
          rules_per_minute[arrival->quota], MEET_SECONDS(60),
          "an account's quota");
    note(trace, arrival->started_at);
    if (recent(trace, MEET_SECONDS(1), rules.reduced_at[key]) > allowed(key))
        sim_fail("more than %u in a second after a 429", allowed(key));
}

/* -- waiting and starting --------------------------------------------------*/

/* The first that waits, from that one on; NULL behind the last. */
static const struct slot *waiting(const struct slot *slot)
{
    while (slot < sim.slots + sim.high &&
           !(slot->used && slot->job.state == MEET_JOB_QUEUED))
        slot++;
    return slot < sim.slots + sim.high ? slot : NULL;
}

/* Places reserved by attempts of its key, or of its quota. */
static unsigned places_reserved(const struct slot *slot, bool of_quota)
{
    unsigned count = 0;

    for (const struct slot *i = sim.slots; i < sim.slots + sim.high; i++)
        count += i->used && i->started && !i->left && i->key == slot->key &&
                 (!of_quota || (i->account == slot->account &&
                                i->job.pace.quota == slot->job.pace.quota));
    return count;
}

static int64_t paused_until(const struct slot *slot)
{
    return meet_ns_later(rules.key_paused[slot->key],
                         rules.account_paused[slot->key][slot->account]);
}

/* The quota of the minute has room for one more, reserved places counted. */
static bool has_quota(const struct slot *slot)
{
    enum meet_quota quota = slot->job.pace.quota;
    unsigned limit = rules_per_minute[quota],
             reserved = places_reserved(slot, true);
    const struct book *book =
        &rules.left_minutes[slot->key][slot->account][quota];

    if (limit == 0)
        return true;
    return reserved < limit &&
           since(book->times[(book->next + reserved) % limit]) >=
               meet_registry_minute;
}

/* A request of this kind might leave now. */
static bool is_free(const struct slot *slot)
{
    unsigned taken;

    if (sim.now < paused_until(slot))
        return false;
    taken = recent(&rules.left[slot->key], span(), MEET_ALWAYS);
    return taken < allowed(slot->key) &&
           taken + places_reserved(slot, false) < allowed(slot->key) &&
           has_quota(slot);
}

static bool any_waits(unsigned key)
{
    const struct slot *slot = waiting(sim.slots);

    while (slot && slot->key != key)
        slot = waiting(slot + 1);
    return slot;
}

void rules_submitted(const struct slot *slot)
{
    const struct meet_job *job = &slot->job;

    if (job->state != MEET_JOB_DONE) {
        if (paused_until(slot) >= job->deadline)
            sim_fail("a wait was begun that cannot end in time");
        return;
    }
    if (job->error.kind != MEET_DEADLINE || job->attempts > 0)
        sim_fail("a job was done at once, without a reason");
    if (is_free(slot) && job->deadline > sim.now && !any_waits(slot->key))
        sim_fail("a deadline was missed though the windows are free");
}

/* Any other job of the key that is older and might go as well. */
static void check_turn(const struct slot *slot)
{
    const struct slot *other = waiting(sim.slots);

    for (; other; other = waiting(other + 1))
        if (other->key == slot->key &&
            other->job.sequence < slot->job.sequence &&
            other->not_before <= sim.now && paused_until(other) <= sim.now &&
            has_quota(other))
            sim_fail("an older request of the key was passed over");
}

/* An attempt that is not counted takes of the timeout of the next one. */
static void check_timeout(struct slot *slot)
{
    const struct meet_job *job = &slot->job;
    int64_t left = meet_ns_add(sim.now, job->request.timeout - slot->spent);

    if (job->background)
        left = job->deadline;
    if (job->gives_up_at != meet_ns_earlier(left, job->deadline))
        sim_fail("gives up in %g s, instead of %g s",
                 -meet_ns_seconds(since(job->gives_up_at)),
                 -meet_ns_seconds(since(left)));
    slot->timed_from = sim.now;
}

void rules_started(struct slot *slot)
{
    struct meet_job *job = &slot->job;
    unsigned long long *last =
        &rules.last_started[slot->key][slot->account][job->pace.quota];

    if (!slot->used || slot->started)
        sim_fail("a job started that is not waiting");
    if (sim.now >= job->deadline)
        sim_fail("a start after the deadline");
    if (sim.now < slot->not_before)
        sim_fail("a start before the backoff's end, by %g s",
                 -meet_ns_seconds(since(slot->not_before)));
    if (sim.now < paused_until(slot))
        sim_fail("a start within a pause");
    if (slot->may_have_happened)
        sim_fail("a write was sent again");
    slot->attempts++;
    slot->starts++;
    sim.starts++;
    if (slot->attempts > job->retry.max_attempts)
        sim_fail("more attempts than allowed");
    if (job->attempts != slot->attempts)
        sim_fail("the count of attempts is wrong");
    check_turn(slot);
    if (slot->starts == 1) {
        if (job->sequence < *last)
            sim_fail("order lost within a quota");
        *last = job->sequence;
    }
    slot->started_at = sim.now;
    check_timeout(slot);
}

void rules_foreground(struct slot *slot)
{
    slot->spent = 0;
    if (slot->job.state == MEET_JOB_STARTED)
        check_timeout(slot);
}

/* A pause ends at once the jobs that it would keep past their deadlines. */
static void check_pauses(void)
{
    const struct slot *slot = waiting(sim.slots);

    for (; slot; slot = waiting(slot + 1))
        if (slot->job.deadline <= paused_until(slot) && !slot->job.background)
            sim_fail("a pause keeps a job past its deadline");
}

void rules_waiting(void)
{
    int64_t now = sim.now;
    int64_t wakeup = meet_dispatch_next_wakeup(&sim.dispatch, now);
    const struct slot *slot = waiting(sim.slots);

    check_pauses();
    for (; slot; slot = waiting(slot + 1)) {
        if (slot->job.deadline < now)
            sim_fail("a queued job outlived its deadline");
        if (wakeup > slot->job.deadline)
            sim_fail("nobody wakes up for a deadline");
        if (slot->not_before > now && wakeup > slot->not_before)
            sim_fail("nobody wakes up for a backoff's end");
        if (slot->not_before <= now && is_free(slot))
            sim_fail("a job waits though its windows are free");
        sim.now = meet_ns_later(now, wakeup - 1);
        if (slot->not_before <= now && is_free(slot))
            sim_fail("nobody wakes up for a job whose windows are free");
        sim.now = now;
    }
}

/* -- outcomes --------------------------------------------------------------*/

static bool is_read(const struct meet_job *job)
{
    return strcmp(job->request.verb, "GET") == 0;
}

static bool may_try_again(const struct meet_job *job,
                          const struct meet_outcome *outcome)
{
    int status = job->response.status;

    if (outcome->ending == MEET_ENDED_NOT_SENT)
        return true;
    if (outcome->ending == MEET_ENDED_ANSWERED)
        return status == 429 ||
               (is_read(job) &&
                (status == 502 || status == 503 || status == 504));
    return is_read(job) && outcome->ending != MEET_ENDED_FAILED;
}

static int64_t backoff(const struct slot *slot, double random)
{
    const struct meet_retry *retry = &slot->job.retry;
    double longest = (double)retry->initial;

    for (unsigned i = 1; i < slot->attempts; i++)
        longest *= retry->multiplier;
    return (int64_t)(random * fmin(longest, (double)retry->max));
}

/* A 429 pauses who shares its limit; the request has not been carried out. */
static void pause(struct slot *slot, bool google, int64_t until)
{
    int64_t *paused = google ? &rules.account_paused[slot->key][slot->account]
                             : &rules.key_paused[slot->key];

    slot->may_have_happened = false;
    *paused = meet_ns_later(*paused, until);
    if (!google)
        lower(slot->key);
}

void rules_finishing(struct slot *slot, const struct meet_outcome *outcome,
                     double random)
{
    struct meet_job *job = &slot->job;
    int64_t wait = outcome->server_delay > 0 ? outcome->server_delay
                                             : backoff(slot, random);
    bool may =
        may_try_again(job, outcome) && slot->attempts < job->retry.max_attempts;

    slot->spent += sim.now - slot->timed_from;
    rules.is_restart =
        outcome->uncounted && is_read(job) && slot->restarts < MOST_RESTARTS &&
        (job->background || slot->spent < job->request.timeout) &&
        meet_ns_later(sim.now, paused_until(slot)) < job->deadline;
    slot->not_before = meet_ns_later(sim.now + (rules.is_restart ? 0 : wait),
                                     paused_until(slot));
    if (outcome->ending == MEET_ENDED_ANSWERED && job->response.status == 429)
        pause(slot, outcome->google, sim.now + wait);
    if (outcome->ending == MEET_ENDED_NOT_SENT)
        slot->may_have_happened = false;
    rules.goes_on =
        rules.is_restart || (may && slot->not_before < job->deadline);
    rules.is_too_late = may && !rules.goes_on && sim.now < job->deadline;
}

/* Its turn comes past its deadline, unless somebody gives a place back. */
static void check_hopeless(const struct slot *slot)
{
    int64_t now = sim.now;

    sim.now = slot->job.deadline - 1;
    if (is_free(slot))
        sim_fail("given up though its turn comes in time");
    sim.now = now;
}

void rules_finished(struct slot *slot, const struct meet_outcome *outcome)
{
    struct meet_job *job = &slot->job;
    int64_t wait;

    if (rules.goes_on && job->state == MEET_JOB_DONE && !job->background) {
        rules.goes_on = false;
        check_hopeless(slot);
    }
    /* In the background it may wait past its deadline: nobody else waits. */
    if (job->background && rules.is_too_late)
        rules.goes_on = job->state == MEET_JOB_QUEUED;
    if (rules.goes_on != (job->state == MEET_JOB_QUEUED))
        sim_fail(rules.goes_on ? "given up too early" : "tried once more");
    if (rules.is_restart) {
        slot->restarts++;
        slot->attempts--;
        sim.restarts++;
    } else {
        slot->spent = 0;
    }
    wait = rules.goes_on ? job->ready_at - sim.now : job->retry_after;
    if ((rules.goes_on || rules.is_too_late) &&
        sim.now + wait != slot->not_before)
        sim_fail("a wait of %g s that should be %g", meet_ns_seconds(wait),
                 -meet_ns_seconds(since(slot->not_before)));
    if (!rules.goes_on && slot->may_have_happened &&
        (outcome->ending == MEET_ENDED_LOST ||
         outcome->ending == MEET_ENDED_TIMED_OUT) &&
        !job->ambiguous)
        sim_fail("a write that may have happened is not called ambiguous");
    if (outcome->ending == MEET_ENDED_ANSWERED && job->response.status == 429)
        check_pauses();
}

void rules_end(void)
{
    const struct meet_registry *registry = &sim.dispatch.registry;

    if (sim.done != sim.submitted)
        sim_fail("%lu of %lu jobs ended", sim.done, sim.submitted);
    if (!meet_link_is_alone(&sim.dispatch.jobs) ||
        sim.dispatch.backoffs.first || sim.dispatch.looks.first ||
        sim.dispatch.turns.open.first)
        sim_fail("something is left in the queue");
    if (registry->lanes.count != registry->idle_count)
        sim_fail("something still uses a lane");
    for (const struct meet_link *link = registry->idle.next;
         link != &registry->idle; link = link->next) {
        const struct meet_lane *lane = MEET_OWNER(link, struct meet_lane, link);

        if (lane->ready.first || lane->length > 0 || lane->line ||
            lane->lines[0]->entrance->gate.reserved > 0 ||
            lane->lines[0]->entrance->closed.first)
            sim_fail("something is left in a lane");
    }
    if (sim.stats.requests != sim.submitted ||
        sim.stats.attempts != sim.starts - sim.restarts)
        sim_fail("the counters are wrong");
}
