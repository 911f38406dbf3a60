/*
 * dispatch_gate_test.c - lanes and gates come and go: without memory, and
 * with many keys over time.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/registry.c"
#include "../../src/table.c"
#include "../../src/window.c"

#define JOBS 4
#include "stage.h"

enum { PASSERS_BY = 200, MOST_LANES = MEET_MOST_IDLE + JOBS + 1 };

static bool starts(struct stage *stage, int i, double now)
{
    return next(stage, now) == i;
}

static size_t count_gates(const struct stage *stage)
{
    return stage->dispatch.registry.entrances.count;
}

static size_t count_lanes(const struct stage *stage)
{
    return stage->dispatch.registry.lanes.count;
}

/* Without memory a job is done at once, and the queue is as it was. */
static void check_no_memory(void)
{
    /* The lane, four entrances, four lines, two rings, three tables. */
    enum { NEEDED = 14 };

    for (size_t left = 0; left <= NEEDED; left++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        begin(&stage, (struct meet_pace){.per_second = 2, .per_minute = 100});
        scarce_left = left;
        submit(&stage, 0, 0);
        scarce_left = SIZE_MAX;
        CHECK(job->state == (left < NEEDED ? MEET_JOB_DONE : MEET_JOB_QUEUED),
              "%zu allocations", left);
        CHECK(job->error.kind == (left < NEEDED ? MEET_MEMORY : MEET_OK),
              "%zu allocations: kind", left);
        CHECK(left == NEEDED || meet_link_is_alone(&stage.dispatch.jobs),
              "%zu: unlinked", left);
        submit(&stage, 1, 0);
        submit(&stage, 2, 0);
        CHECK(starts(&stage, left < NEEDED ? 1 : 0, 0) &&
                  starts(&stage, left < NEEDED ? 2 : 1, 0),
              "%zu allocations: later ones go", left);
        CHECK(!meet_dispatch_next_attempt(&stage.dispatch, ns(0)),
              "%zu allocations: two at a time", left);
        end(&stage);
    }
}

/* A longer ring fails; jobs that need only the shorter one continue. */
static void check_no_memory_to_grow(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){.per_second = 2});
    stage.jobs[1].pace.per_second = 3;
    submit(&stage, 0, 0);
    scarce_left = 1; /* a lane and no more */
    submit(&stage, 1, 0);
    CHECK(stage.jobs[1].state == MEET_JOB_DONE &&
              stage.jobs[1].error.kind == MEET_MEMORY,
          "a longer ring");
    CHECK_STRING(stage.jobs[1].error.message, "no memory for the queue",
                 "message");
    scarce_left = 0;
    submit(&stage, 2, 0);
    CHECK(stage.jobs[2].state == MEET_JOB_QUEUED, "the lane is there");
    CHECK(starts(&stage, 0, 0) && starts(&stage, 2, 0), "both start");
    scarce_left = SIZE_MAX;
    end(&stage);
}

/*
 * Many keys without limits, each of which comes, goes and is idle at once;
 * a job of the stage may be among those that wait.
 */
static void pass_by(struct stage *stage, double now)
{
    struct meet_outcome answered = {
        .ending = MEET_ENDED_ANSWERED, .sent = true, .server_delay = -1};

    for (unsigned i = 0; i < PASSERS_BY; i++) {
        struct meet_job job = {.request.verb = "GET",
                               .retry.max_attempts = 1,
                               .deadline = MEET_NEVER,
                               .pace.key = 1000 + i,
                               .pace.account = 5000 + i,
                               .stats = &stage->stats};

        meet_dispatch_submit(&stage->dispatch, &job, ns(now));
        CHECK(meet_dispatch_next_attempt(&stage->dispatch, ns(now)) == &job,
              "passer-by %u", i);
        job.response.status = 200;
        meet_dispatch_finish(&stage->dispatch, &job, &answered, ns(now), 0);
        CHECK(count_lanes(stage) <= MOST_LANES, "%zu lanes",
              count_lanes(stage));
        CHECK(count_gates(stage) <= 3 * MOST_LANES, "%zu gates",
              count_gates(stage));
    }
}

/*
 * What the first job did at 5 still holds the second one back at 'now', after
 * many other keys; after that it does not.
 */
