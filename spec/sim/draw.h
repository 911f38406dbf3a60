/*
 * draw.h - random numbers for the simulators: from one seed always the same.
 */
#pragma once

#include <stdint.h>

void draw_begin(unsigned long seed);

/* In [0, 1). */
double draw_uniform(void);

/* A whole number in [0, limit). */
unsigned draw_below(unsigned limit);

double draw_exponential(double mean);

/* The length of a draw between two numbers of seconds. */
int64_t draw_length(double least, double most);
