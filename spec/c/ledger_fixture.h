/*
 * ledger_fixture.h - for tests of the ledger: one ledger, and who asks for its
 * places. It includes the ledger itself, for memory that runs out.
 */
#pragma once

#include "check.h"
#include "scarce.h"
#include "../../src/ledger.c"
#include "seconds.h"

#define SPAN  1.0
#define LEASE 2.0
#define CLOSE 1e-6

/* A holder's number is that of its process. */
enum { ANNE = 1, BEN, CARL, DORA };

static struct meet_ledger ledger;
static uint64_t last_id;

/* A ledger on which nothing was ever given, past the hold of its marker. */
static inline void begin_ledger(void)
{
    meet_ledger_deinit(&ledger);
    ledger = (struct meet_ledger){0};
    meet_ledger_empty(&ledger);
    ledger.head.marker = ns(-1000);
}

static inline double ask_for(uint64_t holder, const struct meet_limit *limits,
                             size_t count, double now)
{
    struct meet_claim claim = {.id = ++last_id,
                               .holder = holder,
                               .process = (uint32_t)holder,
                               .limits = limits,
                               .count = count,
                               .lease = ns(LEASE)};

    return in_seconds(meet_ledger_reserve(&ledger, &claim, ns(now)));
}

static const struct meet_limit two_a_second = {"second", 2, MEET_SECONDS(1)};

/* Ask for one of two places a second: 0, or how long to wait. */
static inline double ask(uint64_t holder, double now)
{
    return ask_for(holder, &two_a_second, 1, now);
}

static inline void commit(uint64_t id, double delay, double now)
{
    meet_ledger_commit(&ledger, id, ns(delay), ns(now));
}

/* Ask, and let the request leave at once. */
static inline double go(uint64_t holder, double now)
{
    double wait = ask(holder, now);

    if (wait == 0)
        commit(last_id, 0, now);
    return wait;
}

static inline void check_wait(double actual, double expected, const char *what)
{
    CHECK(actual > expected - CLOSE && actual < expected + CLOSE,
          "%s: %g expected, got %g", what, expected, actual);
}

static inline size_t places(void)
{
    return (size_t)ledger.head.places;
}
