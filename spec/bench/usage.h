/*
 * usage.h - what the process has cost so far; the same for both drivers.
 */
#pragma once

#include <sys/resource.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

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

/* Bytes of the process that are in memory; 0 where nobody says. */
static inline long usage_resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size, resident = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}
