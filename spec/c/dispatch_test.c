/*
 * dispatch_test.c - which attempt starts when, with a simulated clock; nothing
 * is paced here.
 */
#define JOBS 4
#include "stage.h"

static const struct meet_pace unpaced;

/* Submitted at 'now', in the order of their places. */
static void submit_all(struct stage *stage, double now)
{
    for (int i = 0; i < JOBS; i++)
        submit(stage, i, now);
}

/* The places of what is linked, "0123"; both directions are walked. */
static const char *linked(const struct stage *stage, char *places)
{
    const struct meet_link *ring = &stage->dispatch.jobs;
    size_t count = 0;

    for (const struct meet_link *link = ring->next;
         link != ring && count < JOBS; link = link->next) {
        CHECK(link->previous->next == link, "the way back");
        places[count++] =
            (char)('0' +
                   (MEET_OWNER(link, struct meet_job, link) - stage->jobs));
    }
    CHECK(ring->previous->next == ring, "the last");
    places[count] = '\0';
    return places;
}

#define CHECK_LINKED(stage, expected) \
    CHECK_STRING(linked((stage), (char[JOBS + 1]){0}), expected, "linked")

static void finish(struct stage *stage, int i, int status, double now)
{
    answer(stage, i, status, false, -1, now);
}

static void check_order(void)
{
    struct stage stage;

    begin(&stage, unpaced);
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
    CHECK(stage.stats.waits == 1 && in_seconds(stage.stats.waited) == 2,
          "waited");
    end(&stage);
}

/* When a job may start that is submitted at 5 or whose backoff ends at 12. */
static void check_times(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    meet_dispatch_submit(&stage.dispatch, &stage.jobs[0], ns(5));
    CHECK(next(&stage, 5) == 0, "at once");
    CHECK(in_seconds(stage.jobs[0].started_at) == 5, "at the caller's time");
    finish(&stage, 0, 503, 10);
    CHECK(in_seconds(stage.jobs[0].ready_at) == 12, "backoff");
    CHECK(next(&stage, 10) == NOBODY && next(&stage, 11.5) == NOBODY,
          "not before its end");
    CHECK(next(&stage, 12) == 0, "at its end");
    CHECK(stage.jobs[0].attempts == 2, "the second attempt");
    end(&stage);
}

static void check_wakeups(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    CHECK(wakeup(&stage, 3) == HUGE_VAL, "nothing submitted");
    submit_all(&stage, 5);
    CHECK(wakeup(&stage, 5) == 5, "at once");
    CHECK(wakeup(&stage, 9) == 9, "long since");
    for (int i = 0; i < JOBS; i++)
        next(&stage, 9);
    CHECK(wakeup(&stage, 9) == HUGE_VAL, "all are on their way");
    finish(&stage, 1, 503, 20); /* ready at 22 */
    finish(&stage, 2, 503, 10); /* ready at 12 */
    finish(&stage, 3, 503, 15); /* ready at 17 */
    CHECK(wakeup(&stage, 10) == 12, "the earliest, whatever its place");
    CHECK(wakeup(&stage, 30) == 30, "now");
    CHECK(next(&stage, 12) == 2, "as promised");
    CHECK(wakeup(&stage, 12) == 17, "the next");
    finish(&stage, 2, 200, 13);
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[3]);
    CHECK(wakeup(&stage, 13) == 22, "cancelled");
    finish(&stage, 0, 200, 13);
    CHECK(next(&stage, 22) == 1, "the last");
    finish(&stage, 1, 200, 23);
    CHECK(wakeup(&stage, 24) == HUGE_VAL, "done");
    end(&stage);
}

