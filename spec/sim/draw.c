/* draw.c - see draw.h. */
#include "draw.h"

#include "nanoseconds.h"

#include <math.h>

static unsigned long long state;

void draw_begin(unsigned long seed)
{
    state = seed * 2654435769ULL + 88172645463325252ULL;
}

double draw_uniform(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (double)((state * 2685821657736338717ULL) >> 11) /
           9007199254740992.0;
}

unsigned draw_below(unsigned limit)
{
    return (unsigned)(draw_uniform() * limit);
}

double draw_exponential(double mean)
{
    return -mean * log(1 - draw_uniform());
}

int64_t draw_length(double least, double most)
{
    return meet_ns_from_seconds(least + draw_uniform() * (most - least));
}
