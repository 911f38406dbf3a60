/* random.c - see random.h. */
#include "random.h"

unsigned long long meet_random_seed(int64_t wall, const void *address)
{
    return ((unsigned long long)wall ^ (uintptr_t)address) | 1;
}

double meet_random_next(unsigned long long *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 2685821657736338717ULL) >> 11) /
           9007199254740992.0;
}
