/* clock.c - see clock.h. */
#include "clock.h"

#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec at;

    clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

double meet_clock_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double meet_clock_wall(void)
{
    return seconds(CLOCK_REALTIME);
}
