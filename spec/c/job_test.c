/* job_test.c - which endings are retried, and which are ambiguous. */
#include "job_fixture.h"

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
        {MEET_ENDED_ANSWERED, 300, true, false, false, false},
        {MEET_ENDED_ANSWERED, 301, true, false, false, true},
        {MEET_ENDED_ANSWERED, 302, true, false, false, true},
        {MEET_ENDED_ANSWERED, 303, true, false, false, true},
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

            meet_job_start(&job, ns(10));
            job.response.status = cases[i].status;
            meet_job_finish(&job, &outcome, ns(11), 0.5);
            CHECK(job.state == (again ? MEET_JOB_QUEUED : MEET_JOB_DONE),
                  "case %zu, %s: state %d", i, verbs[j], (int)job.state);
            CHECK(job.ambiguous == (j > 0 && cases[i].write_ambiguous),
                  "case %zu, %s: ambiguous", i, verbs[j]);
            CHECK(job.error.kind == outcome.error.kind, "case %zu, %s: kind", i,
                  verbs[j]);
            CHECK(!again || in_seconds(job.ready_at) == 11.5,
                  "case %zu, %s: ready at %g", i, verbs[j],
                  in_seconds(job.ready_at));
            CHECK(in_seconds(job.retry_after) == -1,
                  "case %zu, %s: retry_after %g", i, verbs[j],
                  in_seconds(job.retry_after));
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
            meet_job_start(&job, ns(0));
            CHECK(job.state == MEET_JOB_STARTED, "case %zu: started", i);
            job.response.status = cases[i].status;
            meet_job_finish(&job, &outcome, ns(0), 0.5);
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

