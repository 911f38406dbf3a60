/* precedence.c - see precedence.h. */
#include "precedence.h"

#include "multi.h"

static bool has_no_socket(const struct meet_progress *progress)
{
    return !progress->opened && progress->sends == 0;
}

/* True if it may hold others up, being one of 'count' attempts. */
static bool is_in_the_way(const struct meet_progress *progress, unsigned count)
{
    /* Others wait for its handshake, or for one of all the sockets. */
    return progress->sends > 0 ? count > MEET_MOST_SOCKETS : progress->opened;
}

struct meet_job *meet_precedence_yields(const struct meet_transfer *active)
{
    const struct meet_transfer *held = NULL;
    unsigned count = 0;
    bool waits = false;

    for (const struct meet_transfer *transfer = active; transfer;
         transfer = transfer->next) {
        const struct meet_job *job = transfer->job;

        count++;
        if (!job->background)
            waits = waits || has_no_socket(&transfer->progress);
        else if (!has_no_socket(&transfer->progress))
            held = transfer; /* in the end the one that is oldest */
    }
    return waits && held && is_in_the_way(&held->progress, count) ? held->job
                                                                  : NULL;
}
