/* nanoseconds.c - see nanoseconds.h. */
#include "nanoseconds.h"

#include <limits.h>
#include <math.h>

int64_t meet_ns_from_seconds(double seconds)
{
    double nanoseconds = seconds * 1e9;

    if (isnan(seconds))
        return 0;
    if (nanoseconds >= 0x1p63)
        return MEET_NEVER;
    if (nanoseconds <= -0x1p63)
        return MEET_ALWAYS;
    return (int64_t)nearbyint(nanoseconds);
}

double meet_ns_seconds(int64_t time)
{
    if (meet_ns_is_end(time))
        return time > 0 ? HUGE_VAL : -HUGE_VAL;
    return (double)time / 1e9;
}

int meet_ns_milliseconds(int64_t length)
{
    if (length <= 0)
        return 0;
    length = (length - 1) / 1000000 + 1;
    return length < INT_MAX ? (int)length : INT_MAX;
}

int64_t meet_ns_multiply(int64_t length, int64_t count)
{
    if (count > 0 && length > MEET_NEVER / count)
        return MEET_NEVER;
    if (count < 0 && length > MEET_NEVER / -count)
        return MEET_ALWAYS;
    return length * count;
}
