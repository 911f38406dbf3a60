/* clock.c - see clock.h. */
#include "clock.h"

#include "nanoseconds.h"

#include <time.h>

static int64_t read(clockid_t clock)
{
    struct timespec at;

    clock_gettime(clock, &at);
    return MEET_SECONDS(at.tv_sec) + at.tv_nsec;
}

int64_t meet_clock_now(void)
{
    return read(CLOCK_MONOTONIC);
}

int64_t meet_clock_wall(void)
{
    return read(CLOCK_REALTIME);
}
