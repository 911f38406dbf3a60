/*
 * job_wait_test.c - how long a job waits for its next attempt, and when it
 * does not.
 */
#include "job_fixture.h"

#include <math.h>

#define LAST_BELOW_1 0x1.fffffffffffffp-1

/* As struct meet_retry, in seconds. */
struct retry {
    unsigned max_attempts;
    double initial, multiplier, max;
};

/* Wait after attempt 'attempts', each of them not sent. */
static double wait_after(unsigned attempts, const struct retry *retry,
                         double random)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_NOT_SENT, false);

    job.retry = (struct meet_retry){.initial = ns(retry->initial),
                                    .multiplier = retry->multiplier,
                                    .max = ns(retry->max)};
    job.retry.max_attempts = attempts + 1;
    for (unsigned i = 1; i < attempts; i++) {
        meet_job_start(&job, ns(0));
        meet_job_finish(&job, &outcome, ns(0), 0);
    }
    meet_job_start(&job, ns(0));
    meet_job_finish(&job, &outcome, ns(0), random);
    CHECK(job.state == MEET_JOB_QUEUED, "attempt %u: queued", attempts);
    return in_seconds(job.ready_at);
}

static void check_backoff(void)
{
    static const struct {
        struct retry retry;
        unsigned attempts;
        double least_above; /* the bound that random near 1 stays below */
    } cases[] = {
        {{0, 1, 2, 8}, 1, 1},
        {{0, 1, 2, 8}, 2, 2},
        {{0, 1, 2, 8}, 3, 4},
        {{0, 1, 2, 8}, 4, 8},
        {{0, 1, 2, 8}, 5, 8},
        {{0, 1, 2, 8}, 40, 8},
        {{0, 1, 2, 7}, 3, 4},
        {{0, 1, 2, 7}, 4, 7}, /* cut at max */
        {{0, 0.5, 2, 10}, 1, 0.5},
        {{0, 0.5, 2, 10}, 3, 2},
        {{0, 0.5, 3, 10}, 3, 4.5},
        {{0, 1, 1.5, 10}, 3, 2.25},
        {{0, 1, 1.3, 10}, 1, 1},
        {{0, 1, 1.3, 10}, 2, 1.3},
        {{0, 1, 1.3, 10}, 9, 8.157307210},
        {{0, 1, 1.3, 10}, 10, 10},
        {{0, 3, 1, 10}, 7, 3},   /* never grows */
        {{0, 20, 2, 10}, 1, 10}, /* starts beyond max */
        {{0, 0, 2, 10}, 5, 0},
        {{0, 1, 2, 0}, 3, 0},
        {{0, 1, 1e300, 10}, 50, 10},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct retry *retry = &cases[i].retry;
        double bound = cases[i].least_above;
        double half = wait_after(cases[i].attempts, retry, 0.5);
        double most = wait_after(cases[i].attempts, retry, LAST_BELOW_1);

        CHECK(wait_after(cases[i].attempts, retry, 0) == 0,
              "case %zu: random 0 does not wait", i);
        CHECK(fabs(half - bound / 2) < 2e-9, "case %zu: half of %g, got %g", i,
              bound, half);
        CHECK(fabs(most - bound) < 2e-9, "case %zu: nearly %g, got %g", i,
              bound, most);
        CHECK(bound == 0 || most < retry->max, "case %zu: below max", i);
    }
}

