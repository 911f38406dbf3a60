/*
 * unique.h - numbers that nobody else has: of no other process, fork or start.
 */
#pragma once

#include <stdint.h>

/* 64 bits of the system's randomness, or of time and process where it gives
   none; never 0. */
uint64_t meet_unique(void);
