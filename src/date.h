/*
 * date.h - HTTP dates, Retry-After and google.protobuf.Duration.
 * Pure: libc only, no clock: callers pass the wall time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Parse the three forms of an HTTP date (RFC 9110 section 5.6.7) into whole
 * epoch seconds. False when 'text' is none of them. Independent of the locale.
 */
bool meet_date_parse_http(const char *text, int64_t *seconds);

/*
 * Nanoseconds to wait according to a Retry-After field (RFC 9110
 * section 10.2.3): whole seconds, or an HTTP date seen at 'wall', since the
 * epoch (a past date is 0). Negative when 'text' is neither or the number is
 * absurd (over 10^9).
 */
int64_t meet_date_retry_after(const char *text, int64_t wall);

/*
 * Nanoseconds of a google.protobuf.Duration in JSON ("7.250s", up to nine
 * digits of fraction). Negative when 'text' is not one or is negative.
 */
int64_t meet_date_duration(const char *text, size_t length);
