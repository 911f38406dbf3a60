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

/* Linux stops its monotonic clock in a sleep, as the BSDs do; that of macOS
   goes on. */
int64_t meet_clock_boot(void)
{
#ifdef CLOCK_BOOTTIME
    return read(CLOCK_BOOTTIME);
#else
    return read(CLOCK_MONOTONIC);
#endif
}

int64_t meet_clock_wall(void)
{
    return read(CLOCK_REALTIME);
}
