/*
 * gate_test.c - places reserved and released, pauses, and the reduced rate. All
 * gates have a span of one second.
 */
#include "check.h"
#include "gate.h"
#include "seconds.h"

#include <math.h>

enum { MOST = 8 };

static bool is_open(const struct meet_gate *gate, unsigned limit, int64_t now)
{
    return meet_gate_opens(gate, limit, 0, now) <= now;
}

static void check_opens(void)
{
    static const struct {
        unsigned limit;
        double left[MOST]; /* when attempts left; ended by a negative time */
        unsigned reserved;
        double paused_until;
        unsigned long ahead;
        double now;
        bool open; /* whoever is ahead */
        double opens;
    } cases[] = {
        {0, {-1}, 0, -INFINITY, 0, 5, true, -INFINITY}, /* no limit */
        {0, {5, 5, -1}, 9, -INFINITY, 9, 5, true, -INFINITY},
        {1, {-1}, 0, -INFINITY, 0, 5, true, -INFINITY},
        {1, {-1}, 0, -INFINITY, 1, 5, true, 6},
        {1, {5, -1}, 0, -INFINITY, 0, 5, false, 6},
        {1, {5, -1}, 0, -INFINITY, 0, 5.9375, false, 6},
        {1, {5, -1}, 0, -INFINITY, 0, 6, true, 6},
        {1, {-1}, 1, -INFINITY, 0, 5, false, 6}, /* reserved: leaves now at best
                                                  */
        {1, {-1}, 1, -INFINITY, 0, 9, false, 10},
        {1, {-1}, 1, -INFINITY, 2, 9, false, 12},
        {1, {5, -1}, 1, -INFINITY, 0, 5.5, false, 6.5}, /* another's limit */
        {2, {-1}, 1, -INFINITY, 0, 5, true, -INFINITY},
        {2, {-1}, 1, -INFINITY, 1, 5, true, 6},
        {2, {-1}, 2, -INFINITY, 0, 5, false, 6},
        {2, {5, -1}, 0, -INFINITY, 0, 5, true, -INFINITY},
        {2, {5, -1}, 1, -INFINITY, 0, 5.5, false, 6},
        {2, {5, -1}, 1, -INFINITY, 0, 6, true, 6},
        {2, {5, 5.5, -1}, 1, -INFINITY, 0, 6, false, 6.5},
        {2, {5, 5.5, -1}, 1, -INFINITY, 0, 6.5, true, 6.5},
        {2, {5, 5.5, -1}, 3, -INFINITY, 0, 6, false, 7},
        {2, {5, 5.5, -1}, 3, -INFINITY, 1, 6, false, 7},
        {2, {5, 5.5, -1}, 3, -INFINITY, 2, 6, false, 8},
        {2, {-1}, 0, 7, 0, 5, false, 7},
        {2, {-1}, 0, 7, 0, 6.9375, false, 7},
        {2, {-1}, 0, 7, 0, 7, true, 7},
        {2, {5, 5.5, -1}, 0, 5.75, 0, 5.5, false, 6}, /* the later one */
        {2, {5, 5.5, -1}, 0, 6.5, 0, 5.5, false, 6.5},
        {0, {-1}, 0, 7, 0, 5, false, 7}, /* a pause needs no limit */
        {0, {-1}, 0, 7, 9, 8, true, 7},
        {0, {-1}, 0, INFINITY, 0, 1e9, false, INFINITY},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_gate gate;
        double opens;

        meet_gate_init(&gate, ns(1));
        meet_window_grow(&gate.window, cases[i].limit);
        for (size_t j = 0; j < MOST && cases[i].left[j] >= 0; j++) {
            meet_gate_reserve(&gate);
            meet_gate_commit(&gate, ns(cases[i].left[j]));
        }
        for (unsigned j = 0; j < cases[i].reserved; j++)
            meet_gate_reserve(&gate);
        meet_gate_pause(&gate, ns(cases[i].paused_until));
        opens = in_seconds(meet_gate_opens(&gate, cases[i].limit,
                                           cases[i].ahead, ns(cases[i].now)));
        CHECK(is_open(&gate, cases[i].limit, ns(cases[i].now)) == cases[i].open,
              "case %zu: open", i);
        CHECK(opens == cases[i].opens, "case %zu: %g expected, got %g", i,
              cases[i].opens, opens);
        meet_gate_deinit(&gate);
    }
}

/*
 * A place is taken from the start of a handshake until a second after its end.
 */