static void check_kept_gates(void)
{
    enum state { CONNECTING, SENT, REJECTED, REJECTED_BY_GOOGLE, WAITING };
    static const struct {
        unsigned per_second, per_minute;
        enum state first;
        double now;
        bool held;
    } cases[] = {
        {1, 0, CONNECTING, 1000, true},
        {0, 1, CONNECTING, 1000, true},
        {1, 0, SENT, 6.0, true},
        {1, 0, SENT, 6.25, false},
        {0, 1, SENT, 65.0, true},
        {0, 1, SENT, 65.25, false},
        {0, 0, REJECTED, 14, true}, /* server delay: ten seconds */
        {0, 0, REJECTED, 15, false},
        {0, 0, REJECTED_BY_GOOGLE, 14, true},
        {0, 0, REJECTED_BY_GOOGLE, 15, false},
        {1, 1, WAITING, 5, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_outcome answered = {.ending = MEET_ENDED_ANSWERED,
                                        .sent = true,
                                        .server_delay = ns(10)};

        begin(&stage,
              (struct meet_pace){1, 11, MEET_QUOTA_READ, cases[i].per_second,
                                 cases[i].per_minute, 0});
        stage.jobs[0].retry.max_attempts = 1;
        submit(&stage, 0, 5);
        CHECK(starts(&stage, 0, 5), "case %zu: the first one", i);
        if (cases[i].first == SENT || cases[i].first == WAITING)
            meet_dispatch_commit(&stage.jobs[0], ns(5));
        if (cases[i].first == WAITING)
            submit(&stage, 1, 5);
        answered.google = cases[i].first == REJECTED_BY_GOOGLE;
        stage.jobs[0].response.status =
            cases[i].first == REJECTED || answered.google ? 429 : 200;
        if (cases[i].first != CONNECTING)
            meet_dispatch_finish(&stage.dispatch, &stage.jobs[0], &answered,
                                 ns(5), 0);
        pass_by(&stage, cases[i].now);
        if (cases[i].first != WAITING)
            submit(&stage, 1, cases[i].now);
        CHECK(starts(&stage, 1, cases[i].now) == !cases[i].held, "case %zu", i);
        CHECK(starts(&stage, 1, 1e6) ==
                  (cases[i].held && cases[i].first != CONNECTING),
              "case %zu: later", i);
        end(&stage);
    }
}

/* Gates are dropped when there are many, and not before: three of each key, and
   that of those who share no limiter. */
static void check_dropped_gates(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){0});
    for (unsigned i = 0; i < JOBS; i++)
        stage.jobs[i].pace = (struct meet_pace){
            .key = i, .account = i, .per_second = 1, .per_minute = 1};
    for (int i = 0; i < JOBS; i++)
        submit(&stage, i, 0);
    CHECK(count_gates(&stage) == 13 && count_lanes(&stage) == 4, "a few keys");
    for (int i = 0; i < JOBS; i++)
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[i]);
    CHECK(count_gates(&stage) == 13, "they stay, though nobody waits");
    submit(&stage, 0, 0);
    CHECK(count_gates(&stage) == 13 && count_lanes(&stage) == 4,
          "and are used again");
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
    pass_by(&stage, 0);
    for (int i = 0; i < JOBS; i++)
        submit(&stage, i, 0);
    for (int i = 0; i < JOBS; i++)
        CHECK(starts(&stage, i, 0), "job %d: dropped or not", i);
    end(&stage);
}

static void check_deinit(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){.per_second = 10});
    submit(&stage, 0, 0);
    end(&stage);
    CHECK(count_lanes(&stage) == 0 && count_gates(&stage) == 0, "all freed");
    submit(&stage, 1, 0);
    CHECK(stage.jobs[1].state == MEET_JOB_DONE &&
              stage.jobs[1].error.kind == MEET_CANCELLED && !stage.jobs[1].lane,
          "it accepts nothing more");
    meet_dispatch_deinit(&stage.dispatch);
    meet_dispatch_init(&stage.dispatch);
    submit(&stage, 0, 0);
    CHECK(starts(&stage, 0, 0), "usable again");
    end(&stage);
}

int main(void)
{
    check_no_memory();
    check_no_memory_to_grow();
    check_kept_gates();
    check_dropped_gates();
    check_deinit();
    return check_report();
}