/* Submitted at 0; asked for at 'now'. */
static void check_deadlines(void)
{
    static const struct {
        double deadline;
        double now;
        bool missed;
    } cases[] = {
        {10, 9, false},         {10, 9.9375, false}, {10, 10, true},
        {10, 11, true},         {0, 0, true},        {-1, 0, true},
        {HUGE_VAL, 1e9, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        begin(&stage, unpaced);
        job->deadline = ns(cases[i].deadline);
        meet_dispatch_submit(&stage.dispatch, job, 0);
        CHECK((job->state == MEET_JOB_DONE) == (cases[i].deadline <= 0),
              "case %zu: too late at once", i);
        CHECK(next(&stage, cases[i].now) == (cases[i].missed ? NOBODY : 0),
              "case %zu: attempt", i);
        CHECK(job->state ==
                  (cases[i].missed ? MEET_JOB_DONE : MEET_JOB_STARTED),
              "case %zu: state %d", i, (int)job->state);
        CHECK(job->error.kind == (cases[i].missed ? MEET_DEADLINE : MEET_OK),
              "case %zu: kind", i);
        CHECK(job->attempts == !cases[i].missed && !job->ambiguous &&
                  !job->sent && in_seconds(job->retry_after) == -1,
              "case %zu: attempts", i);
        CHECK_LINKED(&stage, cases[i].missed ? "" : "0");
        end(&stage);
    }
}

/* Missed ones make room for those behind them, all in one turn. */
static void check_missed_between(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    stage.jobs[0].deadline = ns(1);
    stage.jobs[1].deadline = ns(2);
    stage.jobs[3].deadline = ns(6);
    submit_all(&stage, 0);
    CHECK(next(&stage, 5) == 2, "the first whose deadline is ahead");
    CHECK(stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[1].state == MEET_JOB_DONE,
          "both are done");
    CHECK_STRING(stage.jobs[1].error.message,
                 "the deadline passed before an attempt could start",
                 "message");
    CHECK_LINKED(&stage, "23");
    CHECK(next(&stage, 6) == NOBODY, "the last misses, too");
    CHECK_LINKED(&stage, "2");
    CHECK(wakeup(&stage, 6) == HUGE_VAL, "quiet");
    end(&stage);
}

/* A deadline that passes during a backoff, noticed late. */
static void check_missed_retry(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    stage.jobs[0].deadline = ns(5);
    submit_all(&stage, 0);
    CHECK(next(&stage, 0) == 0, "started");
    finish(&stage, 0, 503, 1); /* ready at 3 */
    CHECK(stage.jobs[0].state == MEET_JOB_QUEUED, "queued again");
    CHECK(next(&stage, 9) == 1, "the next one's turn");
    CHECK(stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[0].error.kind == MEET_OK &&
              stage.jobs[0].response.status == 503 &&
              stage.jobs[0].attempts == 1,
          "its last answer is reported");
    CHECK_LINKED(&stage, "123");
    CHECK(wakeup(&stage, 9) == 9 && next(&stage, 9) == 2, "the others go on");
    end(&stage);
}

/* A deadline that was met no longer wakes, once it has passed. */
static void check_met_deadline(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    stage.jobs[0].deadline = ns(5);
    stage.jobs[1].deadline = ns(20);
    submit_all(&stage, 0);
    for (int i = 0; i < JOBS; i++)
        next(&stage, 0);
    finish(&stage, 1, 503, 1); /* ready at 3 */
    CHECK(wakeup(&stage, 1) == 3, "for the backoff");
    CHECK(next(&stage, 3) == 1 && next(&stage, 6) == NOBODY, "both started");
    CHECK(stage.jobs[0].state == MEET_JOB_STARTED, "what runs, runs on");
    CHECK(wakeup(&stage, 6) == HUGE_VAL, "nobody waits");
    finish(&stage, 1, 503, 6); /* ready at 8 */
    CHECK(wakeup(&stage, 6) == 8, "one waits again");
    CHECK(next(&stage, 20) == NOBODY && stage.jobs[1].state == MEET_JOB_DONE &&
              in_seconds(stage.jobs[1].retry_after) == -1,
          "and nobody asked before its deadline");
    end(&stage);
}

/* A job can be cancelled in any state, and twice. */
static void check_cancels(void)
{
    enum state { IDLE, WAITING, CONNECTING, SENT, BACKOFF, DONE, MISSED };
    static const struct {
        int place;
        enum state state;
        const char *before;
        const char *left;
    } cases[] = {
        {0, IDLE, "123", "123"},        {0, WAITING, "0123", "123"},
        {1, WAITING, "0123", "023"},    {3, WAITING, "0123", "012"},
        {0, CONNECTING, "0123", "123"}, {2, CONNECTING, "0123", "013"},
        {3, CONNECTING, "0123", "012"}, {0, SENT, "0123", "123"},
        {3, SENT, "0123", "012"},       {0, BACKOFF, "0123", "123"},
        {2, BACKOFF, "0123", "013"},    {0, DONE, "123", "123"},
        {2, DONE, "013", "013"},        {3, DONE, "012", "012"},
        {1, MISSED, "023", "023"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[cases[i].place];
        enum state state = cases[i].state;

        begin(&stage, unpaced);
        if (state == MISSED)
            job->deadline = ns(0);
        for (int j = 0; j < JOBS; j++)
            if (state != IDLE || j != cases[i].place)
                meet_dispatch_submit(&stage.dispatch, &stage.jobs[j], 0);
        while (state != IDLE && state != WAITING && next(&stage, 0) >= 0)
            continue;
        if (state == SENT)
            meet_dispatch_commit(job, 1);
        if (state == BACKOFF || state == DONE)
            finish(&stage, cases[i].place, state == DONE ? 200 : 503, 1);
        CHECK_LINKED(&stage, cases[i].before);
        for (int times = 0; times < 2; times++) {
            meet_dispatch_cancel(&stage.dispatch, job);
            CHECK(job->state == MEET_JOB_IDLE &&
                      meet_link_is_alone(&job->link) && !job->place.heap &&
                      !job->looks[0].node.heap && !job->lane &&
                      !job->has_reservation,
                  "case %zu: idle", i);
            CHECK_LINKED(&stage, cases[i].left);
        }
        while (next(&stage, 100) >= 0)
            CHECK(job->state == MEET_JOB_IDLE, "case %zu: it never starts", i);
        CHECK(wakeup(&stage, 100) == HUGE_VAL, "case %zu: quiet", i);
        end(&stage);
    }
}

/* A job may be submitted again; then it is new, and behind the others. */
static void check_again(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[1];
    struct meet_outcome lost = {.ending = MEET_ENDED_LOST,
                                .sent = true,
                                .server_delay = MEET_SECONDS(3),
                                .error.kind = MEET_TRANSPORT};

    begin(&stage, unpaced);
    job->request.verb = "POST";
    job->has_listener = true;
    submit_all(&stage, 0);
    next(&stage, 0);
    CHECK(next(&stage, 0) == 1, "started");
    meet_dispatch_finish(&stage.dispatch, job, &lost, ns(1), 0.5);
    CHECK(job->state == MEET_JOB_DONE && job->ambiguous && job->sent &&
              in_seconds(job->retry_after) == 3 && job->event_count == 2,
          "lost");
    meet_dispatch_submit(&stage.dispatch, job, ns(7));
    CHECK_LINKED(&stage, "0231");
    CHECK(job->state == MEET_JOB_QUEUED && job->attempts == 0 &&
              in_seconds(job->ready_at) == 7,
          "queued");
    CHECK(!job->ambiguous && !job->sent && in_seconds(job->retry_after) == -1 &&
              job->event_count == 0 && job->error.kind == MEET_OK,
          "all forgotten");
    CHECK(stage.stats.requests == 5, "another request");
    meet_dispatch_cancel(&stage.dispatch, job);
    meet_dispatch_submit(&stage.dispatch, job, 8);
    CHECK(job->state == MEET_JOB_QUEUED, "after a cancellation, too");
    CHECK(next(&stage, 8) == 2 && next(&stage, 8) == 3 && next(&stage, 8) == 1,
          "the last in line");
    end(&stage);
}

static void check_sent(void)
{
    struct stage stage;

    begin(&stage, unpaced);
    submit_all(&stage, 0);
    CHECK(next(&stage, 0) == 0 && !stage.jobs[0].sent, "connecting");
    meet_dispatch_commit(&stage.jobs[0], ns(1));
    CHECK(stage.jobs[0].sent && stage.jobs[0].state == MEET_JOB_STARTED,
          "its bytes leave");
    CHECK(!stage.jobs[1].sent, "no other's");
    end(&stage);
}

int main(void)
{
    check_order();
    check_times();
    check_wakeups();
    check_deadlines();
    check_missed_between();
    check_missed_retry();
    check_met_deadline();
    check_cancels();
    check_again();
    check_sent();
    return check_report();
}
