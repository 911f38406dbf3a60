/*
 * ledger_time_test.c - what time it is for a ledger whose clock is set; and
 * what it does with bytes, names and numbers that are none.
 */
#include "ledger_fixture.h"

/* -- time ------------------------------------------------------------------*/

static double tell(double clock, double seen, double least, double most)
{
    struct meet_ledger_sight sight = {seen < 0 ? MEET_ALWAYS
                                               : meet_ns_from_seconds(seen),
                                      ns(least), ns(most)};

    return in_seconds(meet_ledger_time(&ledger, ns(clock), &sight));
}

static double tell_first(double clock)
{
    return tell(clock, -1, 0, 0);
}

static void check_clock_set_back(void)
{
    begin_ledger();
    check_wait(tell_first(5000), 5000, "the clock's");
    check_wait(tell_first(5001), 5001, "goes on");
    check_wait(tell_first(1402), 5001, "an hour back: it stands still");
    check_wait(tell_first(1403), 5002, "and goes on from there");
    check_wait(tell(1404, 5002, 1, 1), 5003, "whatever the holder knows");
    check_wait(tell_first(3), 5003, "after a reboot, too");
    check_wait(tell_first(4), 5004, "it goes on");
}

static void check_clock_set_forward(void)
{
    begin_ledger();
    tell_first(1000);
    check_wait(tell(4601, 1000, 0.9, 1.1), 1000.9, "the holder knows better");
    check_wait(tell(4602, 1000.9, 0.9, 1.1), 1001.9, "and it goes on");
    check_wait(tell(4603.15, 1001.9, 1, 1.1), 1003.05, "a small step");
    check_wait(tell(8204, 1001.9, 1.5, 1.6), 1003.05,
               "others asked meanwhile: it stands still");
    check_wait(tell_first(20000), 1003.05 + 20000 - 8204,
               "one who never asked is believed");
}

/* Time that was lost once stays lost: places might be free too early. */
static void check_no_catching_up(void)
{
    begin_ledger();
    tell_first(5000);
    tell(5001, 5000, 1, 1);
    check_wait(tell(1411, 5001, 10, 10), 5001, "back, after ten seconds");
    check_wait(tell(1412, 5001, 1, 1), 5002, "goes on without them");
    check_wait(tell(5013, 5000, 13, 13), 5002, "forward: nobody adds them");
    check_wait(tell(5014, 5002, 1, 1), 5003, "it goes on");
}

/* The last one who asked is known by the time: no two have the same. */
static void check_times_differ(void)
{
    begin_ledger();
    tell_first(5000);
    CHECK(ledger.head.greatest == ns(5000), "the clock's");
    tell_first(5000);
    CHECK(ledger.head.greatest > ns(5000), "asked at the same time");
    begin_ledger();
    tell_first(5000);
    check_wait(tell_first(1400), 5000, "another one, after it was set back");
    check_wait(tell(8600, 5000, 10, 10), 5000, "and forward: not the last one");
}

/* What was seen before the ledger was emptied is of another time. */
static void check_other_life(void)
{
    begin_ledger();
    ledger.head.offset = ns(3600);
    check_wait(tell(1000, -1, 0, 0), 4600, "the life before");
    ledger.head.offset = ledger.head.greatest = 0;
    meet_ledger_empty(&ledger);
    check_wait(tell(1001, 4600, 1, 1), 1001, "an empty ledger has the clock's");
    ask(ANNE, 1001);
    check_wait(tell(1002, 4600, 2, 2), 1002, "not that of the life before");
    check_wait(tell(4603, 4600, 3, 3), 1002, "not after a leap, either");
    begin_ledger();
    tell_first(1000);
    meet_ledger_empty(&ledger);
    tell_first(4601);
    ask(ANNE, 4601);
    check_wait(tell(4603, 1000, 3, 3), 4603, "an earlier time of another life");
    check_wait(tell(8204, 1000, 4, 4), 4603, "which may tell of a leap");
}

