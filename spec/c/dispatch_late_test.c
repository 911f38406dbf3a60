/*
 * dispatch_late_test.c - a job that a pause would keep waiting past its
 * deadline is done at once.
 */
#include "stage.h"

/* A 429 at 1 pauses until 6: jobs with an earlier deadline end now. */
static void check_deadlines(void)
{
    enum state { WAITS, BACKS_OFF, STARTED, COMES_LATER };
    static const struct {
        enum state state;
        bool google;
        unsigned long long account;
        double deadline;
        double retry_after; /* 0: it goes on */
    } cases[] = {
        {WAITS, false, 11, 5.5, 5},     {WAITS, false, 12, 5.5, 5},
        {WAITS, false, 11, 6, 5},       {WAITS, false, 11, 6.0625, 0},
        {WAITS, false, 11, 100, 0},     {WAITS, true, 11, 5.5, 5},
        {WAITS, true, 12, 5.5, 0},      {BACKS_OFF, false, 11, 5.5, 5},
        {BACKS_OFF, true, 12, 5.5, 0},  {BACKS_OFF, false, 11, 7, 0},
        {STARTED, false, 11, 5.5, 0},   {COMES_LATER, false, 11, 5.5, 4},
        {COMES_LATER, false, 11, 6, 4}, {COMES_LATER, false, 11, 7, 0},
        {COMES_LATER, true, 11, 5, 4},  {COMES_LATER, true, 12, 5, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const enum state state = cases[i].state;
        bool ends = cases[i].retry_after > 0;
        struct stage stage;
        struct meet_job *job = &stage.jobs[1];

        begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 0, 0, 0});
        job->pace.account = cases[i].account;
        job->deadline = ns(cases[i].deadline);
        submit(&stage, 0, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        if (state != COMES_LATER)
            submit(&stage, 1, 0);
        if (state == BACKS_OFF || state == STARTED)
            next(&stage, 0);
        if (state == BACKS_OFF)
            answer(&stage, 1, 503, false, -1, 0.5); /* ready at 2.5 */
        answer(&stage, 0, 429, cases[i].google, 5, 1);
        if (state == COMES_LATER)
            submit(&stage, 1, 2);
        CHECK((job->state == MEET_JOB_DONE) == ends, "case %zu: state %d", i,
              (int)job->state);
        CHECK(!ends || (meet_link_is_alone(&job->link) &&
                        in_seconds(job->retry_after) == cases[i].retry_after),
              "case %zu: retry_after %g", i, in_seconds(job->retry_after));
        CHECK(!ends || job->error.kind ==
                           (state == BACKS_OFF ? MEET_OK : MEET_DEADLINE),
              "case %zu: the last answer is reported", i);
        CHECK(stage.jobs[0].state == MEET_JOB_QUEUED, "case %zu: the paused",
              i);
        end(&stage);
    }
}

/*
 * A 429 at 1 pauses for an hour; another attempt, already under way, ends at 2
 * and would be retried at 4, or at once.
 */
