/*
 * error_body.h - reads the body of a 429 or 503: whether Google or the gateway
 * sent it, and how long to wait. Pure: a scan of the JSON text, no decoding.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct meet_error_body {
    bool google;  /* error.status or error.details: only Google's bodies */
    double delay; /* seconds of RetryInfo.retryDelay, or < 0 */
};

/* Read any bytes; what is not JSON of that shape leaves {false, -1}. */
void meet_error_body_read(const char *body, size_t length,
                          struct meet_error_body *found);
