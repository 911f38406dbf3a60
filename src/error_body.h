/*
 * error_body.h - reads the body of a 429 or 503: whether Google or the gateway
 * sent it, and how long to wait. Pure: a scan of the JSON text, no decoding.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct meet_error_body {
    bool google; /* it has error.status or error.details, as only Google's do */
    int64_t delay; /* RetryInfo.retryDelay in nanoseconds, or < 0 */
};

/* Read any bytes; anything but JSON of that shape gives {false, -1}. */
void meet_error_body_read(const char *body, size_t length,
                          struct meet_error_body *found);
