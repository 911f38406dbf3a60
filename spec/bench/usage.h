/*
 * usage.h - what the process has cost so far; the same for both drivers.
 */
#pragma once

#include <sys/resource.h>
#include <time.h>

struct usage {
    double cpu;  /* seconds, the kernel's part included */
    double wall; /* seconds, monotonic */
};

static inline double usage_seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static inline struct usage usage_now(void)
{
    struct timespec clock = {0};
    struct rusage spent = {0};

    clock_gettime(CLOCK_MONOTONIC, &clock);
    getrusage(RUSAGE_SELF, &spent);
    return (struct usage){
        .cpu = usage_seconds(spent.ru_utime) + usage_seconds(spent.ru_stime),
        .wall = (double)clock.tv_sec + (double)clock.tv_nsec / 1e9,
    };
}
