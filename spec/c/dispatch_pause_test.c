/*
 * dispatch_pause_test.c - what a 429 does to the other jobs: the gateway's
 * to those of the key, Google's to those of the key and connection.
 */
#include "stage.h"

/* A 429 for key 1 and account 11 at 1, for five seconds. */
static void check_who_pauses(void)
{
    enum { GATEWAY, GOOGLE };
    static const struct {
        int status;
        int by;
        struct meet_pace other;
        bool paused;
    } cases[] = {
        {429, GATEWAY, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, true},
        {429, GATEWAY, {1, 11, MEET_QUOTA_WRITE, 0, 0, 0}, true},
        {429, GATEWAY, {1, 12, MEET_QUOTA_READ, 0, 0, 0}, true},
        {429, GATEWAY, {1, 12, MEET_QUOTA_NONE, 10, 0, 0}, true},
        {429, GATEWAY, {2, 21, MEET_QUOTA_READ, 0, 0, 0}, false},
        {429, GOOGLE, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, true},
        {429, GOOGLE, {1, 11, MEET_QUOTA_WRITE, 0, 0, 0}, true},
        {429, GOOGLE, {1, 11, MEET_QUOTA_NONE, 10, 0, 0}, true},
        {429, GOOGLE, {1, 12, MEET_QUOTA_READ, 0, 0, 0}, false},
        {429, GOOGLE, {2, 21, MEET_QUOTA_READ, 0, 0, 0}, false},
        {503, GATEWAY, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, false},
        {503, GOOGLE, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, false},
        {403, GOOGLE, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, false},
        {200, GATEWAY, {1, 11, MEET_QUOTA_READ, 0, 0, 0}, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 0, 0, 0});
        stage.jobs[1].pace = stage.jobs[2].pace = cases[i].other;
        submit(&stage, 0, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        submit(&stage, 1, 1); /* waits already */
        answer(&stage, 0, cases[i].status, cases[i].by == GOOGLE, 5, 1);
        submit(&stage, 2, 2); /* comes later */
        CHECK(next(&stage, 5.75) == (cases[i].paused ? NOBODY : 1), "case %zu",
              i);
        CHECK(!cases[i].paused || wakeup(&stage, 5.75) == 6,
              "case %zu: wakes at its end", i);
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
        CHECK(next(&stage, 6) == (cases[i].paused ? 1 : 2) &&
                  next(&stage, 6) == (cases[i].paused ? 2 : NOBODY),
              "case %zu: in order after it", i);
        end(&stage);
    }
}

/* A 429 at 1, and another one at 2: until when others wait. */
static void check_how_long(void)
{
    static const struct {
        unsigned max_attempts;
        double server_delay[2]; /* < 0: none, 2 seconds of backoff instead */
        double until;
    } cases[] = {
        {2, {5, 5}, 7},   {2, {10, 1}, 11},      {2, {1, 10}, 12},
        {2, {-1, -1}, 4}, {1, {-1, -1}, 4}, /* nobody tries again */
        {1, {5, 5}, 7},   {2, {5, -1}, 6},       {2, {0, 0}, 4},
        {2, {0, -1}, 4},  {2, {3600, -1}, 3601},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        begin(&stage, (struct meet_pace){.key = 1});
        stage.jobs[0].retry.max_attempts = cases[i].max_attempts;
        stage.jobs[1].retry.max_attempts = cases[i].max_attempts;
        submit(&stage, 0, 0);
        submit(&stage, 1, 0);
        CHECK(next(&stage, 0) == 0 && next(&stage, 0) == 1, "case %zu", i);
        answer(&stage, 0, 429, false, cases[i].server_delay[0], 1);
        answer(&stage, 1, 429, false, cases[i].server_delay[1], 2);
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[1]);
        submit(&stage, 2, 2);
        CHECK(wakeup(&stage, 2) == cases[i].until, "case %zu: until %g", i,
              wakeup(&stage, 2));
        CHECK(next(&stage, cases[i].until - 0.0625) == NOBODY,
              "case %zu: paused", i);
        CHECK(next(&stage, cases[i].until) == 2, "case %zu: over", i);
        end(&stage);
    }
}

/* A status that came with half an answer is no answer. */
static void check_lost_answer(void)
{
    struct stage stage;
    struct meet_outcome lost = {
        .ending = MEET_ENDED_LOST, .sent = true, .server_delay = ns(5)};

    begin(&stage, (struct meet_pace){.key = 1, .per_second = 2});
    submit(&stage, 0, 0);
    submit(&stage, 1, 0);
    CHECK(next(&stage, 0) == 0, "started");
    stage.jobs[0].response.status = 429;
    meet_dispatch_finish(&stage.dispatch, &stage.jobs[0], &lost, ns(0.5), 0.5);
    CHECK(next(&stage, 0.5) == 1, "no pause, nor a lower rate");
    end(&stage);
}

