/*
 * job_test.c - which endings are tried again, when, and what is told.
 */
#include "check.h"
#include "job.h"

#include <math.h>

#define LAST_BELOW_1 0x1.fffffffffffffp-1

/* A job that is about to start; no memory is held unless a test appends. */
static struct meet_job make(const char *verb, struct meet_stats *stats)
{
    return (struct meet_job){
        .request.verb = verb,
        .retry = {.max_attempts = 5, .initial = 1, .multiplier = 2, .max = 8},
        .deadline = 1e9,
        .stats = stats,
        .retry_after = -1,
    };
}

static struct meet_outcome end(enum meet_ending ending, bool sent)
{
    struct meet_outcome outcome = {
        .ending = ending, .sent = sent, .advice = -1};

    if (ending != MEET_ENDED_ANSWERED)
        outcome.error.kind =
            ending == MEET_ENDED_TIMED_OUT ? MEET_TIMEOUT : MEET_TRANSPORT;
    return outcome;
}

static void check_decisions(void)
{
    static const struct {
        enum meet_ending ending;
        int status;
        bool sent;
        bool read_again;
        bool write_again;
        bool write_ambiguous;
    } cases[] = {
        {MEET_ENDED_ANSWERED, 200, true, false, false, false},
        {MEET_ENDED_ANSWERED, 201, true, false, false, false},
        {MEET_ENDED_ANSWERED, 204, true, false, false, false},
        {MEET_ENDED_ANSWERED, 301, true, false, false, false},
        {MEET_ENDED_ANSWERED, 304, true, false, false, false},
        {MEET_ENDED_ANSWERED, 400, true, false, false, false},
        {MEET_ENDED_ANSWERED, 401, true, false, false, false},
        {MEET_ENDED_ANSWERED, 403, true, false, false, false},
        {MEET_ENDED_ANSWERED, 404, true, false, false, false},
        {MEET_ENDED_ANSWERED, 408, true, false, false, false},
        {MEET_ENDED_ANSWERED, 409, true, false, false, false},
        {MEET_ENDED_ANSWERED, 425, true, false, false, false},
        {MEET_ENDED_ANSWERED, 428, true, false, false, false},
        {MEET_ENDED_ANSWERED, 429, true, true, true, false},
        {MEET_ENDED_ANSWERED, 430, true, false, false, false},
        {MEET_ENDED_ANSWERED, 499, true, false, false, false},
        {MEET_ENDED_ANSWERED, 500, true, false, false, true},
        {MEET_ENDED_ANSWERED, 501, true, false, false, true},
        {MEET_ENDED_ANSWERED, 502, true, true, false, true},
        {MEET_ENDED_ANSWERED, 503, true, true, false, true},
        {MEET_ENDED_ANSWERED, 504, true, true, false, true},
        {MEET_ENDED_ANSWERED, 505, true, false, false, true},
        {MEET_ENDED_ANSWERED, 520, true, false, false, true},
        {MEET_ENDED_ANSWERED, 599, true, false, false, true},
        {MEET_ENDED_NOT_SENT, 0, false, true, true, false},
        {MEET_ENDED_LOST, 0, true, true, false, true},
        {MEET_ENDED_LOST, 200, true, true, false, true}, /* in its body */
        {MEET_ENDED_LOST, 429, true, true, false, true},
        {MEET_ENDED_TIMED_OUT, 0, true, true, false, true},
        {MEET_ENDED_TIMED_OUT, 0, false, true, false, false},
        {MEET_ENDED_TIMED_OUT, 200, true, true, false, true},
        {MEET_ENDED_FAILED, 0, false, false, false, false},
        {MEET_ENDED_FAILED, 0, true, false, false, true},
        {MEET_ENDED_FAILED, 200, true, false, false, true}, /* too large */
        {MEET_ENDED_FAILED, 429, true, false, false, true},
        {MEET_ENDED_FAILED, 503, true, false, false, true},
    };
    static const char *const verbs[] = {"GET", "POST", "PUT", "PATCH",
                                        "DELETE"};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t j = 0; j < sizeof verbs / sizeof verbs[0]; j++) {
            bool again = j == 0 ? cases[i].read_again : cases[i].write_again;
            struct meet_stats stats = {0};
            struct meet_job job = make(verbs[j], &stats);
            struct meet_outcome outcome = end(cases[i].ending, cases[i].sent);

            meet_job_start(&job, 10);
            job.response.status = cases[i].status;
            meet_job_finish(&job, &outcome, 11, 0.5);
            CHECK(job.state == (again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
                  "case %zu, %s: state %d", i, verbs[j], (int)job.state);
            CHECK(job.ambiguous == (j > 0 && cases[i].write_ambiguous),
                  "case %zu, %s: ambiguous", i, verbs[j]);
            CHECK(job.error.kind == outcome.error.kind, "case %zu, %s: kind", i,
                  verbs[j]);
            CHECK(!again || job.ready_at == 11.5, "case %zu, %s: ready at %g",
                  i, verbs[j], job.ready_at);
            CHECK(job.retry_after == -1, "case %zu, %s: retry_after %g", i,
                  verbs[j], job.retry_after);
        }
    }
}