static void check_places(void)
{
    struct meet_gate gate;

    meet_gate_init(&gate, ns(1));
    meet_window_grow(&gate.window, 2);
    meet_gate_reserve(&gate);
    meet_gate_reserve(&gate);
    CHECK(!is_open(&gate, 2, ns(100)), "two places reserved, however long");
    meet_gate_release(&gate);
    CHECK(gate.reserved == 1 && is_open(&gate, 2, ns(100)), "one released");
    CHECK(meet_window_idle_from(&gate.window) == MEET_ALWAYS,
          "and nothing has left");
    meet_gate_reserve(&gate);
    meet_gate_commit(&gate, ns(101));
    CHECK(gate.reserved == 1 && !is_open(&gate, 2, ns(101)), "one has left");
    CHECK(!is_open(&gate, 2, ns(101.5)), "for a second");
    CHECK(is_open(&gate, 2, ns(102)), "and no longer");
    meet_gate_commit(&gate, ns(102));
    CHECK(gate.reserved == 0 && is_open(&gate, 2, ns(102)), "the other one");
    CHECK(!is_open(&gate, 1, ns(102)), "who allows one sees it, too");
    meet_gate_deinit(&gate);
}

static void check_pauses(void)
{
    static const struct {
        double pauses[2];
        double until;
    } cases[] = {
        {{5, 7}, 7},
        {{7, 5}, 7}, /* a pause that lasts longer stays */
        {{7, 7}, 7},
        {{7, -INFINITY}, 7},
        {{-INFINITY, -INFINITY}, -INFINITY},
        {{0, INFINITY}, INFINITY},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_gate gate;

        meet_gate_init(&gate, ns(1));
        CHECK(is_open(&gate, 0, ns(-1e12)), "case %zu: none yet", i);
        meet_gate_pause(&gate, ns(cases[i].pauses[0]));
        meet_gate_pause(&gate, ns(cases[i].pauses[1]));
        CHECK(in_seconds(gate.paused_until) == cases[i].until,
              "case %zu: until %g", i, in_seconds(gate.paused_until));
        meet_gate_deinit(&gate);
    }
}

/* How many may start at once, up to 'most'. */
static unsigned count_open(struct meet_gate *gate, unsigned limit,
                           unsigned most, double now)
{
    unsigned count = 0;

    while (count < most && is_open(gate, limit, ns(now))) {
        meet_gate_reserve(gate);
        count++;
    }
    for (unsigned i = 0; i < count; i++)
        meet_gate_release(gate);
    return count;
}

static void check_reduced(void)
{
    static const struct {
        unsigned limit;     /* of the requests with a 429 */
        double times[MOST]; /* ended by a negative time */
        unsigned seen_by;   /* another caller's limit */
        double now;
        unsigned allowed;
    } cases[] = {
        {10, {-1}, 10, 5, 10},
        {10, {5, -1}, 10, 5, 5},
        {10, {5, -1}, 10, 14.9375, 5},
        {10, {5, -1}, 10, 15, 6}, /* one more for each ten spans */
        {10, {5, -1}, 10, 24.9375, 6},
        {10, {5, -1}, 10, 25, 7},
        {10, {5, -1}, 10, 54.9375, 9},
        {10, {5, -1}, 10, 55, 10},
        {10, {5, -1}, 10, 65, 10}, /* and never above the limit */
        {10, {5, -1}, 10, 1e9, 10},
        {10, {5, 5, 5.5, 5.9375, -1}, 10, 6, 5}, /* one span counts once */
        {10, {5, 6, -1}, 10, 6, 2},
        {10, {5, 6, -1}, 10, 15.9375, 2},
        {10, {5, 6, -1}, 10, 16, 3}, /* from the last one on */
        {10, {5, 6, 7, -1}, 10, 7, 1},
        {10, {5, 6, 7, 8, -1}, 10, 8, 1}, /* never below one */
        {10, {5, 15, -1}, 10, 15, 3},     /* half of what it had risen to */
        {10, {5, 1000, -1}, 10, 1000, 5},
        {3, {5, -1}, 3, 5, 1},
        {2, {5, -1}, 2, 5, 1},
        {2, {5, -1}, 2, 15, 2},
        {1, {5, -1}, 1, 5, 1},
        {10, {5, -1}, 4, 5, 4}, /* a limit below the reduced_limit */
        {10, {5, -1}, 20, 5, 5},
        {10, {5, -1}, 20, 105, 15},
        {10, {5, -1}, 0, 5, 20}, /* without a limit none applies */
        {0, {5, -1}, 10, 5, 10}, /* without a limit none was exceeded */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_gate gate;
        unsigned allowed;

        meet_gate_init(&gate, ns(1));
        meet_window_grow(&gate.window, 20);
        for (size_t j = 0; j < MOST && cases[i].times[j] >= 0; j++)
            meet_gate_reduce(&gate, cases[i].limit, ns(cases[i].times[j]));
        allowed = count_open(&gate, cases[i].seen_by, 20, cases[i].now);
        CHECK(allowed == cases[i].allowed, "case %zu: %u expected, got %u", i,
              cases[i].allowed, allowed);
        meet_gate_deinit(&gate);
    }
}

