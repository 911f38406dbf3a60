/*
 * window_test.c - never more than 'limit' events in a half-open span.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/window.c"

enum { MOST = 8 };

static void check_waits(void)
{
    static const struct {
        unsigned limit;
        double span;
        double events[MOST]; /* ended by a negative time */
        double now;
        double wait;
    } cases[] = {
        {0, 1, {-1}, 5, 0},          /* no limit */
        {0, 1, {5, 5, 5, -1}, 5, 0}, /* no limit */
        {1, 1, {-1}, 0, 0},          /* nothing yet */
        {1, 1, {5, -1}, 5, 1},       /* the very moment */
        {1, 1, {5, -1}, 5.25, 0.75}, /* inside */
        {1, 1, {5, -1}, 5.9375, 0.0625},
        {1, 1, {5, -1}, 6, 0}, /* half-open: 6 is the next span */
        {1, 1, {5, -1}, 7, 0},
        {2, 1, {5, -1}, 5, 0},          /* one of two */
        {2, 1, {5, 5.5, -1}, 5.5, 0.5}, /* the oldest decides */
        {2, 1, {5, 5.5, -1}, 6, 0},
        {2, 1, {5, 5.5, 6, -1}, 6, 0.5}, /* the ring went round */
        {2, 1, {5, 5.5, 6, 6.5, -1}, 6.5, 0.5},
        {3, 60, {1, 2, 3, -1}, 4, 57},
        {3, 60, {1, 2, 3, -1}, 61, 0},
        {3, 60, {1, 2, 3, 61, -1}, 61, 1},
        {3, 0, {5, 5, 5, -1}, 5, 0}, /* no span, no wait */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_window window;
        double wait;

        CHECK(meet_window_init(&window, cases[i].limit, cases[i].span),
              "case %zu: init", i);
        for (size_t j = 0; j < MOST && cases[i].events[j] >= 0; j++)
            meet_window_mark(&window, cases[i].events[j]);
        wait = meet_window_wait(&window, cases[i].now);
        CHECK(wait == cases[i].wait, "case %zu: %g expected, got %g", i,
              cases[i].wait, wait);
        meet_window_deinit(&window);
    }
}

static void check_ends(void)
{
    struct meet_window window;

    CHECK(meet_window_init(&window, 0, 1) && !window.events,
          "no limit allocates nothing");
    meet_window_deinit(&window);
    CHECK(meet_window_init(&window, 1, 1), "init");
    meet_window_deinit(&window);
    meet_window_deinit(&window);
    CHECK(!window.events && meet_window_wait(&window, 0) == 0,
          "deinit twice leaves a window without limit");
}

static void check_no_memory(void)
{
    struct meet_window window;

    scarce_left = 0;
    CHECK(!meet_window_init(&window, 10, 1), "no memory for the ring");
    meet_window_deinit(&window);
    CHECK(meet_window_init(&window, 0, 1), "no limit needs none");
    meet_window_deinit(&window);
    scarce_left = SIZE_MAX;
}

/* Callers that come as fast as they may, the clock at any magnitude. */
static void check_pace(double start, unsigned limit, double span)
{
    enum { EVENTS = 1000, TURNS = 4 };
    double times[EVENTS];
    struct meet_window window;
    double now = start;
    int close = 0;
    int stuck = 0;

    CHECK(meet_window_init(&window, limit, span), "init");
    for (int i = 0; i < EVENTS; i++) {
        int turns = 0;

        while (meet_window_wait(&window, now) > 0 && turns++ < TURNS)
            now += meet_window_wait(&window, now);
        stuck += turns > TURNS;
        meet_window_mark(&window, now);
        times[i] = now;
        now += span * (i % 7) / 64;
    }
    for (unsigned i = limit; i < EVENTS; i++)
        close += times[i] < times[i - limit] + span;
    CHECK(close == 0, "from %g, %u in %g: %d too close", start, limit, span,
          close);
    CHECK(stuck == 0, "from %g, %u in %g: %d waits never end", start, limit,
          span, stuck);
    CHECK(now < start + span * (EVENTS / limit + 1.0) + span * EVENTS / 16,
          "from %g, %u in %g: no slower than it must be", start, limit, span);
    meet_window_deinit(&window);
}

int main(void)
{
    check_waits();
    check_ends();
    check_no_memory();
    check_pace(0, 10, 1);
    check_pace(12345.678, 10, 1.05);
    check_pace(1e9 + 0.1, 10, 1.05);
    check_pace(1e6 + 1.0 / 3, 1, 0.1);
    check_pace(3e5 + 0.7, 600, 60);
    return check_report();
}