/* How many attempts a request gets whose every attempt ends the same way. */
static void check_attempts(void)
{
    static const struct {
        unsigned max_attempts;
        enum meet_ending ending;
        int status;
        unsigned attempts;
    } cases[] = {
        {0, MEET_ENDED_NOT_SENT, 0, 1},   {1, MEET_ENDED_NOT_SENT, 0, 1},
        {1, MEET_ENDED_ANSWERED, 429, 1}, {1, MEET_ENDED_ANSWERED, 503, 1},
        {1, MEET_ENDED_TIMED_OUT, 0, 1},  {2, MEET_ENDED_NOT_SENT, 0, 2},
        {2, MEET_ENDED_ANSWERED, 429, 2}, {5, MEET_ENDED_ANSWERED, 429, 5},
        {5, MEET_ENDED_ANSWERED, 503, 5}, {5, MEET_ENDED_LOST, 0, 5},
        {5, MEET_ENDED_TIMED_OUT, 0, 5},  {5, MEET_ENDED_ANSWERED, 200, 1},
        {5, MEET_ENDED_ANSWERED, 404, 1}, {5, MEET_ENDED_FAILED, 0, 1},
        {50, MEET_ENDED_LOST, 0, 50},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome =
            end(cases[i].ending, cases[i].ending != MEET_ENDED_NOT_SENT);

        job.retry.max_attempts = cases[i].max_attempts;
        do {
            meet_job_start(&job, 0);
            CHECK(job.state == MEET_JOB_STARTED, "case %zu: started", i);
            job.response.status = cases[i].status;
            meet_job_finish(&job, &outcome, 0, 0.5);
        } while (job.state == MEET_JOB_QUEUED && job.attempts < 100);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(job.attempts == cases[i].attempts, "case %zu: %u attempts", i,
              job.attempts);
        CHECK(stats.attempts == cases[i].attempts &&
                  stats.retries == cases[i].attempts - 1 &&
                  stats.waits == cases[i].attempts - 1,
              "case %zu: counted", i);
        CHECK(job.response.status == cases[i].status,
              "case %zu: the last answer stays", i);
    }
}

/* Wait after attempt 'attempts', each of them not sent. */
static double wait_after(unsigned attempts, const struct meet_retry *retry,
                         double random)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_NOT_SENT, false);

    job.retry = *retry;
    job.retry.max_attempts = attempts + 1;
    for (unsigned i = 1; i < attempts; i++) {
        meet_job_start(&job, 0);
        meet_job_finish(&job, &outcome, 0, 0);
    }
    meet_job_start(&job, 0);
    meet_job_finish(&job, &outcome, 0, random);
    CHECK(job.state == MEET_JOB_QUEUED, "attempt %u: queued", attempts);
    return job.ready_at;
}