/* A reused socket had died: a read is repeated, uncounted. */
static void check_restarts(void)
{
    static const struct {
        const char *verb;
        bool uncounted;
        unsigned restarts; /* before */
        double deadline;   /* it ends at 11 */
        bool restarted;
        enum meet_job_state state;
    } cases[] = {
        {"GET", true, 0, 1e9, true, MEET_JOB_QUEUED},
        {"GET", true, 7, 1e9, true, MEET_JOB_QUEUED},
        {"GET", true, 8, 1e9, false, MEET_JOB_QUEUED}, /* that is enough */
        {"GET", false, 0, 1e9, false, MEET_JOB_QUEUED},
        {"GET", true, 0, 11.25, true, MEET_JOB_QUEUED}, /* it takes no wait */
        {"GET", true, 0, 11, false, MEET_JOB_DONE},
        {"POST", true, 0, 1e9, false, MEET_JOB_DONE},
        {"PATCH", true, 0, 1e9, false, MEET_JOB_DONE},
        {"DELETE", true, 0, 1e9, false, MEET_JOB_DONE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool restarted = cases[i].restarted;
        struct meet_stats stats = {0};
        struct meet_job job = make(cases[i].verb, &stats);
        struct meet_outcome outcome = end(MEET_ENDED_LOST, true);
        double wait;

        outcome.uncounted = cases[i].uncounted;
        outcome.bytes_sent = 100;
        outcome.sockets_opened = 1;
        job.restarts = cases[i].restarts;
        job.deadline = ns(cases[i].deadline);
        meet_job_start(&job, ns(10));
        wait = in_seconds(meet_job_finish(&job, &outcome, ns(11), 0.5));
        CHECK(job.state == cases[i].state, "case %zu: state %d", i,
              (int)job.state);
        CHECK(wait == (restarted ? 0 : 0.5), "case %zu: wait %g", i, wait);
        CHECK(job.attempts == (restarted ? 0 : 1) &&
                  stats.attempts == (restarted ? 0 : 1),
              "case %zu: no separate attempt", i);
        CHECK(job.restarts == cases[i].restarts + restarted,
              "case %zu: %u restarts", i, job.restarts);
        CHECK(!restarted ||
                  (in_seconds(job.ready_at) == 11 && stats.waits == 0),
              "case %zu: at once", i);
        CHECK(stats.bytes_sent == 100 && stats.sockets_opened == 1,
              "case %zu: the bytes count all the same", i);
        CHECK(job.ambiguous == (strcmp(cases[i].verb, "GET") != 0),
              "case %zu: ambiguous", i);
    }
}

/* What is not counted takes of the timeout all the same; it starts at 10. */
static void check_restart_timeouts(void)
{
    static const struct {
        bool background;
        bool uncounted; /* or lost, and tried again */
        double timeout, deadline;
        double ends_at; /* the first */
        double again;   /* the second starts; 0: there is none */
        double gives_up_at;
    } cases[] = {
        {false, true, 5, 100, 12, 12, 15},
        {false, true, 5, 100, 12, 20, 23}, /* waiting its turn is free */
        {false, true, 5, 100, 14.5, 14.5, 15},
        {false, true, 5, 100, 15, 0, 0},
        {false, true, 5, 100, 17, 0, 0},
        {false, false, 5, 100, 12, 20, 25},
        {false, true, 50, 13, 12, 12, 13},
        {false, true, 3, 13, 12, 12, 13},
        {true, true, 5, 100, 30, 31, 100},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome lost = end(MEET_ENDED_LOST, true);

        lost.uncounted = cases[i].uncounted;
        job.request.timeout = ns(cases[i].timeout);
        job.deadline = ns(cases[i].deadline);
        job.background = cases[i].background;
        job.retry.max_attempts = lost.uncounted ? 1 : 2;
        meet_job_start(&job, ns(10));
        meet_job_finish(&job, &lost, ns(cases[i].ends_at), 0.5);
        CHECK((job.state == MEET_JOB_QUEUED) == (cases[i].again > 0),
              "case %zu: state %d", i, (int)job.state);
        if (job.state != MEET_JOB_QUEUED)
            continue;
        meet_job_start(&job, ns(cases[i].again));
        CHECK(in_seconds(job.gives_up_at) == cases[i].gives_up_at,
              "case %zu: gives up at %g", i, in_seconds(job.gives_up_at));
        meet_job_foreground(&job, ns(cases[i].again), job.deadline);
        CHECK(job.gives_up_at ==
                  meet_ns_earlier(ns(cases[i].again + cases[i].timeout),
                                  job.deadline),
              "case %zu: who begins to wait has a whole one", i);
    }
}

/* Sockets that die repeatedly: in the end attempts count and run out. */
static void check_many_restarts(void)
{
    static const struct {
        unsigned max_attempts;
        unsigned starts, retries;
    } cases[] = {{1, 9, 0}, {2, 10, 1}, {5, 13, 4}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome outcome = end(MEET_ENDED_LOST, true);
        unsigned starts = 0;

        outcome.uncounted = true;
        job.retry.max_attempts = cases[i].max_attempts;
        do {
            meet_job_start(&job, ns(0));
            meet_job_finish(&job, &outcome, ns(0), 0.5);
            starts++;
        } while (job.state == MEET_JOB_QUEUED && starts < 100);
        CHECK(starts == cases[i].starts, "case %zu: %u starts", i, starts);
        CHECK(job.attempts == cases[i].max_attempts &&
                  stats.attempts == cases[i].max_attempts,
              "case %zu: %u attempts", i, job.attempts);
        CHECK(stats.retries == cases[i].retries, "case %zu: %lu retries", i,
              stats.retries);
    }
}

/* A second attempt that starts again is one attempt and one retry. */
static void check_restarted_retry(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome lost = end(MEET_ENDED_LOST, true);
    struct meet_outcome answered = end(MEET_ENDED_ANSWERED, true);

    meet_job_start(&job, ns(0));
    meet_job_finish(&job, &lost, ns(1), 0.5);
    meet_job_start(&job, ns(2));
    lost.uncounted = true;
    meet_job_finish(&job, &lost, ns(2), 0.5);
    CHECK(job.attempts == 1 && stats.retries == 0, "taken back");
    meet_job_start(&job, ns(2));
    job.response.status = 200;
    meet_job_finish(&job, &answered, ns(3), 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.attempts == 2, "two attempts");
    CHECK(stats.attempts == 2 && stats.retries == 1 && stats.waits == 1,
          "%lu attempts, %lu retries, %lu waits", stats.attempts, stats.retries,
          stats.waits);
}

/* What an attempt left behind does not reach the next one. */
/* A pause of its key keeps the job until 15; the backoff is half a second. */
static void check_paused_retry(void)
{
    struct meet_stats stats = {0};
    struct meet_outcome outcome = end(MEET_ENDED_LOST, true);

    for (int deadline = 14; deadline <= 16; deadline++) {
        struct meet_job job = make("GET", &stats);
        bool ends = deadline <= 15;

        stats.waits = 0;
        job.has_listener = true;
        job.deadline = ns(deadline);
        meet_job_start(&job, ns(10));
        job.ready_at = ns(15);
        meet_job_finish(&job, &outcome, ns(11), 0.5);
        CHECK(job.state == (ends ? MEET_JOB_DONE : MEET_JOB_QUEUED),
              "until %d: state %d", deadline, (int)job.state);
        CHECK(in_seconds(job.retry_after) == (ends ? 4 : -1),
              "until %d: retry_after %g", deadline,
              in_seconds(job.retry_after));
        CHECK(stats.waits == (ends ? 0 : 1) &&
                  job.event_count == (ends ? 2 : 3),
              "until %d: a wait that never was is reported", deadline);
    }
}

static void check_start(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_LOST, true);
    struct meet_error err;

    meet_response_init(&job.response, 100);
    meet_job_start(&job, ns(3));
    job.response.status = 200;
    meet_buffer_append_string(&job.response.head, "HTTP/1.1 200 OK\r\n", &err);
    meet_buffer_append_string(&job.response.body, "{\"half", &err);
    meet_job_finish(&job, &outcome, ns(4), 0.5);
    CHECK(job.error.kind == MEET_TRANSPORT && !job.sent, "lost");
    meet_job_start(&job, ns(6));
    CHECK(job.state == MEET_JOB_STARTED && job.attempts == 2, "second attempt");
    CHECK(in_seconds(job.started_at) == 6, "started at %g",
          in_seconds(job.started_at));
    CHECK(job.error.kind == MEET_OK, "error forgotten");
    CHECK(job.response.status == 0 && job.response.head.length == 0 &&
              job.response.body.length == 0,
          "response forgotten");
    meet_response_deinit(&job.response);
}

