/* job_event_test.c - what a job counts and reports. */
#include "job_fixture.h"

static void check_stats(void)
{
    struct meet_stats stats = {.requests = 3, .attempts = 7, .bytes_sent = 10};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome outcome = end(MEET_ENDED_NOT_SENT, false);

    outcome.sockets_opened = 2;
    outcome.bytes_sent = 100;
    outcome.bytes_received = 1000;
    meet_job_start(&job, ns(0));
    meet_job_finish(&job, &outcome, ns(0), 0.5);
    meet_job_start(&job, ns(2));
    meet_job_finish(&job, &outcome, ns(2), 0.5);
    CHECK(stats.requests == 3, "requests are the dispatcher's to count");
    CHECK(stats.attempts == 9 && stats.retries == 1, "attempts, retries");
    CHECK(stats.sockets_opened == 4, "sockets");
    CHECK(stats.bytes_sent == 210 && stats.bytes_received == 2000, "bytes");
    CHECK(stats.waits == 2 && in_seconds(stats.waited) == 1.5, "waits: %g",
          in_seconds(stats.waited));
}

/* A wait for the pace is counted and reported, before the attempt. */
static void check_waits(void)
{
    struct meet_stats stats = {.waits = 1, .waited = MEET_SECONDS(2)};
    struct meet_job job = make("GET", &stats);

    meet_job_wait(&job, ns(0.5));
    CHECK(stats.waits == 2 && in_seconds(stats.waited) == 2.5, "counted");
    CHECK(job.event_count == 0, "nobody listens");
    job.has_listener = true;
    meet_job_wait(&job, ns(1.25));
    meet_job_start(&job, ns(3));
    CHECK(stats.waits == 3 && in_seconds(stats.waited) == 3.75,
          "counted again");
    CHECK(job.event_count == 2 && job.events[0].kind == MEET_EVENT_WAIT &&
              in_seconds(job.events[0].length) == 1.25 &&
              job.events[0].attempt == 0 && job.events[0].status == 0 &&
              job.events[0].error == MEET_OK,
          "reported");
    CHECK(job.events[1].kind == MEET_EVENT_ATTEMPT &&
              job.events[1].attempt == 1,
          "then the attempt");
}

/* A listener hears what the caller gets: which limit ended the attempt. */
static void check_late(void)
{
    static const struct {
        double deadline; /* the timeout ends at 5 */
        enum meet_kind kind;
    } cases[] = {{4, MEET_DEADLINE}, {5, MEET_DEADLINE}, {6, MEET_TIMEOUT}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct meet_job job = make("GET", &stats);
        struct meet_outcome late = end(MEET_ENDED_TIMED_OUT, true);

        job.has_listener = true;
        job.request.timeout = ns(5);
        job.deadline = ns(cases[i].deadline);
        job.retry.max_attempts = 1;
        meet_job_start(&job, ns(0));
        meet_job_finish(&job, &late, ns(5.5), 0.5);
        CHECK(job.error.kind == cases[i].kind &&
                  job.events[1].kind == MEET_EVENT_RESPONSE &&
                  job.events[1].error == cases[i].kind,
              "case %zu: %s", i, meet_error_kind_name(job.events[1].error));
    }
}

/* A job that is submitted again has nothing to report yet. */
static void check_submit(void)
{
    struct meet_stats stats = {0};
    struct meet_job job = make("GET", &stats);
    struct meet_outcome lost = end(MEET_ENDED_LOST, true);

    job.has_listener = true;
    job.retry.max_attempts = 1;
    job.restarts = 3;
    meet_job_submit(&job, ns(2));
    meet_job_start(&job, ns(2));
    meet_job_finish(&job, &lost, ns(3), 0.5);
    CHECK(job.state == MEET_JOB_DONE && job.event_count == 2, "lost");
    meet_job_submit(&job, ns(7));
    CHECK(job.state == MEET_JOB_QUEUED && job.event_count == 0 &&
              job.attempts == 0 && job.restarts == 0 &&
              in_seconds(job.ready_at) == 7 && !job.sent && !job.ambiguous &&
              in_seconds(job.retry_after) == -1 && job.error.kind == MEET_OK,
          "a fresh one");
    CHECK(stats.requests == 2 && stats.attempts == 1, "counted");
}

static void check_events(void)
{
    static const struct {
        enum meet_event_kind kind;
        enum meet_kind error;
        unsigned attempt;
        int status;
        double seconds;
    } expected[] = {
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

    job.has_listener = true;
    meet_job_start(&job, ns(10));
    meet_job_finish(&job, &lost, ns(12), 0.5);
    meet_job_start(&job, ns(12.5));
    job.response.status = 429;
    answered.server_delay = ns(7);
    meet_job_finish(&job, &answered, ns(12.75), 0.5);
    meet_job_start(&job, ns(20));
    job.response.status = 200;
    answered.server_delay = ns(-1);
    meet_job_finish(&job, &answered, ns(21), 0.5);
    CHECK(job.event_count == EVENTS, "%u events", job.event_count);
    for (unsigned i = 0; i < EVENTS && i < job.event_count; i++) {
        const struct meet_event *event = &job.events[i];

        CHECK(event->kind == expected[i].kind, "event %u: kind", i);
        CHECK(event->error == expected[i].error, "event %u: error", i);
        CHECK(event->attempt == expected[i].attempt, "event %u: attempt %u", i,
              event->attempt);
        CHECK(event->status == expected[i].status, "event %u: status %d", i,
              event->status);
        CHECK(in_seconds(event->length) == expected[i].seconds,
              "event %u: %g seconds", i, in_seconds(event->length));
    }
}

/* Without a listener there are no events; uncleared, the first ones stay. */
static void check_event_room(void)
{
    static const struct {
        bool has_listener;
        unsigned attempts;
        unsigned events;
    } cases[] = {
        {false, 1, 0}, {false, 20, 0}, {true, 1, 3},
        {true, 5, 15}, {true, 6, 16},  {true, 20, 16},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_stats stats = {0};
        struct {
            struct meet_job job;
            struct meet_event beyond;
        } place = {make("GET", &stats), {0}};
        struct meet_job *job = &place.job;
        struct meet_outcome lost = end(MEET_ENDED_LOST, true);

        job->has_listener = cases[i].has_listener;
        job->retry.max_attempts = 100;
        for (unsigned j = 0; j < cases[i].attempts; j++) {
            meet_job_start(job, ns(0));
            meet_job_finish(job, &lost, ns(0), 0);
        }
        CHECK(job->event_count == cases[i].events, "case %zu: %u events", i,
              job->event_count);
        CHECK(!cases[i].has_listener || job->events[0].attempt == 1,
              "case %zu: the first stays", i);
        CHECK(place.beyond.attempt == 0 && place.beyond.status == 0,
              "case %zu: nothing beyond the events is written", i);
    }
}

int main(void)
{
    check_stats();
    check_waits();
    check_late();
    check_submit();
    check_events();
    check_event_room();
    return check_report();
}
