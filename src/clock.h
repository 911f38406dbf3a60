/*
 * clock.h - the two clocks of the machine. The only file that reads one.
 */
#pragma once

/* Seconds on the monotonic clock: for waits and deadlines. */
double meet_clock_now(void);

/* Seconds since the epoch: for dates that servers send. */
double meet_clock_wall(void);
