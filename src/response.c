/* response.c - see response.h. */
#include "response.h"

#include "date.h"
#include "error_body.h"

#include <stddef.h>
#include <string.h>

/* Longest delay that a server is believed to mean. */
#define LONGEST_DELAY MEET_SECONDS(3600)

/* No HTTP API answers with a larger header section. */
#define LARGEST_HEAD ((size_t)256 * 1024)

void meet_response_init(struct meet_response *response, size_t max_bytes)
{
    response->status = 0;
    meet_buffer_init(&response->head, LARGEST_HEAD);
    meet_buffer_init(&response->body, max_bytes);
    meet_stream_init(&response->stream);
}

void meet_response_deinit(struct meet_response *response)
{
    meet_buffer_deinit(&response->head);
    meet_buffer_deinit(&response->body);
    meet_stream_deinit(&response->stream);
}

void meet_response_clear(struct meet_response *response)
{
    response->status = 0;
    meet_buffer_clear(&response->head);
    meet_buffer_clear(&response->body);
    meet_stream_clear(&response->stream);
}

/* When the answer was sent, by the clock of its sender: its Date, if it has
   one. A Retry-After that is a date is that clock's as well. */
static int64_t sent_at(const struct meet_headers *headers, int64_t wall)
{
    const char *field = meet_headers_get(headers, "Date");
    int64_t seconds;

    if (!field || !meet_date_parse_http(field, &seconds))
        return wall;
    return meet_ns_multiply(MEET_SECONDS(1), seconds);
}

/* Retry-After, for a status that defines it (RFC 9110 10.2.3). */
static int64_t retry_after(const struct meet_response *response, int64_t wall)
{
    struct meet_headers headers = {0};
    struct meet_error err;
    const char *field;
    int64_t delay = -1;

    if (response->status != 429 && response->status != 503)
        return -1;
    if (meet_headers_parse(&headers, meet_buffer_string(&response->head),
                           response->head.length, &err) == 0) {
        field = meet_headers_get(&headers, "Retry-After");
        if (field)
            delay = meet_date_retry_after(field, sent_at(&headers, wall));
    }
    meet_headers_deinit(&headers);
    return delay;
}

/* Of a refusal: who sent it, and how long to wait. A 403 may be one, too. */
static void read_refusal(const struct meet_response *response,
                         struct meet_outcome *outcome)
{
    int status = response->status;
    struct meet_error_body found;

    if (status != 429 && status != 503 && status != 403)
        return;
    meet_error_body_read(meet_buffer_string(&response->body),
                         response->body.length, &found);
    if (status == 403 && !found.limited)
        return;
    outcome->limited = status != 503;
    outcome->google = found.google;
    if (outcome->server_delay < 0)
        outcome->server_delay = found.delay;
}

void meet_response_outcome(const struct meet_response *response, int64_t wall,
                           struct meet_outcome *outcome)
{
    memset(outcome, 0, offsetof(struct meet_outcome, error)); /* large */
    outcome->ending = MEET_ENDED_ANSWERED;
    outcome->sent = true;
    outcome->server_delay = retry_after(response, wall);
    read_refusal(response, outcome);
    outcome->server_delay =
        meet_ns_earlier(outcome->server_delay, LONGEST_DELAY);
    outcome->error.kind = MEET_OK;
}
