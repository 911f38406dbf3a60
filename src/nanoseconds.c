/* nanoseconds.c - see nanoseconds.h. */
#include "nanoseconds.h"

#include <limits.h>
#include <math.h>

/* i386 computes with more digits than a double has: what is kept in memory
   does not have them, and so is the same number as elsewhere. */
typedef volatile double kept;

int64_t meet_ns_from_seconds(double seconds)
{
    kept nanoseconds = seconds * 1e9;

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
    kept seconds = (double)time / 1e9;

    if (meet_ns_is_end(time))
        return time > 0 ? HUGE_VAL : -HUGE_VAL;
    return seconds;
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
