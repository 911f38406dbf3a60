/*
 * dispatch_permit_test.c - jobs whose limiter is shared with other processes:
 * asked in turn, granted, denied, or not to be asked.
 */
#include "stage.h"

#include <string.h>

static const struct meet_pace shared = {1, 11, MEET_QUOTA_READ, 2, 0, 7};

/* The job asks for a place, and nothing is counted yet. */
static bool asks(struct stage *stage, int index, double now)
{
    const struct meet_job *job = &stage->jobs[index];

    return next(stage, now) == index && job->state == MEET_JOB_ASKING &&
           job->attempts == 0;
}

static void check_grant(void)
{
    struct stage stage;

    begin(&stage, shared);
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "it asks");
    CHECK(meet_dispatch_grant(&stage.dispatch, &stage.jobs[0], ns(0)) &&
              stage.jobs[0].state == MEET_JOB_STARTED &&
              stage.jobs[0].attempts == 1,
          "and starts");
    answer(&stage, 0, 200, false, 0, 1);
    CHECK(stage.jobs[0].state == MEET_JOB_DONE, "and is done");
    end(&stage);
}

/* Places of the own windows are kept while a limiter is asked. */
static void check_own_pace(void)
{
    struct stage stage;

    begin(&stage, shared);
    for (int i = 0; i < 3; i++)
        submit(&stage, i, 0);
    CHECK(asks(&stage, 0, 0) && asks(&stage, 1, 0), "two ask");
    CHECK(next(&stage, 0) == NOBODY, "the second has no more places");
    meet_dispatch_deny(&stage.dispatch, &stage.jobs[0], ns(3), ns(0));
    CHECK(next(&stage, 0.5) == NOBODY, "none is asked for until then");
    CHECK(asks(&stage, 0, 3), "the denied one keeps its turn");
    end(&stage);
}

static void check_deny(void)
{
    static const struct {
        double deadline, wait;
        bool done;
    } cases[] = {{5, 1, false}, {5, 4.9, false}, {5, 5, true}, {5, 9, true}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct meet_job *job = &stage.jobs[0];

        begin(&stage, shared);
        job->deadline = ns(cases[i].deadline);
        submit(&stage, 0, 0);
        CHECK(asks(&stage, 0, 0), "case %zu: asks", i);
        meet_dispatch_deny(&stage.dispatch, job, ns(cases[i].wait), ns(0));
        CHECK((job->state == MEET_JOB_DONE) == cases[i].done, "case %zu", i);
        CHECK(!cases[i].done || (job->error.kind == MEET_DEADLINE &&
                                 job->retry_after == ns(cases[i].wait)),
              "case %zu: says when", i);
        CHECK(cases[i].done || wakeup(&stage, 0) == cases[i].wait,
              "case %zu: wakes", i);
        CHECK(cases[i].done || asks(&stage, 0, cases[i].wait),
              "case %zu: asks again", i);
        end(&stage);
    }
}

/* Who waits for the minute of one quota does not hold the others up. */
static void check_quotas(void)
{
    struct stage stage;

    begin(&stage, shared);
    stage.jobs[1].pace.quota = MEET_QUOTA_CREATE;
    submit(&stage, 1, 0);
    CHECK(asks(&stage, 1, 0), "the create asks");
    meet_dispatch_deny(&stage.dispatch, &stage.jobs[1], ns(50), ns(0));
    submit(&stage, 0, 1);
    CHECK(asks(&stage, 0, 1), "a read does not wait for it");
    end(&stage);
}

/* One that cannot be asked is asked again; the deadline ends that. */
static void check_fault(void)
{
    struct stage stage;
    struct meet_error err;
    double now = 0;

    begin(&stage, shared);
    meet_error_set(&err, MEET_TRANSPORT, "away");
    stage.jobs[0].deadline = stage.jobs[1].deadline = ns(1);
    submit(&stage, 0, 0);
    submit(&stage, 1, 0);
    for (int i = 0; i < 4; i++, now += 0.25) {
        CHECK(asks(&stage, 0, now), "asks at %g", now);
        meet_dispatch_fault(&stage.dispatch, &stage.jobs[0], &err, ns(now));
    }
    CHECK(next(&stage, 1) == NOBODY, "until the deadline");
    for (int i = 0; i < 2; i++)
        CHECK(stage.jobs[i].state == MEET_JOB_DONE &&
                  stage.jobs[i].error.kind == MEET_TRANSPORT &&
                  strcmp(stage.jobs[i].error.message, "away") == 0,
              "job %d: why", i);
    end(&stage);
}

/* Of two limiters that are away each has its own reason. */
static void check_faults(void)
{
    static const char *const reasons[] = {"this one is away", "that one is"};
    struct stage stage;
    struct meet_error err;

    begin(&stage, shared);
    stage.jobs[1].pace.limiter = 8;
    for (int i = 0; i < 2; i++) {
        stage.jobs[i].deadline = ns(0.5);
        submit(&stage, i, 0);
        CHECK(asks(&stage, i, 0), "job %d asks", i);
        meet_error_set(&err, MEET_TRANSPORT, "%s", reasons[i]);
        meet_dispatch_fault(&stage.dispatch, &stage.jobs[i], &err, ns(0));
    }
    CHECK(next(&stage, 0.5) == NOBODY, "until the deadline");
    for (int i = 0; i < 2; i++)
        CHECK(strcmp(stage.jobs[i].error.message, reasons[i]) == 0,
              "job %d: %s", i, stage.jobs[i].error.message);
    end(&stage);
}

