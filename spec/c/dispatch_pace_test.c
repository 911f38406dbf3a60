/*
 * dispatch_pace_test.c - the windows of a key and of an account's quotas, and
 * the order in which jobs pass them. Every span has a margin of 15 ms.
 */
#include "stage.h"

/* The next one starts, and its bytes leave at once. */
static int next_sent(struct stage *stage, double now)
{
    int i = next(stage, now);

    if (i != NOBODY)
        sent(stage, i, now);
    return i;
}

static void finish(struct stage *stage, int i, enum meet_ending ending,
                   int status, double now)
{
    struct meet_outcome outcome = {.ending = ending,
                                   .sent = ending != MEET_ENDED_NOT_SENT,
                                   .server_delay = -1};

    stage->jobs[i].response.status = status;
    meet_dispatch_finish(&stage->dispatch, &stage->jobs[i], &outcome, ns(now),
                         0.5);
}

/* When the one in that place starts, of 32 submitted at 0 and woken in time. */
static void check_windows(void)
{
    static const struct {
        unsigned per_second, per_minute;
        int place;
        double starts;
    } cases[] = {
        {0, 0, 0, 0},         {0, 0, 31, 0},       {1, 0, 0, 0},
        {1, 0, 1, 1.015},     {1, 0, 5, 5.075},    {1, 0, 31, 31.465},
        {10, 0, 9, 0},        {10, 0, 10, 1.015},  {10, 0, 19, 1.015},
        {10, 0, 20, 2.03},    {10, 0, 31, 3.045},  {0, 3, 2, 0},
        {0, 3, 3, 60.015},    {0, 3, 6, 120.03},   {0, 3, 31, 600.15},
        {10, 12, 9, 0},       {10, 12, 11, 1.015}, {10, 12, 12, 60.015},
        {10, 12, 21, 60.015}, {10, 12, 22, 61.03}, {10, 12, 24, 120.03},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        double now = 0;

        begin(&stage, (struct meet_pace){.quota = MEET_QUOTA_READ,
                                         .per_second = cases[i].per_second,
                                         .per_minute = cases[i].per_minute,
                                         0});
        for (int j = 0; j < JOBS; j++)
            submit(&stage, j, 0);
        for (int j = 0; j <= cases[i].place; j++) {
            int started = next_sent(&stage, now);

            if (started == NOBODY) {
                now = wakeup(&stage, now);
                started = next_sent(&stage, now);
            }
            CHECK(started == j, "case %zu: %d starts before %d", i, started, j);
        }
        CHECK(now == cases[i].starts, "case %zu: %g expected, got %g", i,
              cases[i].starts, now);
        end(&stage);
    }
}

/* One has just left: may another one start? */
static void check_who_shares(void)
{
    static const struct {
        struct meet_pace one, other;
        bool starts;
    } cases[] = {
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {1, 11, MEET_QUOTA_READ, 1, 0, 0},
         false},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {1, 11, MEET_QUOTA_WRITE, 1, 0, 0},
         false},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {1, 12, MEET_QUOTA_READ, 1, 0, 0},
         false},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {2, 11, MEET_QUOTA_READ, 1, 0, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {2, 21, MEET_QUOTA_READ, 1, 0, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 0, 1, 0},
         {1, 11, MEET_QUOTA_READ, 0, 1, 0},
         false},
        {{1, 11, MEET_QUOTA_READ, 0, 1, 0},
         {1, 11, MEET_QUOTA_WRITE, 0, 1, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 0, 1, 0},
         {1, 11, MEET_QUOTA_CREATE, 0, 1, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 0, 1, 0},
         {1, 12, MEET_QUOTA_READ, 0, 1, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 0, 1, 0},
         {2, 11, MEET_QUOTA_READ, 0, 1, 0},
         false},
        {{1, 11, MEET_QUOTA_NONE, 0, 0, 0},
         {1, 11, MEET_QUOTA_NONE, 0, 0, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 2, 0, 0},
         {1, 11, MEET_QUOTA_READ, 1, 0, 0},
         false},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {1, 11, MEET_QUOTA_READ, 2, 0, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 1, 0, 0},
         {1, 11, MEET_QUOTA_READ, 0, 0, 0},
         true},
        {{1, 11, MEET_QUOTA_READ, 1, 9, 0},
         {1, 11, MEET_QUOTA_READ, 1, 1, 0},
         false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        begin(&stage, cases[i].one);
        stage.jobs[1].pace = cases[i].other;
        submit(&stage, 0, 0);
        CHECK(next_sent(&stage, 0) == 0, "case %zu: the first", i);
        submit(&stage, 1, 0.5);
        CHECK(next(&stage, 0.5) == (cases[i].starts ? 1 : NOBODY), "case %zu",
              i);
        end(&stage);
    }
}

