/*
 * dispatch_test.c - which attempt starts when, with a made-up clock.
 */
#include "check.h"
#include "dispatch.h"

#include <math.h>

/* Jobs of a test, named by their places. */
enum { JOBS = 4, NOBODY = -1 };

struct stage {
    struct meet_dispatch dispatch;
    struct meet_stats stats;
    struct meet_job jobs[JOBS];
};

/* Every job a read, submitted at 'now' in the order of its place. */
static void submit_all(struct stage *stage, double now)
{
    *stage = (struct stage){0};
    for (int i = 0; i < JOBS; i++) {
        struct meet_job *job = &stage->jobs[i];

        job->request.verb = "GET";
        job->retry = (struct meet_retry){
            .max_attempts = 3, .initial = 4, .multiplier = 2, .max = 100};
        job->deadline = 1000;
        job->stats = &stage->stats;
        meet_dispatch_submit(&stage->dispatch, job, now);
    }
}

static int next(struct stage *stage, double now)
{
    struct meet_job *job = meet_dispatch_next_attempt(&stage->dispatch, now);

    return job ? (int)(job - stage->jobs) : NOBODY;
}

/* The places of what is linked, "0123"; both directions are walked. */
static const char *linked(const struct stage *stage, char *places)
{
    const struct meet_job *previous = NULL;
    size_t count = 0;

    for (const struct meet_job *job = stage->dispatch.first;
         job && count < JOBS; job = job->next) {
        CHECK(job->previous == previous, "the way back");
        places[count++] = (char)('0' + (job - stage->jobs));
        previous = job;
    }
    CHECK(stage->dispatch.last == previous, "the last");
    places[count] = '\0';
    return places;
}

#define CHECK_LINKED(stage, expected) \
    CHECK_STRING(linked((stage), (char[JOBS + 1]){0}), expected, "linked")

static void finish(struct stage *stage, int i, int status, double now)
{
    struct meet_outcome outcome = {
        .ending = MEET_ENDED_ANSWERED, .sent = true, .advice = -1};

    stage->jobs[i].response.status = status;
    meet_dispatch_finish(&stage->dispatch, &stage->jobs[i], &outcome, now, 0.5);
}

static void check_order(void)
{
    struct stage stage;

    submit_all(&stage, 0);
    CHECK(stage.stats.requests == 4 && stage.stats.attempts == 0, "counted");
    CHECK_LINKED(&stage, "0123");
    CHECK(next(&stage, 0) == 0 && next(&stage, 0) == 1, "first come");
    CHECK(stage.jobs[0].state == MEET_JOB_STARTED &&
              stage.jobs[0].attempts == 1 &&
              stage.jobs[2].state == MEET_JOB_QUEUED,
          "states");
    finish(&stage, 0, 503, 1); /* queued again, ready at 3 */
    finish(&stage, 1, 200, 1);
    CHECK_LINKED(&stage, "023");
    CHECK(next(&stage, 2) == 2, "a backoff holds up nobody else");
    CHECK(next(&stage, 3) == 0, "it kept its place before the fourth");
    CHECK(next(&stage, 3) == 3 && next(&stage, 3) == NOBODY, "then all");
    finish(&stage, 2, 404, 4);
    finish(&stage, 3, 200, 4);
    finish(&stage, 0, 200, 5);
    CHECK_LINKED(&stage, "");
    CHECK(next(&stage, 6) == NOBODY, "nothing is left");
    CHECK(stage.stats.attempts == 5 && stage.stats.retries == 1, "counted");
}

/* When a job may start that is submitted at 5 or whose backoff ends at 12. */
static void check_times(void)
{
    struct stage stage;

    submit_all(&stage, 5);
    CHECK(next(&stage, 4.5) == NOBODY, "a clock before the submission");
    CHECK(next(&stage, 5) == 0, "at once");
    CHECK(stage.jobs[0].started_at == 5, "at the caller's time");
    finish(&stage, 0, 503, 10);
    for (int i = 1; i < JOBS; i++)
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[i]);
    CHECK(next(&stage, 10) == NOBODY && next(&stage, 11.5) == NOBODY,
          "not before the backoff's end");
    CHECK(next(&stage, 12) == 0, "at its end");
    CHECK(stage.jobs[0].attempts == 2, "the second attempt");
}

