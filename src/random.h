/*
 * random.h - numbers for jitter: spread, not secrecy (xorshift64*).
 * Pure.
 */
#pragma once

/* A first state from any time and address of the caller. */
unsigned long long meet_random_seed(double wall, const void *address);

/* The next number, uniform in [0, 1). */
double meet_random_next(unsigned long long *state);
