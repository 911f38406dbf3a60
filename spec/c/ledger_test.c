/*
 * ledger_test.c - the places of a limit that processes share: who gets one, who
 * waits, and for how long.
 */
#include "ledger_fixture.h"

/* -- places ----------------------------------------------------------------*/

static void check_limit(void)
{
    begin_ledger();
    check_wait(go(ANNE, 0), 0, "the first place");
    check_wait(go(ANNE, 0.25), 0, "the second place");
    check_wait(go(ANNE, 0.5), 0.5, "both are taken until 1");
    check_wait(go(ANNE, 1), 0, "the first one is free again");
    check_wait(go(ANNE, 1), 0.25, "the second one is not");
    check_wait(go(ANNE, 1.25), 0, "it is now");
    check_wait(go(ANNE, 100), 0, "all are free");
    CHECK(places() == 1, "what is free is dropped");
}

static void check_lease(void)
{
    begin_ledger();
    ask(ANNE, 0);
    ask(ANNE, 0.5);
    CHECK(ledger.place[0].free_at == ns(LEASE + SPAN), "lease and span");
    CHECK(ledger.place[0].process == ANNE, "it says whose it is");
    check_wait(ask(BEN, 2.9), 0.1, "held to the end of lease and span");
    check_wait(ask(BEN, 3), 0, "then it is free again");
    check_wait(ask(CARL, 3.25), 0.25, "the other one a little later");
}

static void check_commit(void)
{
    uint64_t id;

    begin_ledger();
    ask(ANNE, 0);
    id = last_id;
    commit(id, 0.125, 0.5);
    CHECK(ledger.place[0].free_at == ns(0.5 + SPAN + 0.125), "from now on");
    commit(id, 1, 1);
    CHECK(ledger.place[0].free_at == ns(0.5 + SPAN + 0.125), "never later");
    commit(id, 0, 0.25);
    CHECK(ledger.place[0].free_at == ns(0.25 + SPAN), "but earlier");
    commit(12345, 0, 0);
    CHECK(places() == 1 && ledger.place[0].free_at == ns(0.25 + SPAN),
          "an id that nobody has");
    ask(ANNE, 0.5);
    commit(last_id, 0.5, 2.4);
    CHECK(ledger.place[1].free_at == ns(0.5 + LEASE + SPAN),
          "late: as it was, lease and span");
}

static void check_release(void)
{
    uint64_t id;

    begin_ledger();
    ask(ANNE, 0);
    id = last_id;
    ask(BEN, 0);
    CHECK(ask(CARL, 0) > 0, "none is left");
    meet_ledger_release(&ledger, 12345);
    CHECK(places() == 2, "an id that nobody has");
    meet_ledger_release(&ledger, id);
    CHECK(places() == 1 && ledger.place[0].id == id + 1, "of that id alone");
    meet_ledger_release(&ledger, id);
    CHECK(places() == 1, "once");
    check_wait(ask(DORA, 0), 0, "it is free at once");
}

/* A place in each of the windows, or in none. */
static void check_all_or_none(void)
{
    static const struct meet_limit both[] = {{"second", 2, MEET_SECONDS(1)},
                                             {"minute", 1, MEET_SECONDS(60)}};
    static const struct meet_limit turned[] = {{"minute", 1, MEET_SECONDS(60)},
                                               {"second", 2, MEET_SECONDS(1)}};

    begin_ledger();
    check_wait(ask_for(ANNE, both, 2, 0), 0, "both are free");
    CHECK(places() == 2, "a place in each");
    commit(last_id, 0, 0);
    CHECK(ledger.place[0].free_at == ns(1) && ledger.place[1].free_at == ns(60),
          "each has its span");
    check_wait(ask_for(ANNE, both, 2, 0), 60, "the second window is full");
    check_wait(ask_for(BEN, turned, 2, 0), 60, "in any order");
    CHECK(places() == 2, "none was taken");
    check_wait(ask(BEN, 0), 0, "the first window alone is not");
    commit(last_id, 0, 0);
    check_wait(ask_for(CARL, both, 2, 0), 60, "the longest wait of all");
    meet_ledger_release(&ledger, last_id - 1);
    ask_for(ANNE, both, 2, 60);
    CHECK(places() == 2, "again a place in each");
    meet_ledger_release(&ledger, last_id);
    CHECK(places() == 0, "and both are given back");
}

