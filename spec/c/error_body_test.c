/* error_body_test.c - who sent a body, and how long it asks to wait. */
#include "check.h"
#include "error_body.h"
#include "seconds.h"

static void check_bodies(void)
{
    static const struct {
        const char *body;
        bool google;
        double delay; /* -1: none */
    } cases[] = {
        {"", false, -1},
        {" \r\n\t", false, -1},
        {"Too Many Requests", false, -1},
        {"<html>\"status\": \"x\"</html>", false, -1},
        {"null", false, -1},
        {"\"status\"", false, -1},
        {"429", false, -1},
        {"{}", false, -1},

        /* the gateway's */
        {"{\"error\": \"Rate limit exceeded\"}", false, -1},
        {"{\"error\": {\"code\": 429, \"message\": \"Slow down\"}}", false, -1},
        {"{\"status\": \"error\", \"message\": \"Slow down\"}", false, -1},
        {"{\"status\": 429}", false, -1},
        {"{\"data\": {\"status\": \"X\", \"details\": []}}", false, -1},
        {"{\"details\": []}", false, -1},
        {"{\"error\": {\"status\": 429}}", false, -1},
        {"{\"error\": {\"status\": null}}", false, -1},
        {"{\"error\": {\"details\": \"none\"}}", false, -1},
        {"{\"error\": {\"errors\": 2}}", false, -1},
        {"{\"errors\": []}", false, -1},
        {"{\"error\": {\"details\": {}}}", false, -1},
        {"{\"error\": {\"message\": \"status\"}}", false, -1},
        {"{\"error\": {\"message\": \"\\\"status\\\": \\\"X\\\"\"}}", false,
         -1},
        {"{\"error\": {\"a\": {\"status\": \"X\"}}}", false, -1}, /* deeper */
        {"{\"error\": {\"Status\": \"X\"}}", false, -1},
        {"{\"error\": {\"statuses\": \"X\"}}", false, -1},
        {"{\"error\": {\"stat\": \"X\"}}", false, -1},
        {"{\"error\": [\"status\", \"details\"]}", false, -1},

        /* Google's */
        {"{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\"}}", true, -1},
        {"{\"error\":{\"code\":429,\"message\":\"Quota exceeded for quota "
         "metric 'Read requests'\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
         true, -1},
        {"\r\n {\n  \"error\" : {\n    \"status\"\t:\r\n \"UNAVAILABLE\"\n  "
         "}\n}\n",
         true, -1},
        {"{\"error\": {\"details\": []}}", true, -1},
        {"{\"error\": {\"errors\": [{\"reason\": \"userRateLimitExceeded\"}], "
         "\"code\": 429}}",
         true, -1},
        {"{\"error\": {\"details\": [{\"reason\": \"RATE_LIMIT_EXCEEDED\"}]}}",
         true, -1},
        {"{\"error\": {\"message\": \"a \\\"b\\\\\", \"status\": \"X\"}}", true,
         -1},
        {"{\"error\": {\"message\": \"}}]]{[\", \"status\": \"X\"}}", true, -1},
        {"{\"error\": {\"a\": [{\"b\": [1]}], \"status\": \"X\"}}", true, -1},
        {"{\"a\": [{}, [], {}], \"error\": {\"status\": \"X\"}}", true, -1},
        {"{\"error\": {\"a\": true, \"status\": \"\"}}", true, -1},

        /* RetryInfo */
        {"{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\", \"details\": "
         "[{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", "
         "\"retryDelay\": \"7s\"}]}}",
         true, 7},
        {"{\"error\": {\"details\": [{\"reason\": \"X\", \"metadata\": "
         "{\"service\": \"meet.googleapis.com\"}}, {\"retryDelay\": "
         "\"36.250s\"}], \"status\": \"X\"}}",
         true, 36.25},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"0s\"}]}}", true, 0},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"0.5s\"}]}}", true, 0.5},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"-1s\"}]}}", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"7\"}]}}", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"soon\"}]}}", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"\"}]}}", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": 7}]}}", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": {\"seconds\": 7}}]}}",
         true, -1},
        {"{\"error\": {\"details\": [{\"a\": \"retryDelay\", \"7s\": 7}]}}",
         true, -1},

        /* cut off, or wild */
        {"{", false, -1},
        {"{\"", false, -1},
        {"{\"error\": {\"status\"", false, -1},
        {"{\"error\": {\"status\":", false, -1},
        {"{\"error\": {\"status\": \"RESOUR", true, -1},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"7s\"", true, 7},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"7s", true, 7},
        {"{\"error\": {\"details\": [{\"retryDelay\": \"7", true, -1},
        {"{\"error\": {\"a\": \"\\", false, -1},
        {"{\"error\": {\"a\": \"\\\"", false, -1},
        {"{}}}}}{{{{{\"status\": \"X\"", false, -1},
        {"{\"status\": : \"X\"}", false, -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].body);
        char *body = check_copy(cases[i].body, length);
        struct meet_error_body found = {.google = !cases[i].google,
                                        .delay = 99};

        meet_error_body_read(body, length, &found);
        CHECK(found.google == cases[i].google, "case %zu: google", i);
        CHECK(cases[i].delay < 0 ? found.delay < 0
                                 : found.delay == ns(cases[i].delay),
              "case %zu: %g expected, got %g", i, cases[i].delay,
              in_seconds(found.delay));
        free(body);
    }
}