/* The last attempt decides what is ambiguous. */
static void check_ambiguous(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("POST", &stats);
    struct meet_outcome rejected = end(MEET_ENDED_ANSWERED, true);
    struct meet_outcome not_sent = end(MEET_ENDED_NOT_SENT, false);
    struct meet_outcome lost = end(MEET_ENDED_LOST, true);

    job.retry.max_attempts = 2;
    meet_job_start(&job, ns(0));
    job.response.status = 429;
    meet_job_finish(&job, &rejected, ns(0), 0.5);
    meet_job_start(&job, ns(1));
    meet_job_finish(&job, &not_sent, ns(1), 0.5);
    CHECK(job.state == MEET_JOB_DONE && !job.ambiguous,
          "a 429, then not sent: it did not happen");

    job = make("POST", &stats);
    meet_job_start(&job, ns(0));
    meet_job_finish(&job, &not_sent, ns(0), 0.5);
    CHECK(job.state == MEET_JOB_QUEUED && !job.sent, "not sent");
    meet_job_start(&job, ns(1));
    meet_job_finish(&job, &lost, ns(1), 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.ambiguous && job.sent,
          "not sent, then lost: it may have happened");
}

/* After an ending that may be retried, nothing has been applied. */
static void check_sent(void)
{
    static const struct {
        const char *verb;
        enum meet_ending ending;
        int status;
        bool sent_before, sent, reported; /* once it ended */
    } cases[] = {
        {"POST", MEET_ENDED_ANSWERED, 429, false, true, false},
        {"POST", MEET_ENDED_ANSWERED, 429, true, true, false},
        {"POST", MEET_ENDED_NOT_SENT, 0, false, false, false},
        {"POST", MEET_ENDED_LOST, 0, false, true, true},
        {"POST", MEET_ENDED_LOST, 0, true, false, true}, /* as reported */
        {"POST", MEET_ENDED_ANSWERED, 503, true, true, true},
        {"POST", MEET_ENDED_ANSWERED, 200, true, true, true},
        {"POST", MEET_ENDED_FAILED, 0, false, false, false},
        {"GET", MEET_ENDED_LOST, 0, true, true, false},
        {"GET", MEET_ENDED_ANSWERED, 503, true, true, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make(cases[i].verb, &stats);
        struct meet_outcome outcome = end(cases[i].ending, cases[i].sent);

        meet_job_start(&job, ns(0));
        job.sent = cases[i].sent_before;
        job.response.status = cases[i].status;
        meet_job_finish(&job, &outcome, ns(1), 0.5);
        CHECK(job.sent == cases[i].reported, "case %zu", i);
    }
}

/* Its client is closed: a write that may have happened is reported. */
static void check_cancel(void)
{
    static const struct {
        const char *verb;
        bool sent, ambiguous;
    } cases[] = {
        {"GET", false, false}, {"GET", true, false},   {"POST", false, false},
        {"POST", true, true},  {"DELETE", true, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make(cases[i].verb, &stats);

        meet_job_start(&job, ns(0));
        job.sent = cases[i].sent;
        meet_job_cancel(&job, "the client was closed");
        CHECK(job.state == MEET_JOB_DONE && job.error.kind == MEET_CANCELLED,
              "case %zu: done", i);
        CHECK(job.ambiguous == cases[i].ambiguous, "case %zu: ambiguous", i);
    }
}

/* After a 429, waiting for its second attempt, a write has not happened. */
static void check_cancelled_wait(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("POST", &stats);
    struct meet_outcome rejected = end(MEET_ENDED_ANSWERED, true);

    meet_job_start(&job, ns(0));
    job.sent = true;
    job.response.status = 429;
    meet_job_finish(&job, &rejected, ns(1), 0.5);
    CHECK(job.state == MEET_JOB_QUEUED, "queued again");
    meet_job_cancel(&job, "the client was closed");
    CHECK(job.error.kind == MEET_CANCELLED && !job.ambiguous, "not ambiguous");
}

int main(void)
{
    check_decisions();
    check_attempts();
    check_restarts();
    check_restart_timeouts();
    check_many_restarts();
    check_restarted_retry();
    check_paused_retry();
    check_start();
    check_ambiguous();
    check_sent();
    check_cancel();
    check_cancelled_wait();
    return check_report();
}