/* A waiting job delays no job whose windows are free. */
static void check_lanes(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 3, 1, 0});
    stage.jobs[2].pace.quota = stage.jobs[3].pace.quota = MEET_QUOTA_WRITE;
    stage.jobs[4].pace.account = 12;
    for (int i = 0; i < 5; i++)
        submit(&stage, i, 0);
    CHECK(next_sent(&stage, 0) == 0 && next_sent(&stage, 0) == 2 &&
              next_sent(&stage, 0) == 4,
          "one of each, in order of submission");
    CHECK(next(&stage, 60) == NOBODY, "the minute is not over");
    CHECK(next_sent(&stage, 61) == 1 && next_sent(&stage, 61) == 3,
          "now it is");
    end(&stage);

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 2, 0, 0});
    stage.jobs[1].pace.quota = stage.jobs[3].pace.quota = MEET_QUOTA_WRITE;
    for (int i = 0; i < 4; i++)
        submit(&stage, i, 0);
    CHECK(next_sent(&stage, 0) == 0 && next_sent(&stage, 0) == 1 &&
              next(&stage, 0) == NOBODY,
          "two lines at one gate take turns");
    CHECK(next_sent(&stage, 2) == 2 && next_sent(&stage, 2) == 3, "by age");
    end(&stage);
}

/* Clients of one key with their own limits: by age, too. */
static void check_limits(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 3, 0, 0});
    for (int i = 1; i < 8; i += 2)
        stage.jobs[i].pace.per_second = 5;
    for (int i = 0; i < 8; i++)
        submit(&stage, i, 0);
    CHECK(next_sent(&stage, 0) == 0 && next_sent(&stage, 0) == 1 &&
              next_sent(&stage, 0) == 2,
          "three of both");
    CHECK(next_sent(&stage, 0) == 3 && next_sent(&stage, 0) == 5,
          "two more of those with five");
    CHECK(next(&stage, 0) == NOBODY && wakeup(&stage, 0) == 1.015, "full");
    CHECK(next_sent(&stage, 1.015) == 4 && next_sent(&stage, 1.015) == 6 &&
              next_sent(&stage, 1.015) == 7,
          "then by age");
    end(&stage);

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 1, 0, 0});
    stage.jobs[1].pace.per_second = stage.jobs[3].pace.per_second = 2;
    for (int i = 0; i < 4; i++) {
        submit(&stage, i, i * 0.25);
        next_sent(&stage, i * 0.25);
    }
    CHECK(next(&stage, 1) == NOBODY && wakeup(&stage, 1) == 1.015, "both full");
    CHECK(next_sent(&stage, 1.015) == 3 && next(&stage, 1.015) == NOBODY,
          "the larger limit opens first");
    end(&stage);
}

/*
 * A request counts from when its bytes leave; until then it has a reservation.
 */
static void check_handshakes(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){.per_second = 2});
    for (int i = 0; i < 6; i++)
        submit(&stage, i, 0);
    CHECK(next(&stage, 0) == 0 && next(&stage, 0) == 1, "two handshakes");
    CHECK(next(&stage, 2.5) == NOBODY, "however long they take");
    CHECK(wakeup(&stage, 2.5) > 2.5, "no hurry");
    sent(&stage, 0, 3);
    CHECK(next(&stage, 4.0) == NOBODY, "a second from its departure");
    CHECK(wakeup(&stage, 4) == 4.015, "and the margin");
    CHECK(next(&stage, 4.014) == NOBODY, "not over");
    CHECK(next(&stage, 4.016) == 2, "over; the other one is still at it");
    sent(&stage, 1, 4.5);
    sent(&stage, 2, 4.75);
    CHECK(next(&stage, 5.5) == NOBODY && next(&stage, 5.52) == 3,
          "the one that left at 4.5");
    end(&stage);
}