/* A body that ends anywhere: what was there by then, and no byte beyond. */
static void check_cuts(void)
{
    static const char body[] =
        "{\"error\": {\"message\": \"a \\\"quoted\\\" \\\\ word\", "
        "\"details\": [{\"retryDelay\": \"7s\"}], \"status\": \"X\"}}";
    const size_t details = (size_t)(strstr(body, "[{") - body);
    const size_t delay = (size_t)(strstr(body, "s\"}") - body);

    for (size_t length = 0; length < sizeof body; length++) {
        char *cut = check_copy(body, length);
        struct meet_error_body found;

        meet_error_body_read(cut, length, &found);
        CHECK(found.google == (length > details), "%zu bytes: google", length);
        CHECK(length > delay ? found.delay == ns(7) : found.delay < 0,
              "%zu bytes: %g", length, in_seconds(found.delay));
        free(cut);
    }
}

/* A NUL is a byte like others. */
static void check_bytes(void)
{
    static const struct {
        const char *body;
        size_t length;
        bool google;
    } cases[] = {
        {"{\"error\": {\"a\": \"\0\", \"status\": \"X\"}}", 36, true},
        {"{\"error\": {\"status\": \0 \"X\"}}", 28, false},
        {"{\"error\": {\"status\0\": \"X\"}}", 27, false},
        {"\0{\"error\": {\"status\": \"X\"}}", 27, false},
        {"{\"error\": {\"\xFF\x80\": 1, \"status\": \"\xFF\"}}", 34, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *body = check_copy(cases[i].body, cases[i].length);
        struct meet_error_body found;

        meet_error_body_read(body, cases[i].length, &found);
        CHECK(found.google == cases[i].google && found.delay < 0, "case %zu",
              i);
        free(body);
    }
}

static void check_limited(void)
{
    static const struct {
        const char *body;
        bool limited;
    } cases[] = {
        {"{\"error\": {\"errors\": [{\"reason\": \"rateLimitExceeded\"}]}}",
         true},
        {"{\"error\":{\"errors\":[{\"domain\":\"usageLimits\",\"reason\":"
         "\"userRateLimitExceeded\",\"message\":\"m\"}],\"code\":403}}",
         true},
        {"{\"error\": {\"errors\": [{\"reason\": \"a\"}, "
         "{\"reason\": \"rateLimitExceeded\"}]}}",
         true},
        {"{\"error\": {\"errors\": [{\"reason\": \"rateLimitExceeded\"}, "
         "{\"reason\": \"a\"}]}}",
         true},
        {"{\"error\": {\"errors\": [{\"reason\": "
         "\"insufficientFilePermissions\"}]}}",
         false},
        {"{\"error\": {\"errors\": [{\"message\": \"rateLimitExceeded\"}]}}",
         false},
        {"{\"error\": {\"reason\": \"rateLimitExceeded\"}}", false},
        {"{\"other\": {\"errors\": [{\"reason\": \"rateLimitExceeded\"}]}}",
         false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct meet_error_body found;

        meet_error_body_read(cases[i].body, strlen(cases[i].body), &found);
        CHECK(found.limited == cases[i].limited, "limited: %s", cases[i].body);
    }
}

int main(void)
{
    check_limited();
    check_bodies();
    check_cuts();
    check_bytes();
    return check_report();
}