/* A fault of long ago is not why the own pace has no place. */
static void check_old_fault(void)
{
    struct stage stage;
    struct meet_error err;

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 0, 1, 7});
    meet_error_set(&err, MEET_TRANSPORT, "away");
    stage.jobs[0].deadline = ns(0.2);
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    meet_dispatch_fault(&stage.dispatch, &stage.jobs[0], &err, ns(0));
    CHECK(next(&stage, 0.3) == NOBODY &&
              stage.jobs[0].error.kind == MEET_TRANSPORT,
          "the fault's");
    stage.jobs[1].pace.limiter = stage.jobs[2].pace.limiter = 7;
    submit(&stage, 1, 20);
    CHECK(asks(&stage, 1, 20), "asks later");
    stage.jobs[2].deadline = ns(21);
    submit(&stage, 2, 20);
    CHECK(next(&stage, 21) == NOBODY &&
              stage.jobs[2].error.kind == MEET_DEADLINE,
          "the pace's");
    end(&stage);
}

/* An answer, whatever it is, ends the fault. */
static void check_recovery(void)
{
    struct stage stage;
    struct meet_error err;

    begin(&stage, shared);
    meet_error_set(&err, MEET_TRANSPORT, "away");
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    meet_dispatch_fault(&stage.dispatch, &stage.jobs[0], &err, ns(0));
    CHECK(asks(&stage, 0, 0.25), "asks again");
    meet_dispatch_deny(&stage.dispatch, &stage.jobs[0], ns(1), ns(0.25));
    stage.jobs[1].deadline = ns(1);
    submit(&stage, 1, 0.5);
    CHECK(stage.jobs[1].error.kind == MEET_DEADLINE, "no fault any more");
    end(&stage);
}

/* Any other kind ends the job, and no other one. */
static void check_refusal(void)
{
    struct stage stage;
    struct meet_error err;

    begin(&stage, shared);
    meet_error_set(&err, MEET_CONFIG, "a folder");
    submit(&stage, 0, 0);
    submit(&stage, 1, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    meet_dispatch_fault(&stage.dispatch, &stage.jobs[0], &err, ns(0));
    CHECK(stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[0].error.kind == MEET_CONFIG,
          "done");
    CHECK(asks(&stage, 1, 0), "the next one asks");
    end(&stage);
}

static void check_late_grant(void)
{
    struct stage stage;

    begin(&stage, shared);
    stage.jobs[0].deadline = ns(1);
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    CHECK(!meet_dispatch_grant(&stage.dispatch, &stage.jobs[0], ns(1)) &&
              stage.jobs[0].state == MEET_JOB_DONE &&
              stage.jobs[0].error.kind == MEET_DEADLINE,
          "too late");
    end(&stage);
}

static void check_cancel(void)
{
    struct stage stage;

    begin(&stage, (struct meet_pace){1, 11, MEET_QUOTA_READ, 1, 0, 7});
    submit(&stage, 0, 0);
    submit(&stage, 1, 0);
    CHECK(asks(&stage, 0, 0) && next(&stage, 0) == NOBODY, "one asks");
    meet_dispatch_cancel(&stage.dispatch, &stage.jobs[0]);
    CHECK(asks(&stage, 1, 0), "its place is the next one's");
    end(&stage);
}

/* A retry asks anew, and pauses in force are not the limiter's. */
static void check_retry(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[0];

    begin(&stage, shared);
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    meet_dispatch_grant(&stage.dispatch, job, ns(0));
    answer(&stage, 0, 429, false, 5, 0);
    CHECK(job->pause == ns(5) && !job->pauses_quota, "a pause to share");
    CHECK(next(&stage, 4) == NOBODY, "within the pause");
    CHECK(next(&stage, 5) == 0 && job->state == MEET_JOB_ASKING,
          "asks for the second attempt");
    end(&stage);
}

/* What Google refuses without a quota of Meet holds nobody else's Meet calls.
 */
static void check_refusal_of_another_app(void)
{
    struct stage stage;
    struct meet_pace pace = shared;
    struct meet_job *job = &stage.jobs[0];

    pace.quota = MEET_QUOTA_NONE;
    begin(&stage, pace);
    submit(&stage, 0, 0);
    CHECK(asks(&stage, 0, 0), "asks");
    meet_dispatch_grant(&stage.dispatch, job, ns(0));
    answer(&stage, 0, 429, true, 5, 0);
    CHECK(job->pause == 0, "nothing to share: %lld", (long long)job->pause);
    CHECK(next(&stage, 4) == NOBODY, "its own account waits");
    end(&stage);
}

int main(void)
{
    check_grant();
    check_own_pace();
    check_deny();
    check_quotas();
    check_fault();
    check_faults();
    check_old_fault();
    check_recovery();
    check_refusal();
    check_late_grant();
    check_cancel();
    check_retry();
    check_refusal_of_another_app();
    return check_report();
}
