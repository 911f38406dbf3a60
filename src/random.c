/* random.c - see random.h. */
#include "random.h"

unsigned long long meet_random_seed(int64_t wall, long process,
                                    const void *address)
{
    unsigned long long seed = (unsigned long long)wall ^ (uintptr_t)address;

    seed ^= (unsigned long long)process << 32; /* forks share the address */
    seed = (seed ^ seed >> 31) * 0x9E3779B97F4A7C15;
    return (seed ^ seed >> 29) | 1;
}

double meet_random_next(unsigned long long *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 2685821657736338717ULL) >> 11) /
           9007199254740992.0;
}