/* -- waiting ---------------------------------------------------------------*/

/* Who holds a place that is not committed may commit it at any moment. */
static void check_estimates(void)
{
    begin_ledger();
    ask(ANNE, 0);
    ask(ANNE, 0);
    check_wait(ask(BEN, 0.25), 1, "not longer than if it was committed now");
    check_wait(ask(BEN, 2.25), 0.75, "nor than to the end of lease and span");
    begin_ledger();
    ask(ANNE, 0);
    go(ANNE, 0);
    check_wait(ask(BEN, 0.25), 0.75, "the one that left is free before");
}

/* Of those who wait, each gets the time of another place. */
static void check_ranks(void)
{
    begin_ledger();
    go(ANNE, 0);
    go(ANNE, 0.5);
    check_wait(ask(BEN, 0.6), 0.4, "the first one waits for the first place");
    check_wait(ask(CARL, 0.6), 0.4, "at the same time there is no order");
    check_wait(ask(DORA, 0.7), 0.8, "a later one for the next place");
    check_wait(ask(CARL, 0.7), 0.3, "who asks again keeps the turn");
    check_wait(ask(DORA, 0.8), 0.7, "at the end of the line, too");
}

/* A waiter that is due has its turn, before all that came later. */
static void check_turns(void)
{
    begin_ledger();
    go(ANNE, 0);
    go(ANNE, 0);
    check_wait(ask(BEN, 0.25), 0.75, "denied");
    check_wait(ask(CARL, 0.5), 0.5, "and another one, for the other place");
    check_wait(go(DORA, 1), 0.25, "both places are kept for them");
    check_wait(go(CARL, 1), 0, "the second one gets one");
    check_wait(go(BEN, 1.1), 0, "and so does the first one");
    CHECK(ledger.head.waiters == 1, "who has a place does not wait any more");
    check_wait(go(DORA, 1.25), 0.75, "she waits for the next one");
    check_wait(go(DORA, 2), 0, "and gets it");
    CHECK(ledger.head.waiters == 0, "nobody waits");
}

/* Only for a moment, and not before it is due. */
static void check_grace(void)
{
    begin_ledger();
    go(ANNE, 0);
    go(ANNE, 0.5);
    check_wait(ask(BEN, 0.6), 0.4, "due at 1");
    check_wait(ask(BEN, 0.9), 0.1, "early: to the same time");
    meet_ledger_release(&ledger, ledger.place[0].id);
    check_wait(go(CARL, 0.95), 0, "a place that is free before is anybody's");
    check_wait(go(CARL, 1.2), 0.75, "behind Ben, whose turn it still is");
    check_wait(go(CARL, 1.25 + 0.25), 0, "free, and Ben did not come in time");
    CHECK(ledger.head.waiters == 0, "he is dropped");
    check_wait(ask(BEN, 1.6), 0.35, "and begins anew");
    CHECK(ledger.head.waiter[0].since == ns(1.6), "at the end of the line");
}

/* One who is denied in one window does not wait in another. */
static void check_waiting_windows(void)
{
    static const struct meet_limit both[] = {{"second", 2, MEET_SECONDS(1)},
                                             {"minute", 1, MEET_SECONDS(60)}};

    begin_ledger();
    ask_for(ANNE, both, 2, 0);
    commit(last_id, 0, 0);
    ask_for(BEN, both, 2, 0.25);
    CHECK(ledger.head.waiters == 1 && ledger.head.waiter[0].window == 1,
          "in the one that is full");
    go(ANNE, 0.25);
    ask_for(BEN, both, 2, 0.5);
    CHECK(ledger.head.waiters == 2, "then in both");
    check_wait(go(CARL, 1.25), 0, "two are free, for Ben and for Carl");
    check_wait(go(CARL, 1.25), 1, "and Ben's is kept for him");
}