/* When the next one may start under a reduced rate. */
static void check_reduced_opens(void)
{
    struct meet_gate gate;

    meet_gate_init(&gate, ns(1));
    meet_window_grow(&gate.window, 4);
    for (int i = 0; i < 4; i++) {
        meet_gate_reserve(&gate);
        meet_gate_commit(&gate, ns(5 + i / 4.0)); /* the last at 5.75 */
    }
    CHECK(in_seconds(meet_gate_opens(&gate, 4, 0, ns(5.75))) == 6,
          "the oldest of four");
    meet_gate_reduce(&gate, 4, ns(5.75));
    CHECK(in_seconds(meet_gate_opens(&gate, 4, 0, ns(5.75))) == 6.5,
          "the oldest of two");
    CHECK(!is_open(&gate, 4, ns(6.25)) && is_open(&gate, 4, ns(6.5)),
          "as predicted");
    CHECK(in_seconds(meet_gate_opens(&gate, 4, 1, ns(5.75))) == 6.75,
          "behind one");
    CHECK(in_seconds(meet_gate_opens(&gate, 4, 2, ns(5.75))) == 7.5,
          "behind two");
    meet_gate_deinit(&gate);
}

/* Allowed one of four since 5, a second one from 15 on, all from 35 on. */
static void check_rising_opens(void)
{
    static const struct {
        double left; /* when the last one did */
        unsigned reserved;
        unsigned long ahead;
        double now;
        double opens;
    } cases[] = {
        {5, 0, 0, 5, 6},
        {5, 0, 3, 5, 9},
        {14.5, 0, 0, 14.5, 15}, /* sooner than at 15.5 */
        {14.5, 0, 1, 14.5, 15.5},
        {14.5, 1, 0, 14.5, 15.5},
        {13.5, 0, 0, 13.5, 14.5},
        {15, 0, 0, 15, -INFINITY},
        {5, 0, 9, 5, 15},
        {5, 0, 10, 5, 15},
        {5, 0, 1000, 5, 255}, /* as if it had risen already */
        {1000, 0, 1000, 1000, 1250},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_gate gate;
        double opens;

        meet_gate_init(&gate, ns(1));
        meet_window_grow(&gate.window, 4);
        meet_gate_reduce(&gate, 2, ns(5));
        meet_gate_reserve(&gate);
        meet_gate_commit(&gate, ns(cases[i].left));
        for (unsigned j = 0; j < cases[i].reserved; j++)
            meet_gate_reserve(&gate);
        opens = in_seconds(
            meet_gate_opens(&gate, 4, cases[i].ahead, ns(cases[i].now)));
        CHECK(opens == cases[i].opens, "case %zu: %g expected, got %g", i,
              cases[i].opens, opens);
        meet_gate_deinit(&gate);
    }
}

/* From when on nobody would notice that the gate is gone. */
static void check_idle(void)
{
    struct meet_gate gate;

    meet_gate_init(&gate, ns(1));
    CHECK(meet_gate_idle_from(&gate) == MEET_ALWAYS, "from the start");
    meet_window_grow(&gate.window, 4);
    CHECK(meet_gate_idle_from(&gate) == MEET_ALWAYS, "nothing has left");
    meet_gate_reserve(&gate);
    meet_gate_commit(&gate, ns(5));
    CHECK(meet_gate_idle_from(&gate) == ns(6), "an event");
    meet_gate_pause(&gate, ns(7));
    CHECK(meet_gate_idle_from(&gate) == ns(7), "a pause");
    meet_gate_reduce(&gate, 4, ns(5));
    CHECK(meet_gate_idle_from(&gate) == ns(25), "two rises of a limit of 4");
    meet_gate_pause(&gate, ns(30));
    CHECK(meet_gate_idle_from(&gate) == ns(30), "a longer pause");
    meet_gate_deinit(&gate);
}

static void check_ends(void)
{
    struct meet_gate gate;

    meet_gate_init(&gate, ns(60));
    CHECK(gate.reserved == 0 && gate.reduced_limit == 0 &&
              gate.window.span == ns(60),
          "a gate that holds nobody back");
    meet_gate_deinit(&gate);
    meet_gate_deinit(&gate);
    CHECK(!gate.window.events, "deinit twice");
}

int main(void)
{
    check_opens();
    check_places();
    check_pauses();
    check_reduced();
    check_reduced_opens();
    check_rising_opens();
    check_idle();
    check_ends();
    return check_report();
}
