/*
 * nanoseconds.h - times and lengths of time as whole nanoseconds. Pure.
 *
 * The face speaks in seconds, as doubles. Below it every time is an integer,
 * so that 'now + wait' is reached after 'wait' on every machine, and times that
 * are equal compare equal. Arithmetic stops at the ends: it never wraps.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define MEET_NEVER  INT64_MAX /* later than every time; no limit */
#define MEET_ALWAYS INT64_MIN /* earlier than every time */

/* For constants: whole numbers of each. */
#define MEET_MILLISECONDS(count) (1000000 * (int64_t)(count))
#define MEET_SECONDS(count)      (1000000000 * (int64_t)(count))

/* The nearest one; huge and infinite ones are the ends, NaN is 0. */
int64_t meet_ns_from_seconds(double seconds);

/* The ends are infinite. */
double meet_ns_seconds(int64_t time);

/* Rounded up, from 0 to INT_MAX: for functions that wait. */
int meet_ns_milliseconds(int64_t length);

/* 'count' times a length that is not negative. */
int64_t meet_ns_multiply(int64_t length, int64_t count);

static inline bool meet_ns_is_end(int64_t time)
{
    return time == MEET_NEVER || time == MEET_ALWAYS;
}

/* The sum. An end stays one, whatever is added to it. */
static inline int64_t meet_ns_add(int64_t time, int64_t length)
{
    if (meet_ns_is_end(time))
        return time;
    if (meet_ns_is_end(length))
        return length;
    if (length > 0 && time > MEET_NEVER - length)
        return MEET_NEVER;
    if (length < 0 && time < MEET_ALWAYS - length)
        return MEET_ALWAYS;
    return time + length;
}

/* From 'from' to 'to': negative when 'to' is the earlier one. */
static inline int64_t meet_ns_between(int64_t from, int64_t to)
{
    if (meet_ns_is_end(to))
        return to;
    if (meet_ns_is_end(from))
        return from > 0 ? MEET_ALWAYS : MEET_NEVER;
    return meet_ns_add(to, -from);
}

static inline int64_t meet_ns_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t meet_ns_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
