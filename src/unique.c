/* unique.c - see unique.h. */
#include "unique.h"

#include "clock.h"
#include "random.h"

#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

uint64_t meet_unique(void)
{
    uint64_t number = 0;

    /* So few bytes fail only where the call is not there, or forbidden. */
    if (getentropy(&number, sizeof number) != 0)
        number = meet_random_seed(meet_clock_wall(), getpid(), &number);
    return number != 0 ? number : 1;
}
