/* response.h - one HTTP response, and how its attempt ended. Pure. */
#pragma once

#include "headers.h"
#include "nanoseconds.h"
#include "stream.h"

struct meet_response {
    int status;              /* 0 until a server answers */
    struct meet_buffer head; /* raw header section */
    struct meet_buffer body;
    struct meet_stream stream; /* of the body, where that is wanted */
};

/* How one attempt ended. */
enum meet_ending {
    MEET_ENDED_ANSWERED, /* a whole response is there */
    MEET_ENDED_NOT_SENT, /* no byte of the request was sent */
    MEET_ENDED_LOST,     /* sent, then the socket failed */
    MEET_ENDED_TIMED_OUT,
    MEET_ENDED_FAILED /* a retry fails too: too large, no memory, … */
};

struct meet_outcome {
    enum meet_ending ending;
    bool sent;      /* the server may have seen the request */
    bool uncounted; /* no attempt, if nothing was sent or it is a read: the
                       reused socket was dead or held an answer, or no
                       descriptor was left for another; see job.h */
    bool limited;   /* refused for its rate, in whatever status */
    bool google;    /* answered by Google, as far as the body shows */
    int64_t server_delay; /* that the server asks for, or < 0 */
    unsigned sockets_opened;
    double bytes_sent, bytes_received;
    struct meet_error error; /* set unless answered */
};

/* An empty response whose body may grow to 'max_bytes'. */
void meet_response_init(struct meet_response *response, size_t max_bytes);
void meet_response_deinit(struct meet_response *response);

/* True when the body is taken while it comes: that of a 200 or 206. */
static inline bool meet_response_streams(const struct meet_response *response)
{
    return response->stream.wanted &&
           (response->status == 200 || response->status == 206);
}

/* True when the owner of a stream can go on: the head has come, or bytes. */
static inline bool meet_response_is_fed(const struct meet_response *response)
{
    const struct meet_stream *stream = &response->stream;

    return stream->begun &&
           (!stream->flows || stream->due || response->body.length > 0);
}

/* Empty the response for another attempt; keeps memory and limits. */
void meet_response_clear(struct meet_response *response);

/*
 * Fill 'outcome' for a whole response; the caller sets the counters. 'wall' is
 * since the epoch: a Retry-After that is a date is compared with it when the
 * answer has no field Date. No delay exceeds an hour.
 */
void meet_response_outcome(const struct meet_response *response, int64_t wall,
                           struct meet_outcome *outcome);
