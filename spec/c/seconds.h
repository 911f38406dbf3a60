/* seconds.h - for tests: times in seconds, as fractions of them read best. */
#pragma once

#include "nanoseconds.h"

/* A time or a length; a negative one that stands for none is -1 below. */
static inline int64_t ns(double seconds)
{
    return seconds == -1 ? -1 : meet_ns_from_seconds(seconds);
}

static inline double in_seconds(int64_t time)
{
    return time == -1 ? -1 : meet_ns_seconds(time);
}