static void check_backoff(void)
{
    static const struct {
        struct meet_retry retry;
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
        const struct meet_retry *retry = &cases[i].retry;
        double bound = cases[i].least_above;
        double half = wait_after(cases[i].attempts, retry, 0.5);
        double most = wait_after(cases[i].attempts, retry, LAST_BELOW_1);

        CHECK(wait_after(cases[i].attempts, retry, 0) == 0,
              "case %zu: random 0 does not wait", i);
        CHECK(fabs(half - bound / 2) < 1e-9, "case %zu: half of %g, got %g", i,
              bound, half);
        CHECK(fabs(most - bound) < 1e-9, "case %zu: nearly %g, got %g", i,
              bound, most);
        CHECK(bound == 0 || most < retry->max, "case %zu: below max", i);
    }
}

static void check_advice(void)
{
    static const struct {
        int status;
        double advice;
        double random;
        double wait;
    } cases[] = {
        {429, -1, 0.5, 0.5},
        {429, 0, 0.5, 0},
        {429, 7, 0.5, 7},
        {429, 7.25, 0, 7.25},
        {503, 7, 0.5, 7},
        {503, 0, LAST_BELOW_1, 0},
        {429, 60, 0.5, 60}, /* longer than the longest backoff */
        {429, 0.125, LAST_BELOW_1, 0.125},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

        outcome.advice = cases[i].advice;
        meet_job_start(&job, 100);
        job.response.status = cases[i].status;
        meet_job_finish(&job, &outcome, 101, cases[i].random);
        CHECK(job.state == MEET_JOB_QUEUED, "case %zu: queued", i);
        CHECK(job.ready_at == 101 + cases[i].wait, "case %zu: ready at %g", i,
              job.ready_at);
        CHECK(job.retry_after == cases[i].advice, "case %zu: retry_after %g", i,
              job.retry_after);
        CHECK(stats.seconds_waited == cases[i].wait, "case %zu: counted", i);
    }
}

/* The last answer's advice is told although nobody follows it. */
static void check_told_advice(void)
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

        outcome.advice = 7;
        job.retry.max_attempts = cases[i].max_attempts;
        meet_job_start(&job, 0);
        job.response.status = cases[i].status;
        meet_job_finish(&job, &outcome, 1, 0.5);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(job.retry_after == cases[i].retry_after,
              "case %zu: retry_after %g", i, job.retry_after);
    }
}

static void check_deadlines(void)
{
    static const struct {
        double now;
        double deadline;
        double advice; /* < 0: a backoff of half a second */
        bool again;
        double retry_after;
    } cases[] = {
        {10, 11, -1, true, -1},      {10, 10.75, -1, true, -1},
        {10, 10.5, -1, false, 0.5}, /* would end at the very deadline */
        {10, 10.25, -1, false, 0.5}, {10, 10, -1, false, 0.5},
        {12, 10, -1, false, 0.5},    {10, 600, 60, true, 60},
        {10, 70, 60, false, 60},     {10, 70.5, 60, true, 60},
        {10, 20, 3600, false, 3600}, {10, 11, 0, true, 0},
        {10, 10, 0, false, 0},       {10, HUGE_VAL, 3600, true, 3600},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("POST", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

        outcome.advice = cases[i].advice;
        job.deadline = cases[i].deadline;
        meet_job_start(&job, 9);
        job.response.status = 429;
        meet_job_finish(&job, &outcome, cases[i].now, 0.5);
        CHECK(job.state == (cases[i].again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
              "case %zu: state %d", i, (int)job.state);
        CHECK(job.retry_after == cases[i].retry_after,
              "case %zu: retry_after %g", i, job.retry_after);
        CHECK(job.error.kind == MEET_OK && job.response.status == 429,
              "case %zu: the answer is what is told", i);
        CHECK(stats.waits == cases[i].again, "case %zu: only waits begun", i);
    }
}

/* An attempt that ran out of time at the deadline ran into the deadline. */
static void check_deadline_kinds(void)
{
    static const struct {
        enum meet_ending ending;
        enum meet_kind kind;
        double now;
        enum meet_kind told;
    } cases[] = {
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 99, MEET_TIMEOUT},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 100, MEET_DEADLINE},
        {MEET_ENDED_TIMED_OUT, MEET_TIMEOUT, 101, MEET_DEADLINE},
        {MEET_ENDED_NOT_SENT, MEET_TIMEOUT, 100, MEET_DEADLINE},
        {MEET_ENDED_LOST, MEET_TRANSPORT, 101, MEET_TRANSPORT},
        {MEET_ENDED_FAILED, MEET_TLS, 101, MEET_TLS},
        {MEET_ENDED_FAILED, MEET_TOO_LARGE, 101, MEET_TOO_LARGE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("POST", &stats);
        struct meet_outcome outcome = end(cases[i].ending, true);

        outcome.error.kind = cases[i].kind;
        job.deadline = 100;
        meet_job_start(&job, 50);
        meet_job_finish(&job, &outcome, cases[i].now, 0.5);
        CHECK(job.state == MEET_JOB_DONE, "case %zu: done", i);
        CHECK(job.error.kind == cases[i].told, "case %zu: %s expected, got %s",
              i, meet_error_kind_name(cases[i].told),
              meet_error_kind_name(job.error.kind));
        CHECK(job.ambiguous, "case %zu: a write that was sent", i);
        CHECK(job.retry_after == -1, "case %zu: nothing to wait for", i);
    }
}

/* A success at or after the deadline is a success. */
static void check_late_success(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_ANSWERED, true);

    job.deadline = 5;
    meet_job_start(&job, 4);
    job.response.status = 200;
    meet_job_finish(&job, &outcome, 9, 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.error.kind == MEET_OK, "success");
    CHECK(job.retry_after == -1, "nothing to wait for");
}

