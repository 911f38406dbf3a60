/* nanoseconds_test.c - conversions and arithmetic, up to both ends. */
#include "check.h"
#include "nanoseconds.h"

#include <limits.h>
#include <math.h>

static void check_from_seconds(void)
{
    static const struct {
        double seconds;
        int64_t time;
    } cases[] = {
        {0, 0},
        {-0.0, 0},
        {1, 1000000000},
        {0.1, 100000000},
        {0.3, 300000000},
        {1.015, 1015000000},
        {1e-9, 1},
        {0.4e-9, 0},
        {0.6e-9, 1},
        {-0.25, -250000000},
        {86400, 86400000000000},
        {9223372036, 9223372036000000000},
        {9223372037, MEET_NEVER},
        {-9223372036, -9223372036000000000},
        {-9223372037, MEET_ALWAYS},
        {1e300, MEET_NEVER},
        {-1e300, MEET_ALWAYS},
        {INFINITY, MEET_NEVER},
        {-INFINITY, MEET_ALWAYS},
        {NAN, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t time = meet_ns_from_seconds(cases[i].seconds);

        CHECK(time == cases[i].time, "%g s: %lld", cases[i].seconds,
              (long long)time);
    }
}

static void check_seconds(void)
{
    CHECK(meet_ns_seconds(0) == 0, "none");
    CHECK(meet_ns_seconds(1015000000) == 1.015, "the nearest double");
    CHECK(meet_ns_seconds(-1) == -1e-9, "before");
    CHECK(meet_ns_seconds(MEET_NEVER) == INFINITY, "never");
    CHECK(meet_ns_seconds(MEET_ALWAYS) == -INFINITY, "always");
    CHECK(meet_ns_seconds(MEET_NEVER - 1) < INFINITY, "late, but a time");
}

static void check_milliseconds(void)
{
    static const struct {
        int64_t length;
        int milliseconds;
    } cases[] = {
        {MEET_ALWAYS, 0},
        {-1, 0},
        {0, 0},
        {1, 1}, /* it does not wake too early */
        {1000000, 1},
        {1000001, 2},
        {MEET_SECONDS(60), 60000},
        {MEET_MILLISECONDS(INT_MAX), INT_MAX},
        {MEET_MILLISECONDS(INT_MAX) + 1, INT_MAX},
        {MEET_NEVER, INT_MAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int milliseconds = meet_ns_milliseconds(cases[i].length);

        CHECK(milliseconds == cases[i].milliseconds, "%lld: %d",
              (long long)cases[i].length, milliseconds);
    }
}

static void check_add(void)
{
    static const struct {
        int64_t time, length, sum;
    } cases[] = {
        {2, 3, 5},
        {2, -3, -1},
        {MEET_NEVER - 3, 2, MEET_NEVER - 1},
        {MEET_NEVER - 3, 4, MEET_NEVER},
        {MEET_ALWAYS + 3, -2, MEET_ALWAYS + 1},
        {MEET_ALWAYS + 3, -4, MEET_ALWAYS},
        {MEET_NEVER, -5, MEET_NEVER}, /* whatever comes before it */
        {MEET_ALWAYS, 5, MEET_ALWAYS},
        {5, MEET_NEVER, MEET_NEVER},
        {-5, MEET_NEVER, MEET_NEVER},
        {5, MEET_ALWAYS, MEET_ALWAYS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(meet_ns_add(cases[i].time, cases[i].length) == cases[i].sum,
              "case %zu", i);
}

static void check_between(void)
{
    static const struct {
        int64_t from, to, length;
    } cases[] = {
        {2, 5, 3},
        {5, 2, -3},
        {-2, 5, 7},
        {5, MEET_NEVER, MEET_NEVER},
        {5, MEET_ALWAYS, MEET_ALWAYS},
        {MEET_ALWAYS, 5, MEET_NEVER},
        {MEET_NEVER, 5, MEET_ALWAYS},
        {MEET_ALWAYS, MEET_NEVER, MEET_NEVER},
        {MEET_NEVER, MEET_NEVER, MEET_NEVER},
        {MEET_ALWAYS, MEET_ALWAYS, MEET_ALWAYS},
        {-2, MEET_NEVER - 1, MEET_NEVER}, /* too long to tell */
        {2, MEET_ALWAYS + 1, MEET_ALWAYS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(meet_ns_between(cases[i].from, cases[i].to) == cases[i].length,
              "case %zu", i);
}

static void check_multiply(void)
{
    CHECK(meet_ns_multiply(MEET_SECONDS(60), 3) == MEET_SECONDS(180), "three");
    CHECK(meet_ns_multiply(MEET_SECONDS(60), 0) == 0, "none");
    CHECK(meet_ns_multiply(MEET_SECONDS(1), -3) == MEET_SECONDS(-3), "ago");
    CHECK(meet_ns_multiply(MEET_SECONDS(1), 9223372036) ==
              MEET_SECONDS(9223372036),
          "the most");
    CHECK(meet_ns_multiply(MEET_SECONDS(1), 9223372037) == MEET_NEVER, "more");
    CHECK(meet_ns_multiply(MEET_SECONDS(1), INT64_MAX) == MEET_NEVER, "huge");
    CHECK(meet_ns_multiply(MEET_SECONDS(1), -9223372037) == MEET_ALWAYS,
          "past");
    CHECK(meet_ns_multiply(0, INT64_MAX) == 0, "of nothing");
}

static void check_order(void)
{
    CHECK(meet_ns_earlier(2, 3) == 2 && meet_ns_earlier(3, 2) == 2, "earlier");
    CHECK(meet_ns_later(2, 3) == 3 && meet_ns_later(3, 2) == 3, "later");
}

int main(void)
{
    check_from_seconds();
    check_seconds();
    check_milliseconds();
    check_add();
    check_between();
    check_multiply();
    check_order();
    return check_report();
}
