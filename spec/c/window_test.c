/*
 * window_test.c - never more than 'limit' events in a half-open span.
 */
#include "check.h"
#include "scarce.h"
#include "seconds.h"
#include "../../src/window.c"

#include <math.h>

enum { MOST = 8 };

static void check_opens(void)
{
    static const struct {
        unsigned capacity, limit;
        double span;
        double events[MOST]; /* ended by a negative time */
        unsigned long ahead;
        double now;
        double opens;
    } cases[] = {
        {0, 0, 1, {-1}, 0, 5, -INFINITY}, /* no limit */
        {0, 0, 1, {5, 5, 5, -1}, 0, 5, -INFINITY},
        {0, 0, 1, {5, -1}, 1000, 5, -INFINITY},
        {4, 0, 1, {5, 5, 5, 5, -1}, 9, 5, -INFINITY}, /* of this caller */
        {1, 1, 1, {-1}, 0, 0, -INFINITY},             /* nothing yet */
        {1, 1, 1, {5, -1}, 0, 5, 6},
        {1, 1, 1, {5, -1}, 0, 5.25, 6}, /* whenever it is asked */
        {1, 1, 1, {5, -1}, 0, 9, 6},
        {2, 2, 1, {5, -1}, 0, 5, -INFINITY}, /* one of two */
        {2, 2, 1, {5, 5.5, -1}, 0, 5.5, 6},  /* the oldest decides */
        {2, 2, 1, {5, 5.5, 6, -1}, 0, 6, 6.5},
        {2, 2, 1, {5, 5.5, 6, 6.5, -1}, 0, 6.5, 7}, /* the ring went round */
        {3, 3, 60, {1, 2, 3, -1}, 0, 4, 61},
        {3, 3, 60, {1, 2, 3, 61, -1}, 0, 61, 62},
        {3, 3, 0, {5, 5, 5, -1}, 0, 5, 5}, /* no span, no wait */

        {1, 1, 1, {-1}, 1, 5, 6}, /* behind others that may go at once */
        {1, 1, 1, {-1}, 3, 5, 8},
        {2, 2, 1, {-1}, 1, 5, -INFINITY},
        {2, 2, 1, {-1}, 2, 5, 6},
        {2, 2, 1, {-1}, 3, 5, 6},
        {2, 2, 1, {-1}, 4, 5, 7},
        {10, 10, 1, {-1}, 9, 5, -INFINITY},
        {10, 10, 1, {-1}, 10, 5, 6},
        {10, 10, 1, {-1}, 99, 5, 14},
        {10, 10, 1, {-1}, 100, 5, 15},
        {2, 2, 1, {5, -1}, 1, 5, 6}, /* behind those that have to wait */
        {2, 2, 1, {5, 5.5, -1}, 1, 5.5, 6.5},
        {2, 2, 1, {5, 5.5, -1}, 2, 5.5, 7},
        {2, 2, 1, {5, 5.5, -1}, 3, 5.5, 7.5},
        {2, 2, 1, {5, 5.5, -1}, 4, 5.5, 8},
        {2, 2, 1, {5, 5.5, -1}, 2, 6.25, 7.25}, /* the first goes now */
        {2, 2, 1, {5, 5.5, -1}, 3, 6.25, 7.5},
        {2, 2, 1, {5, 5.5, -1}, 3, 9, 10},

        {4, 4, 1, {1, 2, 3, 4, -1}, 0, 4, 2}, /* one window, four limits */
        {4, 3, 1, {1, 2, 3, 4, -1}, 0, 4, 3},
        {4, 2, 1, {1, 2, 3, 4, -1}, 0, 4, 4},
        {4, 1, 1, {1, 2, 3, 4, -1}, 0, 4, 5},
        {4, 2, 1, {1, 2, 3, 4, 5, -1}, 0, 5, 5},
        {4, 2, 1, {1, 2, 3, 4, 5, -1}, 1, 5, 6},
        {4, 2, 1, {1, -1}, 0, 1, -INFINITY},
        {4, 1, 1, {1, -1}, 0, 1, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_window window;
        double opens;

        meet_window_init(&window, ns(cases[i].span));
        CHECK(meet_window_grow(&window, cases[i].capacity), "case %zu: grow",
              i);
        for (size_t j = 0; j < MOST && cases[i].events[j] >= 0; j++)
            meet_window_mark(&window, ns(cases[i].events[j]));
        opens = in_seconds(meet_window_opens(&window, cases[i].limit,
                                             cases[i].ahead, ns(cases[i].now)));
        CHECK(opens == cases[i].opens, "case %zu: %g expected, got %g", i,
              cases[i].opens, opens);
        meet_window_deinit(&window);
    }
}

static void check_idle(void)
{
    static const struct {
        unsigned capacity;
        double events[MOST]; /* ended by a negative time */
        double now;
        bool idle;
    } cases[] = {
        {0, {-1}, 5, true},
        {0, {5, -1}, 5, true}, /* it holds nobody back */
        {2, {-1}, 5, true},
        {2, {5, -1}, 5, false},
        {2, {5, -1}, 6.9375, false},
        {2, {5, -1}, 7, true}, /* the span is half-open */
        {2, {1, 5, -1}, 4, false},
        {2, {1, 5, -1}, 6, false}, /* the newest decides */
        {2, {1, 2, 5, -1}, 6, false},
        {2, {1, 2, 5, -1}, 7, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_window window;

        meet_window_init(&window, ns(2));
        meet_window_grow(&window, cases[i].capacity);
        for (size_t j = 0; j < MOST && cases[i].events[j] >= 0; j++)
            meet_window_mark(&window, ns(cases[i].events[j]));
        CHECK((meet_window_idle_from(&window) <= ns(cases[i].now)) ==
                  cases[i].idle,
              "case %zu", i);
        meet_window_deinit(&window);
    }
}

/* When one more fits, for the limits from 1 to 4. */
static void check_all_limits(const struct meet_window *window, double one,
                             double two, double three, double four)
{
    double expected[] = {one, two, three, four};

    for (unsigned limit = 1; limit <= 4; limit++) {
        double opens = in_seconds(meet_window_opens(window, limit, 0, 0));

        CHECK(opens == expected[limit - 1], "limit %u: %g expected, got %g",
              limit, expected[limit - 1], opens);
    }
}

static void check_grow(void)
{
    struct meet_window window;

    meet_window_init(&window, ns(1));
    meet_window_mark(&window, ns(0.5));
    CHECK(!window.events && window.capacity == 0, "it remembers nothing yet");
    CHECK(meet_window_grow(&window, 0) && !window.events, "nor has it to");
    CHECK(meet_window_grow(&window, 2) && window.capacity == 2, "two");
    meet_window_mark(&window, ns(1));
    meet_window_mark(&window, ns(2));
    meet_window_mark(&window, ns(3));
    CHECK(meet_window_grow(&window, 4) && window.capacity == 4, "four");
    check_all_limits(&window, 4, 3, -INFINITY, -INFINITY);
    meet_window_mark(&window, ns(4));
    check_all_limits(&window, 5, 4, 3, -INFINITY);
    CHECK(meet_window_grow(&window, 3) && window.capacity == 4, "never less");
    check_all_limits(&window, 5, 4, 3, -INFINITY);
    meet_window_mark(&window, ns(5));
    meet_window_mark(&window, ns(6));
    check_all_limits(&window, 7, 6, 5, 4);
    meet_window_deinit(&window);
}

static void check_ends(void)
{
    struct meet_window window;

    meet_window_init(&window, ns(1));
    meet_window_deinit(&window);
    CHECK(meet_window_grow(&window, 1), "usable after deinit");
    meet_window_mark(&window, ns(5));
    meet_window_deinit(&window);
    meet_window_deinit(&window);
    CHECK(!window.events && window.capacity == 0 && window.span == ns(1),
          "deinit twice leaves a window without events");
}

static void check_no_memory(void)
{
    struct meet_window window;

    meet_window_init(&window, ns(1));
    scarce_left = 0;
    CHECK(meet_window_grow(&window, 0), "no limit needs none");
    CHECK(!meet_window_grow(&window, 10), "no memory for the ring");
    CHECK(!window.events && window.capacity == 0, "as it was");
    scarce_left = 1;
    CHECK(meet_window_grow(&window, 4), "one allocation");
    for (int i = 1; i <= 5; i++)
        meet_window_mark(&window, ns(i));
    CHECK(!meet_window_grow(&window, 5) && window.capacity == 4, "no more");
    check_all_limits(&window, 6, 5, 4, 3);
    CHECK(meet_window_grow(&window, 4), "what is there needs none");
    scarce_left = SIZE_MAX;
    meet_window_deinit(&window);
}

/* Callers that come as fast as they may, the clock at any magnitude. */
static void check_pace(double start, unsigned limit, double seconds)
{
    enum { EVENTS = 1000 };
    const int64_t span = ns(seconds);
    int64_t times[EVENTS], now = ns(start);
    struct meet_window window;
    int close = 0;
    int stuck = 0;

    meet_window_init(&window, span);
    CHECK(meet_window_grow(&window, limit), "grow");
    for (int i = 0; i < EVENTS; i++) {
        now = meet_ns_later(now, meet_window_opens(&window, limit, 0, now));
        stuck += meet_window_opens(&window, limit, 0, now) > now;
        meet_window_mark(&window, now);
        times[i] = now;
        now += span * (i % 7) / 64;
    }
    for (unsigned i = limit; i < EVENTS; i++)
        close += times[i] - times[i - limit] < span;
    CHECK(close == 0, "from %g, %u in %g: %d too close", start, limit, seconds,
          close);
    CHECK(stuck == 0, "from %g, %u in %g: %d waits never end", start, limit,
          seconds, stuck);
    CHECK(now < ns(start) + span * (EVENTS / limit + 1) + span * EVENTS / 16,
          "from %g, %u in %g: no slower than it must be", start, limit,
          seconds);
    meet_window_deinit(&window);
}

/* Jobs in a line that go as soon as they may go at the predicted times. */
static void check_line(double start, unsigned limit, unsigned marks)
{
    enum { LINE = 40 };
    struct meet_window window;
    int64_t predicted[LINE], now = ns(start);
    int wrong = 0;

    meet_window_init(&window, ns(1));
    CHECK(meet_window_grow(&window, limit), "grow");
    for (unsigned i = 0; i < marks; i++)
        meet_window_mark(&window, ns(5 + i / 8.0));
    for (unsigned i = 0; i < LINE; i++)
        predicted[i] =
            meet_ns_later(now, meet_window_opens(&window, limit, i, now));
    for (unsigned i = 0; i < LINE; i++) {
        now = meet_ns_later(now, meet_window_opens(&window, limit, 0, now));
        wrong += now != predicted[i];
        meet_window_mark(&window, now);
    }
    CHECK(wrong == 0, "limit %u, %u marks: %d of the line", limit, marks,
          wrong);
    meet_window_deinit(&window);
}

int main(void)
{
    check_opens();
    check_idle();
    check_grow();
    check_ends();
    check_no_memory();
    check_pace(0, 10, 1);
    check_pace(12345.678, 10, 1.015);
    check_pace(1e9 + 0.1, 10, 1.015);
    check_pace(1e6 + 1.0 / 3, 1, 0.1);
    check_pace(3e5 + 0.7, 600, 60.015);
    check_line(5, 1, 0);
    check_line(6, 1, 1);
    check_line(5.5, 3, 2);
    check_line(5.5, 4, 4);
    check_line(6.25, 4, 6);
    check_line(90, 7, 7);
    return check_report();
}