static void check_server_delay(void)
{
    static const struct {
        int status;
        double server_delay;
        double random;
        double wait;
    } cases[] = {
        {429, -1, 0.5, 0.5},
        {429, 0, 0.5, 0.5}, /* no advice: a backoff */
        {429, 0, 0, 0},
        {429, 7, 0.5, 7},
        {429, 7.25, 0, 7.25},
        {503, 7, 0.5, 7},
        {503, 0, 0.25, 0.25},
        {503, 1e-9, 0.25, 1e-9},
        {429, 60, 0.5, 60}, /* longer than the longest backoff */
        {429, 0.125, LAST_BELOW_1, 0.125},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

        outcome.server_delay = ns(cases[i].server_delay);
        meet_job_start(&job, ns(100));
        job.response.status = cases[i].status;
        meet_job_finish(&job, &outcome, ns(101), cases[i].random);
        CHECK(job.state == MEET_JOB_QUEUED, "case %zu: queued", i);
        CHECK(job.ready_at == ns(101) + ns(cases[i].wait),
              "case %zu: ready at %g", i, in_seconds(job.ready_at));
        CHECK(in_seconds(job.retry_after) == cases[i].server_delay,
              "case %zu: retry_after %g", i, in_seconds(job.retry_after));
        CHECK(in_seconds(stats.waited) == cases[i].wait, "case %zu: counted",
              i);
    }
}

/* The last answer's delay is reported although no attempt follows it. */
static void check_reported_delay(void)
{
    static const struct {
        const char *verb;
        int status;
        unsigned max_attempts;
        double retry_after;
    } cases[] = {
        {"GET", 429, 1, 7},
        {"POST", 429, 1, 7},
        {"POST", 503, 5, 7},
        {"GET", 503, 1, 7},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make(cases[i].verb, &stats);
        struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

        outcome.server_delay = ns(7);
        job.retry.max_attempts = cases[i].max_attempts;
        meet_job_start(&job, ns(0));
        job.response.status = cases[i].status;
        meet_job_finish(&job, &outcome, ns(1), 0.5);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(in_seconds(job.retry_after) == cases[i].retry_after,
              "case %zu: retry_after %g", i, in_seconds(job.retry_after));
    }
}