/* What an attempt left behind does not reach the next one. */
static void check_start(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_LOST, true);
    struct meet_error err;

    meet_response_init(&job.response, 100);
    meet_job_start(&job, 3);
    job.response.status = 200;
    meet_buffer_append_string(&job.response.head, "HTTP/1.1 200 OK\r\n", &err);
    meet_buffer_append_string(&job.response.body, "{\"half", &err);
    meet_job_finish(&job, &outcome, 4, 0.5);
    CHECK(job.error.kind == MEET_TRANSPORT && job.sent, "lost");
    meet_job_start(&job, 6);
    CHECK(job.state == MEET_JOB_STARTED && job.attempts == 2, "second attempt");
    CHECK(job.started_at == 6, "started at %g", job.started_at);
    CHECK(job.error.kind == MEET_OK, "error forgotten");
    CHECK(job.response.status == 0 && job.response.head.length == 0 &&
              job.response.body.length == 0,
          "response forgotten");
    meet_response_deinit(&job.response);
}

/* Ambiguous is what the last attempt leaves open. */
static void check_ambiguous(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("POST", &stats);
    struct meet_outcome refused = end(MEET_ENDED_ANSWERED, true);
    struct meet_outcome not_sent = end(MEET_ENDED_NOT_SENT, false);
    struct meet_outcome lost = end(MEET_ENDED_LOST, true);

    job.retry.max_attempts = 2;
    meet_job_start(&job, 0);
    job.response.status = 429;
    meet_job_finish(&job, &refused, 0, 0.5);
    meet_job_start(&job, 1);
    meet_job_finish(&job, &not_sent, 1, 0.5);
    CHECK(job.state == MEET_JOB_DONE && !job.ambiguous,
          "refused, then not sent: it did not happen");

    job = make("POST", &stats);
    meet_job_start(&job, 0);
    meet_job_finish(&job, &not_sent, 0, 0.5);
    CHECK(job.state == MEET_JOB_QUEUED && !job.sent, "not sent");
    meet_job_start(&job, 1);
    meet_job_finish(&job, &lost, 1, 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.ambiguous && job.sent,
          "not sent, then lost: it may have happened");
}

