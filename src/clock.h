/*
 * clock.h - the clocks of the machine. The only file that reads one.
 */
#pragma once

#include <stdint.h>

/* Nanoseconds on the monotonic clock: for waits and deadlines. */
int64_t meet_clock_now(void);

/* The same for all processes, and it goes on while the machine sleeps: for what
   processes share, and for leases. */
int64_t meet_clock_boot(void);

/* Nanoseconds since the epoch: for dates that servers send. */
int64_t meet_clock_wall(void);
