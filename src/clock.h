/*
 * clock.h - the two clocks of the machine. The only file that reads one.
 */
#pragma once

#include <stdint.h>

/* Nanoseconds on the monotonic clock: for waits and deadlines. */
int64_t meet_clock_now(void);

/* Nanoseconds since the epoch: for dates that servers send. */
int64_t meet_clock_wall(void);
