/* unique.c - see unique.h. */
#include "unique.h"

#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

uint64_t meet_unique(void)
{
    uint64_t number = 0;

    /* So few bytes fail only where the call does not exist. */
    while (getentropy(&number, sizeof number) != 0 || number == 0)
        ;
    return number;
}
