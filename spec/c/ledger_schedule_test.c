/*
 * ledger_schedule_test.c - random schedules of many holders: whatever they do
 * within their leases, and however long their ways are, no second has more
 * arrivals than the limit.
 */
#include "check.h"
#include "ledger.h"

#include <stdlib.h>

enum { HOLDERS = 12, ARRIVALS = 1500, EVENTS = 20000, LIMIT = 10 };

#define LEASE  MEET_SECONDS(2)
#define SPAN   (MEET_SECONDS(1) + MEET_MILLISECONDS(15))
#define BEYOND MEET_SECONDS(600) /* no schedule takes longer */

enum step { ASK, COMMIT, RELEASE };

struct event {
    int64_t at;
    uint64_t id;
    enum step step;
    int holder;
};

struct world {
    struct meet_ledger ledger;
    struct event events[EVENTS];
    size_t count;
    uint64_t random, id;
    int64_t skew; /* of the ledger's clock */
    struct meet_ledger_sight sight[HOLDERS];
    int64_t seen_at[HOLDERS], way[HOLDERS];
    bool is_lossy, jumps;
    int64_t arrivals[ARRIVALS + 1];
    size_t arrived;
};

static int64_t pick(struct world *world, int64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return below > 0 ? (int64_t)(world->random % (uint64_t)below) : 0;
}

static void plan(struct world *world, int64_t at, enum step step, int holder,
                 uint64_t id)
{
    if (world->count < EVENTS)
        world->events[world->count++] = (struct event){at, id, step, holder};
}

static struct event take_next(struct world *world)
{
    size_t first = 0;
    struct event event;

    for (size_t i = 1; i < world->count; i++)
        if (world->events[i].at < world->events[first].at)
            first = i;
    event = world->events[first];
    world->events[first] = world->events[--world->count];
    return event;
}

/* Now and then its machine's clock is set, or the ledger is lost. */
static int64_t time_at(struct world *world, int64_t now, int holder)
{
    struct meet_ledger_sight sight = world->sight[holder];
    int64_t time;

    if (world->jumps && pick(world, 3000) == 0)
        world->skew += MEET_SECONDS(pick(world, 8000) - 4000);
    if (world->jumps && pick(world, 3000) == 0)
        world->ledger.head = (struct meet_ledger_head){.marker = MEET_ALWAYS};
    if (sight.seen != MEET_ALWAYS)
        sight.least = sight.most = now - world->seen_at[holder];
    time = meet_ledger_time(&world->ledger, now + world->skew, &sight);
    world->sight[holder].seen = time;
    world->seen_at[holder] = now;
    return time;
}

/* It has a place: it leaves in time, or dies, or gives it back. */
static void use(struct world *world, int64_t now, int holder)
{
    int64_t way = world->way[holder];
    int64_t left =
        now +
        pick(world, pick(world, 10) == 0 ? LEASE - way : MEET_MILLISECONDS(30));
    int64_t fate = world->is_lossy ? pick(world, 20) : 19;

    plan(world, left + 1, ASK, holder, 0);
    if (fate == 1)
        plan(world, left, RELEASE, holder, world->id);
    if (fate <= 1)
        return;
    world->arrivals[world->arrived++] = left + way / 2 + pick(world, way / 2);
    if (fate > 2) /* else the report is lost */
        plan(world, left + pick(world, MEET_MILLISECONDS(2)), COMMIT, holder,
             world->id);
}

static void ask(struct world *world, const struct event *event, int64_t time)
{
    struct meet_limit limit = {"second", LIMIT, SPAN};
    struct meet_claim claim = {.id = ++world->id,
                               .holder = (uint64_t)event->holder + 1,
                               .limits = &limit,
                               .count = 1,
                               .lease = LEASE};
    int64_t wait = meet_ledger_reserve(&world->ledger, &claim, time);

    if (wait < 0)
        CHECK(false, "it cannot be asked");
    else if (wait == 0)
        use(world, event->at, event->holder);
    else
        plan(world, event->at + wait + pick(world, MEET_MILLISECONDS(3)), ASK,
             event->holder, 0);
}

static int compare(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

/* Most arrivals in any second. */
static size_t worst(struct world *world)
{
    size_t most = 0, from = 0;

    qsort(world->arrivals, world->arrived, sizeof world->arrivals[0], compare);
    for (size_t i = 0; i < world->arrived; i++) {
        while (world->arrivals[i] - world->arrivals[from] >= MEET_SECONDS(1))
            from++;
        most = i - from + 1 > most ? i - from + 1 : most;
    }
    return most;
}

static void begin(struct world *world, uint64_t seed)
{
    int holders;

    *world = (struct world){.random = seed * 0x9E3779B97F4A7C15,
                            .is_lossy = seed % 3 == 0,
                            .jumps = seed % 2 == 0,
                            .skew = MEET_SECONDS(100000)};
    meet_ledger_empty(&world->ledger);
    holders = 1 + (int)pick(world, HOLDERS);
    for (int i = 0; i < holders; i++) {
        world->sight[i].seen = MEET_ALWAYS;
        world->way[i] = MEET_MILLISECONDS(1 + pick(world, 120));
        plan(world, pick(world, MEET_SECONDS(1)), ASK, i, 0);
    }
}

static void check_schedule(struct world *world, uint64_t seed)
{
    int64_t now = 0;

    begin(world, seed);
    while (world->arrived < ARRIVALS && world->count > 0 && now < BEYOND) {
        struct event event = take_next(world);
        int64_t time = time_at(world, event.at, event.holder);

        now = event.at;
        if (event.step == ASK)
            ask(world, &event, time);
        else if (event.step == COMMIT)
            meet_ledger_commit(&world->ledger, event.id,
                               world->way[event.holder], time);
        else
            meet_ledger_release(&world->ledger, event.id);
        if (!meet_ledger_is_sound(&world->ledger))
            CHECK(false, "seed %d: it is not sound", (int)seed);
    }
    CHECK(worst(world) <= LIMIT, "seed %d: %zu arrive in a second", (int)seed,
          worst(world));
    meet_ledger_deinit(&world->ledger);
}

int main(void)
{
    struct world *world = malloc(sizeof *world);

    for (uint64_t seed = 1; world && seed <= 60; seed++)
        check_schedule(world, seed);
    free(world);
    return check_report();
}
