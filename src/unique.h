/*
 * unique.h - numbers that no other process, fork or start has.
 */
#pragma once

#include <stdint.h>

/* 64 bits of the system's randomness, or of time and process where it gives
   none; never 0. */
uint64_t meet_unique(void);
