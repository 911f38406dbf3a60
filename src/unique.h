/*
 * unique.h - numbers that nobody else has: of no other process, fork or start.
 */
#pragma once

#include <stdint.h>

/* 64 bits of the system's randomness, never 0. */
uint64_t meet_unique(void);
