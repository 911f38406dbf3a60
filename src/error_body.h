/*
 * error_body.h - reads the body of a 429, 403 or 503: whether Google or the
 * gateway sent it, whether it is about a rate, and how long to wait. Pure: a
 * scan of the JSON text, no decoding.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct meet_error_body {
    bool google; /* it has error.status or error.details, as only Google's do */
    bool limited;  /* error.errors has the reason with which Drive and Calendar
                      refuse in place of a 429 */
    int64_t delay; /* RetryInfo.retryDelay in nanoseconds, or < 0 */
};

/* Read any bytes; anything but JSON of that shape gives {.delay = -1}. */
void meet_error_body_read(const char *body, size_t length,
                          struct meet_error_body *found);