static void check_retries(void)
{
    enum { GATEWAY, GOOGLE };
    enum { KEPT, STALE };
    enum { ANSWERED = MEET_ENDED_ANSWERED, LOST = MEET_ENDED_LOST };
    static const struct {
        int by;
        unsigned long long account;
        int ending; /* of the other one, its status 503 */
        int socket;
        double server_delay;
        double deadline;
        double ready_at; /* 0: done */
        double retry_after;
    } cases[] = {
        {GATEWAY, 11, ANSWERED, KEPT, -1, 600, 0, 3599},
        {GATEWAY, 12, ANSWERED, KEPT, -1, 600, 0, 3599},
        {GATEWAY, 12, ANSWERED, KEPT, 5, 600, 0, 3599},
        {GATEWAY, 12, ANSWERED, KEPT, -1, 3601, 0, 3599},
        {GATEWAY, 12, ANSWERED, KEPT, -1, 3602, 3601, -1},
        {GATEWAY, 12, ANSWERED, KEPT, 4000, 4002, 0, 4000},
        {GATEWAY, 12, ANSWERED, KEPT, 4000, 4003, 4002, 4000},
        {GATEWAY, 12, LOST, KEPT, -1, 600, 0, 3599},
        {GATEWAY, 12, LOST, STALE, -1, 600, 0, 3599},
        {GATEWAY, 12, LOST, STALE, -1, 4000, 3601, -1},
        {GOOGLE, 11, ANSWERED, KEPT, -1, 600, 0, 3599},
        {GOOGLE, 11, ANSWERED, KEPT, -1, 4000, 3601, -1},
        {GOOGLE, 12, ANSWERED, KEPT, -1, 600, 4, -1},
        {GOOGLE, 12, LOST, STALE, -1, 600, 2, -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool again = cases[i].ready_at > 0;
        struct meet_outcome outcome = {
            .ending = (enum meet_ending)cases[i].ending,
            .uncounted = cases[i].socket == STALE,
            .sent = true,
            .server_delay = ns(cases[i].server_delay)};
        struct stage stage;
        struct meet_job *job = &stage.jobs[1];

        begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 0, 0, 0});
        job->pace.account = cases[i].account;
        job->deadline = ns(cases[i].deadline);
        submit(&stage, 0, 0);
        submit(&stage, 1, 0);
        CHECK(next(&stage, 0) == 0 && next(&stage, 0) == 1, "case %zu", i);
        answer(&stage, 0, 429, cases[i].by == GOOGLE, 3600, 1);
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
        job->response.status = 503;
        meet_dispatch_finish(&stage.dispatch, job, &outcome, ns(2), 0.5);
        CHECK(job->state == (again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
              "case %zu: state %d", i, (int)job->state);
        CHECK(in_seconds(job->retry_after) == cases[i].retry_after,
              "case %zu: retry_after %g", i, in_seconds(job->retry_after));
        CHECK(job->error.kind == MEET_OK && job->response.status == 503,
              "case %zu: its last answer is reported", i);
        CHECK(!again || in_seconds(job->ready_at) == cases[i].ready_at,
              "case %zu: ready at %g", i, in_seconds(job->ready_at));
        CHECK(!again || next(&stage, cases[i].ready_at) == 1,
              "case %zu: it goes on", i);
        end(&stage);
    }
}

/* A job gets a deadline while it waits during a pause. */
static void check_foreground(void)
{
    static const struct {
        double deadline;
        bool ends;
    } cases[] = {{3601, true}, {600, true}, {3602, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[1];

        begin(&stage, (struct meet_pace){.key = 1});
        submit(&stage, 0, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        answer(&stage, 0, 429, false, 3600, 1);
        submit(&stage, 1, 2);
        CHECK(next(&stage, 2) == NOBODY && job->state == MEET_JOB_QUEUED,
              "case %zu: waits without a deadline", i);
        meet_dispatch_foreground(&stage.dispatch, job, ns(2),
                                 ns(cases[i].deadline));
        CHECK(wakeup(&stage, 2) == 2 && next(&stage, 2) == NOBODY,
              "case %zu: checked", i);
        CHECK((job->state == MEET_JOB_DONE) == cases[i].ends,
              "case %zu: state %d", i, (int)job->state);
        CHECK(!cases[i].ends || (job->error.kind == MEET_DEADLINE &&
                                 in_seconds(job->retry_after) == 3599),
              "case %zu: retry_after %g", i, in_seconds(job->retry_after));
        end(&stage);
    }
}

/* A retry whose place comes past the deadline fails at once, and says when. */
static void check_retry_without_place(void)
{
    static const struct {
        double deadline;
        bool background;
        bool ends;
    } cases[] = {{30, false, true}, {600, false, false}, {30, true, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_outcome outcome = {
            .ending = MEET_ENDED_ANSWERED, .sent = true, .server_delay = -1};
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        begin(&stage, (struct meet_pace){.key = 1, .per_minute = 1});
        job->deadline = ns(cases[i].deadline);
        job->background = cases[i].background;
        submit(&stage, 0, 0);
        CHECK(next(&stage, 0) == 0, "case %zu: started", i);
        sent(&stage, 0, 0);
        job->response.status = 503;
        meet_dispatch_finish(&stage.dispatch, job, &outcome, ns(1), 0.5);
        CHECK((job->state == MEET_JOB_DONE) == cases[i].ends,
              "case %zu: state %d", i, (int)job->state);
        CHECK(!cases[i].ends ||
                  (job->retry_after >= ns(59) && job->response.status == 503),
              "case %zu: retry_after %g", i, in_seconds(job->retry_after));
        end(&stage);
    }
}

int main(void)
{
    check_retry_without_place();
    check_deadlines();
    check_retries();
    check_foreground();
    return check_report();
}
