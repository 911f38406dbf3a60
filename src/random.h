/*
 * random.h - numbers for jitter: spread, not secrecy (xorshift64*).
 * Pure.
 */
#pragma once

#include <stdint.h>

/* A first state from any time and address of the caller. */
unsigned long long meet_random_seed(int64_t wall, const void *address);

/* The next number, uniform in [0, 1). */
double meet_random_next(unsigned long long *state);