static void check_many_waiters(void)
{
    begin_ledger();
    go(ANNE, 0);
    go(ANNE, 0);
    for (unsigned i = 0; i < MEET_LEDGER_WAITERS + 10; i++)
        CHECK(ask(100 + i, 0.25 + i / 1000.0) > 0, "waiter %u", i);
    CHECK(ledger.head.waiters == MEET_LEDGER_WAITERS, "no more than fit");
    CHECK(meet_ledger_is_sound(&ledger), "and no harm done");
    CHECK(ask(100, 1) == 0 && ask(500, 1) > 0, "the others have no turn");
}

/* -- pauses ----------------------------------------------------------------*/

static void check_pause(void)
{
    static const struct {
        double until, paused;
    } cases[] = {{10, 10}, {5, 10}, {12, 12}, {1e6, 3601}, {-5, 3601}};

    begin_ledger();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(meet_ledger_pause(&ledger, "second", ns(cases[i].until), ns(1)),
              "pause %zu", i);
        check_wait(ask(ANNE, 1), cases[i].paused - 1,
                   "the longest is in force");
        CHECK(meet_ledger_is_sound(&ledger), "pause %zu: sound", i);
    }
    CHECK(places() == 0 && ledger.head.waiters == 0, "nobody gets in line");
    check_wait(ask(ANNE, 3601), 0, "it ends");
    CHECK(meet_ledger_pause(&ledger, "second", MEET_NEVER, ns(3601)), "ever");
    check_wait(ask(ANNE, 3601), 3600, "is an hour");
}

static void check_pause_of_one(void)
{
    static const struct meet_limit both[] = {{"second", 2, MEET_SECONDS(1)},
                                             {"minute", 1, MEET_SECONDS(60)}};

    begin_ledger();
    CHECK(meet_ledger_pause(&ledger, "minute", ns(10), ns(0)), "not seen yet");
    check_wait(ask_for(ANNE, both, 2, 0), 10, "both, of which one is paused");
    CHECK(places() == 0, "all or none");
    check_wait(ask(ANNE, 0), 0, "the other one");
    CHECK(!meet_ledger_pause(&ledger, "a name of 24 bytes, full", ns(1), 0),
          "a name too long");
}

/* -- the marker ------------------------------------------------------------*/

/* Nobody gets a place until all that were lost are free. */
static void check_marker(void)
{
    static const struct meet_limit both[] = {{"minute", 9, MEET_SECONDS(60)},
                                             {"second", 2, MEET_SECONDS(1)}};

    begin_ledger();
    go(ANNE, 99);
    meet_ledger_pause(&ledger, "second", ns(130), ns(99));
    ask(BEN, 99);
    meet_ledger_empty(&ledger);
    CHECK(places() == 0 && ledger.head.windows == 0, "emptied");
    check_wait(ask(ANNE, 100), LEASE + SPAN, "lease and span");
    CHECK(ledger.head.marker == ns(100), "from the first one who asks on");
    check_wait(ask(BEN, 101), LEASE + SPAN - 1, "for all");
    check_wait(ask_for(BEN, both, 2, 101), LEASE + SPAN - 1,
               "the span of the shortest window");
    check_wait(ask(ANNE, 103), 0, "then the places are free");
    meet_ledger_empty(&ledger);
    meet_ledger_commit(&ledger, last_id, 0, ns(104));
    meet_ledger_release(&ledger, last_id);
    CHECK(ledger.head.marker == MEET_ALWAYS, "reports begin nothing");
}

/* What is reported right after the loss counts, whoever reports it. */
static void check_marker_and_pause(void)
{
    begin_ledger();
    meet_ledger_empty(&ledger);
    CHECK(meet_ledger_pause(&ledger, "second", ns(110), ns(100)), "a pause");
    CHECK(ledger.head.marker == ns(100), "it begins the ledger's life");
    check_wait(ask(ANNE, 101), LEASE + SPAN - 1, "the hold comes first");
    check_wait(ask(ANNE, 103), 7, "then the pause");
}

int main(void)
{
    check_limit();
    check_lease();
    check_commit();
    check_release();
    check_all_or_none();
    check_estimates();
    check_ranks();
    check_turns();
    check_grace();
    check_waiting_windows();
    check_many_waiters();
    check_pause();
    check_pause_of_one();
    check_marker();
    check_marker_and_pause();
    return check_report();
}