/* The delay before another attempt, whether or not one follows. */
static void check_returned(void)
{
    static const struct {
        const char *verb;
        unsigned max_attempts;
        enum meet_ending ending;
        int status;
        double server_delay;
        double deadline; /* it ends at 11 */
        double wait;
        enum meet_job_state state;
    } cases[] = {
        {"GET", 5, MEET_ENDED_ANSWERED, 429, -1, 1e9, 0.5, MEET_JOB_QUEUED},
        {"GET", 5, MEET_ENDED_ANSWERED, 429, 7, 1e9, 7, MEET_JOB_QUEUED},
        {"GET", 5, MEET_ENDED_ANSWERED, 429, 0, 1e9, 0.5, MEET_JOB_QUEUED},
        {"GET", 1, MEET_ENDED_ANSWERED, 429, -1, 1e9, 0.5, MEET_JOB_DONE},
        {"GET", 1, MEET_ENDED_ANSWERED, 429, 7, 1e9, 7, MEET_JOB_DONE},
        {"POST", 5, MEET_ENDED_ANSWERED, 503, 7, 1e9, 7, MEET_JOB_DONE},
        {"GET", 5, MEET_ENDED_ANSWERED, 429, 7, 18, 7, MEET_JOB_DONE},
        {"GET", 5, MEET_ENDED_ANSWERED, 429, 7, 10, 7, MEET_JOB_DONE},
        {"GET", 5, MEET_ENDED_ANSWERED, 404, -1, 1e9, 0.5, MEET_JOB_DONE},
        {"GET", 5, MEET_ENDED_NOT_SENT, 0, -1, 1e9, 0.5, MEET_JOB_QUEUED},
        {"GET", 5, MEET_ENDED_TIMED_OUT, 0, -1, 10, 0.5, MEET_JOB_DONE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make(cases[i].verb, &stats);
        struct meet_outcome outcome =
            end(cases[i].ending, cases[i].ending != MEET_ENDED_NOT_SENT);
        double wait;

        outcome.server_delay = ns(cases[i].server_delay);
        job.retry.max_attempts = cases[i].max_attempts;
        job.deadline = ns(cases[i].deadline);
        meet_job_start(&job, ns(10));
        job.response.status = cases[i].status;
        wait = in_seconds(meet_job_finish(&job, &outcome, ns(11), 0.5));
        CHECK(wait == cases[i].wait, "case %zu: %g expected, got %g", i,
              cases[i].wait, wait);
        CHECK(job.state == cases[i].state, "case %zu: state %d", i,
              (int)job.state);
    }
}

static void check_deadlines(void)
{
    static const struct {
        double now;
        double deadline;
        double server_delay; /* < 0: a backoff of half a second */
        bool again;
        double retry_after;
    } cases[] = {
        {10, 11, -1, true, -1},      {10, 10.75, -1, true, -1},
        {10, 10.5, -1, false, 0.5}, /* would end at the very deadline */
        {10, 10.25, -1, false, 0.5}, {10, 10, -1, false, 0.5},
        {12, 10, -1, false, 0.5},    {10, 600, 60, true, 60},
        {10, 70, 60, false, 60},     {10, 70.5, 60, true, 60},
        {10, 20, 3600, false, 3600}, {10, 11, 0, true, 0},
        {10, 10, 0, false, 0.5},     {10, HUGE_VAL, 3600, true, 3600},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("POST", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

        outcome.server_delay = ns(cases[i].server_delay);
        job.deadline = ns(cases[i].deadline);
        meet_job_start(&job, ns(9));
        job.response.status = 429;
        meet_job_finish(&job, &outcome, ns(cases[i].now), 0.5);
        CHECK(job.state == (cases[i].again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
              "case %zu: state %d", i, (int)job.state);
        CHECK(in_seconds(job.retry_after) == cases[i].retry_after,
              "case %zu: retry_after %g", i, in_seconds(job.retry_after));
        CHECK(job.error.kind == MEET_OK && job.response.status == 429,
              "case %zu: the answer is reported", i);
        CHECK(stats.waits == cases[i].again, "case %zu: only waits begun", i);
    }
}

/* It ends at 10; a pause lasts until 'ready_at', perhaps another job's. */
static void check_pauses(void)
{
    static const struct {
        double ready_at;
        double server_delay; /* < 0: a backoff of half a second */
        bool uncounted;
        double deadline;
        bool again;
        double seconds; /* that are waited, or that make sense to wait */
        double wait;    /* what the outcome itself asks for */
    } cases[] = {
        {40, -1, false, 600, true, 30, 0.5},
        {40, -1, false, 40, false, 30, 0.5},
        {40, -1, false, 20, false, 30, 0.5},
        {40, -1, false, 40.5, true, 30, 0.5},
        {40, 7, false, 30, false, 30, 7},
        {40, 60, false, 50, false, 60, 60},
        {40, 60, false, 600, true, 60, 60},
        {10.25, -1, false, 600, true, 0.5, 0.5},
        {40, -1, true, 40, false, 30, 0.5},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_LOST, true);
        bool again = cases[i].again;
        double wait;

        outcome.server_delay = ns(cases[i].server_delay);
        outcome.uncounted = cases[i].uncounted;
        job.deadline = ns(cases[i].deadline);
        job.has_listener = true;
        meet_job_start(&job, ns(9));
        job.ready_at = ns(cases[i].ready_at);
        wait = in_seconds(meet_job_finish(&job, &outcome, ns(10), 0.5));
        CHECK(job.state == (again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
              "case %zu: state %d", i, (int)job.state);
        CHECK(again ? in_seconds(job.ready_at) == 10 + cases[i].seconds
                    : in_seconds(job.retry_after) == cases[i].seconds,
              "case %zu: seconds", i);
        CHECK(wait == cases[i].wait, "case %zu: returns %g", i, wait);
        CHECK(in_seconds(stats.waited) == (again ? cases[i].seconds : 0),
              "case %zu: counted", i);
        CHECK(!again || in_seconds(job.events[2].length) == cases[i].seconds,
              "case %zu: reported", i);
        CHECK(job.error.kind == MEET_TRANSPORT, "case %zu: kind", i);
    }
}

/* What ends an attempt is the earlier limit, whenever that is seen. */
static void check_deadline_kinds(void)
{
    static const struct {
        enum meet_ending ending;
        enum meet_kind kind;
        double timeout; /* the deadline comes after 50 */
        double now;
        enum meet_kind expected;
    } cases[] = {
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 60, 99, MEET_TIMEOUT},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 60, 100, MEET_DEADLINE},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 60, 101, MEET_DEADLINE},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 50, 101, MEET_DEADLINE},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 49, 101, MEET_TIMEOUT},
        {MEET_ENDED_NOT_SENT, MEET_TIMEOUT, 60, 100, MEET_DEADLINE},
        {MEET_ENDED_LOST, MEET_TRANSPORT, 60, 101, MEET_TRANSPORT},
        {MEET_ENDED_FAILED, MEET_TLS, 60, 101, MEET_TLS},
        {MEET_ENDED_FAILED, MEET_TOO_LARGE, 60, 101, MEET_TOO_LARGE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("POST", &stats);
        struct meet_outcome outcome = end(cases[i].ending, true);

        outcome.error.kind = cases[i].kind;
        job.deadline = ns(100);
        job.request.timeout = ns(cases[i].timeout);
        meet_job_start(&job, ns(50));
        meet_job_finish(&job, &outcome, ns(cases[i].now), 0.5);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(job.error.kind == cases[i].expected,
              "case %zu: %s expected, got %s", i,
              meet_error_kind_name(cases[i].expected),
              meet_error_kind_name(job.error.kind));
        CHECK(job.ambiguous, "case %zu: a write that was sent", i);
        CHECK(in_seconds(job.retry_after) == -1,
              "case %zu: nothing to wait for", i);
    }
}