static void check_ends_of_time(void)
{
    begin_ledger();
    tell_first(6000);
    check_wait(tell(7000, 6000, -2, 0), 6000,
               "a holder's clock that went back");
    CHECK(meet_ledger_is_sound(&ledger), "sound");
    begin_ledger();
    ledger.head.offset = MEET_NEVER / 2 - 1;
    tell_first(6000);
    CHECK(ask(ANNE, meet_ns_seconds(ledger.head.greatest)) >= 0 &&
              ledger.head.greatest > 0,
          "it does not wrap");
}

/* -- wild bytes ------------------------------------------------------------*/

static void fill_ledger(void)
{
    begin_ledger();
    tell_first(10000);
    ledger.head.marker = ns(9000);
    go(ANNE, 10000);
    ask(BEN, 10000);
    ask(CARL, 10000);
    meet_ledger_pause(&ledger, "second", ns(10001), ns(10000));
}

static void check_sound(bool sound, const char *what)
{
    CHECK(meet_ledger_is_sound(&ledger) == sound, "%s", what);
    fill_ledger();
}

static void check_unsound(void)
{
    struct meet_ledger_head *head = &ledger.head;
    const int64_t end = ns(10000) + FURTHEST;

    fill_ledger();
    check_sound(true, "a good one");
    head->windows = MEET_LEDGER_WINDOWS + 1;
    check_sound(false, "too many windows");
    head->waiters = MEET_LEDGER_WAITERS + 1;
    check_sound(false, "too many waiters");
    head->places = ledger.capacity + 1;
    check_sound(false, "more places than there are");
    head->windows = 0;
    check_sound(false, "places of no window");
    ledger.place[1].window = 1;
    check_sound(false, "a place of a window that is not there");
    head->waiter[0].window = 1;
    check_sound(false, "a waiter of one");
    memset(head->window[0].name, 'x', MEET_LEDGER_NAME);
    check_sound(false, "a name without end");
    head->window[0].span = -1;
    check_sound(false, "a span below 0");
    head->window[0].span = MEET_LEDGER_LONGEST + 1;
    check_sound(false, "a span above an hour");
    head->window[0].paused_until = end + 1;
    check_sound(false, "a pause too long");
    ledger.place[0].free_at = end;
    check_sound(true, "the longest place");
    ledger.place[0].free_at = end + 1;
    check_sound(false, "a place for too long");
    head->waiter[0].due = end + 1;
    check_sound(false, "a waiter for too long");
    head->marker = ns(10000) + 1;
    check_sound(false, "a marker that is to come");
    head->marker = MEET_ALWAYS;
    check_sound(true, "no marker");
    head->greatest = MEET_NEVER;
    check_sound(false, "the end of time");
    head->offset = MEET_ALWAYS;
    check_sound(false, "no offset");
}

static uint64_t draw(void)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005U + 1442695040888963407U;
    return state >> 16;
}

/* Some bytes anywhere, and times that lie near. */
static void corrupt(void)
{
    unsigned char *head = (unsigned char *)&ledger.head;
    unsigned char *place = (unsigned char *)ledger.place;

    for (uint64_t i = draw() % 4; i > 0; i--)
        head[draw() % sizeof ledger.head] ^= (unsigned char)draw();
    for (uint64_t i = draw() % 4; i > 0; i--)
        place[draw() % (2 * sizeof *ledger.place)] ^= (unsigned char)draw();
    if (draw() % 2)
        ledger.head.marker += (int64_t)(draw() % (uint64_t)(2 * FURTHEST));
    if (draw() % 2)
        ledger.place[draw() % 2].free_at +=
            (int64_t)(draw() % (uint64_t)(2 * FURTHEST));
}

/* What passes holds nobody up for longer than a place may. */
static void check_wild_bytes(void)
{
    unsigned passed = 0;

    for (int i = 0; i < 20000; i++) {
        struct meet_ledger_sight sight = {MEET_ALWAYS, 0, 0};
        int64_t now;
        double wait;

        fill_ledger();
        corrupt();
        if (!meet_ledger_is_sound(&ledger))
            continue;
        passed++;
        now = meet_ledger_time(&ledger, ns(10001), &sight);
        wait = ask(DORA, meet_ns_seconds(now));
        CHECK(wait <= meet_ns_seconds(FURTHEST), "case %d: %g s", i, wait);
        commit(last_id, 0, meet_ns_seconds(now));
        meet_ledger_release(&ledger, last_id);
        meet_ledger_pause(&ledger, "second", now, now);
    }
    CHECK(passed > 1000, "only %u were sound", passed);
}

