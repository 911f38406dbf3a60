/*
 * response_test.c - what a whole response makes of an attempt.
 */
#include "check.h"
#include "scarce.h"
#include "seconds.h"
#include "../../src/headers.c"
#include "../../src/response.c"

/* Sun, 22 Nov 2026 12:00:00 GMT */
#define NOON 1795348800.0

static void check_server_delay(void)
{
    static const struct {
        int status;
        const char *head;
        double server_delay;
    } cases[] = {
        {429, "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n\r\n", 7},
        {429, "HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\n\r\n", 3600},
        {429, "HTTP/1.1 429 Slow\r\nRetry-After: 3601\r\n\r\n", 3600},
        {503, "HTTP/1.1 503 X\r\nRetry-After: 999999999999\r\n\r\n", 3600},
        {503, "HTTP/1.1 503 Gone\r\nRetry-After: 7\r\n\r\n", 7},
        {429, "HTTP/2 429\r\nretry-after: 120\r\n\r\n", 120},
        {429, "HTTP/1.1 429 X\nRETRY-AFTER: 1\n\n", 1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 0\r\n\r\n", 0},
        {429, "HTTP/1.1 429 X\r\nRetry-After:  3 \r\n\r\n", 3},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 3600\r\n\r\n", 3600},
        {429,
         "HTTP/1.1 429 X\r\nRetry-After: Sun, 22 Nov 2026 12:00:30 GMT\r\n\r\n",
         30},
        {503,
         "HTTP/1.1 503 X\r\nRetry-After: Sun, 22 Nov 2026 13:00:00 GMT\r\n\r\n",
         3600},
        {503,
         "HTTP/1.1 503 X\r\nRetry-After: Sunday, 22-Nov-26 12:00:01 GMT\r\n"
         "\r\n",
         1},
        {503, "HTTP/1.1 503 X\r\nRetry-After: Sun Nov 22 12:00:02 2026\r\n\r\n",
         2},
        {429,
         "HTTP/1.1 429 X\r\nRetry-After: Sun, 22 Nov 2026 11:59:00 GMT\r\n\r\n",
         0}, /* past */
        /* by the clock of its sender, where the answer shows it */
        {429,
         "HTTP/1.1 429 X\r\nDate: Sun, 22 Nov 2026 11:00:00 GMT\r\n"
         "Retry-After: Sun, 22 Nov 2026 11:00:05 GMT\r\n\r\n",
         5},
        {503,
         "HTTP/1.1 503 X\r\nRetry-After: Sun, 22 Nov 2026 18:00:05 GMT\r\n"
         "date: Sunday, 22-Nov-26 18:00:00 GMT\r\n\r\n",
         5},
        {429,
         "HTTP/1.1 429 X\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
         "Retry-After: Sun, 22 Nov 2026 11:59:59 GMT\r\n\r\n",
         0},
        {429,
         "HTTP/1.1 429 X\r\nDate: now\r\n"
         "Retry-After: Sun, 22 Nov 2026 12:00:30 GMT\r\n\r\n",
         30},
        {429,
         "HTTP/1.1 429 X\r\nDate: Sun, 22 Nov 2026 11:00:00 GMT\r\n"
         "Retry-After: 7\r\n\r\n",
         7},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 1\r\nRetry-After: 9\r\n\r\n", 1},
        {429,
         "HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n"
         "HTTP/1.1 429 X\r\nRetry-After: 2\r\n\r\n",
         2}, /* the final answer's own */
        {429,
         "HTTP/1.1 103 Early\r\nRetry-After: 9\r\n\r\nHTTP/1.1 429 X\r\n\r\n",
         -1},
        {429, "HTTP/1.1 429 X\r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nX-Retry-After: 7\r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: \r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: soon\r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: -1\r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 1.5\r\n\r\n", -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 7s\r\n\r\n", -1},
        {429, "", -1},
        {200, "HTTP/1.1 200 OK\r\nRetry-After: 7\r\n\r\n", -1},
        {202, "HTTP/1.1 202 X\r\nRetry-After: 7\r\n\r\n", -1},
        {301, "HTTP/1.1 301 X\r\nRetry-After: 7\r\n\r\n", -1},
        {400, "HTTP/1.1 400 X\r\nRetry-After: 7\r\n\r\n", -1},
        {401, "HTTP/1.1 401 X\r\nRetry-After: 7\r\n\r\n", -1},
        {403, "HTTP/1.1 403 X\r\nRetry-After: 7\r\n\r\n", -1},
        {413, "HTTP/1.1 413 X\r\nRetry-After: 7\r\n\r\n", -1},
        {428, "HTTP/1.1 428 X\r\nRetry-After: 7\r\n\r\n", -1},
        {430, "HTTP/1.1 430 X\r\nRetry-After: 7\r\n\r\n", -1},
        {500, "HTTP/1.1 500 X\r\nRetry-After: 7\r\n\r\n", -1},
        {502, "HTTP/1.1 502 X\r\nRetry-After: 7\r\n\r\n", -1},
        {504, "HTTP/1.1 504 X\r\nRetry-After: 7\r\n\r\n", -1},
        {0, "HTTP/1.1 429 X\r\nRetry-After: 7\r\n\r\n", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_response response;
        struct meet_outcome outcome;
        struct meet_error err;

        meet_response_init(&response, 0);
        response.status = cases[i].status;
        meet_buffer_append_string(&response.head, cases[i].head, &err);
        meet_response_outcome(&response, ns(NOON), &outcome);
        CHECK(cases[i].server_delay < 0
                  ? outcome.server_delay < 0
                  : outcome.server_delay == ns(cases[i].server_delay),
              "case %zu: %g expected, got %g", i, cases[i].server_delay,
              in_seconds(outcome.server_delay));
        meet_response_deinit(&response);
    }
}

static void check_outcome(void)
{
    static const int statuses[] = {200, 204, 304, 404, 429, 500, 503};

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct meet_response response;
        struct meet_outcome outcome;

        memset(&outcome, 0xA5, sizeof outcome);
        meet_response_init(&response, 0);
        response.status = statuses[i];
        meet_response_outcome(&response, ns(NOON), &outcome);
        CHECK(outcome.ending == MEET_ENDED_ANSWERED, "%d: ending", statuses[i]);
        CHECK(outcome.sent, "%d: an answer means that it was sent",
              statuses[i]);
        CHECK(outcome.error.kind == MEET_OK, "%d: no error of the attempt",
              statuses[i]);
        CHECK(outcome.sockets_opened == 0 && outcome.bytes_sent == 0 &&
                  outcome.bytes_received == 0,
              "%d: counters", statuses[i]);
        meet_response_deinit(&response);
    }
}

static void check_clear(void)
{
    static char head[262144];
    struct meet_response response;
    struct meet_error err = {.kind = MEET_OK};
    const char *memory;

    memset(head, 'a', sizeof head);
    memset(&response, 0xA5, sizeof response);
    meet_response_init(&response, 3);
    CHECK(response.status == 0 && !response.head.bytes && !response.body.bytes,
          "nothing came yet");
    response.status = 200;
    CHECK(meet_buffer_append(&response.head, head, sizeof head, &err) == 0,
          "256 KiB of head");
    CHECK(meet_buffer_append(&response.head, "a", 1, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "and no more");
    CHECK(meet_buffer_append(&response.body, "abc", 3, &err) == 0, "body");
    CHECK(meet_buffer_append(&response.body, "d", 1, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "longer body");
    memory = response.head.bytes;
    meet_response_clear(&response);
    CHECK(response.status == 0 && response.head.length == 0 &&
              response.body.length == 0,
          "all forgotten");
    CHECK(response.head.bytes == memory && response.body.limit == 3,
          "memory and limits stay");
    CHECK(meet_buffer_append(&response.body, "abc", 3, &err) == 0,
          "room for another attempt");
    meet_response_deinit(&response);
    CHECK(!response.head.bytes && !response.body.bytes, "freed");
    meet_response_deinit(&response);
}

/* What the body of a 429 or 503 adds. */
static void check_bodies(void)
{
#define SEVEN_SECONDS                                   \
    "{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\", " \
    "\"details\": [{\"@type\": \"type.googleapis.com/"  \
    "google.rpc.RetryInfo\", \"retryDelay\": \"7.5s\"}]}}"
    static const struct {
        int status;
        const char *head;
        const char *body;
        bool google;
        double server_delay; /* -1: none */
    } cases[] = {
        {429, "HTTP/1.1 429 X\r\n\r\n", SEVEN_SECONDS, true, 7.5},
        {503, "HTTP/1.1 503 X\r\n\r\n", SEVEN_SECONDS, true, 7.5},
        {429, "", SEVEN_SECONDS, true, 7.5},
        /* the header wins, unless it says nothing */
        {429, "HTTP/1.1 429 X\r\nRetry-After: 3\r\n\r\n", SEVEN_SECONDS, true,
         3},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 60\r\n\r\n", SEVEN_SECONDS, true,
         60},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 0\r\n\r\n", SEVEN_SECONDS, true,
         0},
        {429, "HTTP/1.1 429 X\r\nRetry-After: soon\r\n\r\n", SEVEN_SECONDS,
         true, 7.5},
        {429, "HTTP/1.1 429 X\r\n\r\n",
         "{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\"}}", true, -1},
        {429, "HTTP/1.1 429 X\r\nRetry-After: 1\r\n\r\n",
         "{\"error\": \"Rate limit exceeded\"}", false, 1},
        {429, "HTTP/1.1 429 X\r\n\r\n", "Too Many Requests", false, -1},
        {429, "HTTP/1.1 429 X\r\n\r\n", "", false, -1},
        {403, "HTTP/1.1 403 X\r\n\r\n",
         "{\"error\": {\"errors\": [{\"reason\": \"rateLimitExceeded\"}]}}",
         true, -1},
        /* other answers' bodies are not read */
        {200, "HTTP/1.1 200 X\r\n\r\n", SEVEN_SECONDS, false, -1},
        {403, "HTTP/1.1 403 X\r\n\r\n", SEVEN_SECONDS, false, -1},
        {500, "HTTP/1.1 500 X\r\n\r\n", SEVEN_SECONDS, false, -1},
    };
#undef SEVEN_SECONDS

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_response response;
        struct meet_outcome outcome;
        struct meet_error err;

        memset(&outcome, 0xA5, sizeof outcome);
        meet_response_init(&response, 10000);
        response.status = cases[i].status;
        meet_buffer_append_string(&response.head, cases[i].head, &err);
        meet_buffer_append_string(&response.body, cases[i].body, &err);
        meet_response_outcome(&response, ns(NOON), &outcome);
        CHECK(outcome.google == cases[i].google, "case %zu: google", i);
        CHECK(cases[i].server_delay < 0
                  ? outcome.server_delay < 0
                  : outcome.server_delay == ns(cases[i].server_delay),
              "case %zu: %g expected, got %g", i, cases[i].server_delay,
              in_seconds(outcome.server_delay));
        CHECK(outcome.ending == MEET_ENDED_ANSWERED && outcome.sent &&
                  !outcome.uncounted,
              "case %zu: ending", i);
        meet_response_deinit(&response);
    }
}

/* Without memory there is no server delay, and no leak either. */
static void check_no_memory(void)
{
    enum { NEEDED = 3 }; /* the list and two fields */
    struct meet_response response;
    struct meet_outcome outcome;
    struct meet_error err;

    meet_response_init(&response, 0);
    response.status = 429;
    meet_buffer_append_string(
        &response.head, "HTTP/1.1 429 X\r\nA: b\r\nRetry-After: 7\r\n\r\n",
        &err);
    for (size_t left = 0; left < NEEDED; left++) {
        scarce_left = left;
        meet_response_outcome(&response, ns(NOON), &outcome);
        CHECK(outcome.ending == MEET_ENDED_ANSWERED && outcome.server_delay < 0,
              "%zu allocations", left);
    }
    scarce_left = NEEDED;
    meet_response_outcome(&response, ns(NOON), &outcome);
    CHECK(outcome.server_delay == ns(7), "enough memory");
    scarce_left = SIZE_MAX;
    meet_response_deinit(&response);
}

int main(void)
{
    check_server_delay();
    check_outcome();
    check_bodies();
    check_clear();
    check_no_memory();
    return check_report();
}