static void check_wakeups(void)
{
    struct stage stage = {0};

    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 3) == HUGE_VAL,
          "nothing submitted");
    submit_all(&stage, 5);
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 4) == 5, "not yet");
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 5) == 5, "at once");
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 9) == 9, "long since");
    for (int i = 0; i < JOBS; i++)
        next(&stage, 9);
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 9) == HUGE_VAL,
          "all are on their way");
    finish(&stage, 1, 503, 20); /* ready at 22 */
    finish(&stage, 2, 503, 10); /* ready at 12 */
    finish(&stage, 3, 503, 15); /* ready at 17 */
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 10) == 12,
          "the earliest, wherever it stands");
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 30) == 30, "now");
    CHECK(next(&stage, 12) == 2, "as promised");
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 12) == 17, "the next");
    finish(&stage, 2, 200, 13);
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[3]);
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 13) == 22, "cancelled");
    finish(&stage, 0, 200, 13);
    CHECK(next(&stage, 22) == 1, "the last");
    finish(&stage, 1, 200, 23);
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 24) == HUGE_VAL, "done");
}

static void check_deadlines(void)
{
    static const struct {
        double deadline;
        double now;
        bool missed;
    } cases[] = {
        {10, 9, false},          {10, 9.9375, false}, {10, 10, true},
        {10, 11, true},          {0, 0, true},        {-1, 0, true},
        {HUGE_VAL, 1e12, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        submit_all(&stage, 0);
        for (int j = 1; j < JOBS; j++)
            meet_dispatch_cancel(&stage.dispatch, &stage.jobs[j]);
        job->deadline = cases[i].deadline;
        CHECK(next(&stage, cases[i].now) == (cases[i].missed ? NOBODY : 0),
              "case %zu: attempt", i);
        CHECK(job->state ==
                  (cases[i].missed ? MEET_JOB_DONE : MEET_JOB_STARTED),
              "case %zu: state %d", i, (int)job->state);
        CHECK(job->error.kind == (cases[i].missed ? MEET_DEADLINE : MEET_OK),
              "case %zu: kind", i);
        CHECK(job->attempts == !cases[i].missed && !job->ambiguous &&
                  !job->sent,
              "case %zu: attempts", i);
        CHECK_LINKED(&stage, cases[i].missed ? "" : "0");
    }
}

/* Missed ones make room for those behind them, all in one turn. */
static void check_missed_between(void)
{
    struct stage stage;

    submit_all(&stage, 0);
    stage.jobs[0].deadline = 1;
    stage.jobs[1].deadline = 2;
    CHECK(next(&stage, 5) == 2, "the first whose deadline is ahead");
    CHECK(stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[1].state == MEET_JOB_DONE,
          "both are done");
    CHECK_STRING(stage.jobs[1].error.message,
                 "the deadline passed before an attempt could start",
                 "message");
    CHECK_LINKED(&stage, "23");
    stage.jobs[3].deadline = 3;
    CHECK(next(&stage, 5) == NOBODY, "the last misses, too");
    CHECK_LINKED(&stage, "2");
    CHECK(meet_dispatch_next_wakeup(&stage.dispatch, 5) == HUGE_VAL, "quiet");
}

/* A deadline that passes while a backoff runs: nobody asked in time. */
static void check_missed_retry(void)
{
    struct stage stage;

    submit_all(&stage, 0);
    stage.jobs[0].deadline = 5;
    CHECK(next(&stage, 0) == 0, "started");
    finish(&stage, 0, 503, 1); /* ready at 3 */
    CHECK(stage.jobs[0].state == MEET_JOB_QUEUED, "queued again");
    CHECK(next(&stage, 9) == 1, "the next one's turn");
    CHECK(stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[0].error.kind == MEET_DEADLINE &&
              stage.jobs[0].attempts == 1,
          "missed after one attempt");
    CHECK_LINKED(&stage, "123");
}

/* Cancelled at every place, in every state. */
static void check_cancels(void)
{
    static const struct {
        int place;
        enum meet_job_state state;
        const char *left;
    } cases[] = {
        {0, MEET_JOB_QUEUED, "123"},  {1, MEET_JOB_QUEUED, "023"},
        {2, MEET_JOB_QUEUED, "013"},  {3, MEET_JOB_QUEUED, "012"},
        {0, MEET_JOB_STARTED, "123"}, {1, MEET_JOB_STARTED, "023"},
        {3, MEET_JOB_STARTED, "012"}, {0, MEET_JOB_DONE, "123"},
        {2, MEET_JOB_DONE, "013"},    {3, MEET_JOB_DONE, "012"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[cases[i].place];

        submit_all(&stage, 0);
        if (cases[i].state != MEET_JOB_QUEUED)
            for (int j = 0; j < JOBS; j++)
                next(&stage, 0);
        if (cases[i].state == MEET_JOB_DONE)
            finish(&stage, cases[i].place, 200, 1);
        CHECK(job->state == cases[i].state, "case %zu: state", i);
        meet_dispatch_cancel(&stage.dispatch, job);
        CHECK(job->state == MEET_JOB_IDLE && !job->previous && !job->next,
              "case %zu: idle", i);
        CHECK_LINKED(&stage, cases[i].left);
        meet_dispatch_cancel(&stage.dispatch, job);
        CHECK(job->state == MEET_JOB_IDLE, "case %zu: again", i);
        CHECK_LINKED(&stage, cases[i].left);
    }
}

static void check_cancelled_retry(void)
{
    struct stage stage;

    submit_all(&stage, 0);
    CHECK(next(&stage, 0) == 0, "started");
    finish(&stage, 0, 503, 1);
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
    CHECK(stage.jobs[0].state == MEET_JOB_IDLE, "idle");
    CHECK_LINKED(&stage, "123");
    for (int i = 1; i < JOBS; i++)
        CHECK(next(&stage, 100) == i, "the others go on");
    CHECK(next(&stage, 100) == NOBODY, "the cancelled one does not");
    for (int i = 1; i < JOBS; i++)
        meet_dispatch_cancel(&stage.dispatch, &stage.jobs[i]);
    CHECK(!stage.dispatch.first && !stage.dispatch.last, "empty");
}

/* A job may be submitted again; then it is new, and behind the others. */
static void check_again(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[1];
    struct meet_outcome lost = {.ending = MEET_ENDED_LOST,
                                .sent = true,
                                .advice = 3,
                                .error.kind = MEET_TRANSPORT};

    submit_all(&stage, 0);
    job->request.verb = "POST";
    job->listens = true;
    next(&stage, 0);
    CHECK(next(&stage, 0) == 1, "started");
    meet_dispatch_finish(&stage.dispatch, job, &lost, 1, 0.5);
    CHECK(job->state == MEET_JOB_DONE && job->ambiguous && job->sent &&
              job->retry_after == 3 && job->event_count == 2,
          "lost");
    meet_dispatch_submit(&stage.dispatch, job, 7);
    CHECK_LINKED(&stage, "0231");
    CHECK(job->state == MEET_JOB_QUEUED && job->attempts == 0 &&
              job->ready_at == 7,
          "queued");
    CHECK(!job->ambiguous && !job->sent && job->retry_after == -1 &&
              job->event_count == 0 && job->error.kind == MEET_OK,
          "all forgotten");
    CHECK(stage.stats.requests == 5, "another request");
    meet_dispatch_cancel(&stage.dispatch, job);
    meet_dispatch_submit(&stage.dispatch, job, 8);
    CHECK(job->state == MEET_JOB_QUEUED, "after a cancellation, too");
}

static void check_sent(void)
{
    struct stage stage;

    submit_all(&stage, 0);
    CHECK(next(&stage, 0) == 0 && !stage.jobs[0].sent, "connecting");
    meet_dispatch_sent(&stage.dispatch, &stage.jobs[0], 1);
    CHECK(stage.jobs[0].sent && stage.jobs[0].state == MEET_JOB_STARTED,
          "its bytes leave");
    CHECK(!stage.jobs[1].sent, "no other's");
}

int main(void)
{
    check_order();
    check_times();
    check_wakeups();
    check_deadlines();
    check_missed_between();
    check_missed_retry();
    check_cancels();
    check_cancelled_retry();
    check_again();
    check_sent();
    return check_report();
}