/* Backoffs that end within a pause: all start after it, by age. */
static void check_order(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){.key = 1});
    for (int i = 0; i < 4; i++)
        submit(&stage, i, 0);
    CHECK(next(&stage, 0) == 0 && next(&stage, 0) == 1 && next(&stage, 0) == 2,
          "three on their way");
    answer(&stage, 2, 429, false, 8, 0); /* until 8 */
    answer(&stage, 1, 429, false, 1, 1);
    answer(&stage, 0, 200, false, -1, 1);
    submit(&stage, 0, 2); /* behind the others now */
    CHECK(next(&stage, 7.75) == NOBODY, "paused");
    CHECK(next(&stage, 8) == 1 && next(&stage, 8) == 2 &&
              next(&stage, 8) == 3 && next(&stage, 8) == 0,
          "in order of submission");
    end(&stage);
}

/* How many of ten start at once at 'now', with a limit of ten. */
static void check_reduced(void)
{
    static const struct {
        int status;
        bool google;
        unsigned per_second;
        double times[4]; /* ended by a negative time */
        double now;
        int starts;
    } cases[] = {
        {429, false, 10, {-1}, 5, 10},
        {429, false, 10, {5, -1}, 7, 5},
        {429, false, 10, {5, -1}, 15.1, 5},
        {429, false, 10, {5, -1}, 15.2, 6}, /* ten spans later */
        {429, false, 10, {5, -1}, 45.7, 9},
        {429, false, 10, {5, -1}, 55.7, 9},
        {429, false, 10, {5, -1}, 55.8, 10},
        {429, false, 10, {5, -1}, 1e6, 10},
        {429, false, 10, {5, 5.5, 6, -1}, 8, 5}, /* one burst */
        {429, false, 10, {5, 6.25, -1}, 8, 2},
        {429, false, 10, {5, 6.25, 7.5, -1}, 9, 1},
        {429, false, 10, {5, 7, 9, -1}, 11, 1},
        {429, false, 10, {5, 15.2, -1}, 17, 3},
        {429, false, 1, {5, -1}, 7, 1},
        {429, false, 0, {5, -1}, 7, 10}, /* no limit of ours applied */
        {429, true, 10, {5, -1}, 7, 10}, /* Google's does not count */
        {503, false, 10, {5, -1}, 7, 10},
        {403, false, 10, {5, -1}, 7, 10},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        int starts = 0;

        begin(&stage, (struct meet_pace){.per_second = cases[i].per_second});
        for (int j = 0; j < 4 && cases[i].times[j] >= 0; j++) {
            stage.jobs[j].retry.max_attempts = 1;
            submit(&stage, j, cases[i].times[j]);
            CHECK(next(&stage, cases[i].times[j]) == j, "case %zu: %d started",
                  i, j);
            answer(&stage, j, cases[i].status, cases[i].google, 1e-9,
                   cases[i].times[j]);
        }
        for (int j = JOBS - 10; j < JOBS; j++)
            submit(&stage, j, cases[i].now);
        while (next(&stage, cases[i].now) != NOBODY)
            starts++;
        CHECK(starts == cases[i].starts, "case %zu: %d expected, got %d", i,
              cases[i].starts, starts);
        end(&stage);
    }
}

/* The key's rate is reduced, and no other key's. */
static void check_reduced_key(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 2, 0, 0});
    for (int i = 3; i < 5; i++)
        stage.jobs[i].pace =
            (struct meet_pace){2, 11, MEET_QUOTA_READ, 2, 0, 0};
    stage.jobs[2].pace.account = 12;
    submit(&stage, 0, 0);
    CHECK(next(&stage, 0) == 0, "started");
    answer(&stage, 0, 429, false, 0, 5);
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
    for (int i = 1; i < 5; i++)
        submit(&stage, i, 20);
    CHECK(next(&stage, 20) == 1 && next(&stage, 20) == 2, "risen again");
    CHECK(next(&stage, 20) == 3 && next(&stage, 20) == 4, "the other key");
    answer(&stage, 1, 429, false, 0, 20);
    answer(&stage, 2, 200, false, -1, 20);
    answer(&stage, 3, 200, false, -1, 20);
    answer(&stage, 4, 200, false, -1, 20);
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[1]);
    for (int i = 1; i < 5; i++)
        submit(&stage, i, 25);
    CHECK(next(&stage, 25) == 1 && next(&stage, 25) == 3 &&
              next(&stage, 25) == 4 && next(&stage, 25) == NOBODY,
          "one of two, whatever the connection; the other key both");
    end(&stage);
}

int main(void)
{
    check_who_pauses();
    check_how_long();
    check_lost_answer();
    check_order();
    check_reduced();
    check_reduced_key();
    return check_report();
}