/* A read that its deadline ended waits for nothing, whoever saw it end. */
static void check_deadline_of_read(void)
{
    static const enum meet_kind kinds[] = {MEET_TIMEOUT, MEET_DEADLINE};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_TIMED_OUT, true);

        outcome.error.kind = kinds[i];
        job.deadline = ns(100);
        job.request.timeout = ns(60);
        meet_job_start(&job, ns(50));
        meet_job_finish(&job, &outcome, ns(100), 0.5);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(job.error.kind == MEET_DEADLINE, "case %zu: kind", i);
        CHECK(in_seconds(job.retry_after) == -1,
              "case %zu: nothing to wait for", i);
    }
}

/* Done without another attempt. */
static void check_missed(void)
{
    static const struct {
        double retry_after;
        const char *message;
    } cases[] = {
        {-1, "the deadline passed before an attempt could start"},
        {0.25, "the next attempt would have to wait 0.250 seconds, past the "
               "deadline"},
        {60.015, "the next attempt would have to wait 60.015 seconds, past "
                 "the deadline"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);

        meet_job_miss_deadline(&job, ns(cases[i].retry_after));
        CHECK(job.state == MEET_JOB_DONE && job.error.kind == MEET_DEADLINE,
              "case %zu: done", i);
        CHECK(in_seconds(job.retry_after) == cases[i].retry_after,
              "case %zu: reported", i);
        CHECK_STRING(job.error.message, cases[i].message, "message");
    }
}

/* The last attempt's error is reported, and no wait that is over. */
static void check_missed_retry(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

    outcome.server_delay = ns(7);
    meet_job_start(&job, ns(1));
    job.response.status = 503;
    meet_job_finish(&job, &outcome, ns(2), 0.5);
    meet_job_miss_deadline(&job, -1);
    CHECK(job.state == MEET_JOB_DONE && in_seconds(job.retry_after) == -1,
          "done");
    CHECK(job.error.kind == MEET_OK && job.response.status == 503,
          "the answer stays");
}

/* A success at or after the deadline is a success. */
static void check_late_success(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

    job.deadline = ns(5);
    meet_job_start(&job, ns(4));
    job.response.status = 200;
    meet_job_finish(&job, &outcome, ns(9), 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.error.kind == MEET_OK, "success");
    CHECK(in_seconds(job.retry_after) == -1, "nothing to wait for");
}

int main(void)
{
    check_backoff();
    check_server_delay();
    check_reported_delay();
    check_returned();
    check_deadlines();
    check_pauses();
    check_deadline_kinds();
    check_deadline_of_read();
    check_missed();
    check_missed_retry();
    check_late_success();
    return check_report();
}