/* What becomes of the only place of a window, and when the next one starts. */
static void check_places(void)
{
    enum how { CANCELLED, CANCELLED_SENT, NOT_SENT, FAILED, ANSWERED, BOTH };
    static const struct {
        enum how how; /* the first attempt ends, at 3 */
        double closed, open;
    } cases[] = {
        {CANCELLED, 0, 3},            /* given back at once */
        {CANCELLED_SENT, 3.01, 3.02}, /* sent at 2 */
        {NOT_SENT, 0, 3},
        {ANSWERED, 4.01, 4.02}, /* not reported when: now, at the latest */
        {BOTH, 3.01, 3.02},     /* sent at 2, counted once */
        {FAILED, 3.01, 3.02},   /* sent at 2, lost later */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum how how = cases[i].how;
        struct stage stage;

        begin(&stage, (struct meet_pace){.per_second = 1});
        stage.jobs[0].retry.max_attempts = 1;
        submit(&stage, 0, 0);
        submit(&stage, 1, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        if (how == CANCELLED_SENT || how == BOTH || how == FAILED)
            sent(&stage, 0, 2);
        if (how == CANCELLED || how == CANCELLED_SENT)
            meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
        else
            finish(&stage, 0,
                   how == NOT_SENT ? MEET_ENDED_NOT_SENT
                   : how == FAILED ? MEET_ENDED_LOST
                                   : MEET_ENDED_ANSWERED,
                   200, 3);
        CHECK(cases[i].closed == 0 || next(&stage, cases[i].closed) == NOBODY,
              "case %zu: closed", i);
        CHECK(next(&stage, cases[i].open) == 1, "case %zu: open", i);
        end(&stage);
    }
}

/* A transport of the script's: its place counts from when it is handed over. */
static void check_handed_over(void)
{
    enum how { CANCELLED_BEFORE, CANCELLED, NOT_SENT, ANSWERED };
    static const struct {
        enum how how; /* started at 0, handed over at 1; it ends at 1.5 */
        double closed, open;
        bool sent;
    } cases[] = {
        {CANCELLED_BEFORE, 0, 1.5, false},
        {CANCELLED, 2.01, 2.02, true},
        {NOT_SENT, 2.01, 2.02, false},
        {ANSWERED, 2.01, 2.02, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum how how = cases[i].how;
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        begin(&stage, (struct meet_pace){.per_second = 1});
        job->external = true;
        job->retry.max_attempts = 1;
        submit(&stage, 0, 0);
        submit(&stage, 1, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        CHECK(next(&stage, 1) == NOBODY, "case %zu: its place is reserved", i);
        if (how != CANCELLED_BEFORE)
            meet_dispatch_commit(job, ns(1));
        if (how == CANCELLED || how == CANCELLED_BEFORE)
            meet_dispatch_cancel(&stage.dispatch, job);
        else
            finish(&stage, 0,
                   how == NOT_SENT ? MEET_ENDED_NOT_SENT : MEET_ENDED_ANSWERED,
                   200, 1.5);
        CHECK(job->sent == cases[i].sent, "case %zu: sent", i);
        CHECK(cases[i].closed == 0 || next(&stage, cases[i].closed) == NOBODY,
              "case %zu: closed", i);
        CHECK(next(&stage, cases[i].open) == 1, "case %zu: open", i);
        end(&stage);
    }
}

/* A retried job comes before those submitted after it. */
static void check_retried(void)
{
    struct stage stage;
    struct meet_outcome died = {.ending = MEET_ENDED_LOST,
                                .sent = true,
                                .uncounted = true,
                                .server_delay = -1};

    begin(&stage, (struct meet_pace){.per_second = 1});
    for (int i = 0; i < 5; i++)
        submit(&stage, i, 0);
    CHECK(next_sent(&stage, 0) == 0, "the first");
    finish(&stage, 0, MEET_ENDED_ANSWERED, 503, 1); /* ready at 3 */
    CHECK(next_sent(&stage, 1.25) == 1, "a backoff holds up nobody");
    CHECK(next_sent(&stage, 2.5) == 2, "nor later");
    CHECK(next_sent(&stage, 3.75) == 0, "its old place");
    CHECK(stage.jobs[0].attempts == 2, "its second attempt");
    meet_dispatch_finish(&stage.dispatch, &stage.jobs[0], &died, ns(4), 0.5);
    CHECK(in_seconds(stage.jobs[0].ready_at) == 4, "a dead socket: no backoff");
    CHECK(next(&stage, 4.75) == NOBODY, "its bytes may have been counted");
    CHECK(next_sent(&stage, 5) == 0, "and again its place");
    CHECK(next_sent(&stage, 6.25) == 3 && next_sent(&stage, 7.5) == 4,
          "then the others");
    end(&stage);
}

/* One more is submitted when some have left at 0 and others wait. */
static void check_deadlines(void)
{
    static const struct {
        unsigned per_second, per_minute;
        int left, waiting;
        double now, deadline;
        double retry_after; /* 0: it is queued; < 0: done without a delay */
    } cases[] = {
        {2, 0, 0, 0, 0, 0.5, 0},      {2, 0, 0, 1, 0, 0.5, 0},
        {2, 0, 0, 2, 0, 1.0, 1.015}, /* those ahead have not even started */
        {2, 0, 0, 2, 0, 1.02, 0},     {2, 0, 2, 0, 0, 1.01, 1.015},
        {2, 0, 2, 0, 0, 1.02, 0},     {2, 0, 2, 0, 0.5, 1.0, 0.515},
        {2, 0, 2, 1, 0, 1.02, 0},     {2, 0, 2, 2, 0, 2.0, 2.03},
        {2, 0, 2, 2, 0, 2.04, 0},     {2, 0, 2, 10, 0, 6.0, 6.09},
        {2, 0, 2, 0, 2, 2.5, 0},      {0, 2, 2, 0, 0, 30, 60.015},
        {0, 2, 2, 0, 30, 60, 30.015}, {0, 2, 2, 0, 30, 60.02, 0},
        {0, 2, 2, 2, 0, 120, 120.03}, {2, 4, 2, 2, 0, 60, 60.015},
        {2, 4, 2, 2, 0, 61, 0},       {0, 0, 9, 9, 5, 5.5, 0},
        {0, 0, 0, 0, 5, 5, -1}, /* too late in any case */
        {0, 0, 0, 0, 5, 4, -1},       {2, 0, 2, 0, 0.5, 0.25, 0.515},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double retry_after = cases[i].retry_after;
        struct stage stage;
        struct meet_job *job = &stage.jobs[JOBS - 1];

        begin(&stage, (struct meet_pace){.per_second = cases[i].per_second,
                                         .per_minute = cases[i].per_minute});
        for (int j = 0; j < cases[i].left; j++) {
            submit(&stage, j, 0);
            CHECK(next_sent(&stage, 0) == j, "case %zu: %d left", i, j);
        }
        for (int j = 0; j < cases[i].waiting; j++)
            submit(&stage, cases[i].left + j, cases[i].now);
        job->deadline = ns(cases[i].deadline);
        submit(&stage, JOBS - 1, cases[i].now);
        CHECK(job->state ==
                  (retry_after == 0 ? MEET_JOB_QUEUED : MEET_JOB_DONE),
              "case %zu: state %d", i, (int)job->state);
        CHECK(job->error.kind == (retry_after == 0 ? MEET_OK : MEET_DEADLINE),
              "case %zu: kind", i);
        CHECK(in_seconds(job->retry_after) ==
                  (retry_after == 0 ? -1 : retry_after),
              "case %zu: retry_after %g", i, in_seconds(job->retry_after));
        CHECK((stage.dispatch.jobs.previous == &job->link) ==
                  (retry_after == 0),
              "case %zu: linked", i);
        CHECK(job->attempts == 0 && (retry_after == 0 || !job->place.heap),
              "case %zu: not tried", i);
        end(&stage);
    }
}

/* It would have been in time, but a handshake took long. */
static void check_missed(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[1];

    begin(&stage, (struct meet_pace){.per_second = 1});
    job->deadline = ns(5);
    submit(&stage, 0, 0);
    CHECK(next(&stage, 0) == 0, "a handshake begins");
    submit(&stage, 1, 0);
    submit(&stage, 2, 0);
    CHECK(job->state == MEET_JOB_QUEUED, "five seconds seem enough");
    CHECK(next(&stage, 4.5) == NOBODY && wakeup(&stage, 4.5) == 5,
          "wake for it");
    CHECK(next(&stage, 5) == NOBODY && job->state == MEET_JOB_DONE, "missed");
    CHECK(job->error.kind == MEET_DEADLINE &&
              in_seconds(job->retry_after) == 1.015,
          "the earliest, if the handshake ended now");
    CHECK_STRING(job->error.message,
                 "the next attempt would have to wait 1.015 seconds, past the "
                 "deadline",
                 "message");
    sent(&stage, 0, 6);
    CHECK(next(&stage, 7.02) == 2, "the one behind it goes on");
    end(&stage);
}

/* A wait for the pace is reported, with its length. */
static void check_waits(void)
{
    static const double waits[] = {0, 0, 1.015, 1.015, 2.03};
    struct stage stage;

    begin(&stage, (struct meet_pace){.per_second = 2});
    for (int i = 0; i < 5; i++) {
        struct meet_job *job = &stage.jobs[i];

        job->has_listener = true;
        submit(&stage, i, 0);
        CHECK(job->event_count == (waits[i] > 0), "job %d: %u events", i,
              job->event_count);
        CHECK(waits[i] == 0 || (job->events[0].kind == MEET_EVENT_WAIT &&
                                in_seconds(job->events[0].length) == waits[i]),
              "job %d: waits %g", i, in_seconds(job->events[0].length));
    }
    CHECK(stage.stats.waits == 3 && in_seconds(stage.stats.waited) == 4.06,
          "counted: %lu, %g", stage.stats.waits,
          in_seconds(stage.stats.waited));
    end(&stage);
}

int main(void)
{
    check_windows();
    check_who_shares();
    check_lanes();
    check_limits();
    check_handshakes();
    check_places();
    check_handed_over();
    check_retried();
    check_deadlines();
    check_missed();
    check_waits();
    return check_report();
}