static void check_stats(void)
{
    struct meet_stats stats = {.requests = 3, .attempts = 7, .bytes_sent = 10};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_NOT_SENT, false);

    outcome.sockets_opened = 2;
    outcome.bytes_sent = 100;
    outcome.bytes_received = 1000;
    meet_job_start(&job, 0);
    meet_job_finish(&job, &outcome, 0, 0.5);
    meet_job_start(&job, 2);
    meet_job_finish(&job, &outcome, 2, 0.5);
    CHECK(stats.requests == 3, "requests are the dispatcher's to count");
    CHECK(stats.attempts == 9 && stats.retries == 1, "attempts, retries");
    CHECK(stats.sockets_opened == 4, "sockets");
    CHECK(stats.bytes_sent == 210 && stats.bytes_received == 2000, "bytes");
    CHECK(stats.waits == 2 && stats.seconds_waited == 1.5, "waits: %g",
          stats.seconds_waited);
}

static void check_events(void)
{
    static const struct meet_event expected[] = {
        {MEET_EVENT_ATTEMPT, MEET_OK, 1, 0, 0},
        {MEET_EVENT_RESPONSE, MEET_TRANSPORT, 1, 0, 2},
        {MEET_EVENT_RETRY, MEET_TRANSPORT, 1, 0, 0.5},
        {MEET_EVENT_ATTEMPT, MEET_OK, 2, 0, 0},
        {MEET_EVENT_RESPONSE, MEET_OK, 2, 429, 0.25},
        {MEET_EVENT_RETRY, MEET_OK, 2, 429, 7},
        {MEET_EVENT_ATTEMPT, MEET_OK, 3, 0, 0},
        {MEET_EVENT_RESPONSE, MEET_OK, 3, 200, 1},
    };
    enum { EVENTS = sizeof expected / sizeof expected[0] };
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome lost = end(MEET_ENDED_LOST, true);
    struct meet_outcome answered = end(MEET_ENDED_ANSWERED, true);

    job.listens = true;
    meet_job_start(&job, 10);
    meet_job_finish(&job, &lost, 12, 0.5);
    meet_job_start(&job, 12.5);
    job.response.status = 429;
    answered.advice = 7;
    meet_job_finish(&job, &answered, 12.75, 0.5);
    meet_job_start(&job, 20);
    job.response.status = 200;
    answered.advice = -1;
    meet_job_finish(&job, &answered, 21, 0.5);
    CHECK(job.event_count == EVENTS, "%u events", job.event_count);
    for (unsigned i = 0; i < EVENTS && i < job.event_count; i++) {
        const struct meet_event *event = &job.events[i];

        CHECK(event->kind == expected[i].kind, "event %u: kind", i);
        CHECK(event->error == expected[i].error, "event %u: error", i);
        CHECK(event->attempt == expected[i].attempt, "event %u: attempt %u", i,
              event->attempt);
        CHECK(event->status == expected[i].status, "event %u: status %d", i,
              event->status);
        CHECK(event->seconds == expected[i].seconds, "event %u: %g seconds", i,
              event->seconds);
    }
}

/* Nobody listens, or nobody cleared them: then the first ones stay. */
static void check_event_room(void)
{
    static const struct {
        bool listens;
        unsigned attempts;
        unsigned events;
    } cases[] = {
        {false, 1, 0}, {false, 20, 0}, {true, 1, 3},
        {true, 5, 15}, {true, 6, 16},  {true, 20, 16},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome lost = end(MEET_ENDED_LOST, true);

        job.listens = cases[i].listens;
        job.retry.max_attempts = 100;
        for (unsigned j = 0; j < cases[i].attempts; j++) {
            meet_job_start(&job, 0);
            meet_job_finish(&job, &lost, 0, 0);
        }
        CHECK(job.event_count == cases[i].events, "case %zu: %u events", i,
              job.event_count);
        CHECK(!cases[i].listens || job.events[0].attempt == 1,
              "case %zu: the first stays", i);
        CHECK(!job.previous && !job.next && !job.transfer,
              "case %zu: nothing beyond the events is written", i);
    }
}

int main(void)
{
    check_decisions();
    check_attempts();
    check_backoff();
    check_advice();
    check_told_advice();
    check_deadlines();
    check_deadline_kinds();
    check_late_success();
    check_start();
    check_ambiguous();
    check_stats();
    check_events();
    check_event_room();
    return check_report();
}