/* -- what does not fit -----------------------------------------------------*/

static void check_many_windows(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e",
                                        "f", "g", "h", "i"};
    struct meet_limit limits[MEET_LEDGER_WINDOWS + 1];

    for (size_t i = 0; i <= MEET_LEDGER_WINDOWS; i++)
        limits[i] = (struct meet_limit){names[i], 1, MEET_SECONDS(1)};
    begin_ledger();
    check_wait(ask_for(ANNE, limits, MEET_LEDGER_WINDOWS + 1, 0), -1,
               "more in one claim than there may be");
    CHECK(places() == 0, "none is taken");
    check_wait(ask_for(ANNE, limits, MEET_LEDGER_WINDOWS, 0), 0, "all");
    check_wait(ask_for(BEN, limits + MEET_LEDGER_WINDOWS, 1, 0), -1,
               "one more window");
    CHECK(!meet_ledger_pause(&ledger, "i", ns(1), 0), "nor for a pause");
    check_wait(ask_for(BEN, limits, 1, 0), 1, "the others are in order");
    CHECK(places() == MEET_LEDGER_WINDOWS, "nothing was taken");
}

static void check_names(void)
{
    static const struct meet_limit longest = {"a name of 23 bytes, all", 1,
                                              MEET_SECONDS(1)};
    static const struct meet_limit too_long = {"a name of 24 bytes, full", 1,
                                               MEET_SECONDS(1)};
    static const struct meet_limit prefix = {"a name of 23 bytes", 1,
                                             MEET_SECONDS(1)};

    begin_ledger();
    check_wait(ask_for(ANNE, &longest, 1, 0), 0, "the longest");
    check_wait(ask_for(BEN, &longest, 1, 0), 1, "it is found again");
    check_wait(ask_for(BEN, &too_long, 1, 0), -1, "one byte more");
    check_wait(ask_for(BEN, &prefix, 1, 0), 0, "how another begins");
    CHECK(meet_ledger_is_sound(&ledger), "sound");
}

static void check_no_windows(void)
{
    begin_ledger();
    check_wait(ask_for(ANNE, NULL, 0, 0), 0, "nothing is limited");
    meet_ledger_empty(&ledger);
    check_wait(ask_for(ANNE, NULL, 0, 0), LEASE, "the hold, without a span");
}

static void check_no_memory(void)
{
    static const struct meet_limit many = {"second", 100, MEET_SECONDS(1)};

    begin_ledger();
    scarce_left = 0;
    check_wait(ask(ANNE, 0), -1, "no memory");
    CHECK(places() == 0 && ledger.head.waiters == 0, "as it was");
    CHECK(!meet_ledger_grow(&ledger, SIZE_MAX), "nor for that many");
    scarce_left = 1;
    check_wait(ask(ANNE, 0), 0, "one allocation");
    check_wait(ask_for(ANNE, &many, 1, 0), -1, "no other one");
    CHECK(places() == 1, "as it was");
    scarce_left = SIZE_MAX;
    check_wait(ask_for(ANNE, &many, 1, 0), 0, "it goes on");
    CHECK(!meet_ledger_grow(&ledger, SIZE_MAX), "more than can be counted");
    meet_ledger_deinit(&ledger);
    meet_ledger_deinit(&ledger);
    CHECK(!ledger.place && ledger.capacity == 0, "deinit twice");
}

int main(void)
{
    check_clock_set_back();
    check_clock_set_forward();
    check_no_catching_up();
    check_times_differ();
    check_other_life();
    check_ends_of_time();
    check_unsound();
    check_wild_bytes();
    check_many_windows();
    check_names();
    check_no_windows();
    check_no_memory();
    return check_report();
}
